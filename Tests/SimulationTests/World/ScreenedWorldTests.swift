import Codecs
import Money
import Testing

@testable import Simulation

/// Worlds with a policy that asks a list, which goes wrong: invariant 6.
@Suite("Screened worlds")
struct ScreenedWorldTests {
  @Test func `lists that are away, too old, short or new are met, and nobody is paid without a verdict`() throws {
    var met: [String: Int] = [:]
    var (worlds, failed, confirmed) = (0, Int64(0), Int64(0))
    for seed in 1...90 as ClosedRange<UInt64> where Plan(seed: seed).screening != nil {
      let outcome = try Run.outcome(seed: seed, traces: false)
      #expect(outcome.violations.isEmpty, "seed \(seed): \(outcome.violations.map(\.sentence))")
      worlds += 1
      failed += outcome.failed
      confirmed += outcome.confirmed
      for (fault, count) in outcome.faults { met[fault, default: 0] += count }
    }
    #expect(worlds > 15 && failed > 0 && confirmed > 0)
    for fault in ["lists_unreachable", "lists_stale", "lists_short", "lists_changed", "policy_changed"] {
      #expect((met[fault] ?? 0) > 0, "\(fault) was never met in \(worlds) worlds")
    }
  }

  @Test func `a policy is drawn apart: worlds without one are what they were`() {
    let plans = (1...200 as ClosedRange<UInt64>).map { Plan(seed: $0) }
    let screened = plans.count { $0.screening != nil }
    #expect((40...100).contains(screened))
    #expect(plans.allSatisfy { $0.screening?.listed.isEmpty != true })
  }

  @Test func `a payment that is signed without a judgement, or twice for one, is found`() throws {
    var plan = Plan(quiet: 1)
    plan.screening = Plan.Screening(listed: [[]], most: .max, hours: 1)
    let watch = Watch(plan, traces: false)
    let digest = Hash32(words: (1, 2, 3, 4))
    watch.signs(digest)
    // A void, or what belongs to no campaign.
    #expect(watch.with { $0.violations.isEmpty })
    // Two workers have asked, one before it was held up; each may sign once.
    watch.with { state in
      state.intendedPayments = [digest]
      state.cleared = [1: [digest], 2: [digest]]
    }
    for worker in [2, 1] {
      _ = watch.acts(worker)
      watch.signs(digest)
    }
    #expect(watch.with { $0.violations.isEmpty })
    watch.signs(digest)
    #expect(watch.with { $0.violations.map(\.invariant) } == [6])
  }
}
