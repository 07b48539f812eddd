import Money
import TestSupport
import Testing

@testable import Airdrop

@Suite("Campaign report: histograms, scales and wording")
struct ReportFiguresTests {
  @Test(arguments: UInt64(0)..<40)
  func `every value of a histogram lies in the bin that counts it, in any order`(seed: UInt64) throws {
    var random = SplitMix64(seed: seed)
    let width = Int.random(in: 1...32, using: &random)
    var values: [UInt256] = []
    for _ in 0..<200 { values.append(try #require(UInt256(bigEndian: random.bytes(width)))) }
    var forward = FeeHistogram()
    for value in values { forward.add(value) }
    var backward = FeeHistogram()
    for value in values.reversed() { backward.add(value) }
    let bins = forward.bins
    #expect(bins == backward.bins, "replay with seed \(seed)")
    #expect(bins.count <= Int(FeeHistogram.mostBins))
    for bin in bins {
      #expect(Int64(values.count { $0 >= bin.from && ($0 < bin.below || bin.below == .max) }) == bin.count)
    }
    #expect(bins.reduce(0) { $0 + $1.count } == 200)
  }

  @Test func `a histogram of the extremes has two ends`() {
    var histogram = FeeHistogram()
    histogram.add(.max)
    histogram.add(.zero)
    histogram.add(.max)
    #expect(histogram.bins.first?.count == 1 && histogram.bins.last?.count == 2)
    #expect(histogram.bins.last?.below == .max)
  }

  @Test(arguments: UInt64(0)..<40)
  func `a timeline keeps every batch when its intervals merge`(seed: UInt64) {
    var random = SplitMix64(seed: seed)
    let range = Int64(1) << Int64.random(in: 1...44, using: &random)
    var timeline = Timeline()
    for _ in 0..<500 {
      timeline.add(at: Timestamp(milliseconds: Int64.random(in: 0..<range, using: &random))) {
        $0.submittedBatches += 1
      }
    }
    let rows = timeline.rows
    #expect(rows.count <= Int(Timeline.mostIntervals), "replay with seed \(seed)")
    #expect(rows.reduce(0) { $0 + $1.interval.submittedBatches } == 500)
    #expect(rows.first?.interval.submittedBatches != 0 && rows.last?.interval.submittedBatches != 0)
    #expect(rows.allSatisfy { $0.start.milliseconds.isMultiple(of: timeline.widthMilliseconds) })
  }

  @Test func `times to finality are bounded by their classes`() {
    var times = FinalityTimes()
    times.add(milliseconds: 900, payouts: 50)
    times.add(milliseconds: 59_999, payouts: 45)
    times.add(milliseconds: 100_000_000, payouts: 5)
    times.add(milliseconds: -3, payouts: 0)
    #expect(times.count == 100 && times.shortest == 900 && times.longest == 100_000_000)
    #expect(times.bound(percent: 50) == 1_000 && times.bound(percent: 95) == 60_000)
    #expect(times.bound(percent: 96) == nil)
    #expect(times.classes.first?.fromMilliseconds == 500 && times.classes.last?.belowMilliseconds == nil)
  }

  @Test(
    arguments: [
      ([1, 999_999, 0], [4, 996, 0]), ([1, 1], [500, 500]), ([0, 0], [0, 0]), ([5], [1_000]),
    ] as [([UInt64], [Int64])])
  func `stacked parts fill the bar, and the smallest can be seen`(parts: [UInt64], lengths: [Int64]) {
    #expect(PlotScale.stacked(parts.map { UInt256($0) }, in: 1_000, least: 4) == lengths)
  }

  @Test func `drawings of the largest sums stay inside of the plot`() {
    #expect(PlotScale.length(UInt256.max, of: .max, in: 1_000) == 1_000)
    #expect(PlotScale.length(Int64.max - 1, of: .max, in: 1_000) == 999)
    #expect(PlotScale.stacked([.max, .max, .one], in: 1_000, least: 4).reduce(0, +) == 1_000)
    #expect(PlotScale.ceiling(1) == 1 && PlotScale.ceiling(164) == 200 && PlotScale.ceiling(201) == 500)
    #expect(PlotScale.ceiling(.max) == .max)
  }

  @Test(
    arguments: [
      (0, 0, "0 %"), (0, 9, "0 %"), (1, 1_000_000, "under 0.1 %"), (999_999, 1_000_000, "99.9 %"), (9, 9, "100 %"),
      (1, 3, "33.3 %"), (Int64.max - 1, Int64.max, "99.9 %"),
    ] as [(Int64, Int64, String)])
  func `only the whole is 100 %, and only nothing is 0 %`(part: Int64, whole: Int64, text: String) {
    #expect(Wording.share(part, of: whole) == text)
  }

  @Test(
    arguments: [
      (0, "1970-01-01T00:00:00.000Z"), (951_782_400_000, "2000-02-29T00:00:00.000Z"),
      (1_759_320_003_120, "2025-10-01T12:00:03.120Z"), (4_107_542_399_999, "2100-02-28T23:59:59.999Z"),
      (4_107_542_400_000, "2100-03-01T00:00:00.000Z"), (-1, "1970-01-01T00:00:00.000Z"),
      (.max, "9999-12-31T23:59:59.999Z"),
    ] as [(Int64, String)])
  func `times are written as RFC 3339`(milliseconds: Int64, text: String) {
    #expect(Wording.iso(Timestamp(milliseconds: milliseconds)) == text)
  }

  @Test func `counts, sums and durations read as a person writes them`() {
    #expect(Wording.count(Int64.min) == "-9,223,372,036,854,775,808" && Wording.count(-123) == "-123")
    #expect(Wording.grouped("1234567.00012") == "1,234,567.00012" && Wording.count(999) == "999")
    #expect(Wording.coins(UInt256(1_000_000_000_000_000_000)) == "1 coin")
    #expect(Wording.amount(UInt256(1_234_500_000), AmountScale(decimals: 6, isNative: false)) == "1,234.5 tokens")
    #expect(Wording.amount(.one, AmountScale(decimals: nil, isNative: false)) == "1 base unit")
    #expect(
      [999, 1_500, 61_000, 3_600_000, 93_600_000].map { Wording.duration($0) } == [
        "999 ms", "1.5 s", "1 min 1 s", "1 h", "1 d 2 h",
      ])
  }
}
