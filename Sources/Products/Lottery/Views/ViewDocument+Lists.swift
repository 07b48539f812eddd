package import Codecs

extension ViewDocument {
  package func json(_ config: Config) -> JSON {
    var object = ViewObject(self)
    object.add("event_slug", bytes(config.eventSlug))
    object.add("series_code", bytes(config.seriesCode))
    object.add("run_id", config.runId)
    object.add("config_version", config.configVersion)
    object.add("primary_type", .integer(config.primaryType))
    object.add("tags_mask", config.tagsMask)
    object.add(
      "sales_window",
      numbers(("sales_start", config.salesWindow.salesStart), ("sales_end", config.salesWindow.salesEnd)))
    object.add("ticket_price", config.ticketPrice)
    object.add(
      "ticket_limits",
      numbers(
        ("max_tickets_total", config.ticketLimits.maxTicketsTotal),
        ("max_tickets_per_address", config.ticketLimits.maxTicketsPerAddress)))
    object.add("sales_distribution", json(config.salesDistribution))
    object.add("prize_plan", .array(config.prizePlan.map(json)))
    object.add("winners_dedup", .bool(config.winnersDedup))
    object.add("draw_algo", .integer(config.drawAlgo))
    var close = ViewObject(self)
    close.add("enabled", .bool(config.autoClosePolicy.enabled))
    close.add("grace_period_secs", config.autoClosePolicy.gracePeriodSecs)
    object.add("auto_close_policy", close.json)
    var backend = ViewObject(self)
    backend.add("backend_type", .integer(config.rewardBackend.backendType))
    backend.add("config_blob", bytes(config.rewardBackend.configBlob))
    object.add("reward_backend", backend.json)
    var retry = ViewObject(self)
    retry.add("strategy", .integer(config.vrfRetryPolicy.strategy))
    retry.add("base_delay_secs", config.vrfRetryPolicy.baseDelaySecs)
    retry.add("max_delay_secs", config.vrfRetryPolicy.maxDelaySecs)
    object.add("vrf_retry_policy", retry.json)
    return object.json
  }

  private func json(_ shares: SalesDistribution) -> JSON {
    var object = ViewObject(self)
    object.add("prize_bps", .integer(shares.prizeBps))
    object.add("jackpot_bps", .integer(shares.jackpotBps))
    object.add("operations_bps", .integer(shares.operationsBps))
    object.add("reserve_bps", .integer(shares.reserveBps))
    return object.json
  }

  private func json(_ slot: PrizeSlot) -> JSON {
    var object = ViewObject(self)
    object.add("slot_id", slot.slotId)
    object.add("winners_per_slot", .integer(slot.winnersPerSlot))
    object.add("reward_type", .integer(slot.rewardType))
    object.add("reward_payload", bytes(slot.rewardPayload))
    return object.json
  }

  private func numbers(_ fields: (String, UInt64)...) -> JSON {
    var object = ViewObject(self)
    for (name, value) in fields { object.add(name, value) }
    return object.json
  }

  package func json(_ overview: StatusOverview) -> JSON {
    var object = ViewObject(self)
    object.add("total", overview.total)
    object.add("draft", overview.draft)
    object.add("active", overview.active)
    object.add("closing", overview.closing)
    object.add("draw_requested", overview.drawRequested)
    object.add("drawn", overview.drawn)
    object.add("payout", overview.payout)
    object.add("finalized", overview.finalized)
    object.add("canceled", overview.canceled)
    object.add("vrf_requested", overview.vrfRequested)
    object.add("vrf_fulfilled_pending", overview.vrfFulfilledPending)
    object.add("vrf_retry_blocked", overview.vrfRetryBlocked)
    object.add("winners_pending", overview.winnersPending)
    object.add("payout_backlog", overview.payoutBacklog)
    object.add("refund_active", overview.refundActive)
    object.add("refund_batch_pending", overview.refundBatchPending)
    object.add("refund_sla_breach", .bool(overview.refundSlaBreach))
    return object.json
  }

  package func json(_ view: AutomationBotView) -> JSON {
    var object = ViewObject(self)
    object.add("operator", .string(view.botOperator.description))
    object.add("allowed_actions", ids(view.bot.terms.allowedActions))
    object.add("timelock_secs", view.bot.terms.timelockSecs)
    object.add("max_failures", view.bot.terms.maxFailures)
    object.add("failure_count", view.bot.failureCount)
    object.add("success_streak", view.bot.successStreak)
    object.add("reputation_score", view.bot.reputationScore)
    object.add("has_pending", .bool(view.hasPending))
    object.add("pending_execute_after", view.pendingExecuteAfter)
    object.add("pending_action_hash", bytes(view.pendingActionHash))
    object.add("expires_at", view.bot.terms.expiresAt)
    object.add("cron_spec", bytes(view.bot.terms.cronSpec))
    object.add("last_action_ts", view.bot.lastActionTs)
    object.add("last_action_hash", bytes(view.bot.lastActionHash))
    return object.json
  }

  // MARK: Not in the described schema

  package func json(_ progress: RefundProgressView) -> JSON {
    var object = ViewObject(self)
    object.add("active", .bool(progress.active))
    object.add("refund_round", progress.refundRound)
    object.add("tickets_refunded", progress.ticketsRefunded)
    object.add("prize_refunded", progress.prizeRefunded)
    object.add("operations_refunded", progress.operationsRefunded)
    object.add("last_refund_ts", progress.lastRefundTs)
    object.add("tickets_sold", progress.ticketsSold)
    object.add("proceeds_accum", progress.proceedsAccum)
    return object.json
  }

  package func json(_ record: CancellationRecord) -> JSON {
    var object = ViewObject(self)
    object.add("reason_code", .integer(record.reasonCode))
    object.add("canceled_ts", record.canceledTs)
    object.add("previous_status", .integer(record.previousStatus))
    object.add("tickets_sold", record.ticketsSold)
    object.add("proceeds_accum", record.proceedsAccum)
    return object.json
  }

  package func json(_ status: DualWriteStatus) -> JSON {
    var object = ViewObject(self)
    object.add("enabled", .bool(status.enabled))
    object.add("abort_on_mismatch", .bool(status.abortOnMismatch))
    object.add("abort_on_missing", .bool(status.abortOnMissing))
    object.add("expected_hash", status.expectedHash.map(bytes) ?? .null)
    return object.json
  }

  package func json(_ overview: DualWriteOverview) -> JSON {
    numbers(("pending", overview.pending), ("mismatched", overview.mismatched), ("oldest_ts", overview.oldestTs))
  }
}
