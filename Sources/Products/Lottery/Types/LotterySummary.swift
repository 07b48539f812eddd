package import Codecs

/// A lottery as the archive keeps it. Imported ones may hold types, tags and statuses that this engine does not know.
package struct LotterySummary: Hashable, Sendable {
  package var id: UInt64
  package var status: UInt8
  package var eventSlug: [UInt8]
  package var seriesCode: [UInt8]
  package var runId: UInt64
  package var ticketsSold: UInt64
  package var proceedsAccum: UInt64
  package var totalAllocated: UInt64
  package var totalPrizePaid: UInt64
  package var totalOperationsPaid: UInt64
  package var vrfStatus: UInt8
  package var primaryType: UInt8
  package var tagsMask: UInt64
  package var snapshotHash: [UInt8]
  package var slotsChecksum: [UInt8]
  package var winnersBatchHash: [UInt8]
  package var checksumAfterBatch: [UInt8]
  package var payoutRound: UInt64
  package var createdAt: UInt64
  package var closedAt: UInt64
  package var finalizedAt: UInt64

  /// All zero and empty, but for the ids.
  package init(id: UInt64, runId: UInt64) {
    self.id = id
    self.runId = runId
    status = 0
    (eventSlug, seriesCode) = ([], [])
    (ticketsSold, proceedsAccum, totalAllocated, totalPrizePaid, totalOperationsPaid) = (0, 0, 0, 0, 0)
    (vrfStatus, primaryType, tagsMask) = (0, 0, 0)
    (snapshotHash, slotsChecksum, winnersBatchHash, checksumAfterBatch) = ([], [], [], [])
    (payoutRound, createdAt, closedAt, finalizedAt) = (0, 0, 0, 0)
  }

  /// What the archive knows it by: SHA3-256 of its bytes.
  package var archiveHash: Hash32 { Keccak.sha3(bcs) }
}

extension LotterySummary: BCSEncodable {
  package func encode(to bytes: inout BCS.Writer) {
    bytes.append(id)
    bytes.append(status)
    bytes.append(bytes: eventSlug)
    bytes.append(bytes: seriesCode)
    bytes.append(runId)
    bytes.append(ticketsSold)
    bytes.append(proceedsAccum)
    bytes.append(totalAllocated)
    bytes.append(totalPrizePaid)
    bytes.append(totalOperationsPaid)
    bytes.append(vrfStatus)
    bytes.append(primaryType)
    bytes.append(tagsMask)
    bytes.append(bytes: snapshotHash)
    bytes.append(bytes: slotsChecksum)
    bytes.append(bytes: winnersBatchHash)
    bytes.append(bytes: checksumAfterBatch)
    bytes.append(payoutRound)
    bytes.append(createdAt)
    bytes.append(closedAt)
    bytes.append(finalizedAt)
  }

  /// Reads a summary. Throws `historyDecode`. Lengths are read as the schema says.
  package init(bcs: [UInt8], schema: Schema) throws(LotteryError) {
    var reader = BCS.Reader(bcs, lengths: schema.lengths)
    do throws(BCSError) {
      self.init(id: try reader.uint64(), runId: 0)
      status = try reader.uint8()
      eventSlug = try reader.byteString()
      seriesCode = try reader.byteString()
      runId = try reader.uint64()
      ticketsSold = try reader.uint64()
      proceedsAccum = try reader.uint64()
      totalAllocated = try reader.uint64()
      totalPrizePaid = try reader.uint64()
      totalOperationsPaid = try reader.uint64()
      vrfStatus = try reader.uint8()
      primaryType = try reader.uint8()
      tagsMask = try reader.uint64()
      snapshotHash = try reader.byteString()
      slotsChecksum = try reader.byteString()
      winnersBatchHash = try reader.byteString()
      checksumAfterBatch = try reader.byteString()
      payoutRound = try reader.uint64()
      createdAt = try reader.uint64()
      closedAt = try reader.uint64()
      finalizedAt = try reader.uint64()
      try reader.finish()
    } catch {
      throw LotteryError(.historyDecode, "the bytes are not a summary: \(error.message)")
    }
  }
}
