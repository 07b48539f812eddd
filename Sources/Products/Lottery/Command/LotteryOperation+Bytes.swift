import Codecs

extension LotteryOperation {
  /// Appends the arguments in their declared order; the name is written by whoever keeps them.
  func encodeArguments(to bytes: inout BCS.Writer) {
    switch self {
    case .initRegistry,
      .initSales,
      .initDraw,
      .initPayouts,
      .initHistoryBridge,
      .revokePayoutBatchCapAdmin,
      .cleanupExpiredAdmin,
      .resumeVrfRequests,
      .enableLegacyMirror,
      .disableLegacyMirror,
      .clearEmergencyStop:
      break
    case .initRoles(let schema):
      bytes.append(argument: schema)
    case .initHistory(let schema):
      bytes.append(argument: schema)
    case .initAutomation(let schema):
      bytes.append(argument: schema)
    case .initPriceFeed(let version, let schema):
      bytes.append(argument: version)
      bytes.append(argument: schema)
    case .initVrfDeposit(let minBalanceMultiplierBps, let effectiveFloor, let schema):
      bytes.append(argument: minBalanceMultiplierBps)
      bytes.append(argument: effectiveFloor)
      bytes.append(argument: schema)
    case .initFeatureSwitch(let forceEnableDevnet):
      bytes.append(argument: forceEnableDevnet)
    case .initDualWrite(let abortOnMismatch, let abortOnMissing):
      bytes.append(argument: abortOnMismatch)
      bytes.append(argument: abortOnMissing)
    case .createDraftAdmin(let id, let config, let schema):
      bytes.append(argument: id)
      bytes.append(argument: config)
      bytes.append(argument: schema)
    case .createDraftPartner(let cap, let id, let config, let schema):
      bytes.append(argument: cap)
      bytes.append(argument: id)
      bytes.append(argument: config)
      bytes.append(argument: schema)
    case .setPrimaryType(let id, let type):
      bytes.append(argument: id)
      bytes.append(argument: type)
    case .setTagsMask(let id, let mask):
      bytes.append(argument: id)
      bytes.append(argument: mask)
    case .advanceStatus(let id, let status):
      bytes.append(argument: id)
      bytes.append(argument: status)
    case .autoClose(let id):
      bytes.append(argument: id)
    case .purchaseTicketsPublic(let id, let quantity):
      bytes.append(argument: id)
      bytes.append(argument: quantity)
    case .purchaseTicketsPremium(let id, let quantity):
      bytes.append(argument: id)
      bytes.append(argument: quantity)
    case .requestDrawAdmin(let id, let nonce, let confirmations):
      bytes.append(argument: id)
      bytes.append(argument: nonce)
      bytes.append(argument: confirmations)
    case .vrfCallback(let answer, let numbers):
      bytes.append(argument: answer)
      bytes.append(argument: numbers)
    case .scheduleManualRetryAdmin(let id, let retryAfter):
      bytes.append(argument: id)
      bytes.append(argument: retryAfter)
    case .computeWinnersAdmin(let id, let batchLimit):
      bytes.append(argument: id)
      bytes.append(argument: batchLimit)
    case .recordPayoutBatchAdmin(let id, let round, let winnersPaid, let prizePaid, let operationsPaid):
      bytes.append(argument: id)
      bytes.append(argument: round)
      bytes.append(argument: winnersPaid)
      bytes.append(argument: prizePaid)
      bytes.append(argument: operationsPaid)
    case .recordPartnerPayoutAdmin(let id, let partner, let amount, let round, let nonce):
      bytes.append(argument: id)
      bytes.append(argument: partner)
      bytes.append(argument: amount)
      bytes.append(argument: round)
      bytes.append(argument: nonce)
    case .waiveWinnersAdmin(let id, let count):
      bytes.append(argument: id)
      bytes.append(argument: count)
    case .forceRefundBatchAdmin(let id, let round, let ticketsRefunded, let prizeRefund, let operationsRefund):
      bytes.append(argument: id)
      bytes.append(argument: round)
      bytes.append(argument: ticketsRefunded)
      bytes.append(argument: prizeRefund)
      bytes.append(argument: operationsRefund)
    case .cancelLotteryAdmin(let id, let reason):
      bytes.append(argument: id)
      bytes.append(argument: reason)
    case .finalizeLotteryAdmin(let id):
      bytes.append(argument: id)
    case .archiveCanceledLotteryAdmin(let id):
      bytes.append(argument: id)
    case .setPayoutBatchCapAdmin(
      let holder, let maxBatchSize, let operationsBudgetTotal, let cooldownSecs, let nonceStride):
      bytes.append(argument: holder)
      bytes.append(argument: maxBatchSize)
      bytes.append(argument: operationsBudgetTotal)
      bytes.append(argument: cooldownSecs)
      bytes.append(argument: nonceStride)
    case .upsertPartnerPayoutCapAdmin(
      let partner, let maxTotalPayout, let payoutCooldownSecs, let nonceStride, let expiresAt):
      bytes.append(argument: partner)
      bytes.append(argument: maxTotalPayout)
      bytes.append(argument: payoutCooldownSecs)
      bytes.append(argument: nonceStride)
      bytes.append(argument: expiresAt)
    case .revokePartnerPayoutCapAdmin(let partner):
      bytes.append(argument: partner)
    case .grantPartnerCreateCapAdmin(let partner, let cap):
      bytes.append(argument: partner)
      bytes.append(argument: cap)
    case .revokePartnerCreateCapAdmin(let partner):
      bytes.append(argument: partner)
    case .grantPremiumAccessAdmin(let holder, let expiresAt, let autoRenew, let referrer):
      bytes.append(argument: holder)
      bytes.append(argument: expiresAt)
      bytes.append(argument: autoRenew)
      bytes.append(argument: referrer)
    case .revokePremiumAccessAdmin(let holder):
      bytes.append(argument: holder)
    case .setFeatureMode(let feature, let mode):
      bytes.append(argument: feature)
      bytes.append(argument: mode)
    case .updateVrfDepositConfig(let minBalanceMultiplierBps, let effectiveFloor):
      bytes.append(argument: minBalanceMultiplierBps)
      bytes.append(argument: effectiveFloor)
    case .recordDepositSnapshotAdmin(let reading):
      bytes.append(argument: reading)
    case .recordDepositSnapshotAutomation(let cap, let reading, let actionHash):
      bytes.append(argument: cap)
      bytes.append(argument: reading)
      bytes.append(argument: actionHash)
    case .importLegacySummaryAdmin(let id, let summary, let expectedHash):
      bytes.append(argument: id)
      bytes.append(argument: summary)
      bytes.append(argument: expectedHash)
    case .mirrorSummaryAdmin(let id):
      bytes.append(argument: id)
    case .rollbackLegacySummaryAdmin(let id):
      bytes.append(argument: id)
    case .updateLegacyClassificationAdmin(let id, let primaryType, let tagsMask):
      bytes.append(argument: id)
      bytes.append(argument: primaryType)
      bytes.append(argument: tagsMask)
    case .updateDualWriteFlags(let enabled, let abortOnMismatch, let abortOnMissing):
      bytes.append(argument: enabled)
      bytes.append(argument: abortOnMismatch)
      bytes.append(argument: abortOnMissing)
    case .setExpectedHash(let id, let hash):
      bytes.append(argument: id)
      bytes.append(argument: hash)
    case .clearExpectedHash(let id):
      bytes.append(argument: id)
    case .registerBot(let botOperator, let terms):
      bytes.append(argument: botOperator)
      bytes.append(argument: terms)
    case .rotateBot(let botOperator, let terms):
      bytes.append(argument: botOperator)
      bytes.append(argument: terms)
    case .unregisterBot(let botOperator):
      bytes.append(argument: botOperator)
    case .announceDryRun(let action, let actionHash, let executesAfter):
      bytes.append(argument: action)
      bytes.append(argument: actionHash)
      bytes.append(argument: executesAfter)
    case .recordSuccess(let action, let actionHash):
      bytes.append(argument: action)
      bytes.append(argument: actionHash)
    case .recordFailure(let action, let actionHash, let errorCode):
      bytes.append(argument: action)
      bytes.append(argument: actionHash)
      bytes.append(argument: errorCode)
    case .performAutomation(let effect, let nonce):
      bytes.append(argument: effect)
      bytes.append(argument: nonce)
    case .registerFeed(let assetId, let price, let decimals, let stalenessWindow, let clampThresholdBps, let updatedTs):
      bytes.append(argument: assetId)
      bytes.append(argument: price)
      bytes.append(argument: decimals)
      bytes.append(argument: stalenessWindow)
      bytes.append(argument: clampThresholdBps)
      bytes.append(argument: updatedTs)
    case .updatePrice(let assetId, let price, let updatedTs):
      bytes.append(argument: assetId)
      bytes.append(argument: price)
      bytes.append(argument: updatedTs)
    case .setPriceFallback(let assetId, let active, let reason):
      bytes.append(argument: assetId)
      bytes.append(argument: active)
      bytes.append(argument: reason)
    case .clearPriceClamp(let assetId):
      bytes.append(argument: assetId)
    case .setEmergencyStop(let reason):
      bytes.append(argument: reason)
    case .setEmergencyOperators(let operators):
      bytes.append(argument: operators)
    case .topUpVault(let id, let amount):
      bytes.append(argument: id)
      bytes.append(argument: amount)
    case .planRandomness(let id, let plan):
      bytes.append(argument: id)
      bytes.append(plan)
    case .acceptRandomness(let id, let brought):
      bytes.append(argument: id)
      bytes.append(argument: brought)
    }
  }
}
