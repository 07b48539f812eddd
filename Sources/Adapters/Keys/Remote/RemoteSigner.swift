package import Chains
import Codecs
import Payouts
package import POSIX
package import Signing
import Synchronization

/// A signer in another process, asked over a connection. It trusts this engine with nothing, and the engine checks that
/// what comes back is a signature over what was asked, by the account that was asked.
///
/// Every call may be repeated: a connection that broke is made anew and the call asked again, once.
/// Threads: any may call; one at a time is served.
package final class RemoteSigner: Signer, SigningWitness {
  package let codec: any TransactionCodec
  package let policy: SigningPolicy
  package let accounts: [Address]
  package let wantsGrounds: Bool
  private let line: Mutex<SignerLine>

  /// Connects and asks who is there. Throws `signing.unreachable`, `signing.bad_frame`, and `signing.wrong_peer` for a
  /// signer of another chain.
  package init(
    codec: any TransactionCodec, timeoutMilliseconds: Int64,
    connect: @escaping @Sendable (Deadline) throws(SigningError) -> any ByteChannel
  ) throws(SigningError) {
    let line = SignerLine(chain: codec.chain, timeoutMilliseconds: timeoutMilliseconds, connect: connect)
    guard case .description(let found) = try line.ask(.describe) else { throw RemoteSigner.odd }
    guard found.policy.chain == codec.chain else {
      throw SigningError(.wrongPeer, "the signer is for \(found.policy.chain), not for \(codec.chain)")
    }
    self.codec = codec
    policy = found.policy
    accounts = found.accounts.sorted()
    wantsGrounds = found.wantsGrounds
    self.line = Mutex(line)
  }

  package var witness: any SigningWitness { self }

  package func announce(_ account: Address, fence: Int64) throws(SigningError) {
    guard case .done = try ask(.announce(account, fence: fence)) else { throw RemoteSigner.odd }
  }

  /// As the port says; a long list goes over in parts, and those before a refusal are signed and logged.
  package func sign(_ requests: [SigningRequest]) throws(SigningError) -> [SignedTransaction] {
    var signed: [SignedTransaction] = []
    for part in RemoteSigner.parts(requests) {
      guard case .signed(let some) = try ask(.sign(part)), some.count == part.count else { throw RemoteSigner.odd }
      for (request, transaction) in zip(part, some) { try check(transaction, of: request) }
      signed += some
    }
    return signed
  }

  /// By number and by bytes, so that each fits in a frame.
  private static func parts(_ requests: [SigningRequest]) -> [[SigningRequest]] {
    var parts: [[SigningRequest]] = []
    var bytes = 0
    for request in requests {
      let size =
        request.unsigned.count + (request.grounds.map { $0.payouts.count * 16 + $0.proof.hashes.count * 32 } ?? 0)
      if let last = parts.last, last.count < SignerFrame.mostRequests, bytes + size < SignerFrame.mostCall / 4 {
        parts[parts.count - 1].append(request)
        bytes += size
      } else {
        parts.append([request])
        bytes = size
      }
    }
    return parts
  }

  private func check(_ transaction: SignedTransaction, of request: SigningRequest) throws(SigningError) {
    let read = try SignedRequest(transaction.bytes, account: request.account, codec: codec)
    guard read.unsigned.bytes == request.unsigned, read.signed == transaction else {
      throw SigningError(.badSignature, "the signer signed other bytes for slot \(request.slot) than it was asked to")
    }
  }

  // MARK: Witness

  package func accounts(_ chain: ChainID) throws(SigningError) -> [Address] {
    guard case .accounts(let accounts) = try ask(.accounts) else { throw RemoteSigner.odd }
    return accounts
  }

  package func highestFence(_ chain: ChainID, _ account: Address) throws(SigningError) -> Int64 {
    guard case .fence(let fence) = try ask(.highestFence(account)) else { throw RemoteSigner.odd }
    return fence
  }

  package func records(
    _ chain: ChainID, _ account: Address, slots: [UInt64]
  ) throws(SigningError) -> [SlotRecord] {
    var records: [SlotRecord] = []
    for part in RemoteSigner.pages(slots) {
      guard case .records(let some) = try ask(.records(account, slots: part)) else { throw RemoteSigner.odd }
      records += some
    }
    return records
  }

  package func records(
    _ chain: ChainID, _ account: Address, from slot: UInt64, limit: Int
  ) throws(SigningError) -> [SlotRecord] {
    let call = SignerCall.recordsFrom(account, slot: slot, limit: UInt32(clamping: limit))
    guard case .records(let records) = try ask(call) else { throw RemoteSigner.odd }
    return records
  }

  package func order(
    _ chain: ChainID, _ account: Address, slots: [UInt64]
  ) throws(SigningError) -> [UInt64: Int64] {
    var order: [UInt64: Int64] = [:]
    for part in RemoteSigner.pages(slots) {
      guard case .order(let some) = try ask(.order(account, slots: part)) else { throw RemoteSigner.odd }
      order.merge(some) { $1 }
    }
    return order
  }

  private static func pages(_ slots: [UInt64]) -> [[UInt64]] {
    stride(from: 0, to: slots.count, by: SignerFrame.mostSlots).map {
      Array(slots[$0..<min(slots.count, $0 + SignerFrame.mostSlots)])
    }
  }

  private func ask(_ call: SignerCall) throws(SigningError) -> SignerAnswer {
    try line.withLock { line throws(SigningError) in try line.ask(call) }
  }

  private static let odd = SigningError(.badFrame, "the signer answered something else than it was asked")
}

/// One connection and its numbering. Not Sendable: `RemoteSigner` holds it in a Mutex.
private final class SignerLine {
  private let chain: ChainID
  private let timeoutMilliseconds: Int64
  private let connect: @Sendable (Deadline) throws(SigningError) -> any ByteChannel
  private var channel: FrameChannel?
  private var number: UInt64 = 0

  init(
    chain: ChainID, timeoutMilliseconds: Int64,
    connect: @escaping @Sendable (Deadline) throws(SigningError) -> any ByteChannel
  ) {
    self.chain = chain
    self.timeoutMilliseconds = timeoutMilliseconds
    self.connect = connect
  }

  /// Throws what the signer refuses with, and what the connection comes to.
  func ask(_ call: SignerCall) throws(SigningError) -> SignerAnswer {
    let isFresh = channel == nil
    let answer: SignerAnswer
    do throws(SigningError) { answer = try askOnce(call) } catch {
      channel = nil
      // The signer may have been started anew since the last call.
      guard error.code == .signerUnreachable, !isFresh else { throw error }
      do throws(SigningError) { answer = try askOnce(call) } catch {
        channel = nil
        throw error
      }
    }
    if case .refused(let error) = answer { throw error }
    return answer
  }

  private func askOnce(_ call: SignerCall) throws(SigningError) -> SignerAnswer {
    let deadline = Deadline(inMilliseconds: timeoutMilliseconds)
    let line: FrameChannel
    if let channel {
      line = channel
    } else {
      line = FrameChannel(try connect(deadline), most: SignerFrame.mostAnswer)
      channel = line
    }
    number += 1
    try line.write(call.bytes(number, chain: chain), deadline)
    let (answered, answer) = try SignerAnswer.read(try line.read(deadline))
    guard answered == number else { throw SigningError(.badFrame, "the signer answered another call") }
    return answer
  }
}
