import Chains
import Codecs
@testable import EVMDriver
import Money
import Testing

@Suite("Payments on the development chain", .serialized)
struct PaymentTests {
  static let shared = Result { try TestChain(seed: "payments") }
  let chain: TestChain

  init() throws { chain = try PaymentTests.shared.get() }

  @Test func `a native payment is paid once its block is final, and not before`() throws {
    let lane = try chain.lane(1)
    let desk = try TestDesk([chain.endpoint])
    let payee = payees(1, salt: "native")
    let attempt = try desk.attempt(
      .pay(asset: TestDesk.native, payees: payee), lane: lane, slot: try chain.nonce(of: lane))
    try desk.submit([attempt])
    #expect(try desk.statements([attempt]).isEmpty)
    try chain.mine()
    #expect(try desk.statements([attempt]).isEmpty)
    try chain.mine(Int(TestChain.finality) - 1)
    #expect(try desk.statements([attempt]).isEmpty)
    try chain.mine()
    let evidence = try #require(try desk.evidence([attempt]))
    #expect(evidence.verdict == .paid && evidence.spender == attempt.signed.hash)
    #expect(try chain.balance(payee[0].address) == payee[0].units)
    let most = try attempt.request.fee.most
    #expect(evidence.feePaid > .zero && evidence.feePaid <= most)
  }

  @Test func `a depth of finality counts from the head`() throws {
    let lane = try chain.lane(2)
    let desk = try TestDesk([chain.endpoint], finality: .depth(6))
    let attempt = try desk.attempt(
      .pay(asset: TestDesk.native, payees: payees(1, salt: "depth")), lane: lane, slot: try chain.nonce(of: lane))
    try desk.submit([attempt])
    try chain.mine(6)
    #expect(try desk.statements([attempt]).isEmpty)
    try chain.mine()
    #expect(try desk.evidence([attempt])?.verdict == .paid)
  }

  @Test func `a legacy payment is paid like any other`() throws {
    let lane = try chain.lane(3)
    let desk = try TestDesk([chain.endpoint], feeForm: .legacy)
    let attempt = try desk.attempt(
      .pay(asset: TestDesk.native, payees: payees(1, salt: "legacy")), lane: lane, slot: try chain.nonce(of: lane))
    #expect(attempt.signed.bytes[0] >= 0xc0)
    try desk.submit([attempt])
    try chain.finalize()
    #expect(try desk.evidence([attempt])?.verdict == .paid)
    // Without its hash the transaction is found in the body, where its legacy form is recognised.
    let nameless = SlotQuestion.Member(kind: .pay, signingHash: attempt.unsigned.signingHash, hash: nil)
    #expect(try desk.ask(attempt, members: [nameless]).map(\.verdict) == [.paid])
  }

  @Test func `several slots of several lanes are answered in their order`() throws {
    let lanes = [try chain.lane(4), try chain.lane(5)]
    let desk = try TestDesk([chain.endpoint])
    var attempts: [TestDesk.Attempt] = []
    for (index, lane) in lanes.enumerated() {
      let first = try chain.nonce(of: lane)
      for step in UInt64(0)..<3 {
        attempts.append(
          try desk.attempt(
            .pay(asset: TestDesk.native, payees: payees(1, salt: "many \(index) \(step)")), lane: lane,
            slot: first + step))
      }
    }
    try desk.submit(attempts)
    try chain.finalize()
    let unspent = try desk.attempt(.void, lane: lanes[0], slot: try chain.nonce(of: lanes[0]))
    let questions = try attempts.map { try desk.question([$0]) } + [try desk.question([unspent])]
    let answers = desk.rail.statements(questions)
    #expect(answers.map { $0.map(\.spender) } == attempts.map { [$0.signed.hash] } + [[]])
  }

  @Test func `a recipient that refuses coins leaves the payment reverted`() throws {
    let lane = try chain.lane(6)
    let refusing = try chain.deploy("RejectingRecipient", [.uint(.one)], [.uint(bits: 256)], by: try chain.lane(7))
    try chain.finalize()
    let desk = try TestDesk([chain.endpoint])
    let payee = Payee(payout: PayoutID(1), address: Address(refusing.bytes), units: UInt256(5))
    let attempt = try desk.attempt(
      .pay(asset: TestDesk.native, payees: [payee]), lane: lane, slot: try chain.nonce(of: lane))
    #expect(attempt.request.fee.limit > 21_000)
    try desk.submit([attempt])
    try chain.mine()
    #expect(try desk.statements([attempt]).isEmpty)
    try chain.finalize()
    let evidence = try #require(try desk.evidence([attempt]))
    #expect(evidence.verdict == .reverted && evidence.feePaid > .zero)
  }

  @Test func `a void that is final ends the slot, whatever was bid against it`() throws {
    let lane = try chain.lane(8)
    let desk = try TestDesk([chain.endpoint])
    let slot = try chain.nonce(of: lane)
    let pay = try desk.attempt(.pay(asset: TestDesk.native, payees: payees(1, salt: "voided")), lane: lane, slot: slot)
    try desk.submit([pay])
    let void = try desk.attempt(
      .void, lane: lane, slot: slot, fee: try desk.rail.bumped(pay.request.fee.with(limit: 21_000)))
    try desk.submit([void])
    try chain.finalize()
    let evidence = try #require(try desk.evidence([pay, void]))
    #expect(evidence.verdict == .voided && evidence.spender == void.signed.hash)
  }

  @Test func `a bump replaces its predecessor, and either of them pays`() throws {
    let lane = try chain.lane(9)
    let desk = try TestDesk([chain.endpoint])
    let slot = try chain.nonce(of: lane)
    let purpose = Purpose.pay(asset: TestDesk.native, payees: payees(1, salt: "bumped"))
    let first = try desk.attempt(purpose, lane: lane, slot: slot)
    let second = try desk.attempt(purpose, lane: lane, slot: slot, fee: try desk.rail.bumped(first.request.fee))
    let third = try desk.attempt(purpose, lane: lane, slot: slot, fee: try desk.rail.bumped(second.request.fee))
    try desk.submit([first])
    try desk.submit([second])
    // Too small a raise is refused by the pool: the answer is told, and decides nothing.
    #expect(desk.rail.submit([first.signed])[0].allSatisfy { !$0.taken && $0.text.contains("underpriced") })
    try chain.finalize()
    let evidence = try #require(try desk.evidence([first, second, third]))
    #expect(evidence.verdict == .paid && evidence.spender == second.signed.hash)
    #expect(desk.rail.submit([third.signed])[0].allSatisfy { !$0.taken && $0.text.contains("nonce too low") })
    #expect(desk.rail.submit([second.signed])[0].allSatisfy { $0.taken })
  }
}

extension TestDesk {
  /// Asks about the slot of an attempt with other members than its own.
  func ask(_ attempt: Attempt, members: [SlotQuestion.Member], asset: AssetID = TestDesk.native) throws -> [Statement] {
    let question = try question([attempt], asset: asset)
    return rail.statements([
      SlotQuestion(
        batch: question.batch, account: question.account, slot: question.slot, asset: asset, payees: question.payees,
        members: members)
    ])[0]
  }
}

extension FeeTerms {
  func with(limit: UInt64) -> FeeTerms { FeeTerms(limit: limit, price: price, tip: tip) }
}
