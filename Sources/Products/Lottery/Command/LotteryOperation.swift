package import Money

/// Every operation of the engine that changes state, with its arguments: what a journal keeps, and what a command line or an
/// interface asks for. One case per operation of the specification, under its name there.
///
/// `topUpVault` is the treasury's own: it changes no rule, but must stand in the same order as what does. So must plans of
/// randomness and the values that are brought, which are the draw's (docs/reference/draw-bundle.md).
package enum LotteryOperation: Hashable, Sendable {
  case initRegistry
  case initSales
  case initDraw
  case initPayouts
  case initRoles(schema: Schema)
  case initHistory(schema: Schema)
  case initAutomation(schema: Schema)
  case initPriceFeed(version: UInt16, schema: Schema)
  case initVrfDeposit(minBalanceMultiplierBps: UInt64, effectiveFloor: UInt64, schema: Schema)
  case initFeatureSwitch(forceEnableDevnet: Bool)
  case initDualWrite(abortOnMismatch: Bool, abortOnMissing: Bool)
  case initHistoryBridge
  case createDraftAdmin(id: UInt64, config: [UInt8], schema: Schema)
  case createDraftPartner(cap: [UInt8], id: UInt64, config: [UInt8], schema: Schema)
  case setPrimaryType(id: UInt64, type: UInt8)
  case setTagsMask(id: UInt64, mask: UInt64)
  case advanceStatus(id: UInt64, status: LotteryStatus)
  case autoClose(id: UInt64)
  case purchaseTicketsPublic(id: UInt64, quantity: UInt64)
  case purchaseTicketsPremium(id: UInt64, quantity: UInt64)
  case requestDrawAdmin(id: UInt64, nonce: UInt64, confirmations: UInt64)
  case vrfCallback(answer: RandomnessAnswer, numbers: [UInt256])
  case scheduleManualRetryAdmin(id: UInt64, retryAfter: UInt64)
  case computeWinnersAdmin(id: UInt64, batchLimit: UInt64)
  case recordPayoutBatchAdmin(id: UInt64, round: UInt64, winnersPaid: UInt64, prizePaid: UInt64, operationsPaid: UInt64)
  case recordPartnerPayoutAdmin(id: UInt64, partner: LotteryAddress, amount: UInt64, round: UInt64, nonce: UInt64?)
  case waiveWinnersAdmin(id: UInt64, count: UInt64)
  case forceRefundBatchAdmin(
    id: UInt64, round: UInt64, ticketsRefunded: UInt64, prizeRefund: UInt64, operationsRefund: UInt64)
  case cancelLotteryAdmin(id: UInt64, reason: UInt8)
  case finalizeLotteryAdmin(id: UInt64)
  case archiveCanceledLotteryAdmin(id: UInt64)
  case setPayoutBatchCapAdmin(
    holder: LotteryAddress, maxBatchSize: UInt64, operationsBudgetTotal: UInt64, cooldownSecs: UInt64,
    nonceStride: UInt64)
  case revokePayoutBatchCapAdmin
  case upsertPartnerPayoutCapAdmin(
    partner: LotteryAddress, maxTotalPayout: UInt64, payoutCooldownSecs: UInt64, nonceStride: UInt64, expiresAt: UInt64)
  case revokePartnerPayoutCapAdmin(partner: LotteryAddress)
  case grantPartnerCreateCapAdmin(partner: LotteryAddress, cap: [UInt8])
  case revokePartnerCreateCapAdmin(partner: LotteryAddress)
  case grantPremiumAccessAdmin(holder: LotteryAddress, expiresAt: UInt64, autoRenew: Bool, referrer: LotteryAddress?)
  case revokePremiumAccessAdmin(holder: LotteryAddress)
  case cleanupExpiredAdmin
  case setFeatureMode(feature: UInt64, mode: UInt8)
  case updateVrfDepositConfig(minBalanceMultiplierBps: UInt64, effectiveFloor: UInt64)
  case recordDepositSnapshotAdmin(reading: VrfDeposit.Reading)
  case recordDepositSnapshotAutomation(cap: AutomationCap, reading: VrfDeposit.Reading, actionHash: [UInt8])
  case resumeVrfRequests
  case importLegacySummaryAdmin(id: UInt64, summary: [UInt8], expectedHash: [UInt8])
  case mirrorSummaryAdmin(id: UInt64)
  case rollbackLegacySummaryAdmin(id: UInt64)
  case updateLegacyClassificationAdmin(id: UInt64, primaryType: UInt8, tagsMask: UInt64)
  case updateDualWriteFlags(enabled: Bool, abortOnMismatch: Bool, abortOnMissing: Bool)
  case enableLegacyMirror
  case disableLegacyMirror
  case setExpectedHash(id: UInt64, hash: [UInt8])
  case clearExpectedHash(id: UInt64)
  case registerBot(botOperator: LotteryAddress, terms: AutomationTerms)
  case rotateBot(botOperator: LotteryAddress, terms: AutomationTerms)
  case unregisterBot(botOperator: LotteryAddress)
  case announceDryRun(action: UInt64, actionHash: [UInt8], executesAfter: UInt64)
  case recordSuccess(action: UInt64, actionHash: [UInt8])
  case recordFailure(action: UInt64, actionHash: [UInt8], errorCode: UInt64)
  case performAutomation(effect: AutomationEffect, nonce: UInt64)
  case registerFeed(
    assetId: UInt64, price: UInt64, decimals: UInt8, stalenessWindow: UInt64?, clampThresholdBps: UInt64?,
    updatedTs: UInt64?)
  case updatePrice(assetId: UInt64, price: UInt64, updatedTs: UInt64?)
  case setPriceFallback(assetId: UInt64, active: Bool, reason: UInt8)
  case clearPriceClamp(assetId: UInt64)
  case setEmergencyStop(reason: [UInt8])
  case clearEmergencyStop
  case setEmergencyOperators(operators: [LotteryAddress])
  case topUpVault(id: UInt64, amount: UInt64)
  case planRandomness(id: UInt64, plan: RandomnessPlan)
  case acceptRandomness(id: UInt64, brought: BroughtValue)
}
