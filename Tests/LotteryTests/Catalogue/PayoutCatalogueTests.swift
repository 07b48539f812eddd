import Codecs
@testable import Lottery
import Money
import Testing

/// The catalogue's payouts_tests (spec 5.7), with the resolutions of 7.1: schema 2 pays no more winners than there are,
/// so that two winners are configured where the catalogue pays two.
@Suite("payouts_tests")
struct PayoutCatalogueTests {
  @Test(arguments: Schema.allCases)
  func `partner_payout_updates_operations`(schema: Schema) throws {
    var bench = try LotteryBench.payReady(200, schema)
    let partner = LotteryAddress(0x99)
    bench.grantPayout(partner, 50)
    try bench.pay(200, round: 1, winners: 2, 140, 5, at: 40)
    _ = try bench.engine.recordPartnerPayoutAdmin(200, partner: partner, amount: 5, round: 1, bench.at(45))
    #expect(try bench.engine.accountingSnapshot(200).totalOperationsPaid == 10)
    #expect(bench.engine.roles?.partnerPayoutCaps[partner]?.remainingPayout == 45)
  }

  @Test(arguments: Schema.allCases)
  func `refund_requires_canceled_status`(schema: Schema) throws {
    var bench = try LotteryBench(schema)
    try bench.open(302)
    try bench.buy(302, 1, at: 20)
    try bench.refuses(.refundStatusInvalid) { bench throws(LotteryError) in
      try bench.refund(302, 1, tickets: 1, 100, 10, at: 30)
    }
  }

  @Test(arguments: Schema.allCases)
  func `refund_cannot_exceed_tickets`(schema: Schema) throws {
    var bench = try LotteryBench(schema)
    try bench.open(303)
    try bench.buy(303, 1, at: 20)
    _ = try bench.engine.cancelLotteryAdmin(303, reason: 3, bench.at(30))
    try bench.refund(303, 1, tickets: 1, 100, 0, at: 35)
    // Schema 2 shows the refund as over: every ticket and all money are back.
    #expect(bench.engine.refundProgress(303).active == (schema == .v1))
    try bench.refuses(.refundLimitTickets) { bench throws(LotteryError) in
      try bench.refund(303, 2, tickets: 1, 10, 0, at: 40)
    }
  }

  /// Schema 2 reaches a cancellation without record by a seam alone (GAP 17).
  @Test(arguments: Schema.allCases)
  func `archive_canceled_requires_record`(schema: Schema) throws {
    var bench = try LotteryBench(schema)
    try bench.draft(304)
    if schema == .v1 {
      _ = try bench.engine.advanceStatus(304, to: .canceled, bench.at(0))
    } else {
      bench.force(304, .canceled)
    }
    try bench.refuses(.cancellationRecordMissing) { bench throws(LotteryError) in
      _ = try bench.engine.archiveCanceledLotteryAdmin(304, bench.at(50))
    }
  }

  @Test(arguments: Schema.allCases)
  func `archive_canceled_requires_full_refund`(schema: Schema) throws {
    var bench = try LotteryBench(schema)
    try bench.open(305)
    try bench.buy(305, 1, at: 20)
    _ = try bench.engine.cancelLotteryAdmin(305, reason: 3, bench.at(30))
    try bench.refuses(.refundProgressIncomplete) { bench throws(LotteryError) in
      _ = try bench.engine.archiveCanceledLotteryAdmin(305, bench.at(40))
    }
  }

  @Test(arguments: Schema.allCases)
  func `force_cancel_refund_flow_records_history`(schema: Schema) throws {
    var bench = try LotteryBench(schema)
    try bench.open(307)
    try bench.buy(307, 1, at: 25, block: 1)
    try bench.buy(307, 2, at: 26, block: 1)
    _ = try bench.engine.cancelLotteryAdmin(307, reason: 3, bench.at(40))
    try bench.refund(307, 1, tickets: 1, 70, 30, at: 55)
    try bench.refund(307, 2, tickets: 1, 70, 30, at: 65)
    _ = try bench.engine.archiveCanceledLotteryAdmin(307, bench.at(80))
    #expect(
      try bench.engine.cancellation(of: 307)
        == CancellationRecord(reasonCode: 3, canceledTs: 40, previousStatus: 1, ticketsSold: 2, proceedsAccum: 200))
    let progress = bench.engine.refundProgress(307)
    #expect(progress.refundRound == 2 && progress.ticketsRefunded == 2 && progress.lastRefundTs == 65)
    #expect(progress.prizeRefunded == 140 && progress.operationsRefunded == 60)
    let summary = try #require(bench.engine.history?.summaries[307])
    #expect(summary.status == 7 && summary.ticketsSold == 2 && summary.proceedsAccum == 200)
    #expect(summary.payoutRound == 2 && summary.finalizedAt == 80 && summary.vrfStatus == 0 && summary.closedAt == 40)
    if schema == .v1 {
      let hash = "0xa8eb61204ff00577c933abee66e8de40cf95ea8c6b33b81e51d3db4aadf9a027"
      #expect(summary.archiveHash.description == hash, "spec 6.6, as tested")
    }
  }

  @Test(arguments: Schema.allCases)
  func `payout_handles_multi_slot_plan`(schema: Schema) throws {
    var bench = try LotteryBench(schema)
    try bench.open(209, Samples.multi())
    for (buyer, time) in [(1, 20), (2, 22), (3, 24)] as [(UInt64, UInt64)] { try bench.buy(209, buyer, at: time) }
    try bench.close(209)
    bench.force(209, numbers: WinnerCatalogueTests.numbers, payload: "payload-multi-slot", block: 777)
    bench.force(209, .payout)
    _ = try bench.engine.computeWinnersAdmin(209, batchLimit: 10, bench.at(30))
    try bench.pay(209, round: 1, winners: 3, 210, 15, at: 2000)
    let tickets = bench.engine.winners(209, from: 0, limit: 10).map(\.ticketIndex)
    #expect(tickets.sorted() == [0, 1, 2])
    if schema == .v1 { #expect(tickets == [0, 2, 1]) }
    let books = try bench.engine.accountingSnapshot(209)
    #expect(books.totalPrizePaid == 210 && books.totalOperationsPaid == 15)
  }

  @Test(arguments: Schema.allCases)
  func `partner_payout_respects_operations_cap`(schema: Schema) throws {
    var bench = try LotteryBench.payReady(201, schema)
    bench.grantPayout(LotteryAddress(0x99), 100)
    try bench.pay(201, round: 1, winners: 2, 140, 15, at: 50)
    try bench.refuses(.operationsAllocExceeded) { bench throws(LotteryError) in
      try bench.payPartner(201, 0x99, 10, at: 60)
    }
  }

  @Test(arguments: Schema.allCases)
  func `partner_payout_requires_cap`(schema: Schema) throws {
    var bench = try LotteryBench.payReady(202, schema)
    try bench.pay(202, round: 1, winners: 2, 100, 5, at: 10)
    try bench.refuses(.partnerPayoutCapMissing) { bench throws(LotteryError) in
      try bench.payPartner(202, 0x55, 5, at: 20)
    }
  }

  @Test(arguments: Schema.allCases)
  func `partner_payout_cannot_exceed_cap`(schema: Schema) throws {
    var bench = try LotteryBench.payReady(210, schema)
    bench.grantPayout(LotteryAddress(0x99), 15)
    try bench.pay(210, round: 1, winners: 2, 140, 5, at: 50)
    try bench.refuses(.partnerPayoutBudgetExceeded) { bench throws(LotteryError) in
      try bench.payPartner(210, 0x99, 16, at: 60)
    }
  }

  @Test(arguments: Schema.allCases)
  func `payout_batch_respects_prize_cap`(schema: Schema) throws {
    var bench = try LotteryBench.payReady(203, schema)
    try bench.refuses(.payoutAllocExceeded) { bench throws(LotteryError) in
      try bench.pay(203, round: 1, winners: 1, 151, 0, at: 50)
    }
    try bench.pay(203, round: 1, winners: 1, 150, 0, at: 50)
  }

  @Test(arguments: Schema.allCases)
  func `payout_round_cannot_skip`(schema: Schema) throws {
    var bench = try LotteryBench.payReady(204, schema)
    try bench.pay(204, round: 1, winners: 1, 10, 1, at: 50)
    try bench.refuses(.payoutBatchNonce) { bench throws(LotteryError) in
      try bench.pay(204, round: 3, winners: 1, 10, 1, at: 60)
    }
  }

  @Test(arguments: Schema.allCases)
  func `finalize_requires_all_winners`(schema: Schema) throws {
    var bench = try LotteryBench.drawn(205, schema)
    _ = try bench.engine.computeWinnersAdmin(205, batchLimit: 1, bench.at(30))
    bench.force(205, .payout)
    try bench.refuses(.finalizationIncomplete) { bench throws(LotteryError) in
      _ = try bench.engine.finalizeLotteryAdmin(205, bench.at(2000))
    }
  }

  @Test(arguments: Schema.allCases)
  func `finalize_records_summary`(schema: Schema) throws {
    // In schema 1 exactly as in the vector: one winner configured, two said to be paid.
    var bench = try LotteryBench.payReady(206, schema, winners: schema == .v1 ? 1 : 2)
    try bench.pay(206, round: 1, winners: 2, 140, 10, at: 1000)
    _ = try bench.engine.finalizeLotteryAdmin(206, bench.at(9999))
    #expect(try bench.engine.lottery(206).status == .finalized)
    let summary = try #require(bench.engine.history?.summaries[206])
    #expect(summary.status == 6 && summary.totalPrizePaid == 140 && summary.totalOperationsPaid == 10)
    #expect(summary.payoutRound == 1 && summary.ticketsSold == 2 && summary.finalizedAt == 9999)
    if schema == .v1 {
      let hash = "0x1b61579f42efc45311c84a521fad0e67be7d44b7e3f49ec0feb3c55cb8ce97b1"
      #expect(summary.archiveHash.description == hash, "spec 6.6")
    }
  }

  @Test(arguments: Schema.allCases)
  func `payout_batch_rejected_after_finalization`(schema: Schema) throws {
    var bench = try LotteryBench.payReady(207, schema)
    try bench.pay(207, round: 1, winners: 2, 140, 10, at: 1000)
    _ = try bench.engine.finalizeLotteryAdmin(207, bench.at(9999))
    try bench.refuses(.drawStatusInvalid) { bench throws(LotteryError) in
      try bench.pay(207, round: 2, winners: 0, 1, 0, at: 10_000)
    }
  }

  @Test(arguments: Schema.allCases)
  func `partner_payout_rejected_after_finalization`(schema: Schema) throws {
    var bench = try LotteryBench.payReady(208, schema)
    bench.grantPayout(LotteryAddress(0x88), 50)
    try bench.pay(208, round: 1, winners: 2, 140, 5, at: 1000)
    _ = try bench.engine.finalizeLotteryAdmin(208, bench.at(9999))
    try bench.refuses(.drawStatusInvalid) { bench throws(LotteryError) in
      try bench.payPartner(208, 0x88, 5, at: 10_000)
    }
  }

  @Test(arguments: Schema.allCases)
  func `accounting_aligns_with_summary_and_view`(schema: Schema) throws {
    var bench = try LotteryBench.payReady(211, schema)
    try bench.pay(211, round: 1, winners: 2, 140, 10, at: 1000)
    _ = try bench.engine.finalizeLotteryAdmin(211, bench.at(9999))
    let books = try bench.engine.accountingSnapshot(211)
    let summary = try #require(bench.engine.history?.summaries[211])
    #expect(books.totalSales == 200 && books.totalAllocated >= books.totalPrizePaid)
    #expect(books.totalOperationsAllocated >= books.totalOperationsPaid)
    #expect(summary.totalAllocated == books.totalAllocated && summary.totalPrizePaid == books.totalPrizePaid)
    #expect(summary.totalOperationsPaid == books.totalOperationsPaid && summary.payoutRound == 1)
  }

  // MARK: Named in the handbook

  @Test(arguments: Schema.allCases)
  func `refund_batch_records_progress`(schema: Schema) throws {
    var bench = try LotteryBench(schema)
    try bench.open(1)
    try bench.buy(1, 1, 3, at: 20)
    _ = try bench.engine.cancelLotteryAdmin(1, reason: 2, bench.at(30))
    try bench.refund(1, 1, tickets: 1, 60, 40, at: 35)
    let events = try bench.refund(1, 2, tickets: 1, 70, 30, at: 36)
    #expect(
      events == [
        .refundBatch(
          RefundBatchEvent(
            lotteryId: 1, refundRound: 2, ticketsRefunded: 1, prizeRefunded: 70, operationsRefunded: 30,
            totalTicketsRefunded: 2, totalAmountRefunded: 200, timestamp: 36))
      ])
    let shares = try bench.engine.refundShares(1, tickets: 5)
    #expect(shares.map(\.tickets) == [1] && shares.map(\.amount) == [100])
  }

  @Test(arguments: Schema.allCases)
  func `archive_canceled_records_summary`(schema: Schema) throws {
    var bench = try LotteryBench(schema)
    try bench.open(1)
    try bench.buy(1, 1, at: 20)
    _ = try bench.engine.cancelLotteryAdmin(1, reason: 2, bench.at(30))
    try bench.refund(1, 1, tickets: 1, 100, 0, at: 35)
    _ = try bench.engine.archiveCanceledLotteryAdmin(1, bench.at(40))
    let summary = try #require(bench.engine.history?.summaries[1])
    #expect(summary.status == 7 && summary.payoutRound == 1)
    _ = try bench.engine.archiveCanceledLotteryAdmin(1, bench.at(40))
  }

  // MARK: Beyond the catalogue

  @Test func `schema 2 pays no winner twice, and finalizes when all are paid or waived`() throws {
    var bench = try LotteryBench.payReady(1, .v2)
    try bench.refuses(.winnersPaidExceeded) { bench throws(LotteryError) in
      try bench.pay(1, round: 1, winners: 3, 10, 0, at: 50)
    }
    try bench.pay(1, round: 1, winners: 1, 10, 0, at: 50)
    try bench.refuses(.winnersUnpaid) { bench throws(LotteryError) in
      _ = try bench.engine.finalizeLotteryAdmin(1, bench.at(60))
    }
    try bench.engine.waiveWinnersAdmin(1, count: 1, bench.at(60))
    try bench.refuses(.timeReversed) { bench throws(LotteryError) in
      _ = try bench.engine.finalizeLotteryAdmin(1, bench.at(49))
    }
    _ = try bench.engine.finalizeLotteryAdmin(1, bench.at(60))
  }

  @Test func `schema 2 pays two lotteries by one cap, and refunds no more than is left`() throws {
    var bench = try LotteryBench.payReady(1, .v2)
    try bench.open(2)
    try bench.buy(2, 1, at: 20)
    _ = try bench.engine.cancelLotteryAdmin(2, reason: 2, bench.at(30))
    try bench.pay(1, round: 1, winners: 1, 60, 0, at: 50)
    try bench.refund(2, 1, tickets: 1, 100, 0, at: 50)
    _ = try bench.engine.cancelLotteryAdmin(1, reason: 2, bench.at(60))
    try bench.refuses(.refundAfterPayout) { bench throws(LotteryError) in
      try bench.refund(1, 1, tickets: 2, 141, 0, at: 61)
    }
    try bench.refund(1, 1, tickets: 2, 140, 0, at: 61)
    _ = try bench.engine.archiveCanceledLotteryAdmin(1, bench.at(62))
  }

  @Test func `an emergency stop stops purchases, draws and payouts; refunds and archive go on`() throws {
    var bench = try LotteryBench.payReady(1, .v2)
    try bench.open(2)
    try bench.buy(2, 1, at: 20)
    _ = try bench.engine.setEmergencyStop(reason: [1], bench.at(30))
    try bench.refuses(.emergencyStop) { bench throws(LotteryError) in try bench.buy(2, 1, at: 30) }
    try bench.refuses(.emergencyStop) { bench throws(LotteryError) in try bench.request(2, nonce: 1, at: 30) }
    try bench.refuses(.emergencyStop) { bench throws(LotteryError) in
      try bench.pay(1, round: 1, winners: 1, 1, 0, at: 30)
    }
    _ = try bench.engine.cancelLotteryAdmin(2, reason: 2, bench.at(31))
    try bench.refund(2, 1, tickets: 1, 100, 0, at: 32)
    _ = try bench.engine.archiveCanceledLotteryAdmin(2, bench.at(33))
    // One person asks twice: nothing. A second one clears it.
    let second = LotteryAddress(0x0F)
    try bench.engine.setEmergencyOperators([second], bench.at(33))
    #expect(try bench.engine.clearEmergencyStop(bench.at(34)) == [])
    #expect(try bench.engine.clearEmergencyStop(bench.at(35)) == [])
    #expect(try bench.engine.clearEmergencyStop(Context(actor: second, now: 36)).count == 1)
    try bench.pay(1, round: 1, winners: 1, 1, 0, at: 37)
  }
}

extension LotteryBench {
  /// PAYREADY before the winners: two tickets sold, number and payload hash by the seam, drawn.
  static func drawn(_ id: UInt64, _ schema: Schema, winners: UInt16 = 2) throws(LotteryError) -> LotteryBench {
    var bench = try LotteryBench(schema)
    try bench.open(id, Samples.config(winners: winners))
    try bench.buy(id, 1, at: 20, block: 1)
    try bench.buy(id, 2, at: 22, block: 2)
    try bench.close(id)
    bench.force(id, numbers: [UInt256(0x0102_0304_0506_0708)], payload: "payload-payout-tests", block: 10)
    bench.force(id, .drawn)
    return bench
  }

  /// PAYREADY.
  static func payReady(_ id: UInt64, _ schema: Schema, winners: UInt16 = 2) throws(LotteryError) -> LotteryBench {
    var bench = try drawn(id, schema, winners: winners)
    _ = try bench.engine.computeWinnersAdmin(id, batchLimit: 10, bench.at(30))
    return bench
  }

  mutating func grantPayout(_ partner: LotteryAddress, _ total: UInt64) {
    engine.apply(
      PartnerPayoutCap(
        partner: partner, maxTotalPayout: total, payoutCooldownSecs: 0, nonceStride: 1, expiresAt: 0))
  }

  @discardableResult
  mutating func pay(
    _ id: UInt64, round: UInt64, winners: UInt64, _ prize: UInt64, _ operations: UInt64, at now: UInt64
  ) throws(LotteryError) -> [LotteryEvent] {
    try engine.recordPayoutBatchAdmin(
      id, round: round, winnersPaid: winners, prizePaid: prize, operationsPaid: operations, at(now))
  }

  @discardableResult
  mutating func payPartner(
    _ id: UInt64, _ partner: UInt64, _ amount: UInt64, at now: UInt64
  ) throws(LotteryError) -> [LotteryEvent] {
    try engine.recordPartnerPayoutAdmin(id, partner: LotteryAddress(partner), amount: amount, round: 1, at(now))
  }

  @discardableResult
  mutating func refund(
    _ id: UInt64, _ round: UInt64, tickets: UInt64, _ prize: UInt64, _ operations: UInt64, at now: UInt64
  ) throws(LotteryError) -> [LotteryEvent] {
    try engine.forceRefundBatchAdmin(
      id, round: round, ticketsRefunded: tickets, prizeRefund: prize, operationsRefund: operations, at(now))
  }
}
