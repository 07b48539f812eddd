package import Codecs

// Views that the described schema does not know.
extension ViewDocument {
  package func json(_ progress: WinnerProgressView) -> JSON {
    var object = ViewObject(self)
    object.add("initialized", .bool(progress.initialized))
    object.add("total_required", progress.totalRequired)
    object.add("total_assigned", progress.totalAssigned)
    object.add("payout_round", progress.payoutRound)
    object.add("next_winner_batch_no", progress.nextWinnerBatchNo)
    object.add("last_payout_ts", progress.lastPayoutTs)
    return object.json
  }

  package func json(_ winner: WinnerRecord) -> JSON {
    var object = ViewObject(self)
    object.add("slot_id", winner.slotId)
    object.add("ticket_index", winner.ticketIndex)
    object.add("winner", .string(winner.winner.description))
    object.add("winner_hash", bytes(winner.winnerHash.bytes))
    return object.json
  }

  package func json(_ view: VrfStateView) -> JSON {
    var object = ViewObject(self)
    object.add("status", .integer(view.status))
    object.add("attempt", .integer(view.attempt))
    object.add("consumed", .bool(view.consumed))
    object.add("retry_after_ts", view.retryAfterTs)
    object.add("retry_strategy", .integer(view.retryStrategy))
    object.add("last_request_ts", view.lastRequestTs)
    object.add("request_id", view.requestId)
    return object.json
  }

  package func json(_ cap: PayoutBatchCap) -> JSON {
    var object = ViewObject(self)
    object.add("holder", .string(cap.holder.description))
    object.add("max_batch_size", cap.maxBatchSize)
    object.add("operations_budget_total", cap.operationsBudgetTotal)
    object.add("operations_budget_used", cap.operationsBudgetUsed)
    object.add("cooldown_secs", cap.cooldownSecs)
    object.add("last_batch_at", cap.lastBatchAt)
    object.add("last_nonce", cap.lastNonce)
    object.add("nonce_stride", cap.nonceStride)
    return object.json
  }

  package func json(_ cap: PartnerPayoutCap) -> JSON {
    var object = ViewObject(self)
    object.add("partner", .string(cap.partner.description))
    object.add("max_total_payout", cap.maxTotalPayout)
    object.add("remaining_payout", cap.remainingPayout)
    object.add("payout_cooldown_secs", cap.payoutCooldownSecs)
    object.add("last_payout_at", cap.lastPayoutAt)
    object.add("next_nonce", cap.nextNonce)
    object.add("nonce_stride", cap.nonceStride)
    object.add("expires_at", cap.expiresAt)
    return object.json
  }

  package func json(_ cap: PremiumAccessCap) -> JSON {
    var object = ViewObject(self)
    object.add("holder", .string(cap.holder.description))
    object.add("expires_at", cap.expiresAt)
    object.add("auto_renew", .bool(cap.autoRenew))
    object.add("referrer", cap.referrer.map { .string($0.description) } ?? .null)
    return object.json
  }

  package func json(_ record: PriceFeedRecord) -> JSON {
    var object = ViewObject(self)
    object.add("asset_id", record.assetId)
    object.add("price", record.price)
    object.add("decimals", .integer(record.decimals))
    object.add("last_updated_ts", record.lastUpdatedTs)
    object.add("staleness_window", record.stalenessWindow)
    object.add("clamp_threshold_bps", record.clampThresholdBps)
    object.add("fallback_active", .bool(record.fallbackActive))
    object.add("fallback_reason", .integer(record.fallbackReason))
    object.add("clamp_active", .bool(record.clampActive))
    return object.json
  }
}
