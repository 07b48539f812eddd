import Money

extension LotteryEngine {
  /// Does what the command says, as the operation itself would; gives the events that it emits.
  package mutating func apply(_ command: LotteryCommand) throws(LotteryError) -> [LotteryEvent] {
    let context = command.context
    switch command.operation {
    case .initRegistry:
      try initRegistry(context)
      return []
    case .initSales:
      try initSales(context)
      return []
    case .initDraw:
      try initDraw(context)
      return []
    case .initPayouts:
      try initPayouts(context)
      return []
    case .initRoles(let schema):
      try initRoles(schema: schema, context)
      return []
    case .initHistory(let schema):
      try initHistory(schema: schema, context)
      return []
    case .initAutomation(let schema):
      try initAutomation(schema: schema, context)
      return []
    case .initPriceFeed(let version, let schema):
      try initPriceFeed(version: version, schema: schema, context)
      return []
    case .initVrfDeposit(let minBalanceMultiplierBps, let effectiveFloor, let schema):
      try initVrfDeposit(
        minBalanceMultiplierBps: minBalanceMultiplierBps, effectiveFloor: effectiveFloor, schema: schema, context)
      return []
    case .initFeatureSwitch(let forceEnableDevnet):
      try initFeatureSwitch(forceEnableDevnet: forceEnableDevnet, context)
      return []
    case .initDualWrite(let abortOnMismatch, let abortOnMissing):
      try initDualWrite(abortOnMismatch: abortOnMismatch, abortOnMissing: abortOnMissing, context)
      return []
    case .initHistoryBridge:
      try initHistoryBridge(context)
      return []
    case .createDraftAdmin(let id, let config, let schema):
      return try createDraftAdmin(id, config: config, schema: schema, context)
    case .createDraftPartner(let cap, let id, let config, let schema):
      return try createDraftPartner(cap: cap, id, config: config, schema: schema, context)
    case .setPrimaryType(let id, let type):
      return try setPrimaryType(id, type, context)
    case .setTagsMask(let id, let mask):
      return try setTagsMask(id, mask, context)
    case .advanceStatus(let id, let status):
      return try advanceStatus(id, to: status, context)
    case .autoClose(let id):
      return try autoClose(id, context)
    case .purchaseTicketsPublic(let id, let quantity):
      return try purchaseTicketsPublic(id, quantity: quantity, context)
    case .purchaseTicketsPremium(let id, let quantity):
      return try purchaseTicketsPremium(id, quantity: quantity, context)
    case .requestDrawAdmin(let id, let nonce, let confirmations):
      return try requestDrawAdmin(id, nonce: nonce, confirmations: confirmations, context).events
    case .vrfCallback(let answer, let numbers):
      return try vrfCallback(answer, context) { (_) throws(LotteryError) -> [UInt256] in numbers }
    case .scheduleManualRetryAdmin(let id, let retryAfter):
      try scheduleManualRetryAdmin(id, retryAfter: retryAfter, context)
      return []
    case .computeWinnersAdmin(let id, let batchLimit):
      return try computeWinnersAdmin(id, batchLimit: batchLimit, context)
    case .recordPayoutBatchAdmin(let id, let round, let winnersPaid, let prizePaid, let operationsPaid):
      return try recordPayoutBatchAdmin(
        id, round: round, winnersPaid: winnersPaid, prizePaid: prizePaid, operationsPaid: operationsPaid, context)
    case .recordPartnerPayoutAdmin(let id, let partner, let amount, let round, let nonce):
      return try recordPartnerPayoutAdmin(
        id, partner: partner, amount: amount, round: round, nonce: nonce, context)
    case .waiveWinnersAdmin(let id, let count):
      try waiveWinnersAdmin(id, count: count, context)
      return []
    case .forceRefundBatchAdmin(let id, let round, let ticketsRefunded, let prizeRefund, let operationsRefund):
      return try forceRefundBatchAdmin(
        id, round: round, ticketsRefunded: ticketsRefunded, prizeRefund: prizeRefund,
        operationsRefund: operationsRefund,
        context)
    case .cancelLotteryAdmin(let id, let reason):
      return try cancelLotteryAdmin(id, reason: reason, context)
    case .finalizeLotteryAdmin(let id):
      return try finalizeLotteryAdmin(id, context)
    case .archiveCanceledLotteryAdmin(let id):
      return try archiveCanceledLotteryAdmin(id, context)
    case .setPayoutBatchCapAdmin(
      let holder, let maxBatchSize, let operationsBudgetTotal, let cooldownSecs, let nonceStride):
      return try setPayoutBatchCapAdmin(
        holder: holder, maxBatchSize: maxBatchSize, operationsBudgetTotal: operationsBudgetTotal,
        cooldownSecs: cooldownSecs, nonceStride: nonceStride, context)
    case .revokePayoutBatchCapAdmin:
      return try revokePayoutBatchCapAdmin(context)
    case .upsertPartnerPayoutCapAdmin(
      let partner, let maxTotalPayout, let payoutCooldownSecs, let nonceStride, let expiresAt):
      return try upsertPartnerPayoutCapAdmin(
        partner: partner, maxTotalPayout: maxTotalPayout, payoutCooldownSecs: payoutCooldownSecs,
        nonceStride: nonceStride, expiresAt: expiresAt, context)
    case .revokePartnerPayoutCapAdmin(let partner):
      return try revokePartnerPayoutCapAdmin(partner: partner, context)
    case .grantPartnerCreateCapAdmin(let partner, let cap):
      try grantPartnerCreateCapAdmin(
        partner: partner, cap: try PartnerCreateCap(bcs: cap, schema: .v2), context)
      return []
    case .revokePartnerCreateCapAdmin(let partner):
      try revokePartnerCreateCapAdmin(partner: partner, context)
      return []
    case .grantPremiumAccessAdmin(let holder, let expiresAt, let autoRenew, let referrer):
      return try grantPremiumAccessAdmin(
        holder: holder, expiresAt: expiresAt, autoRenew: autoRenew, referrer: referrer, context)
    case .revokePremiumAccessAdmin(let holder):
      return try revokePremiumAccessAdmin(holder: holder, context)
    case .cleanupExpiredAdmin:
      return try cleanupExpiredAdmin(context)
    case .setFeatureMode(let feature, let mode):
      try setFeatureMode(feature: feature, mode: mode, context)
      return []
    case .updateVrfDepositConfig(let minBalanceMultiplierBps, let effectiveFloor):
      return try updateVrfDepositConfig(
        minBalanceMultiplierBps: minBalanceMultiplierBps, effectiveFloor: effectiveFloor, context)
    case .recordDepositSnapshotAdmin(let reading):
      return try recordDepositSnapshotAdmin(reading, context)
    case .recordDepositSnapshotAutomation(let cap, let reading, let actionHash):
      return try recordDepositSnapshotAutomation(cap: cap, reading, actionHash: actionHash, context)
    case .resumeVrfRequests:
      return try resumeVrfRequests(context)
    case .importLegacySummaryAdmin(let id, let summary, let expectedHash):
      return try importLegacySummaryAdmin(id: id, bytes: summary, expectedHash: expectedHash, context)
    case .mirrorSummaryAdmin(let id):
      return try mirrorSummaryAdmin(id: id, context)
    case .rollbackLegacySummaryAdmin(let id):
      return try rollbackLegacySummaryAdmin(id: id, context)
    case .updateLegacyClassificationAdmin(let id, let primaryType, let tagsMask):
      return try updateLegacyClassificationAdmin(
        id: id, primaryType: primaryType, tagsMask: tagsMask, context)
    case .updateDualWriteFlags(let enabled, let abortOnMismatch, let abortOnMissing):
      try updateDualWriteFlags(
        enabled: enabled, abortOnMismatch: abortOnMismatch, abortOnMissing: abortOnMissing, context)
      return []
    case .enableLegacyMirror:
      try enableLegacyMirror(context)
      return []
    case .disableLegacyMirror:
      try disableLegacyMirror(context)
      return []
    case .setExpectedHash(let id, let hash):
      return try setExpectedHash(id: id, hash: hash, context)
    case .clearExpectedHash(let id):
      try clearExpectedHash(id: id, context)
      return []
    case .registerBot(let botOperator, let terms):
      return try registerBot(botOperator: botOperator, terms: terms, context)
    case .rotateBot(let botOperator, let terms):
      return try rotateBot(botOperator: botOperator, terms: terms, context)
    case .unregisterBot(let botOperator):
      try unregisterBot(botOperator: botOperator, context)
      return []
    case .announceDryRun(let action, let actionHash, let executesAfter):
      return try announceDryRun(
        action: action, actionHash: actionHash, executesAfter: executesAfter, context)
    case .recordSuccess(let action, let actionHash):
      return try recordSuccess(action: action, actionHash: actionHash, context)
    case .recordFailure(let action, let actionHash, let errorCode):
      return try recordFailure(
        action: action, actionHash: actionHash, errorCode: errorCode, context)
    case .performAutomation(let effect, let nonce):
      return try performAutomation(effect, nonce: nonce, context).events
    case .registerFeed(let assetId, let price, let decimals, let stalenessWindow, let clampThresholdBps, let updatedTs):
      return try registerFeed(
        assetId: assetId, price: price, decimals: decimals, stalenessWindow: stalenessWindow,
        clampThresholdBps: clampThresholdBps, updatedTs: updatedTs, context)
    case .updatePrice(let assetId, let price, let updatedTs):
      return try updatePrice(assetId: assetId, price: price, updatedTs: updatedTs, context).events
    case .setPriceFallback(let assetId, let active, let reason):
      return try setPriceFallback(assetId: assetId, active: active, reason: reason, context)
    case .clearPriceClamp(let assetId):
      return try clearPriceClamp(assetId: assetId, context)
    case .setEmergencyStop(let reason):
      return try setEmergencyStop(reason: reason, context)
    case .clearEmergencyStop:
      return try clearEmergencyStop(context)
    case .setEmergencyOperators(let operators):
      try setEmergencyOperators(Set(operators), context)
      return []
    case .topUpVault(let id, _):
      try requireVaultCaller(id, context)
      return []
    // The courses' own: `LotteryDesk.Standing.apply`.
    case .planRandomness(let id, _), .acceptRandomness(let id, _):
      _ = try lottery(id)
      return []
    }
  }
}
