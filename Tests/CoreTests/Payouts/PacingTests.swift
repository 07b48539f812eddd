import Money
import Payouts
import TestSupport
import Testing

private final class SeededRandom: RandomSource {
  var generator: SplitMix64
  init(_ seed: UInt64) { generator = SplitMix64(seed: seed) }
  func next() -> UInt64 { generator.next() }
}

@Suite("Pacing")
struct PacingTests {
  @Test func `waits are spread over the whole doubling bound, and capped`() {
    let backoff = Backoff(baseMilliseconds: 100, mostMilliseconds: 5_000)
    #expect((0...8).map { backoff.bound(attempt: $0) } == [100, 200, 400, 800, 1600, 3200, 5000, 5000, 5000])
    #expect(backoff.bound(attempt: Int.max) == 5_000)
    let random = SeededRandom(1)
    let waits = (0..<2_000).map { _ in backoff.wait(attempt: 3, random: random) }
    #expect(waits.allSatisfy { (0...800).contains($0) })
    // Full jitter: the low and the high end are both used.
    #expect(waits.contains { $0 < 80 } && waits.contains { $0 > 720 })
  }

  @Test func `a breaker opens after failures in a row, tries once, and doubles its pause`() {
    var breaker = CircuitBreaker(threshold: 3, firstPauseMilliseconds: 100, mostPauseMilliseconds: 300)
    let start = Timestamp(milliseconds: 0)
    func allows(_ at: Timestamp) -> Bool { breaker.allows(at: at) }
    for _ in 0..<2 { breaker.failed(at: start) }
    #expect(allows(start) == true)
    breaker.failed(at: start)
    #expect(allows(start.advanced(byMilliseconds: 99)) == false)
    #expect(allows(start.advanced(byMilliseconds: 100)) == true)
    breaker.failed(at: start.advanced(byMilliseconds: 100))
    #expect(allows(start.advanced(byMilliseconds: 299)) == false)
    #expect(allows(start.advanced(byMilliseconds: 300)) == true)
    breaker.succeeded()
    breaker.failed(at: start.advanced(byMilliseconds: 300))
    #expect(allows(start.advanced(byMilliseconds: 300)) == true)
  }

  @Test(arguments: UInt64(0)..<100)
  func `nobody starves longer than the stated bound`(seed: UInt64) {
    var random = SplitMix64(seed: seed)
    let count = Int.random(in: 2...6, using: &random)
    var eligible: [CampaignID: Int] = [:]
    for number in 1...count { eligible[CampaignID(Int64(number))] = Int.random(in: 1...9, using: &random) }
    let weights = eligible.values.reduce(0, +)
    var queue = FairQueue()
    var since: [CampaignID: Int] = [:]
    var served: [CampaignID: Int] = [:]
    for _ in 0..<2_000 {
      guard let next = queue.next(eligible) else {
        Issue.record("nobody is served")
        return
      }
      queue.served(next, eligible)
      served[next, default: 0] += 1
      for campaign in eligible.keys {
        since[campaign, default: 0] += campaign == next ? -since[campaign, default: 0] : 1
      }
      for (campaign, priority) in eligible {
        let bound = (weights + priority - 1) / priority + count
        #expect(since[campaign, default: 0] <= bound, "replay with seed \(seed)")
      }
    }
    // Shares follow priorities within a few batches.
    for (campaign, priority) in eligible {
      let share = 2_000 * priority / weights
      #expect(abs(served[campaign, default: 0] - share) <= count + 2, "replay with seed \(seed)")
    }
  }

  @Test func `a campaign that rested has no saved-up turns`() {
    var queue = FairQueue()
    let (a, b) = (CampaignID(1), CampaignID(2))
    for _ in 0..<100 { queue.served(a, [a: 5]) }
    var turnsOfB = 0
    for _ in 0..<10 {
      let both = [a: 5, b: 5]
      guard let next = queue.next(both) else { return }
      queue.served(next, both)
      turnsOfB += next == b ? 1 : 0
    }
    #expect((4...6).contains(turnsOfB))
  }

  @Test func `a daily window may cross midnight, and its last minute is outside`() {
    let night = Window.Daily(fromMinute: 22 * 60, toMinute: 6 * 60, zone: "UTC")
    #expect(night.contains(23 * 60) && night.contains(0) && night.contains(5 * 60 + 59))
    #expect(!night.contains(6 * 60) && !night.contains(12 * 60))
    let window = Window(start: Timestamp(milliseconds: 10), end: Timestamp(milliseconds: 20), daily: nil)
    #expect(window.opening(at: Timestamp(milliseconds: 9), localMinute: nil) == .notYet)
    #expect(window.opening(at: Timestamp(milliseconds: 10), localMinute: nil) == .open)
    #expect(window.opening(at: Timestamp(milliseconds: 20), localMinute: nil) == .over)
  }

  @Test func `runs of payouts are as few as gaps allow`() {
    let payouts = [1, 2, 3, 7, 9, 10].map { PayoutID($0) }
    #expect(
      PayoutRun.of(payouts) == [
        PayoutRun(first: PayoutID(1), last: PayoutID(3)), PayoutRun(first: PayoutID(7), last: PayoutID(7)),
        PayoutRun(first: PayoutID(9), last: PayoutID(10)),
      ])
  }
}
