extension ViewSchema {
  /// The views of this engine.
  package static let current = ViewSchema(records: tables, views: viewKinds)

  private static let viewKinds: [String: Kind] = [
    "get_lottery": .record("LotteryConfig"),
    "get_lottery_status": .record("LotteryStatusView"),
    "get_lottery_badges": .record("LotteryBadges"),
    "get_badge_metadata": .record("BadgeMetadata"),
    "accounting_snapshot": .record("Accounting"),
    "get_vrf_deposit_status": .record("VrfDepositStatusView"),
    "get_lottery_summary": .record("LotterySummary"),
    "status_overview": .record("StatusOverview"),
    "list_automation_bots": .list(.record("AutomationBotView")),
    "get_automation_bot": .orNull(.record("AutomationBotView")),
    "list_active": .list(.u64),
    "list_by_primary_type": .list(.u64),
    "list_by_tag_mask": .list(.u64),
    "list_by_all_tags": .list(.u64),
    "list_finalized_ids": .list(.u64),
  ]

  private static let tables: [String: [Field]] = [
    "LotteryConfig": config,
    "SalesWindow": numbers("sales_start", "sales_end"),
    "TicketLimits": numbers("max_tickets_total", "max_tickets_per_address"),
    "SalesDistribution": ["prize_bps", "jackpot_bps", "operations_bps", "reserve_bps"].map {
      Field($0, .integer(max: Limits.basisPoints))
    },
    "PrizeSlot": [
      Field("slot_id", .u64), Field("winners_per_slot", .integer(max: 65_535)), Field("reward_type", u8),
      Field("reward_payload", .hexBytes),
    ],
    "AutoClosePolicy": [Field("enabled", .boolean), Field("grace_period_secs", .u64)],
    "RewardBackend": [Field("backend_type", u8), Field("config_blob", .hexBytes)],
    "RetryPolicy": [Field("strategy", u8), Field("base_delay_secs", .u64), Field("max_delay_secs", .u64)],
    "LotteryStatusView": [
      Field("status", u8), Field("snapshot_frozen", .boolean), Field("primary_type", u8), Field("tags_mask", .u64),
    ],
    "LotteryBadges": [Field("primary_type", u8), Field("tags_mask", .u64)],
    "BadgeMetadata": [
      Field("primary_label", .text), Field("is_experimental", .boolean), Field("tags_mask", .u64),
    ],
    "Accounting": numbers(
      "total_sales", "total_allocated", "total_prize_paid", "total_operations_paid", "total_operations_allocated",
      "jackpot_allowance_token"),
    "VrfDepositStatusView": numbers(
      "total_balance", "minimum_balance", "effective_balance", "required_minimum", "last_update_ts")
      + [Field("requests_paused", .boolean), Field("paused_since_ts", .u64)],
    "LotterySummary": summary,
    "StatusOverview": numbers(
      "total", "draft", "active", "closing", "draw_requested", "drawn", "payout", "finalized", "canceled",
      "vrf_requested", "vrf_fulfilled_pending", "vrf_retry_blocked", "winners_pending", "payout_backlog",
      "refund_active", "refund_batch_pending") + [Field("refund_sla_breach", .boolean)],
    "AutomationBotView": bot,
  ]

  private static let config: [Field] = [
    Field("event_slug", .hexBytes), Field("series_code", .hexBytes), Field("run_id", .u64),
    Field("config_version", .u64), Field("primary_type", u8), Field("tags_mask", .u64),
    Field("sales_window", .record("SalesWindow")), Field("ticket_price", .u64),
    Field("ticket_limits", .record("TicketLimits")), Field("sales_distribution", .record("SalesDistribution")),
    Field("prize_plan", .list(.record("PrizeSlot"))), Field("winners_dedup", .boolean), Field("draw_algo", u8),
    Field("auto_close_policy", .record("AutoClosePolicy")), Field("reward_backend", .record("RewardBackend")),
    Field("vrf_retry_policy", .record("RetryPolicy")),
  ]

  private static let summary: [Field] =
    [
      Field("id", .u64), Field("status", u8), Field("event_slug", .hexBytes), Field("series_code", .hexBytes),
    ]
    + numbers(
      "run_id", "tickets_sold", "proceeds_accum", "total_allocated", "total_prize_paid", "total_operations_paid")
    + [
      Field("vrf_status", u8), Field("primary_type", u8), Field("tags_mask", .u64), Field("snapshot_hash", .hexBytes),
      Field("slots_checksum", .hexBytes), Field("winners_batch_hash", .hexBytes),
      Field("checksum_after_batch", .hexBytes),
    ] + numbers("payout_round", "created_at", "closed_at", "finalized_at")

  private static let bot: [Field] =
    [Field("operator", .hexBytes), Field("allowed_actions", .list(.u64))]
    + numbers("timelock_secs", "max_failures", "failure_count", "success_streak", "reputation_score")
    + [
      Field("has_pending", .boolean), Field("pending_execute_after", .u64), Field("pending_action_hash", .hexBytes),
      Field("expires_at", .u64), Field("cron_spec", .hexBytes), Field("last_action_ts", .u64),
      Field("last_action_hash", .hexBytes),
    ]

  private static let u8 = Kind.integer(max: 255)

  private static func numbers(_ names: String...) -> [Field] { names.map { Field($0, .u64) } }
}
