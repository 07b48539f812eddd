import Chains
import Codecs
@testable import EVMDriver
import Money
import TestSupport
import Testing

@Suite("A hostile server instead of a node", .serialized)
struct HostileServerTests {
  static let shared = Result { try LocalServer() }

  @Test(arguments: [
    "giant", "endless", "endless-headers", "slow/30000", "hangup", "redirect", "bytes/40", "status/500",
    "status/429/60",
    "gzip", "rpc/scalars", "rpc/scalar", "rpc/twice-the-key", "rpc/deep", "rpc/not-json", "rpc/cut-json", "rpc/both",
    "rpc/neither", "rpc/refused-batch", "rpc/bad-error", "rpc/old-version",
  ])
  func `it is heard within the time and size that was set, and moves nothing`(path: String) throws {
    let endpoint = try EVMEndpoint(url: try HostileServerTests.shared.get().base + "/" + path)
    let limits = RPCLimits(
      timeoutMilliseconds: 400, conversationMilliseconds: 800, mostAnswerBytes: 1 << 20, graceMilliseconds: 50)
    let desk = try TestDesk([endpoint], limits: limits)
    let lane = try TestLane(key: [UInt8](repeating: 3, count: 32))
    let fee = FeeTerms(limit: 21_000, price: UInt256(2), tip: .one)
    let attempt = try desk.attempt(.void, lane: lane, slot: 0, fee: fee)
    let start = ContinuousClock.now
    #expect(try desk.statements([attempt]).isEmpty)
    #expect(desk.rail.submit([attempt.signed]).allSatisfy { $0.allSatisfy { !$0.taken && $0.text.count <= 200 } })
    for question in 0..<6 {
      let found = code { () throws(RailError) in try ask(question, desk.rail, lane.address, fee) }
      #expect(found == .noQuorum, "question \(question)")
    }
    #expect(start.duration(to: .now) < .seconds(9), "eight questions of at most 0.9 seconds")
    #expect(desk.rail.health[0].failures >= 8 && desk.rail.health[0].answers == 0 && desk.rail.health[0].isDemoted)
  }

  private func ask(_ question: Int, _ rail: EVMRail, _ account: Address, _ fee: FeeTerms) throws(RailError) {
    switch question {
    case 0: _ = try rail.account(account)
    case 1: _ = try rail.funds(TestDesk.native, account: account)
    case 2: _ = try rail.fee(for: .void, account: account)
    case 3: _ = try rail.bumped(fee)
    case 4: try rail.preflight(TestDesk.native)
    default: _ = try rail.transfers(TestDesk.native, accounts: [account], from: 0)
    }
  }
}
