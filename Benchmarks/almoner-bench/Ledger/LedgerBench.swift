import Chains
import Codecs
import Engine
import Foundation
import Ledger
import Money
import Payouts
import Store

/// `ledger --csv FILE --dir DIR --group N`: postings on one hot account, N a commit.
///
/// Each is a payout of a campaign canceled by itself: debit `reserved`, credit `released`, with limit check, transfer row,
/// its own audit record in the hash chain, its outbox event and its payout row, all in the commit that posts it.
enum LedgerBench {
  static func run(_ options: Options) throws {
    let group = try options.number("group", 1_000)
    let directory = try options.text("dir")
    let path = "\(directory)/ledger-\(getpid()).db"
    defer { Desk.remove(path) }
    var desk = try Desk(path, chain: ChainID(.evm, 31_337), token: nil)
    _ = try desk.ingest(try options.text("csv"), spill: directory)
    let campaign = desk.campaign
    let writes = try writes(of: campaign, desk.store)

    let measure = Measure()
    for start in stride(from: 0, to: writes.count, by: group) {
      let part = Array(writes[start..<min(start + group, writes.count)])
      try desk.store.commit(Commit(guardedBy: nil, actor: Desk.actor, at: WallClock().now(), writes: part))
    }
    let took = (measure.seconds, measure.processorSeconds)

    let balances = try desk.store.balances(owner: "campaign/\(campaign.id)")
    let reserved = balances[Account(campaign.id, .reserved, campaign.asset)]
    let released = balances[Account(campaign.id, .released, campaign.asset)]
    let problems = try desk.store.checkInvariants()
    guard problems.isEmpty, reserved?.available == .zero, let sum = released?.posted else {
      throw Options.Missing(description: "the ledger does not balance: \(problems)")
    }
    var line = ResultLine()
    line.add(took, of: writes.count)
    line.add("group", group)
    line.add("checksum", sum)
    line.print()
  }

  private static func writes(of campaign: Campaign, _ store: any PayoutStore) throws -> [Write] {
    var writes: [Write] = []
    var after: PayoutID?
    while true {
      let page = try store.queued(campaign.id, after: after, limit: 5_000)
      for payee in page {
        let run = PayoutRun(first: payee.payout, last: payee.payout)
        writes.append(
          .failQueued(
            FailedQueued(
              campaign: campaign.id, asset: campaign.asset, reason: .canceled, runs: [run], count: 1,
              units: payee.units)))
      }
      guard page.count == 5_000, let last = page.last else { return writes }
      after = last.payout
    }
  }
}
