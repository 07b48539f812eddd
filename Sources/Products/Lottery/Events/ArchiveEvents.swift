package import Codecs

/// Every archive write, incl. imports and canceled archives.
package struct LotteryFinalizedEvent: LotteryEventBody {
  package static let category: EventCategory? = .archive
  package let id: UInt64
  package let archiveSlotHash: [UInt8]
  package let primaryType: UInt8
  package let tagsMask: UInt64

  package init(id: UInt64, archiveSlotHash: [UInt8], primaryType: UInt8, tagsMask: UInt64) {
    self.id = id
    self.archiveSlotHash = archiveSlotHash
    self.primaryType = primaryType
    self.tagsMask = tagsMask
  }

  package func encode(to bytes: inout BCS.Writer) {
    bytes.append(id)
    bytes.append(bytes: archiveSlotHash)
    bytes.append(primaryType)
    bytes.append(tagsMask)
  }
}

/// Import.
package struct LegacySummaryImportedEvent: LotteryEventBody {
  package static let category: EventCategory? = .archive
  package let lotteryId: UInt64
  package let archiveHash: [UInt8]
  package let finalizedAt: UInt64
  package let primaryType: UInt8
  package let tagsMask: UInt64

  package init(lotteryId: UInt64, archiveHash: [UInt8], finalizedAt: UInt64, primaryType: UInt8, tagsMask: UInt64) {
    self.lotteryId = lotteryId
    self.archiveHash = archiveHash
    self.finalizedAt = finalizedAt
    self.primaryType = primaryType
    self.tagsMask = tagsMask
  }

  package func encode(to bytes: inout BCS.Writer) {
    bytes.append(lotteryId)
    bytes.append(bytes: archiveHash)
    bytes.append(finalizedAt)
    bytes.append(primaryType)
    bytes.append(tagsMask)
  }
}

/// Rollback.
package struct LegacySummaryRolledBackEvent: LotteryEventBody {
  package static let category: EventCategory? = .archive
  package let lotteryId: UInt64
  package let archiveHash: [UInt8]
  package let finalizedAt: UInt64
  package let primaryType: UInt8
  package let tagsMask: UInt64

  package init(lotteryId: UInt64, archiveHash: [UInt8], finalizedAt: UInt64, primaryType: UInt8, tagsMask: UInt64) {
    self.lotteryId = lotteryId
    self.archiveHash = archiveHash
    self.finalizedAt = finalizedAt
    self.primaryType = primaryType
    self.tagsMask = tagsMask
  }

  package func encode(to bytes: inout BCS.Writer) {
    bytes.append(lotteryId)
    bytes.append(bytes: archiveHash)
    bytes.append(finalizedAt)
    bytes.append(primaryType)
    bytes.append(tagsMask)
  }
}

/// Reclassification.
package struct LegacySummaryClassificationUpdatedEvent: LotteryEventBody {
  package static let category: EventCategory? = .archive
  package let lotteryId: UInt64
  package let archiveHash: [UInt8]
  package let primaryType: UInt8
  package let tagsMask: UInt64

  package init(lotteryId: UInt64, archiveHash: [UInt8], primaryType: UInt8, tagsMask: UInt64) {
    self.lotteryId = lotteryId
    self.archiveHash = archiveHash
    self.primaryType = primaryType
    self.tagsMask = tagsMask
  }

  package func encode(to bytes: inout BCS.Writer) {
    bytes.append(lotteryId)
    bytes.append(bytes: archiveHash)
    bytes.append(primaryType)
    bytes.append(tagsMask)
  }
}
