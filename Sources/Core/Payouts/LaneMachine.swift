package import Chains
package import Money

/// Whether a lane may take new intents.
package enum LaneMode: String, CaseIterable, Sendable {
  case open
  /// Finishes what is live, plans nothing: after a restore, a stranger's spending, or on request.
  case draining
  case stopped
}

/// One sending account on one chain, with its order of slots. Source: docs/internals/protocol.md 2.4.
package struct Lane: Hashable, Sendable {
  package let id: LaneID
  package let chain: ChainID
  package let account: Address
  /// Number of the current lease; only grows.
  package let fence: Int64
  package let holder: String?
  package let session: String?
  /// When others may try, in the store's time. Never a proof for the holder.
  package let until: Timestamp
  package let mode: LaneMode
  package let modeReason: String?
  package let nextSlot: UInt64
  /// The next number for batches and attempts of this lane.
  package let nextSequence: Int64
  package let epoch: Int64

  package init(
    id: LaneID, chain: ChainID, account: Address, fence: Int64, holder: String?, session: String?, until: Timestamp,
    mode: LaneMode, modeReason: String?, nextSlot: UInt64, nextSequence: Int64, epoch: Int64
  ) {
    self.id = id
    self.chain = chain
    self.account = account
    self.fence = fence
    self.holder = holder
    self.session = session
    self.until = until
    self.mode = mode
    self.modeReason = modeReason
    self.nextSlot = nextSlot
    self.nextSequence = nextSequence
    self.epoch = epoch
  }

  /// The number for the sequence-th batch or attempt of the lane: unique in the store without asking it.
  package static func number(_ lane: LaneID, sequence: Int64) -> Int64 { lane.raw << 40 | sequence }
}

/// What a write must prove in the transaction that writes.
package struct LaneGuard: Hashable, Sendable {
  package let lane: LaneID
  package let fence: Int64
  package let session: String
  package let epoch: Int64

  package init(lane: LaneID, fence: Int64, session: String, epoch: Int64) {
    self.lane = lane
    self.fence = fence
    self.session = session
    self.epoch = epoch
  }

  /// Whether the lane row still belongs to the one who read it under this fence.
  package func holds(_ row: Lane) -> Bool {
    row.id == lane && row.fence == fence && row.session == session && row.epoch == epoch
  }
}

extension Lane {
  /// Whether a new holder may take the lane at this moment of the store's clock.
  package func isFree(at now: Timestamp) -> Bool { session == nil || until < now }

  /// The fence of the next lease: above every lease of this store and everything the signer has seen.
  package func nextFence(signerHighest: Int64) throws(PayoutError) -> Int64 {
    let (next, over) = max(fence, signerHighest).addingReportingOverflow(1)
    guard !over else { throw PayoutError(.illegalTransition, "lane \(id) has used up its fences") }
    return next
  }
}
