import Lottery
import Testing

@testable import Simulation

@Suite("Simulator: lotteries")
struct LotterySimulationTests {
  @Test(arguments: 1...12 as ClosedRange<UInt64>)
  func `a history is sound, and the same seed gives it again`(seed: UInt64) throws {
    let first = try LotteryRuns.outcome(seed: seed, traces: true)
    let second = try LotteryRuns.outcome(seed: seed, traces: true)
    #expect(first.violations == [])
    #expect(first.lines == second.lines && first.steps > 10)
  }

  @Test func `histories get to prizes and refunds, and meet every fault`() throws {
    var words: Set<String> = []
    var faults: Set<String> = []
    var ordered: Int64 = 0
    for seed in 1...60 as ClosedRange<UInt64> {
      let outcome = try LotteryRuns.outcome(seed: seed, traces: true)
      #expect(outcome.violations == [], "seed \(seed)")
      ordered += outcome.confirmed
      faults.formUnion(outcome.faults.keys)
      for line in outcome.lines where line.contains("committed") {
        for word in [
          "vrf_requested", "vrf_fulfilled", "winners_computed", "payout_batch", "refund_batch", "canceled", "order",
        ]
        where line.contains(word) { words.insert(word) }
      }
    }
    #expect(words.count == 7, "\(words)")
    #expect(ordered > 50)
    let wanted: Set<String> = ["process_killed", "power_cut", "power_cut_in_write", "commit_unknown", "store_busy"]
    #expect(faults.isSuperset(of: wanted), "\(faults)")
  }

  @Test func `fewer actions are the beginning of the same history`() throws {
    let whole = try LotteryRuns.outcome(seed: 5, traces: true)
    let part = try LotteryRuns.outcome(seed: 5, traces: true, actions: 20)
    let asked = part.lines.filter { $0.hasPrefix("ask ") }.prefix(20)
    #expect(part.steps == 20 && whole.lines.filter { $0.hasPrefix("ask ") }.starts(with: asked))
  }

  @Test(arguments: LotteryLife.all.indices)
  func `a life comes to the same payouts wherever the machine dies`(place: Int) throws {
    let life = LotteryLife.all[place]
    let whole = try life.live()
    #expect(whole.violations == [])
    #expect(whole.ordered > 0 || life.canceledAt == .draft || life.canceledAt == .active)
    var cuts = (1...whole.boundaries).map { LotteryLife.Cut.boundary($0) }
    cuts += stride(from: 1 + place, through: whole.operations, by: 23).map { LotteryLife.cut(operation: $0) }
    for cut in cuts {
      let found = try life.live(cut)
      #expect(found.violations == [] && found.ordered == whole.ordered, "cut at \(cut)")
    }
  }

  @Test func `an entry that nobody asked for, or that is gone, is noticed`() throws {
    let world = try LotteryWorld(LotteryPlan(quiet: 3), traces: false)
    var history = LotteryHistory(world)
    history.begin(persistently: true)
    LotteryOracle(history).check()
    #expect(world.watch.with { $0.violations } == [])
    _ = world.ask([
      LotteryRequest(key: "nobody's", actor: LotteryPlan.admin, operation: .advanceStatus(id: 7, status: .active))
    ])
    LotteryOracle(history).check()
    #expect(world.watch.with { $0.violations.map(\.invariant) }.contains(8))
  }
}
