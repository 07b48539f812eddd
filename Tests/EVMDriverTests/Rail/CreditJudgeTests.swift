import Chains
import Codecs
@testable import EVMDriver
import Money
import Testing

@Suite("Credits, read from Transfer events")
struct CreditJudgeTests {
  static let token = EVMAddress([UInt8](repeating: 0x70, count: 20))!
  static let payer = EVMAddress([UInt8](repeating: 0xaa, count: 20))!

  static func who(_ byte: UInt8) -> EVMAddress { EVMAddress([UInt8](repeating: byte, count: 20))! }

  static func payee(_ byte: UInt8, _ units: UInt64) -> Payee {
    Payee(payout: PayoutID(0), address: Address(who(byte).bytes), units: UInt256(units))
  }

  static func log(
    _ to: UInt8, _ units: UInt64, token: EVMAddress = token, from: EVMAddress = payer
  ) throws -> ReceiptLog {
    try ReceiptLog([
      "address": .data(token.bytes),
      "topics": [.data(ERC20.Transfer.topic.bytes), .data(from.topic.bytes), .data(who(to).topic.bytes)],
      "data": .data(UInt256(units).bigEndianBytes), "logIndex": "0x0",
      "transactionHash": .data(Hash32.zero.bytes), "blockNumber": "0x1", "blockHash": .data(Hash32.zero.bytes),
    ])
  }

  private func credits(_ payees: [Payee], _ logs: [ReceiptLog]) -> [Credit] {
    CreditJudge.credits(payees, token: CreditJudgeTests.token, payer: CreditJudgeTests.payer, logs: logs)
  }

  @Test func `each payee needs an event of its own`() throws {
    let payees = [CreditJudgeTests.payee(1, 5), CreditJudgeTests.payee(1, 5), CreditJudgeTests.payee(2, 6)]
    let two = [try CreditJudgeTests.log(1, 5), try CreditJudgeTests.log(2, 6)]
    #expect(credits(payees, two) == [.full, .none, .full])
    #expect(credits(payees, two + [try CreditJudgeTests.log(1, 5)]) == [.full, .full, .full])
  }

  @Test func `another sum is told, and never counts as full`() throws {
    let payees = [CreditJudgeTests.payee(1, 5), CreditJudgeTests.payee(2, 6)]
    #expect(
      credits(payees, [try CreditJudgeTests.log(1, 4), try CreditJudgeTests.log(2, 6)])
        == [.other(UInt256(4)), .full])
  }

  @Test func `a payee of the same address does not take the event that pays the other in full`() throws {
    let payees = [CreditJudgeTests.payee(1, 9), CreditJudgeTests.payee(1, 5)]
    #expect(
      credits(payees, [try CreditJudgeTests.log(1, 5), try CreditJudgeTests.log(1, 8)])
        == [.other(UInt256(8)), .full])
  }

  @Test func `events of another token, payer or recipient credit nobody`() throws {
    let payees = [CreditJudgeTests.payee(1, 5)]
    let foreign = [
      try CreditJudgeTests.log(1, 5, token: CreditJudgeTests.who(0x71)),
      try CreditJudgeTests.log(1, 5, from: CreditJudgeTests.who(0xab)), try CreditJudgeTests.log(2, 5),
    ]
    #expect(credits(payees, foreign) == [Credit.none])
  }
}
