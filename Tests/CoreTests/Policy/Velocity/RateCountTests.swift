import Policy
import TestSupport
import Testing

/// What is said of a window, told slowly: every payout that was let through, with the latest time seen then.
private struct NaiveLimit {
  let meter: RateMeter
  var latest: Int64 = 0
  var promised: [Int64] = []

  /// Payouts that count at `now`, counted one by one.
  func used(at now: Int64) -> Int {
    let now = max(now, latest)
    let length = meter.seconds * 1000
    switch meter.window {
    case .sliding: return promised.count { $0 > now - length }
    case .fixed: return promised.count { $0 / length == now / length }
    }
  }

  mutating func take(_ count: Int64, at now: Int64) -> Bool {
    guard used(at: now) + Int(count) <= meter.quota.map(Int.init) ?? .max else { return false }
    latest = max(now, latest)
    promised += Array(repeating: latest, count: Int(count))
    return true
  }
}

@Suite("Counters of limits")
struct RateCountTests {
  private static func meter(
    _ quota: Int64?, _ seconds: Int64, _ window: RateLimit.Window
  ) -> RateMeter {
    RateMeter(key: "k", quota: quota, window: window, seconds: seconds)
  }

  /// Clocks that run, stand, jump and go back; counts that fit and do not; kept and read again now and then.
  @Test(arguments: UInt64(0)..<300)
  func `any order of events is counted as one by one`(seed: UInt64) throws {
    var random = SplitMix64(seed: seed)
    let window: RateLimit.Window = seed % 2 == 0 ? .fixed : .sliding
    let quota: Int64? = seed % 7 == 0 ? nil : Int64(random.next() % 12) + 1
    let meter = Self.meter(quota, Int64(random.next() % 5) + 1, window)
    var naive = NaiveLimit(meter: meter)
    var count = RateCount.unused
    var now: Int64 = 1_700_000_000_000 + Int64(random.next() % 5_000)
    for step in 0..<200 {
      switch random.next() % 10 {
      case 0: now -= Int64(random.next() % 20_000)
      case 1: now += Int64(random.next() % 20_000)
      case 2, 3, 4: break
      default: now += Int64(random.next() % 900)
      }
      let more = Int64(random.next() % 4)
      #expect(count.at(now, meter).used == Int64(naive.used(at: now)), "seed \(seed), step \(step)")
      let room = count.room(meter, at: now)
      #expect(room == quota.map { max(0, $0 - Int64(naive.used(at: now))) }, "seed \(seed), step \(step)")
      let isTaken = count.take(more, meter, at: now)
      #expect(isTaken == naive.take(more, at: now), "seed \(seed), step \(step)")
      if random.next() % 5 == 0 {
        let kept = RateCount(
          used: count.used, resetAt: count.resetAt, seenAt: count.seenAt, entryBytes: count.entryBytes)
        #expect(kept == count)
        count = try #require(kept)
      }
    }
  }

  @Test(arguments: RateLimit.Window.allCases)
  func `a clock that goes back never frees anything`(window: RateLimit.Window) {
    let meter = Self.meter(3, 60, window)
    var count = RateCount.unused
    let start: Int64 = 1_700_000_040_000
    let taken = count.take(3, meter, at: start)
    #expect(taken)
    for now in [start, start - 60_000, start - 86_400_000, 0, .min] {
      #expect(count.room(meter, at: now) == 0, "\(now)")
      let isTaken = count.take(1, meter, at: now)
      #expect(!isTaken, "\(now)")
    }
    #expect(count.room(meter, at: start + 60_000) == 3)
  }

  @Test func `a fixed window begins at a multiple of its length, a sliding one at every moment`() {
    let day: Int64 = 86_400_000
    let (fixed, sliding) = (Self.meter(1, 86_400, .fixed), Self.meter(1, 86_400, .sliding))
    var (first, second) = (RateCount.unused, RateCount.unused)
    let evening = 20_000 * day - 1
    _ = first.take(1, fixed, at: evening)
    _ = second.take(1, sliding, at: evening)
    #expect(first.resetAt == 20_000 * day && second.resetAt == evening + day)
    #expect(first.room(fixed, at: evening + 1) == 1)
    #expect(second.room(sliding, at: evening + 1) == 0 && second.room(sliding, at: evening + day - 1) == 0)
    #expect(second.room(sliding, at: evening + day) == 1)
  }

  @Test func `what does not all fit changes nothing`() {
    for window in RateLimit.Window.allCases {
      let meter = Self.meter(5, 60, window)
      var count = RateCount.unused
      _ = count.take(3, meter, at: 1_000_000)
      let before = count
      for more in [3, 6, Int64.max, -1, Int64.min] {
        let isTaken = count.take(more, meter, at: 1_000_001)
        #expect(!isTaken && count == before, "\(more)")
      }
    }
  }

  @Test func `more instants than are kept free later, never earlier`() {
    let meter = Self.meter(1_000_000, 10, .sliding)
    var count = RateCount.unused
    let many = RateCount.mostEntries + 500
    for place in 0..<many { _ = count.take(1, meter, at: 1_000_000 + Int64(place)) }
    #expect(count.used == Int64(many) && count.entries.count == RateCount.mostEntries)
    #expect(count.at(1_000_000 + 10_000, meter).used == Int64(many))
    #expect(count.at(1_000_000 + 10_000 + 499, meter).used == Int64(many))
    #expect(count.at(1_000_000 + 10_000 + 500, meter).used == Int64(many) - 501)
    #expect(count.at(1_000_000 + 10_000 + Int64(many), meter).used == 0)
  }

  @Test func `no time and no count traps`() {
    for window in RateLimit.Window.allCases {
      let meter = Self.meter(nil, RateLimit.mostSeconds, window)
      var count = RateCount.unused
      for now in [Int64.max, .min, 0, .max - 1] {
        _ = count.take(Int64.max / 2, meter, at: now)
        _ = count.take(0, meter, at: now)
      }
      #expect(count.used <= Int64.max)
    }
  }

  @Test func `a row that was never written is none`() {
    func read(_ used: Int64, _ seen: Int64, _ entries: [UInt8], reset: Int64 = 0) -> RateCount? {
      RateCount(used: used, resetAt: reset, seenAt: seen, entryBytes: entries)
    }
    let entry: [UInt8] = [0, 0, 0, 0, 0, 0, 0, 5, 0, 0, 0, 0, 0, 0, 0, 2]
    #expect(read(2, 5, entry) != nil && read(7, 5, []) != nil)
    #expect(read(3, 5, entry) == nil, "another sum")
    #expect(read(2, 4, entry) == nil, "an entry of the future")
    #expect(read(4, 5, entry + entry) == nil, "two of one instant")
    #expect(read(2, 5, Array(entry.dropLast())) == nil)
    #expect(read(-1, 5, []) == nil && read(0, .max, []) == nil && read(0, -1, []) == nil)
    #expect(read(0, 5, [], reset: -1) == nil)
    #expect(read(0, 5, Array(entry.prefix(8)) + Array(repeating: 0, count: 8)) == nil, "an empty entry")
  }
}
