extension LotteryError.Code {
  /// The name by which the original engine knows the refusal, such as `E_TICKET_PRICE_ZERO`.
  ///
  /// What schema 1 has no name for goes by the one it was folded into there: `MISSING` and `ARITH` are failures
  /// without a name.
  package func name(in schema: Schema) -> String {
    switch (self, schema) {
    case (.notAuthorized, .v1): "E_REGISTRY_MISSING"
    case (.batchLimitZero, .v1): "E_PAGINATION_LIMIT"
    case (.lotteryNotFound, .v1): "MISSING"
    case (.arithmetic, .v1): "ARITH"
    case (.lotteryNotFound, .v2): "E_LOTTERY_NOT_FOUND"
    default: "E_" + rawValue.dropFirst("lottery.".count).uppercased()
    }
  }

  /// The number on the wire; nil where the original has none. Schema 1 gives 0x1A01 to two errors.
  package func number(in schema: Schema) -> UInt64? {
    switch (self, schema) {
    case (.bcsDecode, .v2): 0x1502
    case (.notAuthorized, .v2): 0x1214
    case (.lotteryNotFound, .v2): 0x1213
    case (.batchLimitZero, .v2): 0x1503
    case (.notAuthorized, .v1): LotteryError.Code.registryMissing.number
    case (.batchLimitZero, .v1): LotteryError.Code.paginationLimit.number
    default: number
    }
  }

  /// The numbers of the original, spec 1.9.
  private var number: UInt64? {
    switch self {
    case .tagPrimaryType: 0x1001
    case .tagUnknownBit: 0x1002
    case .tagBudgetExceeded: 0x1003
    case .primaryTypeNotAllowed: 0x1101
    case .tagMaskNotAllowed: 0x1102
    case .rolesNotInitialized: 0x1103
    case .payoutBatchCapMissing: 0x1104
    case .partnerPayoutCapMissing: 0x1105
    case .premiumCapMissing: 0x1106
    case .premiumCapExpired: 0x1107
    case .alreadyInitialized: 0x1201
    case .registryMissing: 0x1202
    case .lotteryExists: 0x1203
    case .statusTransitionNotAllowed: 0x1204
    case .primaryTypeLocked: 0x1205
    case .tagsLocked: 0x1206
    case .snapshotFrozen: 0x1207
    case .salesWindowInvalid: 0x1208
    case .ticketPriceZero: 0x1209
    case .ticketLimitInvalid: 0x120A
    case .prizePlanEmpty: 0x120B
    case .prizeSlotInvalid: 0x120C
    case .drawAlgoUnsupported: 0x120D
    case .salesWindowClosed: 0x120E
    case .lotteryNotActive: 0x120F
    case .drawStatusInvalid: 0x1210
    case .cancelReasonInvalid: 0x1211
    case .cancellationRecordMissing: 0x1212
    case .distributionBpsInvalid: 0x1301
    case .jackpotAllowanceUnderflow: 0x1302
    case .jackpotAllowanceIncrease: 0x1303
    case .payoutAllocExceeded: 0x1304
    case .operationsAllocExceeded: 0x1305
    case .featureUnknown: 0x1401
    case .featureModeInvalid: 0x1402
    case .featureDisabled: 0x1403
    case .emergencyStop: 0x1404
    case .paginationLimit: 0x1501
    case .purchaseQtyZero: 0x1601
    case .purchaseQtyLimit: 0x1602
    case .purchaseTotalLimit: 0x1603
    case .purchaseAddressLimit: 0x1604
    case .amountOverflow: 0x1605
    case .premiumCapMismatch: 0x1606
    case .purchaseRateLimitBlock: 0x1608
    case .purchaseRateLimitWindow: 0x1609
    case .purchaseGraceRestricted: 0x160A
    case .vrfPending: 0x1701
    case .vrfNotRequested: 0x1702
    case .vrfNonceUnknown: 0x1703
    case .vrfPayloadMismatch: 0x1704
    case .vrfAttemptOutOfOrder: 0x1705
    case .vrfRngCountInvalid: 0x1706
    case .vrfSnapshotEmpty: 0x1707
    case .vrfConsumed: 0x1708
    case .vrfRetryWindow: 0x1709
    case .vrfClientSeedOverflow: 0x170A
    case .vrfDepositNotInitialized: 0x170B
    case .vrfDepositConfig: 0x170C
    case .vrfRequestsPaused: 0x170D
    case .vrfRetryPolicyInvalid: 0x170E
    case .vrfManualScheduleRequired: 0x170F
    case .vrfManualDeadline: 0x1710
    case .winnerVrfNotReady: 0x1801
    case .winnerAllAssigned: 0x1802
    case .winnerIndexOutOfRange: 0x1803
    case .winnerDedupExhausted: 0x1804
    case .payoutStateMissing: 0x1805
    case .payoutRoundNonMonotonic: 0x1806
    case .payoutCooldown: 0x1807
    case .payoutBatchTooLarge: 0x1808
    case .payoutBatchCooldown: 0x1809
    case .payoutBatchNonce: 0x180A
    case .payoutOperationsBudget: 0x180B
    case .partnerPayoutBudgetExceeded: 0x180C
    case .partnerPayoutCooldown: 0x180D
    case .partnerPayoutNonce: 0x180E
    case .partnerPayoutHolderMismatch: 0x180F
    case .partnerPayoutExpired: 0x1810
    case .refundNotActive: 0x1811
    case .refundRoundNonMonotonic: 0x1812
    case .refundLimitTickets: 0x1813
    case .refundLimitFunds: 0x1814
    case .refundStatusInvalid: 0x1815
    case .refundBatchEmpty: 0x1816
    case .refundTimestamp: 0x1817
    case .refundProgressIncomplete: 0x1818
    case .refundProgressFunds: 0x1819
    case .priceFeedExists: 0x1901
    case .priceFeedNotFound: 0x1902
    case .priceDecimalsInvalid: 0x1903
    case .priceStale: 0x1904
    case .priceFallbackActive: 0x1905
    case .priceClampTriggered: 0x1906
    case .priceClampActive: 0x1907
    case .priceClampNotActive: 0x1908
    case .bcsDecode: 0x1A01
    case .autobotRegistryMissing: 0x1A01
    case .autobotAlreadyRegistered: 0x1A02
    case .autobotNotRegistered: 0x1A03
    case .autobotExpired: 0x1A04
    case .autobotForbiddenTarget: 0x1A05
    case .autobotFailureLimit: 0x1A06
    case .autobotTimelock: 0x1A07
    case .autobotPendingExists: 0x1A08
    case .autobotPendingMismatch: 0x1A09
    case .autobotPendingRequired: 0x1A0A
    case .autobotActionHashEmpty: 0x1A0B
    case .autobotCallerMismatch: 0x1A0C
    case .historyMissing: 0x1B01
    case .historyMismatch: 0x1B02
    case .finalizationIncomplete: 0x1B03
    case .historyNotAuthorized: 0x1B04
    case .historyExpectedMissing: 0x1B05
    case .historyControlMissing: 0x1B06
    case .historyImportHash: 0x1B07
    case .historyIdMismatch: 0x1B08
    case .historyNotLegacy: 0x1B09
    case .historySummaryMissing: 0x1B0A
    case .historyDecode: 0x1B0B
    // The history bridge has an error space of its own.
    case .legacyNotAuthorized: 0x101
    case .notAuthorized, .lotteryNotFound, .arithmetic, .batchLimitZero, .numberMissing, .tagNotAllowed,
      .tooFewTickets, .drawAlgoMismatch, .winnersPaidExceeded, .winnersUnpaid, .partnerCapRefused, .timeReversed,
      .purchaseBlockShare, .rewardBackendInvalid, .refundAfterPayout, .cronInvalid, .priceValueInvalid:
      nil
    }
  }
}
