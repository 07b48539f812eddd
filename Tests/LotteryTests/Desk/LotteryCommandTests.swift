import Codecs
import Curves
@testable import Lottery
import Money
import Testing

@Suite("Commands of lotteries as bytes")
struct LotteryCommandTests {
  static let context = Context(actor: LotteryAddress(9), now: 77, block: 5, chainID: 3)

  static let samples: [LotteryOperation] =
    [
      .initRegistry, .initPriceFeed(version: 3, schema: .v2), .advanceStatus(id: 1, status: .closing),
      .createDraftAdmin(id: 1, config: [1, 2, 3], schema: .v1), .purchaseTicketsPublic(id: .max, quantity: 128),
      .vrfCallback(
        answer: RandomnessAnswer(
          nonce: 4, message: [1], signature: [2, 3], callerAddress: LotteryAddress(8), rngCount: 2, clientSeed: 6),
        numbers: [UInt256(1), UInt256(2)]),
      .recordPartnerPayoutAdmin(id: 1, partner: LotteryAddress(2), amount: 3, round: 4, nonce: nil),
      .recordPartnerPayoutAdmin(id: 1, partner: LotteryAddress(2), amount: 3, round: 4, nonce: 0),
      .grantPremiumAccessAdmin(holder: LotteryAddress(1), expiresAt: 2, autoRenew: true, referrer: LotteryAddress(3)),
      .registerBot(
        botOperator: LotteryAddress(1),
        terms: AutomationTerms(cronSpec: [], allowedActions: [1, 7], timelockSecs: 900, maxFailures: 2, expiresAt: 9)),
      .performAutomation(
        effect: .payoutBatch(lottery: 1, round: 2, winnersPaid: 3, prizePaid: 4, operationsPaid: 5), nonce: 6),
      .performAutomation(effect: .cancel(lottery: 1, reason: 2), nonce: 0),
      .setEmergencyOperators(operators: [LotteryAddress(1), LotteryAddress(2)]), .topUpVault(id: 1, amount: 2),
    ] + plans
    + [
      BroughtValue(proof: .vrf([1, 2]), value: [3]),
      BroughtValue(proof: .callback(signature: [4]), nonce: 5, value: [6]),
      BroughtValue(proof: .beacon(Beacon(round: 7, signature: [8], previousSignature: [9])), value: []),
    ].map { .acceptRandomness(id: 1, brought: $0) }

  private static let plans: [LotteryOperation] = [
    RandomnessPlan.Source.vrf(publicKey: [UInt8](repeating: 1, count: 32)), .beacon(chain: DrandChain.quicknet.hash),
  ].compactMap { source in
    (try? RandomnessPlan(source: source, fallback: .callback(network: [1]), marginSecs: 2, deadlineSecs: 3)).map {
      .planRandomness(id: 1, plan: $0)
    }
  }

  @Test(arguments: samples)
  func `a command is read as it was written`(operation: LotteryOperation) throws {
    let command = LotteryCommand(operation, Self.context)
    #expect(try LotteryCommand(bcs: command.bcs) == command)
  }

  @Test(arguments: samples)
  func `bytes that break off, or go on, are refused`(operation: LotteryOperation) {
    let bytes = LotteryCommand(operation, Self.context).bcs
    for end in 0..<bytes.count {
      #expect(throws: LotteryDeskError.self) { try LotteryCommand(bcs: Array(bytes[..<end])) }
    }
    #expect(throws: LotteryDeskError.self) { try LotteryCommand(bcs: bytes + [0]) }
  }

  @Test func `every name has a shape, and no name stands twice`() {
    #expect(Set(LotteryOperation.names).count == LotteryOperation.names.count)
    #expect(Set(LotteryOperation.shapes.keys) == Set(LotteryOperation.names))
  }
}
