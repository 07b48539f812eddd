import Airdrop
import Chains
import Engine
import Money
import Payouts

// Rows are immutable values of the core; a change is a new row.

extension Campaign {
  func changed(_ change: CampaignChange) -> Campaign {
    let isMoved = change.from != change.to
    let planning = change.planning
    return Campaign(
      id: id, uuid: uuid, name: name, chain: chain, asset: asset, status: change.to,
      reason: isMoved ? change.reason : reason, mode: planning?.mode ?? mode, priority: planning?.priority ?? priority,
      window: planning?.window ?? window, maxBatch: planning?.maxBatch ?? maxBatch, canary: planning?.canary ?? canary,
      createdBy: createdBy, createdAt: createdAt, readyOrdinal: readyOrdinal)
  }

  func ready(to ordinal: UInt32) -> Campaign {
    Campaign(
      id: id, uuid: uuid, name: name, chain: chain, asset: asset, status: status, reason: reason, mode: mode,
      priority: priority, window: window, maxBatch: maxBatch, canary: canary, createdBy: createdBy,
      createdAt: createdAt, readyOrdinal: ordinal)
  }
}

extension Lane {
  func with(mode: LaneMode, reason: String?) -> Lane {
    Lane(
      id: id, chain: chain, account: account, fence: fence, holder: holder, session: session, until: until, mode: mode,
      modeReason: reason, nextSlot: nextSlot, nextSequence: nextSequence, epoch: epoch)
  }

  func leased(fence: Int64, holder: String?, session: String?, until: Timestamp, epoch: Int64) -> Lane {
    Lane(
      id: id, chain: chain, account: account, fence: fence, holder: holder, session: session, until: until, mode: mode,
      modeReason: modeReason, nextSlot: nextSlot, nextSequence: nextSequence, epoch: epoch)
  }

  /// Next slot and sequence raised to these; never lowered.
  func advanced(slot: UInt64, sequence: Int64) -> Lane {
    Lane(
      id: id, chain: chain, account: account, fence: fence, holder: holder, session: session, until: until, mode: mode,
      modeReason: modeReason, nextSlot: max(nextSlot, slot), nextSequence: max(nextSequence, sequence), epoch: epoch)
  }
}

extension Load {
  func moved(to state: State, summary: LoadSummary?) -> Load {
    Load(
      number: number, campaign: campaign, contentHash: contentHash, settings: settings, state: state,
      firstOrdinal: firstOrdinal, nextOrdinal: nextOrdinal, summary: summary)
  }

  func moved(to ordinal: UInt32) -> Load {
    Load(
      number: number, campaign: campaign, contentHash: contentHash, settings: settings, state: state,
      firstOrdinal: firstOrdinal, nextOrdinal: ordinal, summary: summary)
  }
}

extension Attempt {
  init(_ draft: AttemptDraft, fence: Int64, at: Timestamp) {
    self.init(
      id: draft.id, kind: draft.kind, state: .intended, unsigned: draft.unsigned, payloadDigest: draft.payloadDigest,
      fee: draft.fee, fence: fence, intendedAt: at, signed: nil, sentAt: nil)
  }
}

extension Tally {
  /// A part that counts nothing is no part.
  mutating func set(_ status: PayoutStatus, count: Int64, units: UInt256) {
    parts[status] = count == 0 ? nil : Part(count: count, units: units)
  }
}
