package import Codecs

/// Roles.
package struct PayoutBatchCapGrantedEvent: LotteryEventBody {
  package static let category: EventCategory? = nil
  package let holder: LotteryAddress
  package let maxBatchSize: UInt64
  package let operationsBudgetTotal: UInt64
  package let cooldownSecs: UInt64
  package let nonceStride: UInt64

  package init(
    holder: LotteryAddress, maxBatchSize: UInt64, operationsBudgetTotal: UInt64, cooldownSecs: UInt64,
    nonceStride: UInt64
  ) {
    self.holder = holder
    self.maxBatchSize = maxBatchSize
    self.operationsBudgetTotal = operationsBudgetTotal
    self.cooldownSecs = cooldownSecs
    self.nonceStride = nonceStride
  }

  package func encode(to bytes: inout BCS.Writer) {
    holder.encode(to: &bytes)
    bytes.append(maxBatchSize)
    bytes.append(operationsBudgetTotal)
    bytes.append(cooldownSecs)
    bytes.append(nonceStride)
  }
}

/// Roles.
package struct PayoutBatchCapRevokedEvent: LotteryEventBody {
  package static let category: EventCategory? = nil
  package let holder: LotteryAddress

  package init(holder: LotteryAddress) {
    self.holder = holder
  }

  package func encode(to bytes: inout BCS.Writer) {
    holder.encode(to: &bytes)
  }
}

/// Roles.
package struct PartnerPayoutCapGrantedEvent: LotteryEventBody {
  package static let category: EventCategory? = nil
  package let partner: LotteryAddress
  package let maxTotalPayout: UInt64
  package let payoutCooldownSecs: UInt64
  package let nonceStride: UInt64
  package let expiresAt: UInt64

  package init(
    partner: LotteryAddress, maxTotalPayout: UInt64, payoutCooldownSecs: UInt64, nonceStride: UInt64, expiresAt: UInt64
  ) {
    self.partner = partner
    self.maxTotalPayout = maxTotalPayout
    self.payoutCooldownSecs = payoutCooldownSecs
    self.nonceStride = nonceStride
    self.expiresAt = expiresAt
  }

  package func encode(to bytes: inout BCS.Writer) {
    partner.encode(to: &bytes)
    bytes.append(maxTotalPayout)
    bytes.append(payoutCooldownSecs)
    bytes.append(nonceStride)
    bytes.append(expiresAt)
  }
}

/// Roles.
package struct PartnerPayoutCapRevokedEvent: LotteryEventBody {
  package static let category: EventCategory? = nil
  package let partner: LotteryAddress

  package init(partner: LotteryAddress) {
    self.partner = partner
  }

  package func encode(to bytes: inout BCS.Writer) {
    partner.encode(to: &bytes)
  }
}

/// Roles.
package struct PremiumAccessGrantedEvent: LotteryEventBody {
  package static let category: EventCategory? = nil
  package let holder: LotteryAddress
  package let expiresAt: UInt64
  package let autoRenew: Bool

  package init(holder: LotteryAddress, expiresAt: UInt64, autoRenew: Bool) {
    self.holder = holder
    self.expiresAt = expiresAt
    self.autoRenew = autoRenew
  }

  package func encode(to bytes: inout BCS.Writer) {
    holder.encode(to: &bytes)
    bytes.append(expiresAt)
    bytes.append(autoRenew)
  }
}

/// Roles.
package struct PremiumAccessRevokedEvent: LotteryEventBody {
  package static let category: EventCategory? = nil
  package let holder: LotteryAddress

  package init(holder: LotteryAddress) {
    self.holder = holder
  }

  package func encode(to bytes: inout BCS.Writer) {
    holder.encode(to: &bytes)
  }
}

/// Legacy bridge store.
package struct LegacySummaryEvent: LotteryEventBody {
  package static let category: EventCategory? = nil
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
