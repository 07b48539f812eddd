import Chains
import Codecs
import Money

/// Calldata of the batch contract. Source: contracts/README.md; the layout is the contract ABI's.
enum BatchCalldata {
  /// `payToken` where every amount is below 2^96, else `payTokenWide`.
  static func token(_ token: EVMAddress, _ payees: [Payee], total: UInt256) -> [UInt8] {
    let packed = payees.allSatisfy { fits($0.units) }
    var out: [UInt8] = []
    out.reserveCapacity(4 + 32 * (4 + payees.count * (packed ? 1 : 2)))
    BigEndian.append((packed ? BatchContractCode.Function.payToken : .payTokenWide).rawValue, to: &out)
    ABI.append(token, to: &out)
    total.appendBigEndian(to: &out)
    UInt256(0x60).appendBigEndian(to: &out)
    UInt256(UInt64(payees.count)).appendBigEndian(to: &out)
    for payee in payees {
      if packed {
        appendPacked(payee, to: &out)
      } else {
        out += repeatElement(0, count: 12)
        out += payee.address.bytes
        payee.units.appendBigEndian(to: &out)
      }
    }
    return out
  }

  /// `payNative`; nil when an amount is 2^96 or more.
  static func native(_ payees: [Payee]) -> [UInt8]? {
    guard payees.allSatisfy({ fits($0.units) }) else { return nil }
    var out: [UInt8] = []
    out.reserveCapacity(4 + 32 * (2 + payees.count))
    BigEndian.append(BatchContractCode.Function.payNative.rawValue, to: &out)
    UInt256(0x20).appendBigEndian(to: &out)
    UInt256(UInt64(payees.count)).appendBigEndian(to: &out)
    for payee in payees { appendPacked(payee, to: &out) }
    return out
  }

  /// A batch, read back from calldata.
  struct Reading: Hashable, Sendable {
    /// Nil for native payments.
    let token: EVMAddress?
    let payees: [Payee]
  }

  /// Reads what `token` and `native` write. Lenient in nothing that changes who is paid; whether offsets, totals and
  /// the choice of form are ours is for the caller to see by writing the batch again.
  static func read(_ data: [UInt8]) -> Reading? {
    guard data.count >= 4, let selector = BigEndian.uint64(data.prefix(4)),
      let function = BatchContractCode.Function(rawValue: UInt32(truncatingIfNeeded: selector))
    else { return nil }
    var rest = data.dropFirst(4)
    var token: EVMAddress?
    if function != .payNative {
      guard let word = take(32, from: &rest), let address = EVMAddress(word.suffix(20)), take(32, from: &rest) != nil
      else { return nil }
      token = address
    }
    guard take(32, from: &rest) != nil, let countWord = take(32, from: &rest),
      let count = UInt256(bigEndian: countWord)?.uint64
    else { return nil }
    let width = function == .payTokenWide ? 64 : 32
    guard count > 0, rest.count.isMultiple(of: width), UInt64(rest.count / width) == count else { return nil }
    var payees: [Payee] = []
    payees.reserveCapacity(rest.count / width)
    while let entry = take(width, from: &rest) {
      let address = function == .payTokenWide ? entry.dropFirst(12).prefix(20) : entry.prefix(20)
      guard let units = UInt256(bigEndian: entry.suffix(function == .payTokenWide ? 32 : 12)) else { return nil }
      payees.append(Payee(payout: PayoutID(0), address: Address(Array(address)), units: units))
    }
    return Reading(token: token, payees: payees)
  }

  private static func fits(_ units: UInt256) -> Bool { units.bitWidth <= BatchContractCode.packedAmountBits }

  /// One word: twenty bytes of address, twelve of amount.
  private static func appendPacked(_ payee: Payee, to out: inout [UInt8]) {
    out += payee.address.bytes
    BigEndian.append(UInt32(truncatingIfNeeded: payee.units.limbs.1), to: &out)
    BigEndian.append(payee.units.limbs.0, to: &out)
  }

  private static func take(_ count: Int, from rest: inout ArraySlice<UInt8>) -> ArraySlice<UInt8>? {
    guard count <= rest.count else { return nil }
    defer { rest = rest.dropFirst(count) }
    return rest.prefix(count)
  }
}
