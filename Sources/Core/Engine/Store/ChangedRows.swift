import Chains
package import Money
package import Payouts

// Rows are immutable values; a change is a new row. Pure, and shared by the stores that keep rows in memory while they
// work on a commit.

extension Campaign {
  package func changed(_ change: CampaignChange) -> Campaign {
    let isMoved = change.from != change.to
    let planning = change.planning
    return Campaign(
      id: id, uuid: uuid, name: name, chain: chain, asset: asset, status: change.to,
      reason: isMoved ? change.reason : reason, mode: planning?.mode ?? mode, priority: planning?.priority ?? priority,
      window: planning?.window ?? window, maxBatch: planning?.maxBatch ?? maxBatch, canary: planning?.canary ?? canary,
      createdBy: createdBy, createdAt: createdAt, readyOrdinal: readyOrdinal)
  }

  package func ready(to ordinal: UInt32) -> Campaign {
    Campaign(
      id: id, uuid: uuid, name: name, chain: chain, asset: asset, status: status, reason: reason, mode: mode,
      priority: priority, window: window, maxBatch: maxBatch, canary: canary, createdBy: createdBy,
      createdAt: createdAt, readyOrdinal: ordinal)
  }
}

extension Lane {
  package func with(mode: LaneMode, reason: String?) -> Lane {
    Lane(
      id: id, chain: chain, account: account, fence: fence, holder: holder, session: session, until: until, mode: mode,
      modeReason: reason, nextSlot: nextSlot, nextSequence: nextSequence, epoch: epoch)
  }

  package func leased(fence: Int64, holder: String?, session: String?, until: Timestamp, epoch: Int64) -> Lane {
    Lane(
      id: id, chain: chain, account: account, fence: fence, holder: holder, session: session, until: until, mode: mode,
      modeReason: modeReason, nextSlot: nextSlot, nextSequence: nextSequence, epoch: epoch)
  }

  /// Next slot and sequence raised to these; never lowered.
  package func advanced(slot: UInt64, sequence: Int64) -> Lane {
    Lane(
      id: id, chain: chain, account: account, fence: fence, holder: holder, session: session, until: until, mode: mode,
      modeReason: modeReason, nextSlot: max(nextSlot, slot), nextSequence: max(nextSequence, sequence), epoch: epoch)
  }
}

extension Attempt {
  package init(_ draft: AttemptDraft, fence: Int64, at: Timestamp) {
    self.init(
      id: draft.id, kind: draft.kind, state: .intended, unsigned: draft.unsigned, payloadDigest: draft.payloadDigest,
      fee: draft.fee, fence: fence, intendedAt: at, signed: nil, sentAt: nil)
  }
}
