extension LotteryOperation {
  /// The names of all operations, in the order of this engine's documentation.
  package static let names: [String] = [
    "init_registry",
    "init_sales",
    "init_draw",
    "init_payouts",
    "init_roles",
    "init_history",
    "init_automation",
    "init_price_feed",
    "init_vrf_deposit",
    "init_feature_switch",
    "init_dual_write",
    "init_history_bridge",
    "create_draft_admin",
    "create_draft_partner",
    "set_primary_type",
    "set_tags_mask",
    "advance_status",
    "auto_close",
    "purchase_tickets_public",
    "purchase_tickets_premium",
    "request_draw_admin",
    "vrf_callback",
    "schedule_manual_retry_admin",
    "compute_winners_admin",
    "record_payout_batch_admin",
    "record_partner_payout_admin",
    "waive_winners_admin",
    "force_refund_batch_admin",
    "cancel_lottery_admin",
    "finalize_lottery_admin",
    "archive_canceled_lottery_admin",
    "set_payout_batch_cap_admin",
    "revoke_payout_batch_cap_admin",
    "upsert_partner_payout_cap_admin",
    "revoke_partner_payout_cap_admin",
    "grant_partner_create_cap_admin",
    "revoke_partner_create_cap_admin",
    "grant_premium_access_admin",
    "revoke_premium_access_admin",
    "cleanup_expired_admin",
    "set_feature_mode",
    "update_vrf_deposit_config",
    "record_deposit_snapshot_admin",
    "record_deposit_snapshot_automation",
    "resume_vrf_requests",
    "import_legacy_summary_admin",
    "mirror_summary_admin",
    "rollback_legacy_summary_admin",
    "update_legacy_classification_admin",
    "update_dual_write_flags",
    "enable_legacy_mirror",
    "disable_legacy_mirror",
    "set_expected_hash",
    "clear_expected_hash",
    "register_bot",
    "rotate_bot",
    "unregister_bot",
    "announce_dry_run",
    "record_success",
    "record_failure",
    "perform_automation",
    "register_feed",
    "update_price",
    "set_price_fallback",
    "clear_price_clamp",
    "set_emergency_stop",
    "clear_emergency_stop",
    "set_emergency_operators",
    "top_up_vault",
    "plan_randomness",
    "accept_randomness",
  ]

  /// The name in the specification, `purchase_tickets_public`: the kind of a journal's entry.
  package var name: String {
    switch self {
    case .initRegistry: "init_registry"
    case .initSales: "init_sales"
    case .initDraw: "init_draw"
    case .initPayouts: "init_payouts"
    case .initRoles: "init_roles"
    case .initHistory: "init_history"
    case .initAutomation: "init_automation"
    case .initPriceFeed: "init_price_feed"
    case .initVrfDeposit: "init_vrf_deposit"
    case .initFeatureSwitch: "init_feature_switch"
    case .initDualWrite: "init_dual_write"
    case .initHistoryBridge: "init_history_bridge"
    case .createDraftAdmin: "create_draft_admin"
    case .createDraftPartner: "create_draft_partner"
    case .setPrimaryType: "set_primary_type"
    case .setTagsMask: "set_tags_mask"
    case .advanceStatus: "advance_status"
    case .autoClose: "auto_close"
    case .purchaseTicketsPublic: "purchase_tickets_public"
    case .purchaseTicketsPremium: "purchase_tickets_premium"
    case .requestDrawAdmin: "request_draw_admin"
    case .vrfCallback: "vrf_callback"
    case .scheduleManualRetryAdmin: "schedule_manual_retry_admin"
    case .computeWinnersAdmin: "compute_winners_admin"
    case .recordPayoutBatchAdmin: "record_payout_batch_admin"
    case .recordPartnerPayoutAdmin: "record_partner_payout_admin"
    case .waiveWinnersAdmin: "waive_winners_admin"
    case .forceRefundBatchAdmin: "force_refund_batch_admin"
    case .cancelLotteryAdmin: "cancel_lottery_admin"
    case .finalizeLotteryAdmin: "finalize_lottery_admin"
    case .archiveCanceledLotteryAdmin: "archive_canceled_lottery_admin"
    case .setPayoutBatchCapAdmin: "set_payout_batch_cap_admin"
    case .revokePayoutBatchCapAdmin: "revoke_payout_batch_cap_admin"
    case .upsertPartnerPayoutCapAdmin: "upsert_partner_payout_cap_admin"
    case .revokePartnerPayoutCapAdmin: "revoke_partner_payout_cap_admin"
    case .grantPartnerCreateCapAdmin: "grant_partner_create_cap_admin"
    case .revokePartnerCreateCapAdmin: "revoke_partner_create_cap_admin"
    case .grantPremiumAccessAdmin: "grant_premium_access_admin"
    case .revokePremiumAccessAdmin: "revoke_premium_access_admin"
    case .cleanupExpiredAdmin: "cleanup_expired_admin"
    case .setFeatureMode: "set_feature_mode"
    case .updateVrfDepositConfig: "update_vrf_deposit_config"
    case .recordDepositSnapshotAdmin: "record_deposit_snapshot_admin"
    case .recordDepositSnapshotAutomation: "record_deposit_snapshot_automation"
    case .resumeVrfRequests: "resume_vrf_requests"
    case .importLegacySummaryAdmin: "import_legacy_summary_admin"
    case .mirrorSummaryAdmin: "mirror_summary_admin"
    case .rollbackLegacySummaryAdmin: "rollback_legacy_summary_admin"
    case .updateLegacyClassificationAdmin: "update_legacy_classification_admin"
    case .updateDualWriteFlags: "update_dual_write_flags"
    case .enableLegacyMirror: "enable_legacy_mirror"
    case .disableLegacyMirror: "disable_legacy_mirror"
    case .setExpectedHash: "set_expected_hash"
    case .clearExpectedHash: "clear_expected_hash"
    case .registerBot: "register_bot"
    case .rotateBot: "rotate_bot"
    case .unregisterBot: "unregister_bot"
    case .announceDryRun: "announce_dry_run"
    case .recordSuccess: "record_success"
    case .recordFailure: "record_failure"
    case .performAutomation: "perform_automation"
    case .registerFeed: "register_feed"
    case .updatePrice: "update_price"
    case .setPriceFallback: "set_price_fallback"
    case .clearPriceClamp: "clear_price_clamp"
    case .setEmergencyStop: "set_emergency_stop"
    case .clearEmergencyStop: "clear_emergency_stop"
    case .setEmergencyOperators: "set_emergency_operators"
    case .topUpVault: "top_up_vault"
    case .planRandomness: "plan_randomness"
    case .acceptRandomness: "accept_randomness"
    }
  }
}
