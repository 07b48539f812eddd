import Codecs
import Lottery
import TestSupport

extension LotteryVectorTests {
  static func configs(_ file: inout VectorFile) {
    file.each("cases") { node, check in
      _ = try node("name").note()
      let config = try Config(node("config"))
      let expected = try node("expected")
      check.equal(config.bcs, try expected("config_bcs").bytes(), "config_bcs")
      check.equal(config.hash.bytes, try expected("cfg_hash").bytes(), "cfg_hash")
      var plan = BCS.Writer()
      plan.append(config.prizePlan)
      check.equal(plan.bytes, try expected("prize_plan_bcs").bytes(), "prize_plan_bcs")
      check.equal(config.prizePlanChecksum.bytes, try expected("slots_checksum").bytes(), "slots_checksum")
      check.equal(try Config(bcs: config.bcs, schema: .v1), config, "the config read again")
      try config.validate(.v1)
    }
    file.each("rejected") { node, check in
      _ = try node("name").note()
      let bytes = try node("config_bcs").bytes()
      check.outcome(try node("error").text(), "the error") { () throws(LotteryError) in
        try Config(bcs: bytes, schema: .v1).validate(.v1)
      }
    }
  }

  static func economics(_ file: inout VectorFile) {
    file.each("cases") { node, check in
      let amount = try node("amount").uint64()
      let split = try node("sales_distribution").distribution().split(amount)
      let books = try Accounting().selling(amount, split)
      let expected = try node("expected")
      check.equal(split.prize, try expected("prize").uint64(), "prize")
      check.equal(split.jackpot, try expected("jackpot").uint64(), "jackpot")
      check.equal(split.operations, try expected("operations").uint64(), "operations")
      check.equal(split.reserve, try expected("reserve").uint64(), "reserve")
      check.equal(books.totalAllocated, try expected("allocated_delta").uint64(), "allocated_delta")
    }
    file.each("sale_overflow") { node, check in
      let quantity = try node("quantity").uint64()
      let price = try node("ticket_price").uint64()
      let expected = try node("expected").text()
      do throws(LotteryError) {
        check.equal("\(try quantity.multiplied(by: price, .amountOverflow))", expected, "amount")
      } catch {
        check.equal(error.code.name(in: .v1), expected, "error")
      }
    }
  }

  static func retries(_ file: inout VectorFile) {
    file.each("cases") { node, check in
      let policy = RetryPolicy(
        strategy: try node("strategy").uint8(), baseDelaySecs: try node("base_delay_secs").uint64(),
        maxDelaySecs: try node("max_delay_secs").uint64())
      let now = try node("now_ts").uint64()
      for expected in try node("expected").list() {
        let attempt = try expected("attempt").uint8()
        check.equal(
          try policy.retryAfter(attempt: attempt, now: now), try expected("retry_after_ts").uint64(),
          "attempt \(attempt)")
      }
    }
  }

  static func caps(_ file: inout VectorFile) {
    file.each("batch_cap") { node, check in
      _ = try node("name").note()
      var cap = PayoutBatchCap(
        holder: LotteryAddress(1), maxBatchSize: try node("max_batch_size").uint64(),
        operationsBudgetTotal: try node("operations_budget_total").uint64(),
        cooldownSecs: try node("cooldown_secs").uint64(), nonceStride: try node("nonce_stride").uint64())
      for step in try node("steps").list() {
        let (items, operations) = (try step("items").uint64(), try step("operations").uint64())
        let (now, nonce) = (try step("timestamp").uint64(), try step("nonce").uint64())
        check.outcome(try step("expected").text(), "step") { () throws(LotteryError) in
          cap = try cap.consuming(items: items, operations: operations, now: now, nonce: nonce)
        }
      }
      let final = try node("expected_final")
      check.equal(cap.operationsBudgetUsed, try final("operations_budget_used").uint64(), "budget used")
      check.equal(cap.lastBatchAt, try final("last_batch_at").uint64(), "last_batch_at")
      check.equal(cap.lastNonce, try final("last_nonce").uint64(), "last_nonce")
    }
    file.each("partner_cap") { node, check in
      _ = try node("name").note()
      var cap = PartnerPayoutCap(
        partner: LotteryAddress(1), maxTotalPayout: try node("max_total_payout").uint64(),
        payoutCooldownSecs: try node("payout_cooldown_secs").uint64(), nonceStride: try node("nonce_stride").uint64(),
        expiresAt: try node("expires_at").uint64())
      for step in try node("steps").list() {
        let (amount, now, nonce) = (
          try step("amount").uint64(), try step("timestamp").uint64(), try step("nonce").uint64()
        )
        check.outcome(try step("expected").text(), "step") { () throws(LotteryError) in
          cap = try cap.consuming(amount: amount, now: now, nonce: nonce)
        }
      }
      let final = try node("expected_final")
      check.equal(cap.remainingPayout, try final("remaining_payout").uint64(), "remaining_payout")
      check.equal(cap.lastPayoutAt, try final("last_payout_at").uint64(), "last_payout_at")
      check.equal(cap.nextNonce, try final("next_nonce").uint64(), "next_nonce")
    }
  }
}

extension Config {
  /// The config of a vector.
  init(_ node: VectorNode) throws {
    let window = try node("sales_window")
    let limits = try node("ticket_limits")
    let shares = try node("sales_distribution")
    let close = try node("auto_close_policy")
    let backend = try node("reward_backend")
    let retry = try node("vrf_retry_policy")
    self.init(
      eventSlug: try node("event_slug").bytes(), seriesCode: try node("series_code").bytes(),
      runId: try node("run_id").uint64(), configVersion: try node("config_version").uint64(),
      primaryType: try node("primary_type").uint8(), tagsMask: try node("tags_mask").uint64(),
      salesWindow: SalesWindow(
        salesStart: try window("sales_start").uint64(), salesEnd: try window("sales_end").uint64()),
      ticketPrice: try node("ticket_price").uint64(),
      ticketLimits: TicketLimits(
        maxTicketsTotal: try limits("max_tickets_total").uint64(),
        maxTicketsPerAddress: try limits("max_tickets_per_address").uint64()),
      salesDistribution: try SalesDistribution(
        prizeBps: try shares("prize_bps").uint16(), jackpotBps: try shares("jackpot_bps").uint16(),
        operationsBps: try shares("operations_bps").uint16(), reserveBps: try shares("reserve_bps").uint16()),
      prizePlan: try node("prize_plan").list().map { slot in
        PrizeSlot(
          slotId: try slot("slot_id").uint64(), winnersPerSlot: try slot("winners_per_slot").uint16(),
          rewardType: try slot("reward_type").uint8(), rewardPayload: try slot("reward_payload").bytes())
      },
      winnersDedup: try node("winners_dedup").bool(), drawAlgo: try node("draw_algo").uint8(),
      autoClosePolicy: AutoClosePolicy(
        enabled: try close("enabled").bool(), gracePeriodSecs: try close("grace_period_secs").uint64()),
      rewardBackend: RewardBackend(
        backendType: try backend("backend_type").uint8(), configBlob: try backend("config_blob").bytes()),
      vrfRetryPolicy: RetryPolicy(
        strategy: try retry("strategy").uint8(), baseDelaySecs: try retry("base_delay_secs").uint64(),
        maxDelaySecs: try retry("max_delay_secs").uint64()))
  }
}
