package import Codecs
package import Money

/// The winners of one lottery, as far as they are computed, and how far they are paid.
package struct WinnerState: Hashable, Sendable {
  package internal(set) var initialized = false
  package internal(set) var totalRequired: UInt64 = 0
  /// The number of `records`; also the cursor's last processed index.
  package internal(set) var totalTickets: UInt64 = 0
  package internal(set) var snapshotHash: Hash32?
  package internal(set) var payloadHash: Hash32?
  package internal(set) var schemaVersion: UInt16 = 1
  package internal(set) var attempt: UInt8 = 0
  package internal(set) var randomNumbers: [UInt256] = []
  package internal(set) var winnersBatchHash: Hash32?
  package internal(set) var checksumAfterBatch: Hash32?
  /// By ordinal.
  package internal(set) var records: [WinnerRecord] = []
  package internal(set) var taken = TakenTickets()
  package internal(set) var payoutRound: UInt64 = 0
  package internal(set) var lastPayoutTs: UInt64 = 0
  package internal(set) var nextWinnerBatchNo: UInt64 = 0
  /// Winners said to be paid, over all rounds.
  package internal(set) var winnersPaid: UInt64 = 0

  package init() {}

  package var totalAssigned: UInt64 { UInt64(records.count) }
}

package struct WinnerProgressView: Hashable, Sendable {
  package var initialized = false
  package var totalRequired: UInt64 = 0
  package var totalAssigned: UInt64 = 0
  package var payoutRound: UInt64 = 0
  package var nextWinnerBatchNo: UInt64 = 0
  package var lastPayoutTs: UInt64 = 0

  package init() {}
}
