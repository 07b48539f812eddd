package import Chains
import Money
package import Payouts

/// From evidence to outcomes: what becomes of a batch and each of its payouts. Pure.
/// Source: docs/internals/protocol.md 2.2, 4.2, 4.3.
package enum Judgement {
  /// `isCanceled`: the campaign was canceled, so what was not paid is not tried again.
  ///
  /// Throws `payout.illegal_transition` when the machines do not allow it, `money.overflow` for impossible sums.
  package static func of(
    _ batch: Batch, payees: [Payee], evidence: Evidence, isCanceled: Bool
  ) throws -> BatchEnd {
    let to = try batch.state.applying(.ended(evidence.verdict))
    let again: Outcome.Kind = isCanceled ? .failed(.canceled) : .requeued
    let kinds: [Outcome.Kind]
    switch evidence.verdict {
    case .paid: kinds = payees.map { _ in .confirmed }
    case .credited(let credits):
      guard credits.count == payees.count else {
        throw PayoutError(
          .illegalTransition, "evidence speaks of \(credits.count) payees, batch \(batch.id) has \(payees.count)")
      }
      kinds = credits.map {
        switch $0 {
        case .full: .confirmed
        case .none: .failed(.notCredited)
        case .other: .partial
        }
      }
    case .settled: kinds = []
    case .reverted:
      // One payee alone is the guilty one; more are halved until it stands alone.
      let reverted: Outcome.Kind = payees.count == 1 ? .failed(.reverted) : .halved
      kinds = payees.map { _ in isCanceled && payees.count > 1 ? .failed(.canceled) : reverted }
    case .voided, .stranger: kinds = payees.map { _ in again }
    }
    let prevailed = to == .final || evidence.verdict == .voided
    return BatchEnd(
      batch: batch.id, campaign: batch.campaign, asset: batch.asset, evidence: evidence, to: to,
      spender: spender(of: batch, evidence), prevailed: prevailed,
      outcomes: try outcomes(of: payees, kinds, batch: batch))
  }

  /// The attempt that the evidence names. Another signature over the same bytes has another hash: then the recorded
  /// attempt of that kind stands for it.
  private static func spender(of batch: Batch, _ evidence: Evidence) -> AttemptID? {
    if let named = batch.attempts.first(where: { $0.signed?.hash == evidence.spender }) { return named.id }
    let recorded = batch.attempts.filter { $0.state == .signed || $0.state == .broadcast }
    switch evidence.verdict {
    case .stranger: return nil
    case .voided: return recorded.first { $0.kind == .void }?.id
    case .paid, .credited, .reverted: return recorded.first { $0.kind == .pay }?.id
    case .settled: return recorded.first { $0.kind == .setup }?.id
    }
  }

  private static func outcomes(
    of payees: [Payee], _ kinds: [Outcome.Kind], batch: Batch
  ) throws -> [Outcome] {
    var order: [Outcome.Kind] = []
    var groups: [Outcome.Kind: [Payee]] = [:]
    for (payee, kind) in zip(payees, kinds) {
      if groups[kind] == nil { order.append(kind) }
      groups[kind, default: []].append(payee)
    }
    return try order.map { kind in
      let group = groups[kind] ?? []
      try check(kind, batch: batch.id)
      var units = UInt256.zero
      for payee in group { units = try units.adding(payee.units) }
      return Outcome(kind: kind, runs: PayoutRun.of(group.map(\.payout)), count: group.count, units: units)
    }
  }

  /// The payout machine has the last word on every outcome.
  private static func check(_ kind: Outcome.Kind, batch: BatchID) throws(PayoutError) {
    let before = PayoutState.submitted(batch, .pending)
    switch kind {
    case .confirmed: _ = try before.applying(.paid(batch))
    case .failed(let why): _ = try before.applying(.dead(batch, .fail(why)))
    case .requeued, .halved: _ = try before.applying(.dead(batch, .again))
    case .partial: _ = try before.applying(.patienceOver(batch, .partial))
    }
  }
}
