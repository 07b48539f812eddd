import Audit
import Chains
import Codecs
import Engine
import Ledger
import Money
import Payouts
import Synchronization
import Testing

@testable import Airdrop

@Suite("Campaign report: figures")
struct CampaignReportTests {
  @Test func `batches, attempts, bumps, voids and credits are counted from what the store holds`() throws {
    let report = try ReportSamples.report(ReportSamples.small())
    let batches = report.batches
    #expect(batches.count == 4)
    #expect(batches[.final].batches == 2 && batches[.final].payouts == 8)
    #expect(batches[.dead].batches == 1 && batches[.live].payouts == 1 && batches.unknown == 1)
    #expect(batches.attempts == 7 && batches.bumps == 2 && batches.voids == 1)
    // Four in full, and three of the four whose evidence is about single payees.
    #expect(batches.credited == 7)
    #expect(batches.verdicts == ["paid": 1, "credited": 1, "reverted": 1])
    #expect(batches.fewestWitnesses == 3)
    #expect(batches.waiting.map(\.slot) == [3] && batches.slowest.map(\.slot) == [1, 2, 0])
  }

  @Test func `fees are summed and shared among recipients to the last unit`() throws {
    let fees = try ReportSamples.report(ReportSamples.small()).batches.fees
    #expect(fees.total == UInt256(8_100_000_000_000_001))
    #expect(fees.ofPaying == UInt256(8_000_000_000_000_001) && fees.ofDead == UInt256(100_000_000_000_000))
    let share = try #require(fees.shared(among: 7))
    #expect(try share.each.multiplied(by: UInt256(7)).adding(UInt256(share.rest)) == fees.total)
    #expect(share.rest == 2)
    #expect(fees.shared(among: 0) == nil)
  }

  @Test func `files, decimals, approval, actions and reconciliation come from the operators' records alone`() throws {
    let report = try ReportSamples.report(ReportSamples.small())
    #expect(report.loads.rows == 13 && report.loads.rejected == 2 && report.loads.newestHash == "0xfeed")
    #expect(report.scale.decimals == 6)
    #expect(report.approval.approvedAt == ReportSamples.at(-60) && report.approval.holds)
    #expect(report.life.first.map(\.action).last == "reconcile.completed")
    #expect(report.reconciliation?.isClean == false && report.reconciliation?.mismatches.map(\.kind) == ["unpaid"])
    #expect(report.audit.records == 45 && report.audit.unsealed == 11 && report.audit.checkpoint?.number == 2)
    #expect(report.audit.heads.map(\.chain) == [0, 1])
  }

  @Test func `files read with different decimals leave sums in base units`() throws {
    var store = try ReportSamples.small()
    store.records.insert(
      ReportSamples.record(
        3, "recipients.loaded", "{\"settings\":\"{\\\"choices\\\":{\\\"decimals\\\":null}}\"}",
        at: ReportSamples.at(-2_000)), at: 2)
    let report = try ReportSamples.report(store)
    #expect(report.scale.decimals == nil)
    #expect(report.text.contains("6,000,000 base units"))
  }

  @Test func `a changed amount is no longer what was approved, and the report says so`() throws {
    var store = try ReportSamples.small()
    let row = store.payoutRow
    store.payoutRow = {
      $0.ordinal == 4 ? ReportSamples.payout($0, .confirmed, units: UInt256(1_000_001)) : row($0)
    }
    let report = try ReportSamples.report(store)
    #expect(!report.approval.holds)
    #expect(report.text.contains("! What stands in the campaign is not what was approved"))
    #expect(report.html.contains("NOT the same"))
  }

  @Test func `a ledger that differs from the payouts is called out, role by role`() throws {
    var store = try ReportSamples.small()
    store.accounts[Account(ReportSamples.id, .paid, ReportSamples.asset)] = ReportSamples.balance(credit: 5)
    let report = try ReportSamples.report(store)
    #expect(report.ledger.filter { !$0.agrees }.map(\.role) == ["paid"])
    #expect(report.text.contains("differs from the payouts in: paid"))
    #expect(report.text.contains("The ledger and the payouts do not agree"))
    #expect(report.html.contains("DIFFERS"))
  }

  @Test func `a campaign that moves while it is read is reported as moving, and its ledger is not accused`() throws {
    var store = try ReportSamples.small()
    store.tallyRead = { Tally(parts: [.confirmed: ReportSamples.part(Int64($0))]) }
    let report = try ReportSamples.report(store)
    #expect(report.isMoving)
    #expect(report.warnings.contains { $0.contains("Payouts moved while this report was read") })
    #expect(!report.warnings.contains { $0.contains("do not agree") })
  }

  @Test func `a tally that settles between two reads is taken with its own balances`() throws {
    var store = try ReportSamples.small()
    let rest = store.tallyRead(0)
    store.tallyRead = { $0 == 0 ? Tally(parts: [.queued: ReportSamples.part(10)]) : rest }
    let report = try ReportSamples.report(store)
    #expect(!report.isMoving && report.tally == rest && report.ledger.allSatisfy(\.agrees))
  }

  @Test func `the word of a single node is warned about`() throws {
    var store = try ReportSamples.small()
    let row = store.batchRow
    store.batchRow = {
      $0 == 0
        ? ReportSamples.batch(
          0, .final, count: 4, at: ReportSamples.at(0), took: 1, fee: .one,
          evidence: ReportSamples.evidence("paid", nodes: 1)) : row($0)
    }
    let report = try ReportSamples.report(store, notices: ["Only one node is configured."])
    #expect(report.batches.fewestWitnesses == 1)
    #expect(report.text.contains("! At least one batch ended on the word of a single node"))
    #expect(report.text.contains("! Only one node is configured."))
    #expect(report.html.contains("Only one node is configured."))
  }

  @Test func `numbers as large as the chain allows stay exact`() throws {
    var store = try ReportSamples.small()
    let half = try #require(UInt256.max.quotientAndRemainder(dividingBy: 2)).quotient
    store.batchCount = 2
    store.batchRow = {
      ReportSamples.batch(
        $0, .final, count: 4, at: ReportSamples.at(0), took: 5, fee: half, evidence: ReportSamples.evidence("paid"))
    }
    store.payoutCount = 1
    store.payoutRow = { ReportSamples.payout($0, .failed, units: .max, code: "payout.denied") }
    store.tallyRead = { _ in Tally(parts: [.failed: Tally.Part(count: 1, units: .max)]) }
    let report = try ReportSamples.report(store)
    let all = "115792089237316195423570985008687907853269984665640564039457584007913129639934"
    #expect(report.json["fees"]?["total"]?.string == all)
    #expect(report.json["payouts"]?["failed"]?["units"]?.string == UInt256.max.description)
    _ = try MarkupReader.read(report.html)
  }

  @Test func `sums past 256 bits are refused, never wrapped`() throws {
    var store = try ReportSamples.small()
    store.batchRow = {
      ReportSamples.batch(
        $0, .final, count: 4, at: ReportSamples.at(0), took: 5, fee: .max, evidence: ReportSamples.evidence("paid"))
    }
    #expect(throws: MoneyError.self) { try ReportSamples.report(store) }
  }

  @Test func `evidence, records and times that make no sense are shown as far as they go and stop nothing`() throws {
    var store = try ReportSamples.small()
    store.batchCount = 3
    store.batchRow = {
      switch $0 {
      case 0:
        ReportSamples.batch(
          0, .final, count: 4, at: Timestamp(milliseconds: .min), took: .max, fee: .one, evidence: "{\"credits\":[")
      case 1: ReportSamples.batch(1, .dead, count: 4, at: Timestamp(milliseconds: .max), took: -5, evidence: nil)
      default: ReportSamples.batch(2, .live, count: 1, at: Timestamp(milliseconds: .max))
      }
    }
    store.records = [ReportSamples.record(1, "recipients.loaded", "no json", at: Timestamp(milliseconds: .max))]
    let report = try ReportSamples.report(store)
    #expect(report.batches.verdicts == ["(none)": 2] && report.batches.fewestWitnesses == nil)
    #expect(report.batches.timeline.rows.count <= Int(Timeline.mostIntervals))
    _ = try MarkupReader.read(report.html)
  }

  @Test func `the same store gives the same report in every form, whatever the size of the pages`() throws {
    let store = try ReportSamples.small()
    let report = try ReportSamples.report(store)
    let again = try ReportBuilder(
      store: store, addressText: { Hex.prefixed($0.bytes) }, payoutPage: 3, batchPage: 1
    ).build(store.campaignRow, at: ReportSamples.at(300), notices: [])
    #expect(again == report)
    #expect(again.text == report.text && again.html == report.html && again.json.text == report.json.text)
  }

  @Test func `a report of many payouts and batches is no larger than that of a few, and reads in pages`() throws {
    var store = try ReportSamples.small()
    store.payoutRow = {
      ReportSamples.payout(
        $0, .failed, code: "reason-\($0.ordinal % 300)", message: String(repeating: "x", count: 2_000))
    }
    store.batchRow = {
      ReportSamples.batch(
        $0, $0 % 50 == 0 ? .live : .final, count: 1, at: ReportSamples.at(Int64($0) * 3_600), took: Int64($0) * 77,
        fee: UInt256(UInt64($0) * 1_000_003), evidence: ReportSamples.evidence("word-\($0 % 60)"))
    }
    (store.payoutCount, store.batchCount) = (6_000, 2_000)
    let some = try ReportSamples.report(store)
    (store.payoutCount, store.batchCount) = (12_000, 4_000)
    let twice = try ReportSamples.report(store)
    #expect(store.reads.longestPage.withLock { $0 } == 2_000)
    #expect(store.reads.payouts.withLock { $0 } == 18_000)
    #expect(twice.failures.count == 12_000)
    #expect(twice.failures.sorted.count == ReasonFigures.mostReasons + 1)
    #expect(twice.failures.sorted.first?.code == ReasonFigures.furtherCode)
    #expect(twice.failures.sorted.allSatisfy { $0.examples.count <= ReasonFigures.mostExamples })
    #expect(twice.batches.waiting.count == BatchFigures.mostLines && twice.batches.verdicts.count <= 11)
    #expect(twice.html.utf8.count < some.html.utf8.count * 11 / 10)
    #expect(twice.json.text.utf8.count < some.json.text.utf8.count * 11 / 10)
  }

  @Test func `a campaign without recipients has a report in every form`() throws {
    let store = ReportStore(
      campaignRow: ReportSamples.campaign(status: .pending), payoutRow: { ReportSamples.payout($0, .queued) },
      batchRow: { ReportSamples.batch($0, .live, count: 1, at: ReportSamples.at(0)) })
    let report = try ReportSamples.report(store)
    #expect(report.text.contains("No recipients have been loaded yet."))
    #expect(report.text.contains("Nobody has approved this campaign yet"))
    #expect(report.json["batches"]?["count"]?.uint64 == 0)
    let page = try MarkupReader.read(report.html)
    #expect(page.text.contains("No batch has been made yet.") && page.text.contains("No payout has failed."))
  }
}
