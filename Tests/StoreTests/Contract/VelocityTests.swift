import Chains
import Codecs
import Engine
import Money
import Payouts
import Policy
import Testing

@Suite("Limits and KYC answers in every store")
struct VelocityTests {
  static func meter(_ key: String, _ quota: Int64?, _ window: RateLimit.Window = .sliding) -> RateMeter {
    RateMeter(key: "l/\(window.rawValue)/60/\(key)", quota: quota, window: window, seconds: 60)
  }

  @Test(arguments: StoreKind.allCases)
  func `an intent is counted in its own commit, and refused where there is no room`(kind: StoreKind) throws {
    let (bench, campaign) = try Bench.running(kind, 12)
    for window in RateLimit.Window.allCases {
      let (all, one) = (Self.meter("", 5, window), Self.meter("größer'", nil, window))
      let first = bench.now
      func intend(_ ordinals: [Int], _ charges: [RateCharge]) throws {
        try bench.commit(
          .intend(bench.intent(campaign, ordinals).counting(IntentRates(policy: nil, charges: charges))))
      }
      let base = window == .fixed ? 0 : 5
      try intend([base, base + 1], [RateCharge(meter: all, count: 2), RateCharge(meter: one, count: 2)])
      try intend([base + 2], [RateCharge(meter: all, count: 1)])
      var counts = try bench.store.rateCounts([all.key, one.key, "none"])
      #expect(counts[all.key]?.used == 3 && counts[one.key]?.used == 2 && counts["none"] == nil)
      let before = try bench.trace()
      try bench.expectRefusal(.overLimit) { try intend([base + 3, 10, 11], [RateCharge(meter: all, count: 3)]) }
      #expect(try bench.store.rateCounts([all.key]) == counts.filter { $0.key == all.key })
      #expect(try bench.trace() == before)
      try intend([base + 3, base + 4], [RateCharge(meter: all, count: 2)])
      bench.now -= 30_000
      try bench.expectRefusal(.overLimit) { try intend([10], [RateCharge(meter: all, count: 1)]) }
      bench.now = first + 120_000
      counts = try bench.store.rateCounts([all.key])
      #expect(counts[all.key]?.room(all, at: bench.now) == 5)
    }
    try bench.expectSound()
  }

  @Test(arguments: StoreKind.allCases)
  func `intents of one commit are counted one after the other`(kind: StoreKind) throws {
    let (bench, campaign) = try Bench.running(kind, 6)
    let all = Self.meter("", 3)
    let rates = IntentRates(policy: nil, charges: [RateCharge(meter: all, count: 2)])
    try bench.expectRefusal(.overLimit) {
      try bench.commit(
        .intend(bench.intent(campaign, [0, 1]).counting(rates)),
        .intend(bench.intent(campaign, [2, 3]).counting(rates)))
    }
    #expect(try bench.store.rateCounts([all.key])[all.key]?.used ?? 0 == 0)
    #expect(try bench.store.queued(campaign.id, after: nil, limit: 9).count == 6)
  }

  @Test(arguments: StoreKind.allCases)
  func `limits of a policy that is not in force are refused`(kind: StoreKind) throws {
    let (bench, campaign) = try Bench.running(kind, 4)
    try bench.expectRefusal(.staleState) {
      let rates = IntentRates(policy: Bench.hash(7), charges: [])
      try bench.commit(.intend(bench.intent(campaign, [0]).counting(rates)))
    }
    // What was signed before a restore is taken back, whatever the limits say.
    let full = IntentRates(policy: Bench.hash(7), charges: [RateCharge(meter: Self.meter("", 1), count: 9)])
    let adopted = bench.intent(campaign, [0]).counting(full).adopted
    let counted = try adopted.counted(active: nil, at: bench.time()) { _ throws(StoreError) in nil }
    #expect(counted.isEmpty)
  }

  @Test(arguments: StoreKind.allCases)
  func `an answer of a KYC provider takes the place of the one before`(kind: StoreKind) throws {
    let bench = try Bench(kind)
    func record(_ key: UInt64, _ status: KYCStatus, _ at: Int64) -> KYCRecord {
      KYCRecord(
        key: Bench.hash(key),
        answer: KYCAnswer(status: status, level: "ä'", reference: "r\(key)", checkedAt: Timestamp(milliseconds: at)),
        askedAt: Timestamp(milliseconds: at + 1))
    }
    try bench.store.keep([])
    try bench.store.keep([record(1, .pending, 5), record(2, .approved, 6)])
    try bench.store.keep([record(1, .rejected, 7), record(3, .expired, -8)])
    let kept = try bench.store.kycRecords([1, 2, 3, 4].map { Bench.hash($0) })
    #expect(
      kept == [
        Bench.hash(1): record(1, .rejected, 7), Bench.hash(2): record(2, .approved, 6),
        Bench.hash(3): record(3, .expired, -8),
      ])
    #expect(try bench.store.kycRecords([]).isEmpty && bench.store.rateCounts([]).isEmpty)
  }
}

extension Intent {
  func counting(_ rates: IntentRates) -> Intent {
    Intent(
      batch: batch, campaign: campaign, slot: slot, asset: asset, runs: runs, count: count, total: total, root: root,
      attempt: attempt, halfOf: halfOf, isAdopted: isAdopted, rates: rates)
  }
}
