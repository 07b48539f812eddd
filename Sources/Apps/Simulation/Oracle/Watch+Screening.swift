import Chains
import Codecs
import Engine
import Money
import Payouts
import Policy

// Invariant 6: screening missing, stale or unreachable is not sent. The engine asks which batches are barred just before
// it asks for signatures; what may be signed then is found out here a second time, from the rows themselves and from what
// the list really said.
extension Watch {
  /// Notes which attempts of these batches may be signed now.
  func judge(_ batches: [BatchID], _ store: any PayoutStore, at now: Timestamp) {
    guard let lists else { return }
    quietly {
      let live = (try? store.lanes().flatMap { try store.liveBatches($0.id) }) ?? []
      for batch in live where batches.contains(batch.id) {
        let isCleared = (try? Watch.isCleared(batch, store, lists, at: now)) == true
        let hashes = batch.attempts.filter { $0.kind == .pay }.map(\.unsigned.signingHash)
        with {
          if isCleared {
            $0.cleared[$0.actor, default: []].formUnion(hashes)
          } else {
            $0.cleared[$0.actor]?.subtract(hashes)
          }
        }
      }
    }
  }

  private static func isCleared(
    _ batch: Batch, _ store: any PayoutStore, _ lists: SimulatedLists, at now: Timestamp
  ) throws -> Bool {
    guard let campaign = batch.campaign, let active = try store.activePolicy() else { return true }
    guard let row = try store.screening(campaign), row.policy == active.digest, row.startedAt <= now,
      now < row.validUntil
    else { return false }
    return try store.payees(batch.id).allSatisfy { payee in
      try payee.payout.ordinal < row.upTo && store.heldPayout(payee.payout) == nil
        && lists.hasCleared(payee.address, version: row.lists)
    }
  }

  /// The actor asks for a signature. Each needs a judgement of its own.
  func signs(_ digest: Hash32) {
    guard lists != nil else { return }
    let isWrong = with { state in
      state.intendedPayments.contains(digest) && state.cleared[state.actor]?.remove(digest) == nil
    }
    if isWrong { broke(6, "a signature over \(digest) for payees without a verdict that counts") }
  }
}
