package import Codecs

/// The stream that an event belongs to, as it stands on the wire. Two families share 6, and two share 8: route by the
/// event's kind, not by this number alone.
package enum EventCategory: UInt8, Sendable {
  case registry = 1
  case archive = 2
  case sales = 3
  case draw = 4
  case payout = 5
  /// Automation, and price feeds.
  case automation = 6
  case infrastructure = 7
  /// Refunds, and migration.
  case refund = 8
}

/// The fields of one event, in the order of its bytes.
package protocol LotteryEventBody: Hashable, Sendable, BCSEncodable {
  /// nil for the few events of the roles and the legacy bridge that carry no header.
  static var category: EventCategory? { get }
}

extension LotteryEventBody {
  /// The bytes on the wire: version 1 and category, then the fields.
  package var wireBytes: [UInt8] {
    var bytes = BCS.Writer()
    if let category = Self.category {
      bytes.append(UInt16(1))
      bytes.append(category.rawValue)
    }
    encode(to: &bytes)
    return bytes.bytes
  }
}

/// What an operation made known. An operation returns its events in order; an aborted one returns none.
package enum LotteryEvent: Hashable, Sendable {
  case lotteryCreated(LotteryCreatedEvent)
  case lotteryCanceled(LotteryCanceledEvent)
  case lotteryFinalized(LotteryFinalizedEvent)
  case legacySummaryImported(LegacySummaryImportedEvent)
  case legacySummaryRolledBack(LegacySummaryRolledBackEvent)
  case legacySummaryClassificationUpdated(LegacySummaryClassificationUpdatedEvent)
  case ticketPurchase(TicketPurchaseEvent)
  case purchaseRateLimitHit(PurchaseRateLimitHitEvent)
  case vrfRequested(VrfRequestedEvent)
  case vrfFulfilled(VrfFulfilledEvent)
  case winnersComputed(WinnersComputedEvent)
  case payoutBatch(PayoutBatchEvent)
  case partnerPayout(PartnerPayoutEvent)
  case refundBatch(RefundBatchEvent)
  case automationDryRunPlanned(AutomationDryRunPlannedEvent)
  case automationCallRejected(AutomationCallRejectedEvent)
  case automationKeyRotated(AutomationKeyRotatedEvent)
  case automationTick(AutomationTickEvent)
  case automationError(AutomationErrorEvent)
  case vrfDepositSnapshot(VrfDepositSnapshotEvent)
  case vrfDepositAlert(VrfDepositAlertEvent)
  case vrfRequestsPaused(VrfRequestsPausedEvent)
  case vrfRequestsResumed(VrfRequestsResumedEvent)
  case priceFeedUpdated(PriceFeedUpdatedEvent)
  case priceFeedFallback(PriceFeedFallbackEvent)
  case priceFeedClamp(PriceFeedClampEvent)
  case priceFeedClampCleared(PriceFeedClampClearedEvent)
  case archiveDualWriteStarted(ArchiveDualWriteStartedEvent)
  case archiveDualWriteCompleted(ArchiveDualWriteCompletedEvent)
  case payoutBatchCapGranted(PayoutBatchCapGrantedEvent)
  case payoutBatchCapRevoked(PayoutBatchCapRevokedEvent)
  case partnerPayoutCapGranted(PartnerPayoutCapGrantedEvent)
  case partnerPayoutCapRevoked(PartnerPayoutCapRevokedEvent)
  case premiumAccessGranted(PremiumAccessGrantedEvent)
  case premiumAccessRevoked(PremiumAccessRevokedEvent)
  case legacySummary(LegacySummaryEvent)
  case lotteryChanged(LotteryChangedEvent)
  case emergencyStopSet(EmergencyStopSetEvent)
  case emergencyStopCleared(EmergencyStopClearedEvent)
}

extension LotteryEvent {
  /// The fields alone.
  package var body: any LotteryEventBody {
    switch self {
    case .lotteryCreated(let event): event
    case .lotteryCanceled(let event): event
    case .lotteryFinalized(let event): event
    case .legacySummaryImported(let event): event
    case .legacySummaryRolledBack(let event): event
    case .legacySummaryClassificationUpdated(let event): event
    case .ticketPurchase(let event): event
    case .purchaseRateLimitHit(let event): event
    case .vrfRequested(let event): event
    case .vrfFulfilled(let event): event
    case .winnersComputed(let event): event
    case .payoutBatch(let event): event
    case .partnerPayout(let event): event
    case .refundBatch(let event): event
    case .automationDryRunPlanned(let event): event
    case .automationCallRejected(let event): event
    case .automationKeyRotated(let event): event
    case .automationTick(let event): event
    case .automationError(let event): event
    case .vrfDepositSnapshot(let event): event
    case .vrfDepositAlert(let event): event
    case .vrfRequestsPaused(let event): event
    case .vrfRequestsResumed(let event): event
    case .priceFeedUpdated(let event): event
    case .priceFeedFallback(let event): event
    case .priceFeedClamp(let event): event
    case .priceFeedClampCleared(let event): event
    case .archiveDualWriteStarted(let event): event
    case .archiveDualWriteCompleted(let event): event
    case .payoutBatchCapGranted(let event): event
    case .payoutBatchCapRevoked(let event): event
    case .partnerPayoutCapGranted(let event): event
    case .partnerPayoutCapRevoked(let event): event
    case .premiumAccessGranted(let event): event
    case .premiumAccessRevoked(let event): event
    case .legacySummary(let event): event
    case .lotteryChanged(let event): event
    case .emergencyStopSet(let event): event
    case .emergencyStopCleared(let event): event
    }
  }

  /// The bytes on the wire.
  package var wireBytes: [UInt8] { body.wireBytes }
}
