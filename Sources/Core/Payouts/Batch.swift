package import Chains
package import Codecs
package import Money

/// Payouts with consecutive numbers; batches and outcomes name their payouts by runs.
package struct PayoutRun: Hashable, Sendable {
  package let first: PayoutID
  package let last: PayoutID

  package init(first: PayoutID, last: PayoutID) {
    self.first = first
    self.last = last
  }

  package var count: Int64 { last.raw - first.raw + 1 }

  /// The runs of ascending, distinct numbers.
  package static func of(_ payouts: some Sequence<PayoutID>) -> [PayoutRun] {
    var runs: [PayoutRun] = []
    for payout in payouts {
      if let end = runs.last, end.last.raw + 1 == payout.raw {
        runs[runs.count - 1] = PayoutRun(first: end.first, last: payout)
      } else {
        runs.append(PayoutRun(first: payout, last: payout))
      }
    }
    return runs
  }
}

/// One transaction for a batch, as the store keeps it.
package struct Attempt: Hashable, Sendable {
  package let id: AttemptID
  package let kind: AttemptKind
  package var state: AttemptState
  package let unsigned: UnsignedTransaction
  package let payloadDigest: Hash32
  package let fee: FeeTerms
  package let fence: Int64
  package let intendedAt: Timestamp
  package var signed: SignedTransaction?
  package var sentAt: Timestamp?

  package init(
    id: AttemptID, kind: AttemptKind, state: AttemptState, unsigned: UnsignedTransaction, payloadDigest: Hash32,
    fee: FeeTerms, fence: Int64, intendedAt: Timestamp, signed: SignedTransaction?, sentAt: Timestamp?
  ) {
    self.id = id
    self.kind = kind
    self.state = state
    self.unsigned = unsigned
    self.payloadDigest = payloadDigest
    self.fee = fee
    self.fence = fence
    self.intendedAt = intendedAt
    self.signed = signed
    self.sentAt = sentAt
  }
}

/// A live batch as the store keeps it: the unit that ends as one.
package struct Batch: Hashable, Sendable {
  package let id: BatchID
  /// Nil for a batch without payouts: a gap repair or a setup.
  package let campaign: CampaignID?
  package let lane: LaneID
  package let slot: UInt64
  package let asset: AssetID
  package let count: Int
  package let total: UInt256
  /// Content root of the payees.
  package let root: Hash32
  package var state: BatchState
  package var unknown: UnknownReason?
  package let createdAt: Timestamp
  package var attempts: [Attempt]

  package init(
    id: BatchID, campaign: CampaignID?, lane: LaneID, slot: UInt64, asset: AssetID, count: Int, total: UInt256,
    root: Hash32, state: BatchState, unknown: UnknownReason?, createdAt: Timestamp, attempts: [Attempt]
  ) {
    self.id = id
    self.campaign = campaign
    self.lane = lane
    self.slot = slot
    self.asset = asset
    self.count = count
    self.total = total
    self.root = root
    self.state = state
    self.unknown = unknown
    self.createdAt = createdAt
    self.attempts = attempts
  }

  package var hasVoid: Bool { attempts.contains { $0.kind == .void } }
  package var members: [SlotQuestion.Member] {
    attempts.map { .init(kind: $0.kind, signingHash: $0.unsigned.signingHash, hash: $0.signed?.hash) }
  }
}
