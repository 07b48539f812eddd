import Engine
import Foundation
import Money
import Payouts
import Policy
import TestSupport
import Testing

@testable import Store

@Suite("Limits that several workers share on PostgreSQL")
struct VelocityRaceTests {
  /// Four workers, each over sessions of its own, want more than there is room for, under limits that overlap. What
  /// they get together is exactly the quota, and nobody waits for ever.
  @Test func `workers never promise more than a limit together`() throws {
    let bench = try PostgreSQLBench()
    let (lanes, rounds) = (4, 30)
    let (quota, narrowQuota): (Int64, Int64) = (50, 15)
    let operators = try bench.bench(bench.open())
    let campaign = try operators.createCampaign()
    try operators.load(campaign, lanes * rounds)
    try operators.change(campaign, .running)
    let (uri, database) = (bench.database.uri, bench.database)
    let start = operators.now
    let all = VelocityTests.meter("", quota)
    let workers = (0..<lanes).map { number in
      Aside { () -> Int in
        let store = try PostgreSQLBench.store(uri, seed: UInt64(number))
        let worker = Bench(OpenStore(store: store, directory: nil, database: database))
        worker.now = start
        let lane = try store.acquireLane(
          Bench.chain, Bench.address(1000 + number), holder: "h", session: "w\(number)", leaseMilliseconds: 1_000_000,
          signerHighest: 0, at: worker.time())
        worker.held = LaneGuard(lane: lane.id, fence: lane.fence, session: "w\(number)", epoch: lane.epoch)
        var promised = 0
        for round in 0..<rounds {
          // New rows in every round, wanted by two workers in one order and by two in the other.
          let narrow = VelocityTests.meter("b\(round / 10)", narrowQuota)
          let other = VelocityTests.meter("a\((round + number) % 5)", nil)
          let charges = [all, narrow, other].map { RateCharge(meter: $0, count: 1) }
          let intent = worker.intent(campaign, [round * lanes + number])
          do {
            try worker.commit(
              .intend(
                intent.counting(IntentRates(policy: nil, charges: charges.sorted { $0.meter.key < $1.meter.key }))))
            promised += 1
          } catch let error as StoreError where error.code == .overLimit { continue }
        }
        return promised
      }
    }
    let promised = try workers.reduce(0) { try $0 + $1.wait() }
    #expect(promised == Int(min(quota, 3 * narrowQuota)))
    let keys = [all.key] + (0..<3).map { VelocityTests.meter("b\($0)", narrowQuota).key }
    let counts = try operators.store.rateCounts(keys)
    #expect(counts[all.key]?.used == Int64(promised))
    for key in keys.dropFirst() { #expect(counts[key]?.used == narrowQuota, "\(key)") }
    #expect(try operators.store.tally(campaign.id)[.submitted].count == Int64(promised))
    try operators.expectSound()
  }
}
