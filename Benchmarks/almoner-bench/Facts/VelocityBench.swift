import Foundation
import Policy

/// `velocity [--decisions N] [--keys N]`: decisions about payouts, one after the other, each against a counter of its own
/// and one for all, with a clock that moves; then every count against what a second count of the same payouts says.
enum VelocityBench {
  static func run(_ options: Options) throws {
    let decisions = try options.number("decisions", 1_000_000)
    let keys = try options.number("keys", 100_000)
    for window in RateLimit.Window.allCases {
      let meters = (0..<keys).map {
        RateMeter(key: "per-key/\(window.rawValue)/60/\($0)", quota: 8, window: window, seconds: 60)
      }
      let all = RateMeter(key: "all/\(window.rawValue)/60/", quota: nil, window: window, seconds: 60)
      var words = SeededWords(7)
      let asked = (0..<decisions).map { _ in Int(words.next() % UInt64(keys)) }
      var plan = RatePlan()
      var taken = [Bool](repeating: false, count: decisions)
      // A millisecond for ten decisions: 100 seconds for a million of them.
      let start: Int64 = 1_700_000_000_000
      let measure = Measure()
      for (place, key) in asked.enumerated() {
        taken[place] = plan.take([meters[key], all], at: start + Int64(place / 10)) == nil
      }
      let took = (measure.seconds, measure.processorSeconds)
      let wrong = check(asked, taken, meters, plan, start, window)
      guard wrong == 0 else { throw Options.Missing(description: "\(wrong) counts are not exact") }
      var line = ResultLine()
      line.add("window", window.rawValue)
      line.add((seconds: took.0, processor: took.1), of: decisions)
      line.add("refused", taken.count { !$0 })
      line.add("peak_kib", Measure.peakKibibytes())
      line.print()
    }
  }

  /// Counts once more, by lists of times: how many decisions or counts differ.
  private static func check(
    _ asked: [Int], _ taken: [Bool], _ meters: [RateMeter], _ plan: RatePlan, _ start: Int64, _ window: RateLimit.Window
  ) -> Int {
    var times = [[Int64]](repeating: [], count: meters.count)
    var wrong = 0
    func used(_ key: Int, _ now: Int64) -> Int {
      switch window {
      case .sliding: times[key].count { $0 > now - 60_000 }
      case .fixed: times[key].count { $0 / 60_000 == now / 60_000 }
      }
    }
    for (place, key) in asked.enumerated() {
      let now = start + Int64(place / 10)
      let fits = used(key, now) < 8
      if fits != taken[place] { wrong += 1 }
      if fits { times[key].append(now) }
    }
    let end = start + Int64(asked.count / 10)
    for key in meters.indices where plan.count(meters[key].key).at(end, meters[key]).used != Int64(used(key, end)) {
      wrong += 1
    }
    return wrong
  }
}
