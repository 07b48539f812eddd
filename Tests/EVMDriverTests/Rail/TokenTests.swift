import Chains
import Codecs
@testable import EVMDriver
import Money
import Testing
import Transport

@Suite("Tokens and batches on the development chain", .serialized)
struct TokenTests {
  static let shared = Result { try Setting() }
  let setting: Setting
  var chain: TestChain { setting.chain }

  init() throws { setting = try TokenTests.shared.get() }

  /// A chain with our batch contract, deployed through the rail itself.
  final class Setting: Sendable {
    let chain: TestChain
    let contract: EVMAddress
    let deployment: Verdict?

    init() throws {
      chain = try TestChain(seed: "tokens")
      let lane = try chain.lane(9)
      let desk = try TestDesk([chain.endpoint])
      let attempt = try desk.attempt(
        .deploy(code: BatchContractCode.creation), lane: lane, slot: try chain.nonce(of: lane))
      try desk.submit([attempt])
      try chain.finalize()
      deployment = try desk.evidence([attempt])?.verdict
      contract = ContractAddress.create(deployer: lane.account, nonce: attempt.request.slot)
    }
  }

  private func desk() throws -> TestDesk { try TestDesk([chain.endpoint], batchContract: setting.contract) }

  /// A token whose whole supply of 10^12 is the lane's.
  private func deploy(_ name: String, fee: UInt64? = nil, by lane: TestLane) throws -> EVMAddress {
    let supply = UInt256(1_000_000_000_000)
    var values: [ABIValue] = [.string("Odd"), .string("ODD"), .uint(UInt256(6)), .uint(supply)]
    var types: [ABIType] = [.string, .string, .uint(bits: 8), .uint(bits: 256)]
    if let fee {
      values.append(.uint(UInt256(fee)))
      types.append(.uint(bits: 256))
    }
    let token = try chain.deploy(name, values, types, by: lane)
    try chain.finalize()
    return token
  }

  private func approve(_ units: UInt256, _ token: EVMAddress, _ lane: TestLane, _ desk: TestDesk) throws {
    let setup = try #require(try desk.rail.setup(TestDesk.asset(token), account: lane.address, total: units))
    let attempt = try desk.attempt(setup, lane: lane, slot: try chain.nonce(of: lane))
    try desk.submit([attempt])
    try chain.finalize()
    #expect(try desk.evidence([attempt], asset: TestDesk.asset(token))?.verdict == .settled)
  }

  @Test func `the batch contract is deployed, and found to be ours`() throws {
    #expect(setting.deployment == .settled)
    try desk().rail.preflight(TestDesk.native)
    try desk().rail.preflight(TestDesk.asset(try chain.contract("usd6")))
  }

  @Test func `a batch of tokens pays everyone, packed and wide`() throws {
    let lane = try chain.lane(0)
    let token = try chain.contract("tok18")
    let asset = TestDesk.asset(token)
    let desk = try desk()
    let large = UInt256(limbs: (0, 1 << 32, 0, 0))
    // The supply, 10^27, is below 2^96: wide words are made by a payee whose amount is above, and that cannot be paid.
    try approve(UInt256(limbs: (0, 1 << 33, 0, 0)), token, lane, desk)
    let packed = payees(40, salt: "packed")
    let slot = try chain.nonce(of: lane)
    let first = try desk.attempt(.pay(asset: asset, payees: packed), lane: lane, slot: slot)
    let broke = try desk.attempt(
      .pay(asset: asset, payees: packed + payees(1, salt: "broke", units: large)), lane: lane, slot: slot + 1)
    try desk.submit([first, broke])
    try chain.finalize()
    #expect(try desk.evidence([first], asset: asset)?.verdict == .paid)
    #expect(try desk.evidence([broke], asset: asset)?.verdict == .reverted)
    for payee in packed { #expect(try chain.balance(payee.address, of: token) == payee.units) }
    let funds = try desk.rail.funds(asset, account: lane.address)
    #expect(
      funds.allowance == UInt256(limbs: (0, 1 << 33, 0, 0)).subtractingReportingOverflow(UInt256(40_000)).partialValue)
    #expect(funds.token == (try chain.balance(lane.address, of: token)))
  }

  @Test func `a batch of coins pays everyone`() throws {
    let lane = try chain.lane(1)
    let desk = try desk()
    let list = payees(60, salt: "coins")
    let attempt = try desk.attempt(
      .pay(asset: TestDesk.native, payees: list), lane: lane, slot: try chain.nonce(of: lane))
    try desk.submit([attempt])
    try chain.finalize()
    #expect(try desk.evidence([attempt])?.verdict == .paid)
    for payee in list { #expect(try chain.balance(payee.address) == payee.units) }
  }

  @Test func `one refusing recipient undoes the whole batch`() throws {
    let lane = try chain.lane(2)
    let desk = try desk()
    let refusing = try chain.deploy("RejectingRecipient", [.uint(.one)], [.uint(bits: 256)], by: lane)
    let bad = Payee(payout: PayoutID(7), address: Address(refusing.bytes), units: .one)
    let list = payees(3, salt: "undone") + [bad]
    let attempt = try desk.attempt(
      .pay(asset: TestDesk.native, payees: list), lane: lane, slot: try chain.nonce(of: lane))
    try desk.submit([attempt])
    try chain.finalize()
    #expect(try desk.evidence([attempt])?.verdict == .reverted)
    #expect(try chain.balance(list[0].address).isZero)
  }

  @Test func `a token that answers nothing is paid, alone and in a batch`() throws {
    let lane = try chain.lane(3)
    let token = try deploy("NoReturnToken", by: lane)
    let asset = TestDesk.asset(token)
    let desk = try desk()
    try approve(UInt256(1_000_000), token, lane, desk)
    let slot = try chain.nonce(of: lane)
    let one = try desk.attempt(.pay(asset: asset, payees: payees(1, salt: "old")), lane: lane, slot: slot)
    let many = try desk.attempt(.pay(asset: asset, payees: payees(5, salt: "olds")), lane: lane, slot: slot + 1)
    try desk.submit([one, many])
    try chain.finalize()
    #expect(try desk.evidence([one], asset: asset)?.verdict == .paid)
    #expect(try desk.evidence([many], asset: asset)?.verdict == .paid)
  }

  @Test func `a token that answers false credits nobody, though the transaction succeeded`() throws {
    let lane = try chain.lane(4)
    let token = try deploy("FalseToken", by: lane)
    let asset = TestDesk.asset(token)
    let desk = try desk()
    let payee = payees(1, salt: "false")
    try chain.invoke(
      token,
      ABI.selector("setRefused(address,bool)")
        + (try ABI.encode(
          [.address(try #require(EVMAddress(payee[0].address.bytes))), .bool(true)], as: [.address, .bool])),
      by: lane)
    let attempt = try desk.attempt(
      .pay(asset: asset, payees: payee), lane: lane, slot: try chain.nonce(of: lane))
    try desk.submit([attempt])
    try chain.finalize()
    #expect(try desk.evidence([attempt], asset: asset)?.verdict == .credited([.none]))
    // In a batch the contract hears the false and undoes everything.
    try approve(UInt256(1_000_000), token, lane, desk)
    let batch = try desk.attempt(
      .pay(asset: asset, payees: payees(2, salt: "falses") + payee), lane: lane, slot: try chain.nonce(of: lane))
    try desk.submit([batch])
    try chain.finalize()
    #expect(try desk.evidence([batch], asset: asset)?.verdict == .reverted)
  }

  @Test func `a fee kept by the token is told as another sum`() throws {
    let lane = try chain.lane(5)
    let owner = try chain.lane(15)
    let token = try deploy("FeeToken", fee: 200, by: owner)
    try chain.invoke(token, ERC20.transfer(to: lane.account, UInt256(1_000_000)), by: owner)
    let asset = TestDesk.asset(token)
    let desk = try desk()
    let attempt = try desk.attempt(
      .pay(asset: asset, payees: payees(1, salt: "fee")), lane: lane, slot: try chain.nonce(of: lane))
    try desk.submit([attempt])
    try chain.finalize()
    #expect(try desk.evidence([attempt], asset: asset)?.verdict == .credited([.other(UInt256(980))]))
  }

  @Test func `an allowance is asked for once, and only for what is missing`() throws {
    let lane = try chain.lane(6)
    let token = try deploy("Token", by: lane)
    let asset = TestDesk.asset(token)
    let desk = try desk()
    let spender = Address(setting.contract.bytes)
    #expect(try desk.rail.setup(TestDesk.native, account: lane.address, total: .max) == nil)
    #expect(try TestDesk([chain.endpoint]).rail.setup(asset, account: lane.address, total: .max) == nil)
    #expect(try desk.rail.setup(asset, account: lane.address, total: .zero) == nil)
    try approve(UInt256(500), token, lane, desk)
    #expect(try desk.rail.setup(asset, account: lane.address, total: UInt256(500)) == nil)
    #expect(
      try desk.rail.setup(asset, account: lane.address, total: UInt256(501))
        == .allowance(asset: asset, spender: spender, units: UInt256(501)))
    // An approval that is not final yet may still vanish: it is not counted on.
    let more = try desk.attempt(
      .allowance(asset: asset, spender: spender, units: UInt256(900)), lane: lane, slot: try chain.nonce(of: lane))
    try desk.submit([more])
    try chain.mine()
    #expect(try desk.rail.setup(asset, account: lane.address, total: UInt256(900)) != nil)
    try chain.finalize()
    #expect(try desk.rail.setup(asset, account: lane.address, total: UInt256(900)) == nil)
  }

  @Test func `a token that changes allowances only by way of zero gets a zero first`() throws {
    let node = try EVMEndpoint(url: "http://oldest")
    let nodes = RoutedNodes([node: chain.endpoint])
    let lane = try chain.lane(7)
    let token = try deploy("Token", by: lane)
    let asset = TestDesk.asset(token)
    try approve(UInt256(500), token, lane, try desk())
    let selector = Hex.prefixed(ERC20.approve(setting.contract, .zero).prefix(4))
    nodes.lie(at: node) { call, answer in
      guard call.method == "eth_call", let data = call.params.array?[0]["data"]?.string, data.hasPrefix(selector) else {
        return answer
      }
      return .failure(RPCError(.server, "refused", server: .init(code: 3, message: "execution reverted")))
    }
    let rail = try TestDesk([node], nodes: nodes, batchContract: setting.contract).rail
    #expect(
      try rail.setup(asset, account: lane.address, total: UInt256(900))
        == .allowance(asset: asset, spender: Address(setting.contract.bytes), units: .zero))
  }
}
