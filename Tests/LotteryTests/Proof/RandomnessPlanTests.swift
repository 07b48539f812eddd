import Codecs
import Curves
@testable import Lottery
import Testing

@Suite("Randomness plan")
struct RandomnessPlanTests {
  @Test func `the round is the first after close and margin, and the fallback's the first after the deadline`() throws {
    let plan = try DrawBench.plan()
    let closed = DrawBench.closedAt
    let schedule = try plan.schedule(closedAt: closed, committedAt: closed + 59, chains: DrandChain.known)
    #expect(schedule.deadline == closed + 3_660)
    let first = try DrandChain.quicknet.seconds(ofRound: schedule.primaryRound)
    #expect(first > closed + 60 && first <= closed + 63)
    let second = try DrandChain.defaultChain.seconds(ofRound: schedule.fallbackRound)
    #expect(second > schedule.deadline && second <= schedule.deadline + 30)
  }

  @Test func `a commitment after the margin counts from its own moment, so no known round is chosen`() throws {
    let plan = try DrawBench.plan()
    let late = DrawBench.closedAt + 60
    let schedule = try plan.schedule(closedAt: DrawBench.closedAt, committedAt: late, chains: DrandChain.known)
    #expect(try DrandChain.quicknet.seconds(ofRound: schedule.primaryRound) > late + 60)
  }

  @Test func `plans that cannot be followed are refused`() throws {
    let quicknet = RandomnessPlan.Source.beacon(chain: DrandChain.quicknet.hash)
    func code(_ source: RandomnessPlan.Source, _ fallback: RandomnessPlan.Source?, _ margin: UInt64, _ deadline: UInt64)
      -> DrawProofError.Code?
    {
      do throws(DrawProofError) {
        _ = try RandomnessPlan(source: source, fallback: fallback, marginSecs: margin, deadlineSecs: deadline)
        return nil
      } catch { return error.code }
    }
    #expect(code(quicknet, nil, 60, 60) == nil)
    #expect(code(quicknet, quicknet, 60, 60) == .planInvalid)
    #expect(code(quicknet, nil, 0, 60) == .planInvalid)
    #expect(code(quicknet, nil, 60, 0) == .planInvalid)
    #expect(code(.vrf(publicKey: [1]), nil, 60, 60) == .planInvalid)
    #expect(code(.callback(network: []), nil, 60, 60) == .planInvalid)
    let unknown = try RandomnessPlan(source: .beacon(chain: .zero), fallback: nil, marginSecs: 1, deadlineSecs: 1)
    #expect(throws: DrawProofError.self) {
      try unknown.schedule(closedAt: 0, committedAt: 0, chains: DrandChain.known)
    }
    #expect(throws: DrawProofError.self) {
      try unknown.schedule(closedAt: .max, committedAt: .max, chains: DrandChain.known)
    }
  }

  @Test func `a plan is declared in the draft, and not later`() throws {
    var bench = try LotteryBench(.v2)
    try bench.open(1)
    #expect(throws: DrawProofError.self) { try DrawCourse(planning: try bench.engine.lottery(1), try DrawBench.plan()) }
  }

  @Test func `tags may change during sales, and nothing else of the terms`() throws {
    let plan = try DrawBench.plan()
    let config = Samples.multi()
    let terms = config.terms(lottery: 1, schema: .v2, plan: plan)
    var other = config
    other.tagsMask = 2
    #expect(other.terms(lottery: 1, schema: .v2, plan: plan) == terms)
    other.ticketPrice += 1
    #expect(other.terms(lottery: 1, schema: .v2, plan: plan) != terms)
    #expect(config.terms(lottery: 2, schema: .v2, plan: plan) != terms)
    #expect(config.terms(lottery: 1, schema: .v2, plan: try DrawBench.plan(fallback: false)) != terms)
  }
}
