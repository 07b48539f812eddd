import Codecs
import Money
import TestSupport
import Testing

@Suite("EVM transactions")
struct EVMTransactionTests {
  static func transaction(_ random: inout SplitMix64) throws -> EVMTransaction {
    func number() -> UInt256 { UInt256(bigEndian: random.bytes(Int(random.next() % 33))) ?? .zero }
    let list = (0..<(random.next() % 3)).map { _ in
      EVMAccess(
        address: EVMAddress(random.bytes(20)) ?? .zero,
        storageKeys: (0..<(random.next() % 3)).map { _ in Hash32(random.bytes(32)) ?? .zero })
    }
    let (a, b) = (number(), number())
    let fees: EVMTransaction.Fees =
      switch random.next() % 3 {
      case 0: .legacy(gasPrice: a)
      case 1: .accessList(gasPrice: a, list)
      default: .dynamic(maxFeePerGas: max(a, b), maxPriorityFeePerGas: min(a, b), list)
      }
    let sizes = [0, 1, 2, 55, 56, 68, 300]
    return try EVMTransaction(
      chainID: 1 + random.next() % EVMTransaction.largestChainID >> (random.next() % 62),
      nonce: random.next() >> (1 + random.next() % 63), gasLimit: random.next() >> (random.next() % 64),
      to: random.next() % 4 == 0 ? nil : EVMAddress(random.bytes(20)), value: number(),
      data: random.bytes(sizes[Int(random.next() % 7)]), fees: fees)
  }

  static func signature(_ random: inout SplitMix64) throws -> EVMSignature {
    try EVMSignature(
      r: UInt256(bigEndian: [1] + random.bytes(Int(random.next() % 31))) ?? .one,
      s: UInt256(bigEndian: [1] + random.bytes(Int(random.next() % 31))) ?? .one, yParity: UInt8(random.next() & 1))
  }

  @Test(arguments: UInt64(0)..<300)
  func `signed and unsigned bytes read back the same, and no changed byte is a second encoding`(seed: UInt64) throws {
    var random = SplitMix64(seed: seed)
    let transaction = try EVMTransactionTests.transaction(&random)
    let signed = EVMSignedTransaction(transaction, signature: try EVMTransactionTests.signature(&random))
    #expect(try EVMTransaction(decodingUnsigned: transaction.unsignedBytes) == transaction)
    #expect(try EVMSignedTransaction(decoding: signed.raw) == signed)
    for _ in 0..<60 {
      var changed = signed.raw
      changed[Int(random.next() % UInt64(changed.count))] = UInt8(truncatingIfNeeded: random.next() >> 9)
      if let other = try? EVMSignedTransaction(decoding: changed) { #expect(other.raw == changed) }
      changed = transaction.unsignedBytes
      changed[Int(random.next() % UInt64(changed.count))] = UInt8(truncatingIfNeeded: random.next() >> 9)
      if let other = try? EVMTransaction(decodingUnsigned: changed) { #expect(other.unsignedBytes == changed) }
    }
    #expect(throws: TransactionError.self) { try EVMSignedTransaction(decoding: transaction.unsignedBytes) }
    #expect(throws: TransactionError.self) { try EVMTransaction(decodingUnsigned: signed.raw) }
    #expect(throws: TransactionError.self) { try EVMSignedTransaction(decoding: signed.raw.dropLast()) }
    #expect(throws: TransactionError.self) { try EVMSignedTransaction(decoding: signed.raw + [0]) }
  }

  private func make(
    chainID: UInt64 = 1, nonce: UInt64 = 0, fees: EVMTransaction.Fees = .legacy(gasPrice: .one), value: UInt256 = .zero
  ) throws(TransactionError) -> EVMTransaction {
    try EVMTransaction(chainID: chainID, nonce: nonce, gasLimit: 21_000, to: .zero, value: value, data: [], fees: fees)
  }

  @Test func `fields that no chain accepts are refused`() throws {
    #expect { try make(chainID: 0) } throws: { ($0 as? TransactionError)?.code == .badField }
    #expect { try make(chainID: .max) } throws: { ($0 as? TransactionError)?.code == .badField }
    #expect { try make(nonce: .max) } throws: { ($0 as? TransactionError)?.code == .badField }
    #expect { try make(fees: .dynamic(maxFeePerGas: .zero, maxPriorityFeePerGas: .one, [])) } throws: {
      ($0 as? TransactionError)?.code == .feeCapBelowTip
    }
    let signature = try EVMSignature(r: .one, s: .one, yParity: 1)
    #expect(try EVMSignedTransaction(make(chainID: EVMTransaction.largestChainID), signature: signature).v == .max - 37)
  }

  @Test func `a signature out of range or with a high s is refused`() throws {
    _ = try EVMSignature(r: .one, s: EVMSignature.halfOrder, yParity: 0)
    let order = EVMSignature.order
    let tooHigh = try EVMSignature.halfOrder.adding(.one)
    for (r, s, parity) in [
      (.zero, .one, 0), (order, .one, 0), (.one, .zero, 0), (.one, tooHigh, 0), (.one, order, 0), (.one, .one, 2),
    ] as [(UInt256, UInt256, UInt8)] {
      #expect { try EVMSignature(r: r, s: s, yParity: parity) } throws: {
        ($0 as? TransactionError)?.code == .badSignature
      }
    }
    #expect(try EVMSignature.halfOrder.multiplied(by: UInt256(2)).adding(.one) == order)
  }

  @Test func `a legacy transaction without chain id is refused, for it could be replayed on every chain`() {
    let fields: [RLP.Item] = [
      .integer(UInt64(0)), .integer(UInt64(1)), .integer(UInt64(21_000)), .bytes(EVMAddress.zero.bytes), .bytes([]),
      .bytes([]),
    ]
    for v in [0, 1, 27, 28, 35, 36] as [UInt64] {
      let raw = RLP.encode(.list(fields + [.integer(v), .integer(UInt64(1)), .integer(UInt64(1))]))
      #expect { try EVMSignedTransaction(decoding: raw) } throws: { ($0 as? TransactionError)?.code == .noChainID }
    }
    #expect { try EVMTransaction(decodingUnsigned: RLP.encode(.list(fields))) } throws: {
      ($0 as? TransactionError)?.code == .malformed
    }
    let filled = RLP.encode(.list(fields + [.integer(UInt64(1)), .integer(UInt64(1)), .bytes([])]))
    #expect { try EVMTransaction(decodingUnsigned: filled) } throws: { ($0 as? TransactionError)?.code == .badField }
  }

  @Test func `the most a transaction can cost is its value and all of its gas`() throws {
    let fees = EVMTransaction.Fees.dynamic(maxFeePerGas: UInt256(10), maxPriorityFeePerGas: .one, [])
    #expect(try make(fees: fees, value: UInt256(7)).mostCost() == UInt256(210_007))
    #expect { try make(fees: fees, value: .max).mostCost() } throws: { ($0 as? MoneyError)?.code == .overflow }
    #expect { try make(fees: .legacy(gasPrice: .max)).mostCost() } throws: { ($0 as? MoneyError)?.code == .overflow }
  }
}
