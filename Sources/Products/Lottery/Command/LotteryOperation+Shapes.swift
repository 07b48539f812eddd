extension LotteryOperation {
  /// The flags of each operation and what they take, by name: what a command line asks for.
  package static let shapes: [String: [(flag: String, kind: LotteryFieldKind)]] = [
    "init_registry": [],
    "init_sales": [],
    "init_draw": [],
    "init_payouts": [],
    "init_roles": [("schema", .schema)],
    "init_history": [("schema", .schema)],
    "init_automation": [("schema", .schema)],
    "init_price_feed": [("version", .uint16), ("schema", .schema)],
    "init_vrf_deposit": [("min_balance_multiplier_bps", .uint64), ("effective_floor", .uint64), ("schema", .schema)],
    "init_feature_switch": [("force_enable_devnet", .bool)],
    "init_dual_write": [("abort_on_mismatch", .bool), ("abort_on_missing", .bool)],
    "init_history_bridge": [],
    "create_draft_admin": [("id", .uint64), ("lottery_config", .bytes), ("schema", .schema)],
    "create_draft_partner": [("cap", .bytes), ("id", .uint64), ("lottery_config", .bytes), ("schema", .schema)],
    "set_primary_type": [("id", .uint64), ("type", .uint8)],
    "set_tags_mask": [("id", .uint64), ("mask", .uint64)],
    "advance_status": [("id", .uint64), ("status", .status)],
    "auto_close": [("id", .uint64)],
    "purchase_tickets_public": [("id", .uint64), ("quantity", .uint64)],
    "purchase_tickets_premium": [("id", .uint64), ("quantity", .uint64)],
    "request_draw_admin": [("id", .uint64), ("nonce", .uint64), ("confirmations", .uint64)],
    "vrf_callback": [("answer", .answer), ("numbers", .numbers)],
    "schedule_manual_retry_admin": [("id", .uint64), ("retry_after", .uint64)],
    "compute_winners_admin": [("id", .uint64), ("batch_limit", .uint64)],
    "record_payout_batch_admin": [
      ("id", .uint64), ("round", .uint64), ("winners_paid", .uint64), ("prize_paid", .uint64),
      ("operations_paid", .uint64),
    ],
    "record_partner_payout_admin": [
      ("id", .uint64), ("partner", .address), ("amount", .uint64), ("round", .uint64), ("nonce", .optionalUInt64),
    ],
    "waive_winners_admin": [("id", .uint64), ("count", .uint64)],
    "force_refund_batch_admin": [
      ("id", .uint64), ("round", .uint64), ("tickets_refunded", .uint64), ("prize_refund", .uint64),
      ("operations_refund", .uint64),
    ],
    "cancel_lottery_admin": [("id", .uint64), ("reason", .uint8)],
    "finalize_lottery_admin": [("id", .uint64)],
    "archive_canceled_lottery_admin": [("id", .uint64)],
    "set_payout_batch_cap_admin": [
      ("holder", .address), ("max_batch_size", .uint64), ("operations_budget_total", .uint64),
      ("cooldown_secs", .uint64), ("nonce_stride", .uint64),
    ],
    "revoke_payout_batch_cap_admin": [],
    "upsert_partner_payout_cap_admin": [
      ("partner", .address), ("max_total_payout", .uint64), ("payout_cooldown_secs", .uint64),
      ("nonce_stride", .uint64), ("expires_at", .uint64),
    ],
    "revoke_partner_payout_cap_admin": [("partner", .address)],
    "grant_partner_create_cap_admin": [("partner", .address), ("cap", .bytes)],
    "revoke_partner_create_cap_admin": [("partner", .address)],
    "grant_premium_access_admin": [
      ("holder", .address), ("expires_at", .uint64), ("auto_renew", .bool), ("referrer", .optionalAddress),
    ],
    "revoke_premium_access_admin": [("holder", .address)],
    "cleanup_expired_admin": [],
    "set_feature_mode": [("feature", .uint64), ("mode", .uint8)],
    "update_vrf_deposit_config": [("min_balance_multiplier_bps", .uint64), ("effective_floor", .uint64)],
    "record_deposit_snapshot_admin": [("reading", .reading)],
    "record_deposit_snapshot_automation": [("cap", .botCap), ("reading", .reading), ("action_hash", .bytes)],
    "resume_vrf_requests": [],
    "import_legacy_summary_admin": [("id", .uint64), ("summary", .bytes), ("expected_hash", .bytes)],
    "mirror_summary_admin": [("id", .uint64)],
    "rollback_legacy_summary_admin": [("id", .uint64)],
    "update_legacy_classification_admin": [("id", .uint64), ("primary_type", .uint8), ("tags_mask", .uint64)],
    "update_dual_write_flags": [("enabled", .bool), ("abort_on_mismatch", .bool), ("abort_on_missing", .bool)],
    "enable_legacy_mirror": [],
    "disable_legacy_mirror": [],
    "set_expected_hash": [("id", .uint64), ("hash", .bytes)],
    "clear_expected_hash": [("id", .uint64)],
    "register_bot": [("bot_operator", .address), ("terms", .botTerms)],
    "rotate_bot": [("bot_operator", .address), ("terms", .botTerms)],
    "unregister_bot": [("bot_operator", .address)],
    "announce_dry_run": [("action", .uint64), ("action_hash", .bytes), ("executes_after", .uint64)],
    "record_success": [("action", .uint64), ("action_hash", .bytes)],
    "record_failure": [("action", .uint64), ("action_hash", .bytes), ("error_code", .uint64)],
    "perform_automation": [("effect", .effect), ("nonce", .uint64)],
    "register_feed": [
      ("asset_id", .uint64), ("price", .uint64), ("decimals", .uint8), ("staleness_window", .optionalUInt64),
      ("clamp_threshold_bps", .optionalUInt64), ("updated_ts", .optionalUInt64),
    ],
    "update_price": [("asset_id", .uint64), ("price", .uint64), ("updated_ts", .optionalUInt64)],
    "set_price_fallback": [("asset_id", .uint64), ("active", .bool), ("reason", .uint8)],
    "clear_price_clamp": [("asset_id", .uint64)],
    "set_emergency_stop": [("reason", .bytes)],
    "clear_emergency_stop": [],
    "set_emergency_operators": [("operators", .addresses)],
    "top_up_vault": [("id", .uint64), ("amount", .uint64)],
    "plan_randomness": [("id", .uint64), ("plan", .plan)],
    "accept_randomness": [("id", .uint64), ("brought", .brought)],
  ]
}

/// What an argument is, in the words of a command line.
package enum LotteryFieldKind: String, Sendable {
  case uint64
  case uint16
  case uint8
  case bool
  case bytes
  case address
  case schema
  case status
  case optionalUInt64
  case optionalAddress
  case addresses
  case numbers
  case answer
  case reading
  case botCap
  case botTerms
  case effect
  case plan
  case brought
}
