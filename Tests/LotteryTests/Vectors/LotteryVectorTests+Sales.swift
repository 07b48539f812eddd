import Codecs
import Lottery
import TestSupport

extension LotteryVectorTests {
  static func sales(_ file: inout VectorFile) {
    file.each("cases") { node, check in
      _ = try node("name").note()
      var config = Samples.config()
      config.salesWindow = SalesWindow(
        salesStart: try node("sales_start").uint64(), salesEnd: try node("sales_end").uint64())
      config.ticketLimits = TicketLimits(
        maxTicketsTotal: try node("max_tickets_total").uint64(),
        maxTicketsPerAddress: try node("max_tickets_per_address").uint64())
      var bench = try LotteryBench(.v1)
      try bench.open(1, config)
      for (index, step) in try node("steps").list().enumerated() {
        let context = Context(
          actor: try step("buyer").address(), now: try step("now_ts").uint64(), block: try step("block").uint64())
        let quantity = try step("quantity").uint64()
        let premium = try step("premium").bool()
        bench.grantPremium(premium ? context.actor : nil)
        check.outcome(try step("expected").text(), "step \(index)") { () throws(LotteryError) in
          if premium {
            _ = try bench.engine.purchaseTicketsPremium(1, quantity: quantity, context)
          } else {
            _ = try bench.engine.purchaseTicketsPublic(1, quantity: quantity, context)
          }
        }
      }
      check.equal(
        bench.engine.snapshotForDraw(1).ticketsSold, try node("expected_tickets_sold").uint64(), "tickets sold")
    }
  }

  static func snapshots(_ file: inout VectorFile) {
    file.optionalNote("notes")
    file.each("cases") { node, check in
      _ = try node("name").note()
      var config = Samples.limit()
      config.ticketPrice = try node.optional("ticket_price")?.uint64() ?? config.ticketPrice
      config.salesDistribution = try node.optional("sales_distribution")?.distribution() ?? config.salesDistribution
      var bench = try LotteryBench(.v1)
      try bench.open(1, config)
      let expected = try node("expected")
      let splits = try expected.optional("per_purchase_split")?.list() ?? []
      for (index, purchase) in (try node.optional("purchases")?.list() ?? []).enumerated() {
        let context = Context(
          actor: try purchase("buyer").address(), now: 20 + UInt64(index) * 10, block: UInt64(index))
        let events = try bench.engine.purchaseTicketsPublic(1, quantity: try purchase("quantity").uint64(), context)
        guard case .ticketPurchase(let event)? = events.first else { throw VectorFailure("no purchase event") }
        guard index < splits.count else { continue }
        check.equal(event.prizeAllocation, try splits[index]("prize").uint64(), "prize")
        check.equal(event.jackpotAllocation, try splits[index]("jackpot").uint64(), "jackpot")
        check.equal(event.operationsAllocation, try splits[index]("operations").uint64(), "operations")
        check.equal(event.reserveAllocation, try splits[index]("reserve").uint64(), "reserve")
      }
      let snapshot = bench.engine.snapshotForDraw(1)
      check.equal(snapshot.hash.bytes, try expected("snapshot_hash").bytes(), "snapshot_hash")
      check.equal(snapshot.ticketsSold, try expected("tickets_sold").uint64(), "tickets_sold")
      check.equal(snapshot.proceedsAccum, try expected("proceeds_accum").uint64(), "proceeds_accum")
      if let chunks = expected.optional("full_chunks") {
        check.equal(snapshot.ticketsSold / 256, try chunks.uint64(), "full_chunks")
      }
      guard let books = expected.optional("accounting") else { return }
      let actual = try bench.engine.accountingSnapshot(1)
      check.equal(actual.totalSales, try books("total_sales").uint64(), "total_sales")
      check.equal(actual.totalAllocated, try books("total_allocated").uint64(), "total_allocated")
      check.equal(actual.totalPrizePaid, try books("total_prize_paid").uint64(), "total_prize_paid")
      check.equal(actual.totalOperationsPaid, try books("total_operations_paid").uint64(), "operations paid")
      check.equal(
        actual.totalOperationsAllocated, try books("total_operations_allocated").uint64(), "operations allocated")
      check.equal(actual.jackpotAllowanceToken, try books("jackpot_allowance_token").uint64(), "allowance")
    }
  }

  static func events(_ file: inout VectorFile) {
    file.each("cases") { node, check in
      var fields: [String: [UInt8]] = [:]
      var joined: [UInt8] = []
      for field in try node("field_bytes").list() {
        for (name, value) in try field.entries() {
          fields[name] = try value.bytes()
          joined += try value.bytes()
        }
      }
      let wire = try LotteryVectorTests.event(try node("event").text(), fields).wireBytes
      check.equal(wire, try node("event_bcs").bytes(), "event_bcs")
      check.equal(joined, wire, "field by field")
    }
  }

  private static func event(_ name: String, _ fields: [String: [UInt8]]) throws -> LotteryEvent {
    func number(_ key: String) -> UInt64 { (fields[key] ?? []).reversed().reduce(0) { $0 << 8 | UInt64($1) } }
    func text(_ key: String) -> [UInt8] { Array((fields[key] ?? []).dropFirst()) }
    func byte(_ key: String) -> UInt8 { UInt8(truncatingIfNeeded: number(key)) }
    func address(_ key: String) throws -> LotteryAddress {
      guard let raw = Hash32(fields[key] ?? []) else { throw VectorFailure("\(key) is no address") }
      return LotteryAddress(raw)
    }
    switch name {
    case "TicketPurchaseEvent":
      return .ticketPurchase(
        TicketPurchaseEvent(
          lotteryId: number("lottery_id"), buyer: try address("buyer"), quantity: number("quantity"),
          saleAmount: number("sale_amount"), prizeAllocation: number("prize_allocation"),
          jackpotAllocation: number("jackpot_allocation"), operationsAllocation: number("operations_allocation"),
          reserveAllocation: number("reserve_allocation"), ticketsSold: number("tickets_sold"),
          proceedsAccum: number("proceeds_accum")))
    case "PurchaseRateLimitHitEvent":
      return .purchaseRateLimitHit(
        PurchaseRateLimitHitEvent(
          lotteryId: number("lottery_id"), buyer: try address("buyer"), timestamp: number("timestamp"),
          currentBlock: number("current_block"), reasonCode: byte("reason_code")))
    case "LotteryCanceledEvent":
      return .lotteryCanceled(
        LotteryCanceledEvent(
          lotteryId: number("lottery_id"), previousStatus: byte("previous_status"), reasonCode: byte("reason_code"),
          ticketsSold: number("tickets_sold"), proceedsAccum: number("proceeds_accum"),
          timestamp: number("timestamp")))
    case "LotteryCreatedEvent":
      return .lotteryCreated(
        LotteryCreatedEvent(
          id: number("id"), cfgHash: text("cfg_hash"), configVersion: number("config_version"),
          creator: try address("creator"), eventSlug: text("event_slug"), seriesCode: text("series_code"),
          runId: number("run_id"), primaryType: byte("primary_type"), tagsMask: number("tags_mask"),
          slotsChecksum: text("slots_checksum")))
    case "LotteryFinalizedEvent":
      return .lotteryFinalized(
        LotteryFinalizedEvent(
          id: number("id"), archiveSlotHash: text("archive_slot_hash"), primaryType: byte("primary_type"),
          tagsMask: number("tags_mask")))
    default: throw VectorFailure("nobody makes the event \(name)")
    }
  }
}
