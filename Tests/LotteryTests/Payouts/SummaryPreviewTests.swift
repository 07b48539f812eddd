import Codecs
@testable import Lottery
import Testing

/// What is asked before money moves or the archive is written.
@Suite("Previews and shares")
struct SummaryPreviewTests {
  @Test(arguments: Schema.allCases)
  func `an expectation made of a preview is met by the finalisation at that time`(schema: Schema) throws {
    var bench = try LotteryBench.payReady(206, schema)
    try bench.engine.initDualWrite(abortOnMismatch: true, abortOnMissing: true, bench.at(0))
    try bench.pay(206, round: 1, winners: 2, 140, 10, at: 1000)
    let before = bench.engine
    let preview = try bench.engine.previewSummary(206, finalizedAt: 9999)
    #expect(bench.engine == before)
    _ = try bench.engine.setExpectedHash(id: 206, hash: preview.hash.bytes, bench.at(2000))
    expectRefusal(.historyMismatch) { () throws(LotteryError) in
      _ = try bench.engine.finalizeLotteryAdmin(206, bench.at(9998))
    }
    _ = try bench.engine.finalizeLotteryAdmin(206, bench.at(9999))
    #expect(try bench.engine.getLotterySummary(206) == preview.summary)
    #expect(!bench.engine.hasExpectedHash(206))
  }

  @Test(arguments: Schema.allCases)
  func `a canceled lottery has a preview as well`(schema: Schema) throws {
    var bench = try LotteryBench(schema)
    try bench.open(307)
    try bench.buy(307, 1, at: 25)
    _ = try bench.engine.cancelLotteryAdmin(307, reason: 3, bench.at(40))
    expectRefusal(.refundProgressIncomplete) { () throws(LotteryError) in
      _ = try bench.engine.previewSummary(307, finalizedAt: 80)
    }
    try bench.refund(307, 1, tickets: 1, 70, 30, at: 55)
    #expect(try bench.engine.previewSummary(307, finalizedAt: 80).summary.status == 7)
  }

  @Test func `the shares of a payout name each winner once, in order`() throws {
    var bench = try LotteryBench.payReady(1, .v2)
    let winners = bench.engine.winners(1, from: 0, limit: 10)
    #expect(winners.count == 2)
    #expect(try bench.engine.payoutShares(1, winners: 2) == winners)
    try bench.pay(1, round: 1, winners: 1, 10, 0, at: 50)
    #expect(try bench.engine.payoutShares(1, winners: 1) == [winners[1]])
    expectRefusal(.winnersPaidExceeded) { () throws(LotteryError) in
      _ = try bench.engine.payoutShares(1, winners: 2)
    }
    try bench.engine.waiveWinnersAdmin(1, count: 1, bench.at(60))
    #expect(try bench.engine.payoutShares(1, winners: 0).isEmpty)
    expectRefusal(.payoutStateMissing) { () throws(LotteryError) in
      _ = try bench.engine.payoutShares(2, winners: 0)
    }
  }
}
