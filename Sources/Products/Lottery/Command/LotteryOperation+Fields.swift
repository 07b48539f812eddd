package import Money

/// Where the arguments of an operation come from: bytes of a journal, or the words of a command line.
package protocol LotteryFields {
  mutating func uint64(_ name: String) throws(LotteryDeskError) -> UInt64
  mutating func uint16(_ name: String) throws(LotteryDeskError) -> UInt16
  mutating func uint8(_ name: String) throws(LotteryDeskError) -> UInt8
  mutating func bool(_ name: String) throws(LotteryDeskError) -> Bool
  mutating func bytes(_ name: String) throws(LotteryDeskError) -> [UInt8]
  mutating func address(_ name: String) throws(LotteryDeskError) -> LotteryAddress
  mutating func schema(_ name: String) throws(LotteryDeskError) -> Schema
  mutating func status(_ name: String) throws(LotteryDeskError) -> LotteryStatus
  mutating func optionalUInt64(_ name: String) throws(LotteryDeskError) -> UInt64?
  mutating func optionalAddress(_ name: String) throws(LotteryDeskError) -> LotteryAddress?
  mutating func addresses(_ name: String) throws(LotteryDeskError) -> [LotteryAddress]
  mutating func numbers(_ name: String) throws(LotteryDeskError) -> [UInt256]
  mutating func answer(_ name: String) throws(LotteryDeskError) -> RandomnessAnswer
  mutating func reading(_ name: String) throws(LotteryDeskError) -> VrfDeposit.Reading
  mutating func botCap(_ name: String) throws(LotteryDeskError) -> AutomationCap
  mutating func botTerms(_ name: String) throws(LotteryDeskError) -> AutomationTerms
  mutating func effect(_ name: String) throws(LotteryDeskError) -> AutomationEffect
  mutating func plan(_ name: String) throws(LotteryDeskError) -> RandomnessPlan
  mutating func brought(_ name: String) throws(LotteryDeskError) -> BroughtValue
}

extension LotteryOperation {
  /// Reads the arguments of the operation with this name. Throws `lottery_desk.unknown_operation`, and what the fields throw.
  package init(named name: String, from fields: inout some LotteryFields) throws(LotteryDeskError) {
    switch name {
    case "init_registry":
      self = .initRegistry
    case "init_sales":
      self = .initSales
    case "init_draw":
      self = .initDraw
    case "init_payouts":
      self = .initPayouts
    case "init_roles":
      self = .initRoles(schema: try fields.schema("schema"))
    case "init_history":
      self = .initHistory(schema: try fields.schema("schema"))
    case "init_automation":
      self = .initAutomation(schema: try fields.schema("schema"))
    case "init_price_feed":
      self = .initPriceFeed(version: try fields.uint16("version"), schema: try fields.schema("schema"))
    case "init_vrf_deposit":
      self = .initVrfDeposit(
        minBalanceMultiplierBps: try fields.uint64("min_balance_multiplier_bps"),
        effectiveFloor: try fields.uint64("effective_floor"),
        schema: try fields.schema("schema"))
    case "init_feature_switch":
      self = .initFeatureSwitch(forceEnableDevnet: try fields.bool("force_enable_devnet"))
    case "init_dual_write":
      self = .initDualWrite(
        abortOnMismatch: try fields.bool("abort_on_mismatch"),
        abortOnMissing: try fields.bool("abort_on_missing"))
    case "init_history_bridge":
      self = .initHistoryBridge
    case "create_draft_admin":
      self = .createDraftAdmin(
        id: try fields.uint64("id"),
        config: try fields.bytes("lottery_config"),
        schema: try fields.schema("schema"))
    case "create_draft_partner":
      self = .createDraftPartner(
        cap: try fields.bytes("cap"),
        id: try fields.uint64("id"),
        config: try fields.bytes("lottery_config"),
        schema: try fields.schema("schema"))
    case "set_primary_type":
      self = .setPrimaryType(id: try fields.uint64("id"), type: try fields.uint8("type"))
    case "set_tags_mask":
      self = .setTagsMask(id: try fields.uint64("id"), mask: try fields.uint64("mask"))
    case "advance_status":
      self = .advanceStatus(id: try fields.uint64("id"), status: try fields.status("status"))
    case "auto_close":
      self = .autoClose(id: try fields.uint64("id"))
    case "purchase_tickets_public":
      self = .purchaseTicketsPublic(id: try fields.uint64("id"), quantity: try fields.uint64("quantity"))
    case "purchase_tickets_premium":
      self = .purchaseTicketsPremium(id: try fields.uint64("id"), quantity: try fields.uint64("quantity"))
    case "request_draw_admin":
      self = .requestDrawAdmin(
        id: try fields.uint64("id"),
        nonce: try fields.uint64("nonce"),
        confirmations: try fields.uint64("confirmations"))
    case "vrf_callback":
      self = .vrfCallback(answer: try fields.answer("answer"), numbers: try fields.numbers("numbers"))
    case "schedule_manual_retry_admin":
      self = .scheduleManualRetryAdmin(id: try fields.uint64("id"), retryAfter: try fields.uint64("retry_after"))
    case "compute_winners_admin":
      self = .computeWinnersAdmin(id: try fields.uint64("id"), batchLimit: try fields.uint64("batch_limit"))
    case "record_payout_batch_admin":
      self = .recordPayoutBatchAdmin(
        id: try fields.uint64("id"),
        round: try fields.uint64("round"),
        winnersPaid: try fields.uint64("winners_paid"),
        prizePaid: try fields.uint64("prize_paid"),
        operationsPaid: try fields.uint64("operations_paid"))
    case "record_partner_payout_admin":
      self = .recordPartnerPayoutAdmin(
        id: try fields.uint64("id"),
        partner: try fields.address("partner"),
        amount: try fields.uint64("amount"),
        round: try fields.uint64("round"),
        nonce: try fields.optionalUInt64("nonce"))
    case "waive_winners_admin":
      self = .waiveWinnersAdmin(id: try fields.uint64("id"), count: try fields.uint64("count"))
    case "force_refund_batch_admin":
      self = .forceRefundBatchAdmin(
        id: try fields.uint64("id"),
        round: try fields.uint64("round"),
        ticketsRefunded: try fields.uint64("tickets_refunded"),
        prizeRefund: try fields.uint64("prize_refund"),
        operationsRefund: try fields.uint64("operations_refund"))
    case "cancel_lottery_admin":
      self = .cancelLotteryAdmin(id: try fields.uint64("id"), reason: try fields.uint8("reason"))
    case "finalize_lottery_admin":
      self = .finalizeLotteryAdmin(id: try fields.uint64("id"))
    case "archive_canceled_lottery_admin":
      self = .archiveCanceledLotteryAdmin(id: try fields.uint64("id"))
    case "set_payout_batch_cap_admin":
      self = .setPayoutBatchCapAdmin(
        holder: try fields.address("holder"),
        maxBatchSize: try fields.uint64("max_batch_size"),
        operationsBudgetTotal: try fields.uint64("operations_budget_total"),
        cooldownSecs: try fields.uint64("cooldown_secs"),
        nonceStride: try fields.uint64("nonce_stride"))
    case "revoke_payout_batch_cap_admin":
      self = .revokePayoutBatchCapAdmin
    case "upsert_partner_payout_cap_admin":
      self = .upsertPartnerPayoutCapAdmin(
        partner: try fields.address("partner"),
        maxTotalPayout: try fields.uint64("max_total_payout"),
        payoutCooldownSecs: try fields.uint64("payout_cooldown_secs"),
        nonceStride: try fields.uint64("nonce_stride"),
        expiresAt: try fields.uint64("expires_at"))
    case "revoke_partner_payout_cap_admin":
      self = .revokePartnerPayoutCapAdmin(partner: try fields.address("partner"))
    case "grant_partner_create_cap_admin":
      self = .grantPartnerCreateCapAdmin(partner: try fields.address("partner"), cap: try fields.bytes("cap"))
    case "revoke_partner_create_cap_admin":
      self = .revokePartnerCreateCapAdmin(partner: try fields.address("partner"))
    case "grant_premium_access_admin":
      self = .grantPremiumAccessAdmin(
        holder: try fields.address("holder"),
        expiresAt: try fields.uint64("expires_at"),
        autoRenew: try fields.bool("auto_renew"),
        referrer: try fields.optionalAddress("referrer"))
    case "revoke_premium_access_admin":
      self = .revokePremiumAccessAdmin(holder: try fields.address("holder"))
    case "cleanup_expired_admin":
      self = .cleanupExpiredAdmin
    case "set_feature_mode":
      self = .setFeatureMode(feature: try fields.uint64("feature"), mode: try fields.uint8("mode"))
    case "update_vrf_deposit_config":
      self = .updateVrfDepositConfig(
        minBalanceMultiplierBps: try fields.uint64("min_balance_multiplier_bps"),
        effectiveFloor: try fields.uint64("effective_floor"))
    case "record_deposit_snapshot_admin":
      self = .recordDepositSnapshotAdmin(reading: try fields.reading("reading"))
    case "record_deposit_snapshot_automation":
      self = .recordDepositSnapshotAutomation(
        cap: try fields.botCap("cap"),
        reading: try fields.reading("reading"),
        actionHash: try fields.bytes("action_hash"))
    case "resume_vrf_requests":
      self = .resumeVrfRequests
    case "import_legacy_summary_admin":
      self = .importLegacySummaryAdmin(
        id: try fields.uint64("id"),
        summary: try fields.bytes("summary"),
        expectedHash: try fields.bytes("expected_hash"))
    case "mirror_summary_admin":
      self = .mirrorSummaryAdmin(id: try fields.uint64("id"))
    case "rollback_legacy_summary_admin":
      self = .rollbackLegacySummaryAdmin(id: try fields.uint64("id"))
    case "update_legacy_classification_admin":
      self = .updateLegacyClassificationAdmin(
        id: try fields.uint64("id"),
        primaryType: try fields.uint8("primary_type"),
        tagsMask: try fields.uint64("tags_mask"))
    case "update_dual_write_flags":
      self = .updateDualWriteFlags(
        enabled: try fields.bool("enabled"),
        abortOnMismatch: try fields.bool("abort_on_mismatch"),
        abortOnMissing: try fields.bool("abort_on_missing"))
    case "enable_legacy_mirror":
      self = .enableLegacyMirror
    case "disable_legacy_mirror":
      self = .disableLegacyMirror
    case "set_expected_hash":
      self = .setExpectedHash(id: try fields.uint64("id"), hash: try fields.bytes("hash"))
    case "clear_expected_hash":
      self = .clearExpectedHash(id: try fields.uint64("id"))
    case "register_bot":
      self = .registerBot(botOperator: try fields.address("bot_operator"), terms: try fields.botTerms("terms"))
    case "rotate_bot":
      self = .rotateBot(botOperator: try fields.address("bot_operator"), terms: try fields.botTerms("terms"))
    case "unregister_bot":
      self = .unregisterBot(botOperator: try fields.address("bot_operator"))
    case "announce_dry_run":
      self = .announceDryRun(
        action: try fields.uint64("action"),
        actionHash: try fields.bytes("action_hash"),
        executesAfter: try fields.uint64("executes_after"))
    case "record_success":
      self = .recordSuccess(action: try fields.uint64("action"), actionHash: try fields.bytes("action_hash"))
    case "record_failure":
      self = .recordFailure(
        action: try fields.uint64("action"),
        actionHash: try fields.bytes("action_hash"),
        errorCode: try fields.uint64("error_code"))
    case "perform_automation":
      self = .performAutomation(effect: try fields.effect("effect"), nonce: try fields.uint64("nonce"))
    case "register_feed":
      self = .registerFeed(
        assetId: try fields.uint64("asset_id"),
        price: try fields.uint64("price"),
        decimals: try fields.uint8("decimals"),
        stalenessWindow: try fields.optionalUInt64("staleness_window"),
        clampThresholdBps: try fields.optionalUInt64("clamp_threshold_bps"),
        updatedTs: try fields.optionalUInt64("updated_ts"))
    case "update_price":
      self = .updatePrice(
        assetId: try fields.uint64("asset_id"),
        price: try fields.uint64("price"),
        updatedTs: try fields.optionalUInt64("updated_ts"))
    case "set_price_fallback":
      self = .setPriceFallback(
        assetId: try fields.uint64("asset_id"),
        active: try fields.bool("active"),
        reason: try fields.uint8("reason"))
    case "clear_price_clamp":
      self = .clearPriceClamp(assetId: try fields.uint64("asset_id"))
    case "set_emergency_stop":
      self = .setEmergencyStop(reason: try fields.bytes("reason"))
    case "clear_emergency_stop":
      self = .clearEmergencyStop
    case "set_emergency_operators":
      self = .setEmergencyOperators(operators: try fields.addresses("operators"))
    case "top_up_vault":
      self = .topUpVault(id: try fields.uint64("id"), amount: try fields.uint64("amount"))
    case "plan_randomness":
      self = .planRandomness(id: try fields.uint64("id"), plan: try fields.plan("plan"))
    case "accept_randomness":
      self = .acceptRandomness(id: try fields.uint64("id"), brought: try fields.brought("brought"))
    default:
      throw LotteryDeskError(
        .unknownOperation, "there is no operation \(name)", hint: "see them with: almoner lottery operations")
    }
  }
}
