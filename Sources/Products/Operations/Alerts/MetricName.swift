/// A metric that alert rules may name: its full name, its type, and what it says.
///
/// Source: specification of the operator tools, 1.6 and 3.2. The report's metrics begin with `supra_dvrf_`, those of the
/// lotteries' views with `lottery_`.
package struct MetricName: Hashable, Sendable {
  package let name: String
  package let isCounter: Bool
  package let help: String

  private init(_ name: String, _ help: String, isCounter: Bool = false) {
    self.name = name
    self.isCounter = isCounter
    self.help = help
  }

  package static func named(_ name: String) -> MetricName? { table[name] }

  package static let all: [MetricName] = report + lotteries
  private static let table = Dictionary(all.map { ($0.name, $0) }) { a, _ in a }

  /// Of the report (`monitor-prometheus`).
  private static let report = [
    MetricName("supra_dvrf_deposit_balance_quants", "Balance of the client in the deposit module"),
    MetricName("supra_dvrf_min_balance_quants", "Minimum for the configured number of requests"),
    MetricName("supra_dvrf_recommended_deposit_quants", "Minimum plus margin"),
    MetricName("supra_dvrf_per_request_fee_quants", "Highest fee of one request"),
    MetricName("supra_dvrf_request_window_requests", "Requests the minimum must cover"),
    MetricName("supra_dvrf_balance_ratio", "Balance over minimum"),
    MetricName("supra_dvrf_min_balance_reached", "Flag of the deposit module; 1 means at or below the minimum"),
    MetricName("supra_dvrf_min_balance_ok", "1 while the deposit module lets requests through"),
    MetricName("supra_dvrf_max_gas_price", "Price limit of the client"),
    MetricName("supra_dvrf_max_gas_limit", "Gas limit of the client"),
    MetricName("supra_dvrf_draw_scheduled", "Draw scheduled"),
    MetricName("supra_dvrf_pending_request", "Randomness request open"),
    MetricName("supra_dvrf_ticket_count", "Tickets in the round"),
    MetricName("supra_dvrf_rng_count", "Random numbers per request"),
    MetricName("supra_dvrf_monitor_exit_code", "Exit code of the monitor step"),
    MetricName("supra_dvrf_subscription_active", "Subscription state"),
    MetricName("supra_dvrf_deposit_headroom_requests", "Requests that the balance covers above the minimum"),
    MetricName("supra_dvrf_whitelisted_consumers", "Contracts that may ask for randomness"),
    MetricName("supra_dvrf_degraded_values", "Values that could not be read"),
    MetricName("supra_dvrf_draw_requests_total", "Randomness requests seen", isCounter: true),
    MetricName("supra_dvrf_draw_fulfillments_total", "Randomness requests answered", isCounter: true),
    MetricName("supra_dvrf_draw_failures_total", "Randomness requests that failed", isCounter: true),
    MetricName("supra_dvrf_draw_request_age_seconds", "Age of the oldest open request"),
  ]

  /// Of the lotteries' views and events.
  private static let lotteries = [
    MetricName("lottery_vrf_effective_balance", "Usable deposit"),
    MetricName("lottery_vrf_required_minimum", "Minimum times its multiplier"),
    MetricName("lottery_vrf_requests_paused", "1 while requests are stopped"),
    MetricName("lottery_dual_write_mismatch", "Hashes that differ between the new and the old store"),
    MetricName("lottery_dual_write_pending", "Expected hashes that are not met yet"),
    MetricName("lottery_dual_write_pending_age_seconds", "Age of the oldest expected hash that is not met"),
    MetricName("lottery_status_vrf_requested", "Lotteries with an open randomness request"),
    MetricName("lottery_status_vrf_fulfilled_pending", "Lotteries whose randomness came and is not used"),
    MetricName("lottery_status_vrf_retry_blocked", "Lotteries that wait for their retry time"),
    MetricName("lottery_status_winners_pending", "Lotteries whose winners are not fully computed"),
    MetricName("lottery_status_payout_backlog", "Lotteries with computed batches that are not paid"),
    MetricName("lottery_status_canceled", "Cancelled lotteries"),
    MetricName("lottery_payout_round_gap", "Next winner batch less payout round"),
    MetricName("lottery_operations_budget_remaining_ratio", "What is left of the operations budget, 0 to 1"),
    MetricName("lottery_automation_failure_count", "Failures of a bot one after another"),
    MetricName("lottery_automation_max_failures", "Failures at which a bot is stopped"),
    MetricName("lottery_automation_pending_age_seconds", "Age of a bot's announced action"),
    MetricName("lottery_automation_timelock_seconds", "Time-lock of a bot"),
    MetricName("lottery_automation_timelock_breach", "Bots that may unpause, pay or cancel with less than 900 s"),
    MetricName("lottery_refund_active", "Cancelled lotteries whose refunds are not finished"),
    MetricName("lottery_refund_batch_pending", "Tickets still to refund"),
    MetricName("lottery_refund_round", "Refund round of a lottery"),
    MetricName("lottery_refund_last_timestamp_seconds", "When the last refund was, in seconds since 1970"),
    MetricName("lottery_refund_sla_breach", "1 when a refund's term is broken"),
    MetricName("lottery_partner_cap_expiring", "Partner capabilities that end within 24 h or have nothing left"),
    MetricName("lottery_premium_cap_expiring", "Premium capabilities that end within 24 h or have nothing left"),
    MetricName("lottery_tickets_sold_total", "Tickets sold", isCounter: true),
    MetricName("lottery_purchase_rate_limit_hits_total", "Purchases refused by the rate limit", isCounter: true),
    MetricName("lottery_price_feed_updates_total", "Updates of a price", isCounter: true),
    MetricName("lottery_price_feed_clamp_active", "1 while a price is clamped"),
    MetricName("lottery_price_feed_fallback_active", "1 while a price is on its fallback"),
  ]
}
