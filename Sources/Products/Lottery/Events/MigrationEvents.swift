package import Codecs

/// Expectation set.
package struct ArchiveDualWriteStartedEvent: LotteryEventBody {
  package static let category: EventCategory? = .refund
  package let lotteryId: UInt64
  package let expectedHash: [UInt8]

  package init(lotteryId: UInt64, expectedHash: [UInt8]) {
    self.lotteryId = lotteryId
    self.expectedHash = expectedHash
  }

  package func encode(to bytes: inout BCS.Writer) {
    bytes.append(lotteryId)
    bytes.append(bytes: expectedHash)
  }
}

/// Expectation met.
package struct ArchiveDualWriteCompletedEvent: LotteryEventBody {
  package static let category: EventCategory? = .refund
  package let lotteryId: UInt64
  package let archiveHash: [UInt8]
  package let finalizedAt: UInt64

  package init(lotteryId: UInt64, archiveHash: [UInt8], finalizedAt: UInt64) {
    self.lotteryId = lotteryId
    self.archiveHash = archiveHash
    self.finalizedAt = finalizedAt
  }

  package func encode(to bytes: inout BCS.Writer) {
    bytes.append(lotteryId)
    bytes.append(bytes: archiveHash)
    bytes.append(finalizedAt)
  }
}
