import Chains
import Codecs
@testable import EVMDriver
import Money
import Testing
import Transport

@Suite("Fees and limits", .serialized)
struct FeeTests {
  static let shared = Result { try TestChain(seed: "fees") }
  let chain: TestChain
  static let gwei = UInt256(1_000_000_000)

  init() throws { chain = try FeeTests.shared.get() }

  private func baseFee() throws -> UInt256 {
    try #require(try chain.call("eth_getBlockByNumber", ["latest", false])["baseFeePerGas"]?.quantity256)
  }

  private func times(_ value: UInt256, _ factor: UInt64) throws -> UInt256 { try value.multiplied(by: UInt256(factor)) }

  @Test func `the price is twice the base fee and the tip`() throws {
    let lane = try chain.lane(1)
    let fee = try TestDesk([chain.endpoint]).rail.fee(for: .void, account: lane.address)
    #expect(fee.limit == 21_000 && fee.tip == FeeTests.gwei)
    #expect(fee.price == (try times(try baseFee(), 2).adding(FeeTests.gwei)))
  }

  @Test func `one lying node of three moves no price`() throws {
    let endpoints = try ["a", "b", "c"].map { try EVMEndpoint(url: "http://\($0)") }
    let nodes = RoutedNodes(Dictionary(uniqueKeysWithValues: endpoints.map { ($0, chain.endpoint) }))
    let lane = try chain.lane(1)
    let honest = try TestDesk(endpoints, nodes: nodes).rail.fee(for: .void, account: lane.address)
    for value in ["0x0", "0xffffffffffffffffffff"] {
      nodes.lie(at: endpoints[0]) { call, answer in
        guard case .success(let result) = answer else { return answer }
        switch call.method {
        case "eth_gasPrice", "eth_maxPriorityFeePerGas": return .success(.string(value))
        case "eth_getBlockByNumber": return .success(result.with("baseFeePerGas", .string(value)))
        default: return answer
        }
      }
      #expect(try TestDesk(endpoints, nodes: nodes).rail.fee(for: .void, account: lane.address) == honest)
    }
  }

  @Test func `a cap cuts the headroom, and refuses what would not be carried`() throws {
    let lane = try chain.lane(1)
    let today = try baseFee().adding(FeeTests.gwei)
    let cap = try times(today, 21_000)
    let fee = try TestDesk([chain.endpoint], mostFee: cap).rail.fee(for: .void, account: lane.address)
    #expect(fee.price == today)
    let poor = try TestDesk([chain.endpoint], mostFee: try cap.subtracting(.one)).rail
    #expect(
      code { () throws(RailError) in
        _ = try poor.fee(for: .void, account: lane.address)
      } == .feeTooHigh)
  }

  @Test func `a bump raises both parts by what every pool asks, and by today's price at least`() throws {
    let rail = try TestDesk([chain.endpoint]).rail
    for (price, tip) in [(UInt64(0), UInt64(0)), (1, 1), (400_000_000_000, 7), (90_000_000_000, 90_000_000_000)] {
      let old = FeeTerms(limit: 21_000, price: UInt256(price), tip: UInt256(tip))
      let new = try rail.bumped(old)
      for (before, after) in [(old.price, new.price), (old.tip, new.tip)] {
        let (raised, wanted) = (try times(after, 1_000), try times(before, 1_125))
        #expect(raised >= wanted && after > before)
      }
      let today = try baseFee().adding(FeeTests.gwei)
      #expect(new.price >= today && new.tip >= FeeTests.gwei && new.tip <= new.price && new.limit == old.limit)
    }
  }

  @Test func `a bump above the cap is refused`() throws {
    let rail = try TestDesk([chain.endpoint]).rail
    let (highest, _) = try #require(TestDesk.mostFee.quotientAndRemainder(dividingBy: 21_000))
    let old = FeeTerms(limit: 21_000, price: highest, tip: .one)
    #expect(code { () throws(RailError) in _ = try rail.bumped(old) } == .feeTooHigh)
    let absurd = FeeTerms(limit: 21_000, price: .max, tip: .max)
    #expect(code { () throws(RailError) in _ = try rail.bumped(absurd) } == .feeTooHigh)
  }

  @Test func `a legacy price has one part, and is bumped as one`() throws {
    let rail = try TestDesk([chain.endpoint], feeForm: .legacy).rail
    let fee = try rail.fee(for: .void, account: try chain.lane(1).address)
    #expect(fee.price == fee.tip)
    let new = try rail.bumped(fee)
    let (raised, wanted) = (try times(new.price, 100), try times(fee.price, 113))
    #expect(new.price == new.tip && raised >= wanted)
  }

  @Test func `a spike of the base fee is followed by the next bump`() throws {
    let rail = try TestDesk([chain.endpoint]).rail
    let fee = try rail.fee(for: .void, account: try chain.lane(1).address)
    try chain.call("dev_setNextBaseFee", [.quantity(300_000_000_000)])
    try chain.mine()
    let new = try rail.bumped(fee)
    #expect(new.price >= UInt256(600_000_000_000))
  }

  @Test func `limits hold for batches as large as the rail offers`() throws {
    let contract = try #require(EVMAddress([UInt8](repeating: 5, count: 20)))
    let rail = try TestDesk([chain.endpoint], batchContract: contract).rail
    let token = TestDesk.asset(try chain.contract("usd6"))
    for asset in [TestDesk.native, token] {
      let limits = rail.limits(asset)
      #expect(limits.mostPayees >= 200 && limits.bumpPercent >= 10)
      let list = payees(limits.mostPayees, salt: "most")
      #expect(
        rail.gas.pay(count: list.count, native: asset.token == nil, transfer: 30_000, toContract: false) <= 16_000_000)
      let terms = FeeTerms(limit: 21_000, price: .one, tip: .one)
      _ = try rail.codec.prepare(
        TransactionRequest(
          account: try chain.lane(1).address, slot: 0, purpose: .pay(asset: asset, payees: list), fee: terms))
    }
    #expect(try TestDesk([chain.endpoint]).rail.limits(token).mostPayees == 1)
  }

  @Test func `an expected cost is below the most, and above what a plain payment takes`() throws {
    let rail = try TestDesk([chain.endpoint]).rail
    let lane = try chain.lane(0)
    let token = TestDesk.asset(try chain.contract("usd6"))
    for purpose in [
      Purpose.void, .pay(asset: TestDesk.native, payees: payees(1, salt: "x")),
      .pay(asset: token, payees: payees(1, salt: "x")),
    ] {
      let (expected, most) = (
        try rail.expectedCost(of: purpose, account: lane.address),
        try rail.fee(for: purpose, account: lane.address).most
      )
      let least = try times(try baseFee(), 21_000)
      #expect(expected < most && expected >= least)
    }
  }

  @Test func `an account is seen with its final, newest and pending slots`() throws {
    let rail = try TestDesk([chain.endpoint]).rail
    let lane = try chain.lane(2)
    let first = try chain.nonce(of: lane)
    try chain.send(try lane.sign(nonce: first, to: lane.account, price: 2_000_000_000_000).raw)
    try chain.mine()
    try chain.send(try lane.sign(nonce: first + 1, to: lane.account, price: 2_000_000_000_000).raw)
    let view = try rail.account(lane.address)
    #expect(view.finalCount == first && view.latestCount == first + 2)
    try chain.finalize()
    #expect(try rail.account(lane.address).finalCount == first + 2)
  }

  @Test func `a balance that one of two nodes inflates is not believed`() throws {
    let endpoints = try ["a", "b"].map { try EVMEndpoint(url: "http://\($0)") }
    let nodes = RoutedNodes(Dictionary(uniqueKeysWithValues: endpoints.map { ($0, chain.endpoint) }))
    let lane = try chain.lane(3)
    nodes.lie(at: endpoints[1]) { call, answer in
      call.method == "eth_getBalance" ? .success(.string("0x" + String(repeating: "f", count: 64))) : answer
    }
    let funds = try TestDesk(endpoints, nodes: nodes).rail.funds(TestDesk.native, account: lane.address)
    let balance = try chain.balance(lane.address)
    #expect(funds.native == balance && funds.token == nil && funds.allowance == nil)
  }

  @Test func `preflight refuses a missing contract, another contract and an empty token`() throws {
    let nothing = try #require(EVMAddress([UInt8](repeating: 0x99, count: 20)))
    let missing = try TestDesk([chain.endpoint], batchContract: nothing).rail
    #expect(code { () throws(RailError) in try missing.preflight(TestDesk.native) } == .contractMismatch)
    let other = try TestDesk([chain.endpoint], batchContract: try chain.contract("disperse")).rail
    #expect(code { () throws(RailError) in try other.preflight(TestDesk.native) } == .contractMismatch)
    let plain = try TestDesk([chain.endpoint]).rail
    try chain.finalize()
    #expect(code { () throws(RailError) in try plain.preflight(TestDesk.native) } == nil)
    #expect(code { () throws(RailError) in try plain.preflight(TestDesk.asset(nothing)) } == .badRequest)
    #expect(
      code { () throws(RailError) in try plain.preflight(AssetID(chain: "evm:1", token: nil)) } == .badRequest)
  }
}
