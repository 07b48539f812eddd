package import Chains
package import Money
package import Payouts

/// Payouts whose fate is unknown, as they can be settled: a whole batch, or one payout of a batch that has ended.
package enum UnknownCase: Sendable {
  /// No evidence: the batch lives, and its payouts go together.
  case batch(Batch, account: Lane, payees: [Payee])
  /// The chain credited another sum. The batch is final, only the promise is open.
  case credited(PayoutView, BatchID)

  package var subject: String {
    switch self {
    case .batch(let batch, _, _): "batch/\(batch.id)"
    case .credited(let view, _): "payout/\(view.payout)"
    }
  }

  /// Throws `payout.not_unknown`.
  package static func of(_ view: PayoutView, store: any PayoutStore) throws -> UnknownCase {
    guard view.status == .submitted, case .unknown? = view.fate, let id = view.batch else {
      throw PayoutError(
        .notUnknown, "\(view.key) is \(view.status.rawValue), and its fate is not unknown",
        hint: "see which are: airdrop payouts unknown")
    }
    for lane in try store.lanes() where lane.id.raw == id.raw >> Lane.sequenceBits {
      if let batch = try store.liveBatches(lane.id).first(where: { $0.id == id }) {
        return .batch(batch, account: lane, payees: try store.payees(id))
      }
    }
    return .credited(view, id)
  }
}
