package import Chains
package import Codecs
package import Money
package import Payouts

/// One database transaction as a value: all of it or none of it.
///
/// The store compares the lane's guard and every expected state inside the transaction that writes, applies the
/// writes in order, and in the same transaction applies what follows from each (`Consequences`): ledger transfers,
/// exactly one audit record, outbox events. So no write can forget its record.
package struct Commit: Sendable {
  /// Nil for what belongs to no lane (campaigns, loads, compensation).
  package let guardedBy: LaneGuard?
  /// `operator:NAME` or `worker:SESSION`.
  package let actor: String
  package let at: Timestamp
  package let writes: [Write]

  package init(guardedBy: LaneGuard?, actor: String, at: Timestamp, writes: [Write]) {
    self.guardedBy = guardedBy
    self.actor = actor
    self.at = at
    self.writes = writes
  }

  /// The audit chain the records go to: the lane's own, or 0.
  package var chain: Int64 { guardedBy?.lane.raw ?? 0 }
}

/// One state change. Each names the state it expects; a store that finds another refuses the whole commit.
package enum Write: Sendable {
  case createCampaign(Campaign)
  case changeCampaign(CampaignChange)
  /// Ends a load: its rows become visible and their sum is ordered.
  case order(Order)
  case approve(Approval)
  /// queued -> submitted, with batch, first attempt and hold.
  case intend(Intent)
  /// Adds a bump or a void to a live batch.
  case addAttempt(AddedAttempt)
  /// intended -> signed.
  case recordBytes(RecordedBytes)
  /// signed -> broadcast. Information only.
  case recordSent(RecordedSent)
  /// A live batch becomes final or dead, with evidence, and its payouts follow.
  case endBatch(BatchEnd)
  /// Patience is over: the fate of the batch's payouts is unknown.
  case markUnknown(BatchID, CampaignID?, UnknownReason)
  /// queued -> failed.
  case failQueued(FailedQueued)
  /// confirmed or failed -> compensated.
  case compensate(Compensation)
  /// submitted, credited another sum -> confirmed or failed: what two people said of it.
  case settle(Settlement)
  case changeLane(LaneChange)
  case activatePolicy(PolicyActivation)
  /// Verdicts of a part of a campaign.
  case screen(ScreenedPart)
  /// A person clears or refuses a payout that waits for review.
  case review(ReviewDecision)
  case changeSafety(SafetyChange)
  /// Something worth a record that changes no state: an alarm, a report, an export.
  case note(Note)
  /// Persons, sessions, requests for approval and their answers.
  case people(PeopleWrite)
  /// What a product's engine has accepted.
  case journal(JournalPart)
}

package struct CampaignChange: Hashable, Sendable {
  package let campaign: CampaignID
  package let from: CampaignStatus
  package let to: CampaignStatus
  package let event: String
  package let reason: String?
  /// New planning settings; nil leaves them.
  package let planning: Planning?
  package struct Planning: Hashable, Sendable {
    package let mode: CampaignMode
    package let priority: Int
    package let window: Window
    package let maxBatch: Int
    package let canary: Int
    package init(mode: CampaignMode, priority: Int, window: Window, maxBatch: Int, canary: Int) {
      self.mode = mode
      self.priority = priority
      self.window = window
      self.maxBatch = maxBatch
      self.canary = canary
    }
  }
  package init(
    campaign: CampaignID, from: CampaignStatus, to: CampaignStatus, event: String, reason: String?, planning: Planning?
  ) {
    self.campaign = campaign
    self.from = from
    self.to = to
    self.event = event
    self.reason = reason
    self.planning = planning
  }
}

package struct Order: Hashable, Sendable {
  package let campaign: CampaignID
  package let asset: AssetID
  package let load: Int64
  package let contentHash: Hash32
  package let settings: String
  package let summary: LoadSummary
  /// Ordinals below this one become visible; must equal the load's next ordinal.
  package let readyOrdinal: UInt32
  package init(
    campaign: CampaignID, asset: AssetID, load: Int64, contentHash: Hash32, settings: String, summary: LoadSummary,
    readyOrdinal: UInt32
  ) {
    self.campaign = campaign
    self.asset = asset
    self.load = load
    self.contentHash = contentHash
    self.settings = settings
    self.summary = summary
    self.readyOrdinal = readyOrdinal
  }
}

/// A person's yes to a content: payees, amounts, order, count and total, and the fee cap.
package struct Approval: Hashable, Sendable {
  package let campaign: CampaignID
  package let root: Hash32
  package let count: UInt64
  package let total: UInt256
  /// Most that one transaction may cost, in native units.
  package let feeCap: UInt256
  package let approvedBy: String
  package let expiresAt: Timestamp?
  package init(
    campaign: CampaignID, root: Hash32, count: UInt64, total: UInt256, feeCap: UInt256, approvedBy: String,
    expiresAt: Timestamp?
  ) {
    self.campaign = campaign
    self.root = root
    self.count = count
    self.total = total
    self.feeCap = feeCap
    self.approvedBy = approvedBy
    self.expiresAt = expiresAt
  }
}

/// An attempt as it is intended: unsigned bytes, durable before any key is asked.
package struct AttemptDraft: Hashable, Sendable {
  package let id: AttemptID
  package let kind: AttemptKind
  package let unsigned: UnsignedTransaction
  package let payloadDigest: Hash32
  package let fee: FeeTerms
  package init(
    id: AttemptID, kind: AttemptKind, unsigned: UnsignedTransaction, payloadDigest: Hash32, fee: FeeTerms
  ) {
    self.id = id
    self.kind = kind
    self.unsigned = unsigned
    self.payloadDigest = payloadDigest
    self.fee = fee
  }
}

package struct Intent: Hashable, Sendable {
  package let batch: BatchID
  /// Nil for a gap repair or a setup: then there are no payouts.
  package let campaign: CampaignID?
  package let slot: UInt64
  package let asset: AssetID
  package let runs: [PayoutRun]
  package let count: Int
  package let total: UInt256
  package let root: Hash32
  package let attempt: AttemptDraft
  /// The reverted batch that this is a half of; its payouts are queued under it, out of reach of ordinary planning.
  package let halfOf: BatchID?
  /// Taken back from the signer's log after a restore: the bytes may be on the chain already, whatever the store says
  /// of campaign and lane since.
  package let isAdopted: Bool
  /// What it counts under limits. A half counts nothing: its payouts were counted when they were first promised.
  package let rates: IntentRates
  package init(
    batch: BatchID, campaign: CampaignID?, slot: UInt64, asset: AssetID, runs: [PayoutRun], count: Int,
    total: UInt256, root: Hash32, attempt: AttemptDraft, halfOf: BatchID?, isAdopted: Bool = false,
    rates: IntentRates = .none
  ) {
    self.batch = batch
    self.campaign = campaign
    self.slot = slot
    self.asset = asset
    self.runs = runs
    self.count = count
    self.total = total
    self.root = root
    self.attempt = attempt
    self.halfOf = halfOf
    self.isAdopted = isAdopted
    self.rates = rates
  }

  /// The same, as something to take back instead of something new.
  package var adopted: Intent {
    Intent(
      batch: batch, campaign: campaign, slot: slot, asset: asset, runs: runs, count: count, total: total, root: root,
      attempt: attempt, halfOf: halfOf, isAdopted: true)
  }
}

package struct AddedAttempt: Hashable, Sendable {
  package let batch: BatchID
  package let campaign: CampaignID?
  package let attempt: AttemptDraft
  /// As in `Intent`.
  package let isAdopted: Bool
  package init(batch: BatchID, campaign: CampaignID?, attempt: AttemptDraft, isAdopted: Bool = false) {
    self.batch = batch
    self.campaign = campaign
    self.attempt = attempt
    self.isAdopted = isAdopted
  }
}

package struct RecordedBytes: Hashable, Sendable {
  package let batch: BatchID
  package let attempt: AttemptID
  package let signed: SignedTransaction
  package init(batch: BatchID, attempt: AttemptID, signed: SignedTransaction) {
    self.batch = batch
    self.attempt = attempt
    self.signed = signed
  }
}

package struct RecordedSent: Hashable, Sendable {
  package let batch: BatchID
  package let attempt: AttemptID
  /// Whether any endpoint said it took the bytes.
  package let taken: Bool
  /// Endpoints' words, shortened.
  package let answers: String
  package init(batch: BatchID, attempt: AttemptID, taken: Bool, answers: String) {
    self.batch = batch
    self.attempt = attempt
    self.taken = taken
    self.answers = answers
  }
}

/// What becomes of a batch's payouts. Every payout of the batch is in exactly one outcome.
package struct Outcome: Hashable, Sendable {
  package enum Kind: Hashable, Sendable {
    case confirmed
    case failed(FailureReason)
    /// Back to the queue.
    case requeued
    /// Back to the queue under the dead batch, to be planned as two halves.
    case halved
    /// The chain moved another sum; stays submitted with fate unknown(partial).
    case partial
  }
  package let kind: Kind
  package let runs: [PayoutRun]
  package let count: Int
  package let units: UInt256
  package init(kind: Kind, runs: [PayoutRun], count: Int, units: UInt256) {
    self.kind = kind
    self.runs = runs
    self.count = count
    self.units = units
  }
}

package struct BatchEnd: Hashable, Sendable {
  package let batch: BatchID
  package let campaign: CampaignID?
  package let asset: AssetID
  package let evidence: Evidence
  package let to: BatchState
  /// The attempt of ours that spent the slot; nil for a stranger.
  package let spender: AttemptID?
  /// Whether the spender had effect: then it ends `confirmed`, else all attempts end `dead`.
  package let prevailed: Bool
  package let outcomes: [Outcome]
  package init(
    batch: BatchID, campaign: CampaignID?, asset: AssetID, evidence: Evidence, to: BatchState, spender: AttemptID?,
    prevailed: Bool, outcomes: [Outcome]
  ) {
    self.batch = batch
    self.campaign = campaign
    self.asset = asset
    self.evidence = evidence
    self.to = to
    self.spender = spender
    self.prevailed = prevailed
    self.outcomes = outcomes
  }
}

package struct FailedQueued: Hashable, Sendable {
  package let campaign: CampaignID
  package let asset: AssetID
  package let reason: FailureReason
  package let runs: [PayoutRun]
  package let count: Int
  package let units: UInt256
  package init(
    campaign: CampaignID, asset: AssetID, reason: FailureReason, runs: [PayoutRun], count: Int, units: UInt256
  ) {
    self.campaign = campaign
    self.asset = asset
    self.reason = reason
    self.runs = runs
    self.count = count
    self.units = units
  }
}

package struct Compensation: Hashable, Sendable {
  package let campaign: CampaignID
  package let asset: AssetID
  package let payout: PayoutID
  package let units: UInt256
  /// confirmed or failed.
  package let from: PayoutStatus
  /// An operator's reason code, `[A-Z0-9_]{2,40}`.
  package let reason: String
  package init(
    campaign: CampaignID, asset: AssetID, payout: PayoutID, units: UInt256, from: PayoutStatus, reason: String
  ) {
    self.campaign = campaign
    self.asset = asset
    self.payout = payout
    self.units = units
    self.from = from
    self.reason = reason
  }
}

/// Two people's word on a payout that was credited another sum than promised.
package struct Settlement: Hashable, Sendable {
  package let campaign: CampaignID
  package let asset: AssetID
  package let payout: PayoutID
  /// The batch that carried it, which has ended.
  package let batch: BatchID
  package let units: UInt256
  package let isPaid: Bool
  package init(
    campaign: CampaignID, asset: AssetID, payout: PayoutID, batch: BatchID, units: UInt256, isPaid: Bool
  ) {
    self.campaign = campaign
    self.asset = asset
    self.payout = payout
    self.batch = batch
    self.units = units
    self.isPaid = isPaid
  }

  /// The code of the row when it failed.
  package var errorCode: String? { isPaid ? nil : FailureReason.settledUnpaid.rawValue }
}

package struct LaneChange: Hashable, Sendable {
  package let lane: LaneID
  package let mode: LaneMode
  package let reason: String?
  /// Raises the next slot (the chain knows of more); never lowers it. Nil leaves it.
  package let nextSlot: UInt64?
  package init(lane: LaneID, mode: LaneMode, reason: String?, nextSlot: UInt64?) {
    self.lane = lane
    self.mode = mode
    self.reason = reason
    self.nextSlot = nextSlot
  }
}

/// A record that changes no state.
package struct Note: Sendable {
  /// From the catalogue in docs/reference/events.md, `reconcile.completed`.
  package let action: String
  package let entity: String
  package let entityID: String
  package let details: JSON
  /// Whether the world should hear of it through the outbox.
  package let isPublic: Bool
  /// A hash that the audit record holds by itself, for proofs that show one record and not what it tells.
  package let root: Hash32?
  package init(
    action: String, entity: String, entityID: String, details: JSON, isPublic: Bool, root: Hash32? = nil
  ) {
    self.root = root
    self.action = action
    self.entity = entity
    self.entityID = entityID
    self.details = details
    self.isPublic = isPublic
  }
}
