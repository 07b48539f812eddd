/// The limits of the specification, section 1.5.
package enum Limits {
  package static let ticketsPerPurchase: UInt64 = 128
  /// Tickets whose owners are hashed together in schema 1.
  package static let ticketChunk: UInt64 = 256
  /// By all buyers of one lottery together.
  package static let purchasesPerBlock: UInt64 = 64
  /// By one buyer in one block of one lottery: an eighth of the block. Schema 2.
  package static let purchasesPerBuyerAndBlock: UInt64 = 8
  /// By one buyer of one lottery in `rateWindowSeconds`.
  package static let purchasesPerWindow: UInt64 = 10
  package static let rateWindowSeconds: UInt64 = 60
  package static let graceSeconds: UInt64 = 15
  package static let winnerChunk: UInt64 = 64
  /// Candidates for one winner when no ticket may win twice. Schema 1.
  package static let dedupTries = 16
  package static let vrfAttempts: UInt8 = 5
  package static let randomNumbers: ClosedRange<Int> = 1...255
  package static let activeTags = 16
  package static let pageSize: UInt64 = 1000
  package static let priceStalenessSeconds: UInt64 = 300
  package static let priceClampBasisPoints: UInt64 = 2000
  package static let priceDecimals: UInt8 = 18
  package static let depositMultiplierBasisPoints: UInt64 = 10_000
  package static let sensitiveTimelockSeconds: UInt64 = 900
  package static let refundFirstBatchSeconds: UInt64 = 43_200
  package static let refundCompleteSeconds: UInt64 = 86_400
  package static let legacyDrawRecords = 128
  package static let basisPoints: UInt64 = 10_000
}

/// The names that separate one hash from another.
package enum Domain {
  package static let snapshotSeed = "lottery_multi::snapshot_seed"
  package static let snapshotEmpty = "lottery_multi::snapshot_empty"
  package static let winnerSeed = "lottery_multi::winner_seed"
  package static let winnerBatchSeed = "lottery_multi::winner_batch_seed"
  /// Schema 2: one purchase as a leaf, two subtrees as a node, the whole snapshot, one winner.
  package static let snapshotV2 = "lottery_multi::snapshot_seed::2"
  package static let winnerV2 = "lottery_multi::winner_seed::2"
}
