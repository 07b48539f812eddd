import Codecs
import Lottery
import TestSupport

extension LotteryVectorTests {
  static func bots(_ file: inout VectorFile) {
    file.each("schedule_hash") { node, check in
      let terms = AutomationTerms(
        cronSpec: try node("cron_spec").bytes(), allowedActions: [2], timelockSecs: 0, maxFailures: 1, expiresAt: 1)
      check.equal(terms.scheduleHash.bytes, try node("schedule_hash").bytes(), "schedule_hash")
    }
    file.each("deposit_snapshot_digest") { node, check in
      let reading = VrfDeposit.Reading(
        total: try node("total_balance").uint64(), minimum: try node("minimum_balance").uint64(),
        effective: try node("effective_balance").uint64())
      let digest = reading.digest(at: try node("timestamp").uint64())
      check.equal(digest.bytes, try node("digest").bytes(), "digest")
      check.equal(Keccak.sha3(try node("preimage").bytes()), digest, "preimage")
    }
  }

  static func prices(_ file: inout VectorFile) {
    let admin = EngineBench.at(1000)
    file.each("clamp") { node, check in
      var engine = LotteryEngine(admin: EngineBench.admin)
      try engine.initPriceFeed(version: 1, schema: .v1, admin)
      _ = try engine.registerFeed(
        assetId: 1, price: try node("old_price").uint64(), decimals: 8,
        clampThresholdBps: try node("clamp_threshold_bps").uint64(), admin)
      let result = try engine.updatePrice(assetId: 1, price: try node("new_price").uint64(), admin)
      let expected = try node("expected")
      check.equal(result.outcome == .clamped, try expected("clamped").bool(), "clamped")
      check.equal(try engine.priceView(assetId: 1).price, try expected("stored_price").uint64(), "stored_price")
    }
    file.each("staleness") { node, check in
      let record = try PriceFeedRecord(
        assetId: 1, price: 1, decimals: 8, stalenessWindow: try node("staleness_window").uint64(),
        clampThresholdBps: nil, updatedTs: try node("last_updated_ts").uint64())
      var feed = PriceFeedRegistry(version: 1, schema: .v1)
      feed.put(record)
      let now = try node("now_ts").uint64()
      switch try node("expected").text() {
      case "fresh": check.equal(try feed.latest(1, now: now).price, 1, "price")
      case "arithmetic_abort":
        check.outcome("ARITH", "the refusal") { () throws(LotteryError) in _ = try feed.latest(1, now: now) }
      case let name: check.outcome(name, "the refusal") { () throws(LotteryError) in _ = try feed.latest(1, now: now) }
      }
    }
  }

  static func deposits(_ file: inout VectorFile) {
    file.each("cases") { node, check in
      let config = try VrfDeposit.Config(
        minBalanceMultiplierBps: try node("min_balance_multiplier_bps").uint64(),
        effectiveFloor: try node("effective_floor").uint64())
      let reading = VrfDeposit.Reading(
        total: try node("total_balance").uint64(), minimum: try node("minimum_balance").uint64(),
        effective: try node("effective_balance").uint64())
      var deposit = VrfDeposit(config: config, schema: .v1)
      let expected = try node("expected")
      if let error = expected.optional("error") {
        check.outcome(try error.text(), "the refusal") { () throws(LotteryError) in
          _ = try deposit.record(reading, at: 1)
        }
        return
      }
      _ = try deposit.record(reading, at: 1)
      check.equal(deposit.status.requiredMinimum, try expected("required_minimum").uint64(), "required_minimum")
      check.equal(deposit.status.requestsPaused, try expected("should_pause").bool(), "should_pause")
      check.equal(deposit.status.totalBalance, reading.total, "total_balance")
    }
  }

  static func summaries(_ file: inout VectorFile) {
    var order: [String] = []
    file.one("field_order") { node, check in
      order = try node.list().map { try $0.text() }
      check.equal(order.count, 21, "the number of fields")
    }
    file.each("cases") { node, check in
      _ = try node("name").note()
      let summary = try LotterySummary(node("summary"))
      let expected = try node("expected")
      check.equal(summary.bcs, try expected("summary_bcs").bytes(), "summary_bcs")
      check.equal(summary.bcs.count, try expected("length").count(), "length")
      check.equal(summary.archiveHash.bytes, try expected("archive_hash").bytes(), "archive_hash")
      check.equal(ViewDocument().json(summary).object?.keys ?? [], order, "field order")
      var engine = try ArchiveBench.engine(.v1, abortOnMismatch: true, abortOnMissing: false)
      _ = try engine.importLegacySummaryAdmin(
        id: summary.id, bytes: summary.bcs, expectedHash: summary.archiveHash.bytes, EngineBench.at(1))
      check.equal(try engine.summary(of: summary.id), summary, "the summary that was imported")
    }
    file.each("rejected") { node, check in
      _ = try node("name").note()
      let bytes = try node("summary_bcs").bytes()
      check.outcome(try node("error").text(), "the refusal") { () throws(LotteryError) in
        var engine = LotteryEngine(admin: EngineBench.admin)
        try engine.initHistory(schema: .v1, EngineBench.at(0))
        _ = try engine.importLegacySummaryAdmin(id: 1, bytes: bytes, expectedHash: [], EngineBench.at(1))
      }
    }
  }
}

extension LotterySummary {
  /// The summary of a vector.
  init(_ node: VectorNode) throws {
    self.init(id: try node("id").uint64(), runId: try node("run_id").uint64())
    status = try node("status").uint8()
    eventSlug = try node("event_slug").bytes()
    seriesCode = try node("series_code").bytes()
    ticketsSold = try node("tickets_sold").uint64()
    proceedsAccum = try node("proceeds_accum").uint64()
    totalAllocated = try node("total_allocated").uint64()
    totalPrizePaid = try node("total_prize_paid").uint64()
    totalOperationsPaid = try node("total_operations_paid").uint64()
    vrfStatus = try node("vrf_status").uint8()
    primaryType = try node("primary_type").uint8()
    tagsMask = try node("tags_mask").uint64()
    snapshotHash = try node("snapshot_hash").bytes()
    slotsChecksum = try node("slots_checksum").bytes()
    winnersBatchHash = try node("winners_batch_hash").bytes()
    checksumAfterBatch = try node("checksum_after_batch").bytes()
    payoutRound = try node("payout_round").uint64()
    createdAt = try node("created_at").uint64()
    closedAt = try node("closed_at").uint64()
    finalizedAt = try node("finalized_at").uint64()
  }
}
