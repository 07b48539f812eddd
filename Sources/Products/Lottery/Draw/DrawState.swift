package import Codecs
package import Money

/// One request for randomness, as it stands.
package struct VrfState: Hashable, Sendable {
  package internal(set) var requestId: UInt64 = 0
  package internal(set) var payloadHash: Hash32?
  package internal(set) var schemaVersion: UInt16 = 1
  package internal(set) var attempt: UInt8 = 0
  package internal(set) var consumed = false
  /// 0: no time set.
  package internal(set) var retryAfterTs: UInt64 = 0
  package internal(set) var retryStrategy: UInt8 = 0
  package internal(set) var closingBlockHeight: UInt64 = 0
  package internal(set) var chainId: UInt8 = 0
  package internal(set) var status = VrfStatus.idle

  package init() {}
}

/// The draw of one lottery.
package struct DrawState: Hashable, Sendable {
  package internal(set) var vrf = VrfState()
  package internal(set) var rngCount: UInt8 = 0
  package internal(set) var clientSeed: UInt64 = 0
  package internal(set) var lastRequestTs: UInt64 = 0
  package internal(set) var snapshotHash: Hash32?
  package internal(set) var totalTickets: UInt64 = 0
  package internal(set) var winnersBatchHash: Hash32?
  package internal(set) var checksumAfterBatch: Hash32?
  package internal(set) var verifiedNumbers: [UInt256] = []
  package internal(set) var payload: [UInt8] = []
  package internal(set) var nextClientSeed: UInt64 = 0

  package init() {}
}

/// What views show of a request. A lottery without a draw is idle, and counts as consumed.
package struct VrfStateView: Hashable, Sendable {
  package var status: UInt8 = 0
  package var attempt: UInt8 = 0
  package var consumed = true
  package var retryAfterTs: UInt64 = 0
  package var retryStrategy: UInt8 = 0
  package var lastRequestTs: UInt64 = 0
  package var requestId: UInt64 = 0

  package init() {}
}

/// What the archive takes from a draw.
package struct FinalizationSnapshot: Hashable, Sendable {
  package var snapshotHash: Hash32?
  package var payloadHash: Hash32?
  package var winnersBatchHash: Hash32?
  package var checksumAfterBatch: Hash32?
  package var schemaVersion: UInt16 = 1
  package var attempt: UInt8 = 0
  package var closingBlockHeight: UInt64 = 0
  package var chainId: UInt8 = 0
  package var requestTs: UInt64 = 0
  package var vrfStatus = VrfStatus.idle

  package init() {}
}
