import Chains
import Codecs
import EVMDriver
import Foundation
import Keys
import Money
import OpenSSL
import Secp256k1
import Signing

/// `sign --count N --dir DIR [--first M]`: payouts to signed EIP-1559 bytes on one core.
///
/// Leaves `payouts.txt` (address and amount a line, for eth-account) and `digests.bin` (for the C program) in DIR, so
/// that the peers do the same work; all three sign by RFC 6979, so hashes and signatures are equal to the bit. The
/// checksum is over the hashes of the first M.
enum SignBench {
  static let secret: [UInt8] = [UInt8](repeating: 0x46, count: 32)
  static let fee = FeeTerms(limit: 65_000, price: UInt256(40_000_000_000), tip: UInt256(1_000_000_000))

  static func run(_ options: Options) throws {
    let count = try options.number("count", 20_000)
    let directory = try options.text("dir")
    let codec = EVMCodec(chainID: 31_337, batchContract: nil)
    let key = try KeystoreKey(try SecretKey(secret.span), chain: codec.chain)
    let asset = AssetID(chain: codec.chain.description, token: "0x" + String(repeating: "d1", count: 20))
    let payees = payees(count)
    try write(payees, codec, to: "\(directory)/payouts.txt")

    var requests: [TransactionRequest] = []
    for (slot, payee) in payees.enumerated() {
      requests.append(
        TransactionRequest(
          account: key.account, slot: UInt64(slot), purpose: .pay(asset: asset, payees: [payee]), fee: fee))
    }
    // Before the clock starts: pages, caches, and the digests for the C program.
    var digests: [UInt8] = []
    for request in requests { digests += try codec.prepare(request).signingHash.bytes }
    try Data(digests).write(to: URL(fileURLWithPath: "\(directory)/digests.bin"))

    var signed: [SignedTransaction] = []
    signed.reserveCapacity(count)
    let measure = Measure()
    for request in requests {
      let unsigned = try codec.prepare(request)
      let signature = try key.sign([unsigned.signingHash])[0]
      signed.append(try codec.assemble(unsigned.bytes, signature))
    }
    let took = (measure.seconds, measure.processorSeconds)
    var checksum = Checksum()
    for transaction in signed.prefix(try options.number("first", count)) { checksum.add(transaction.hash) }
    var line = ResultLine()
    line.add(took, of: count)
    line.add("checksum", checksum.value)
    line.add("signatures", try signatures(of: signed, codec))
    line.print()
    try guarded(requests, codec, key, asset, directory, expected: signed)
  }

  /// The same through the signing guard with its durable log, 1,000 requests at a time: what a lane worker pays.
  private static func guarded(
    _ requests: [TransactionRequest], _ codec: EVMCodec, _ key: KeystoreKey, _ asset: AssetID, _ directory: String,
    expected: [SignedTransaction]
  ) throws {
    let path = "\(directory)/signing-log-\(getpid()).db"
    defer { for ending in ["", "-wal", "-shm"] { try? FileManager.default.removeItem(atPath: path + ending) } }
    let policy = SigningPolicy(
      chain: codec.chain, assets: [asset], batchContract: nil, mostPerTransaction: nil, mostFee: .max, mayDeploy: false)
    let signer = SigningGuard(codec: codec, policy: policy, log: try SigningLogFile(path: path), keys: [key])
    try signer.announce(key.account, fence: 1)
    var signed: [SignedTransaction] = []
    let measure = Measure()
    for start in stride(from: 0, to: requests.count, by: 1_000) {
      let part = try requests[start..<min(start + 1_000, requests.count)].map {
        SigningRequest(account: $0.account, fence: 1, slot: $0.slot, unsigned: try codec.prepare($0).bytes)
      }
      signed += try signer.sign(part)
    }
    let took = (measure.seconds, measure.processorSeconds)
    guard signed == expected else { throw Options.Missing(description: "the guard signed other bytes") }
    var line = ResultLine()
    line.add("variant", "guarded")
    line.add(took, of: requests.count)
    line.print()
  }

  /// FNV-1a over r, s and the recovery id of each, as `peers/sign.c` prints it.
  private static func signatures(of signed: [SignedTransaction], _ codec: EVMCodec) throws -> String {
    var sum: UInt64 = 0xcbf2_9ce4_8422_2325
    for transaction in signed {
      let signature = try codec.disassemble(transaction.bytes).signature
      for byte in signature.r.bigEndianBytes + signature.s.bigEndianBytes + [signature.yParity] {
        sum = (sum ^ UInt64(byte)) &* 0x100_0000_01b3
      }
    }
    let digits = String(sum, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
  }

  private static func payees(_ count: Int) -> [Payee] {
    var words = SeededWords(3)
    return (0..<count).map { place in
      var bytes: [UInt8] = []
      for _ in 0..<3 { words.next().appendBigEndian(to: &bytes) }
      return Payee(
        payout: PayoutID(Int64(place)), address: Address(Array(bytes[..<20])),
        units: UInt256(1_000_000 + words.next() % 5_000_000_000))
    }
  }

  private static func write(_ payees: [Payee], _ codec: EVMCodec, to path: String) throws {
    let lines = payees.map { "\(codec.text($0.address)) \($0.units)\n" }
    try Data(lines.joined().utf8).write(to: URL(fileURLWithPath: path))
  }
}

extension UInt64 {
  fileprivate func appendBigEndian(to bytes: inout [UInt8]) {
    for shift in stride(from: 56, through: 0, by: -8) {
      bytes.append(UInt8(truncatingIfNeeded: self &>> UInt64(shift)))
    }
  }
}
