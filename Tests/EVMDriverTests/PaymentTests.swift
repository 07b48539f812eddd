import Chains
import Codecs
@testable import EVMDriver
import Money
import Testing

@Suite("Payments on the development chain", .serialized)
struct PaymentTests {
  static let chain = Result { try TestChain(seed: "payments") }
  let chain: TestChain

  init() throws { chain = try PaymentTests.chain.get() }

  @Test func `a native payment is paid once its block is final, and not before`() throws {
    let lane = try chain.lane(1)
    let desk = try TestDesk([chain.endpoint])
    let slot = try chain.nonce(of: lane)
    let payee = payees(1, salt: "native")
    let attempt = try desk.attempt(.pay(asset: TestDesk.native, payees: payee), lane: lane, slot: slot)
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

  @Test func `a token payment is paid when its Transfer event is final`() throws {
    let lane = try chain.lane(0)
    let token = try chain.contract("usd6")
    let desk = try TestDesk([chain.endpoint])
    let payee = payees(1, salt: "token")
    let asset = TestDesk.asset(token)
    try desk.rail.preflight(asset)
    let attempt = try desk.attempt(
      .pay(asset: asset, payees: payee), lane: lane, slot: try chain.nonce(of: lane))
    try desk.submit([attempt])
    try chain.finalize()
    #expect(try desk.evidence([attempt], asset: asset)?.verdict == .paid)
    #expect(try chain.balance(payee[0].address, of: token) == payee[0].units)
  }
}
