import Chains
import Codecs
import Money
import Signing
import Synchronization

/// A codec whose bytes are the request's fields in text: the guard must not care what a chain's bytes look like.
struct TextCodec: TransactionCodec {
  let chain = ChainID(.simulated, 1)

  func prepare(_ request: TransactionRequest) throws(RailError) -> UnsignedTransaction {
    let purpose: String
    switch request.purpose {
    case .pay(_, let payees):
      purpose = "pay " + payees.map { "\($0.address.bytes[0]):\($0.units)" }.joined(separator: ",")
    case .void: purpose = "void"
    case .allowance, .deploy: throw RailError(.unsupported, "not here")
    }
    let bytes = Array("\(request.slot) \(request.fee.price) \(purpose)".utf8)
    return UnsignedTransaction(bytes: bytes, signingHash: Keccak.hash256(bytes))
  }

  func assemble(_ unsigned: [UInt8], _ signature: RecoverableSignature) throws(RailError) -> SignedTransaction {
    let bytes = unsigned + [0] + signature.r.minimalBigEndianBytes
    return SignedTransaction(bytes: bytes, hash: Keccak.hash256(bytes))
  }

  func inspect(_ unsigned: [UInt8], account: Address) throws(RailError) -> TransactionRequest {
    let words = String(decoding: unsigned, as: UTF8.self).split(separator: " ")
    guard words.count >= 3, let slot = UInt64(words[0]), let price = UInt64(words[1]) else {
      throw RailError(.badBytes, "no request")
    }
    var purpose = Purpose.void
    if words[2] == "pay", words.count == 4 {
      let payees = words[3].split(separator: ",").compactMap { row -> Payee? in
        let parts = row.split(separator: ":")
        guard parts.count == 2, let who = UInt8(parts[0]), let units = UInt64(parts[1]) else { return nil }
        return Payee(payout: PayoutID(0), address: Address([who]), units: UInt256(units))
      }
      purpose = .pay(asset: AssetID(chain: "sim:1", token: nil), payees: payees)
    }
    return TransactionRequest(
      account: account, slot: slot, purpose: purpose, fee: FeeTerms(limit: 1, price: UInt256(price), tip: .zero))
  }

  func disassemble(
    _ signed: [UInt8]
  ) throws(RailError) -> (unsigned: UnsignedTransaction, signature: RecoverableSignature) {
    throw RailError(.unsupported, "not here")
  }

  func address(_ text: String) throws(RailError) -> Address { Address(Array(text.utf8)) }
  func text(_ address: Address) -> String { Hex.text(address.bytes) }
}

/// What happened, in order, seen by a log and a key that share it.
final class SigningJournal: Sendable {
  private let lines = Mutex<[String]>([])
  var entries: [String] { lines.withLock { $0 } }
  func note(_ line: String) { lines.withLock { $0.append(line) } }
}

/// A log that notes what it is asked, and fails where it is told to.
struct JournalLog: SigningLog {
  enum Step { case permit, complete }
  let journal: SigningJournal
  var failing: Step?
  var known: [SlotRecord] = []
  var fence: Int64 = 0

  func accounts(_ chain: ChainID) throws(SigningError) -> [Address] { Set(known.map(\.account)).sorted() }
  func highestFence(_ chain: ChainID, _ account: Address) throws(SigningError) -> Int64 { fence }
  func raiseFence(_ chain: ChainID, _ account: Address, to fence: Int64) throws(SigningError) {
    journal.note("fence \(fence)")
  }
  func records(_ chain: ChainID, _ account: Address, slots: [UInt64]) throws(SigningError) -> [SlotRecord] {
    known.filter { $0.account == account && slots.contains($0.slot) }
  }
  func records(
    _ chain: ChainID, _ account: Address, from slot: UInt64, limit: Int
  ) throws(SigningError) -> [SlotRecord] { [] }
  func order(_ chain: ChainID, _ account: Address, slots: [UInt64]) throws(SigningError) -> [UInt64: Int64] { [:] }
  func permit(_ chain: ChainID, _ records: [SlotRecord]) throws(SigningError) {
    if failing == .permit { throw SigningError(.logFailed, "full disk") }
    journal.note("permit \(records.map(\.slot))")
  }
  func complete(_ chain: ChainID, _ records: [SlotRecord]) throws(SigningError) {
    if failing == .complete { throw SigningError(.logFailed, "full disk") }
    journal.note("complete \(records.map(\.slot)) \(records.allSatisfy { $0.signed != nil })")
  }
  func holders(_ chain: ChainID, _ claim: PayoutClaim) throws(SigningError) -> [SlotPlace] { [] }
  func release(_ chain: ChainID, _ place: SlotPlace, evidence: String) throws(SigningError) {
    journal.note("release \(place.slot)")
  }
}

/// A key that notes each use; `r` counts its signatures.
struct JournalKey: SigningKey {
  let account: Address
  let journal: SigningJournal
  var lost = 0
  var failing = false
  var publicKey: [UInt8] { [4] }
  var origin: String { "journal" }

  func sign(_ digests: [Hash32]) throws(SigningError) -> [RecoverableSignature] {
    journal.note("sign \(digests.count)")
    if failing { throw SigningError(.keyUnavailable, "unplugged") }
    return digests.dropFirst(lost).enumerated().map {
      RecoverableSignature(r: UInt256(UInt64($0.offset) + 1), s: .one, yParity: 0)
    }
  }
}
