import Audit
import Chains
import Codecs
import Engine
import Ledger
import Money
import Payouts

extension LotteryDesk {
  /// Recomputes what must always hold: the sentences that are not true, empty when all is well.
  ///
  /// Ledger against books and books against the engine's accounting, `allocated >= paid`, rounds that only rise, and the
  /// digest of every part of the journal against the audit trail. Reads everything: minutes for millions of entries.
  package func check() throws -> [String] {
    try catchUp()
    guard let standing else { return ["the journal was not read"] }
    var faults: [String] = []
    for id in standing.engine.registry?.orderedIds ?? [] {
      let pots = standing.books.pots[id] ?? LotteryPots()
      faults += try ledgerFaults(id, pots)
      faults += try accountingFaults(id, pots, standing.engine)
      faults += try orderFaults(id, standing.books)
    }
    faults += roundFaults(standing.books)
    for batch in standing.books.batches { faults += try campaignFaults(batch, standing.engine) }
    faults += try journalFaults()
    return faults
  }

  private func ledgerFaults(_ id: UInt64, _ pots: LotteryPots) throws -> [String] {
    try LotteryPot.allCases.compactMap { pot in
      let account = pot.account(id, settings.asset)
      let posted = (try store.balances(owner: account.owner)[account] ?? Balance()).posted
      guard posted != pots[pot] else { return nil }
      return "\(account) holds \(posted?.description ?? "less than nothing"), the journal says \(pots[pot])"
    }
  }

  /// What the lottery has handed over is what its batches are.
  private func orderFaults(_ id: UInt64, _ books: LotteryBooks) throws -> [String] {
    let account = LotteryOwner.ordered(id, settings.asset)
    let posted = (try store.balances(owner: account.owner)[account] ?? Balance()).posted
    let batches = try books.batches.filter { $0.lottery == id }.reduce(UInt256.zero) {
      try $0.adding(UInt256($1.units))
    }
    guard posted != batches else { return [] }
    return ["\(account) holds \(posted?.description ?? "less than nothing"), the batches are \(batches)"]
  }

  private func accountingFaults(_ id: UInt64, _ pots: LotteryPots, _ engine: LotteryEngine) throws -> [String] {
    guard let sales = engine.sales?.states[id] else { return [] }
    var faults: [String] = []
    let books = sales.accounting
    if books.totalAllocated < books.totalPrizePaid {
      faults.append("lottery \(id) has paid \(books.totalPrizePaid) of \(books.totalAllocated) in prizes")
    }
    if books.totalOperationsAllocated < books.totalOperationsPaid {
      faults.append(
        "lottery \(id) has paid \(books.totalOperationsPaid) of \(books.totalOperationsAllocated) for operations")
    }
    let paid = try UInt256(books.totalPrizePaid).adding(UInt256(books.totalOperationsPaid))
    let back = try UInt256(sales.refund.prizeTotal).adding(UInt256(sales.refund.operationsTotal))
    let held = try LotteryPot.allCases.reduce(UInt256.zero) { try $0.adding(pots[$1]) }
    if try held.adding(paid).adding(back) != UInt256(books.totalSales) {
      faults.append("lottery \(id) sold for \(books.totalSales), but holds \(held), paid \(paid) and gave back \(back)")
    }
    guard engine.registry?.cancellations[id] == nil else { return faults }
    if try pots.prize.adding(UInt256(books.totalPrizePaid)) != UInt256(books.totalAllocated) {
      faults.append("lottery \(id): prizes held and paid are not the \(books.totalAllocated) allocated")
    }
    let operations = try pots.operations.adding(pots.vault).adding(UInt256(books.totalOperationsPaid))
    if operations != UInt256(books.totalOperationsAllocated) {
      faults.append("lottery \(id): operations held and paid are not the \(books.totalOperationsAllocated) allocated")
    }
    return faults
  }

  /// The batch's campaign pays exactly whom the batch names, once each, and moves exactly its units.
  private func campaignFaults(_ batch: LotteryBatch, _ engine: LotteryEngine) throws -> [String] {
    guard let campaign = try store.campaign(named: batch.name) else { return ["the campaign \(batch.name) is gone"] }
    guard campaign.readyOrdinal > 0 else { return [] }
    let accounts = try store.balances(owner: Account(campaign.id, .reserved, settings.asset).owner)
    let total = try accounts.filter { !$0.key.isExternal }.values.reduce(UInt256.zero) { sum, balance in
      try sum.adding(balance.posted ?? .zero)
    }
    var faults: [String] = []
    if total != UInt256(batch.units) {
      faults.append("\(batch.name) was given \(batch.units), its accounts hold \(total)")
    }
    let payees = try batch.payees(engine, on: settings.chain)
    var due: [Address: LotteryPayee] = [:]
    for payee in payees { due[payee.address] = payee }
    var after: PayoutID?
    while true {
      let page = try store.payouts(campaign.id, status: nil, after: after, limit: LotteryDesk.page)
      for view in page {
        guard let payee = due.removeValue(forKey: view.address) else {
          faults.append("\(batch.name) pays \(view.key), whom it does not name")
          continue
        }
        if payee.units != view.units || payee.key != view.key {
          faults.append("\(view.key) is paid \(view.units), \(payee.key) is due \(payee.units)")
        }
      }
      guard page.count == LotteryDesk.page, let last = page.last else { break }
      after = last.payout
    }
    if !due.isEmpty { faults.append("\(batch.name) does not pay \(due.count) of those whom it names") }
    return faults
  }

  private func roundFaults(_ books: LotteryBooks) -> [String] {
    var last: [String: UInt64] = [:]
    var faults: [String] = []
    for batch in books.batches {
      let name = "\(batch.lottery)/\(batch.word)"
      if let before = last[name], before >= batch.number {
        faults.append("\(batch.name) came after round \(before)")
      }
      last[name] = batch.number
    }
    return faults
  }

  /// Every record of the trail about the journal holds the digest of the entries that it names, and names all of them.
  private func journalFaults() throws -> [String] {
    var faults: [String] = []
    var next: Int64 = 1
    var after: AuditHead?
    while true {
      let records = try store.auditRecords(after: after, limit: LotteryDesk.page)
      for record in records
      where record.draft.action == "journal.appended" && record.draft.entityID == LotteryEntry.journal {
        guard let range = LotteryDesk.range(record.draft.details), range.first == next else {
          faults.append("the audit trail does not go on at entry \(next)")
          return faults
        }
        let rows = try store.entries(
          LotteryEntry.journal, after: range.first - 1, limit: Int(range.last - range.first) + 1)
        let part = JournalPart(journal: LotteryEntry.journal, after: range.first - 1, entries: rows.map(\.entry))
        if record.draft.root != part.digest {
          faults.append("entries \(range.first) to \(range.last) are not those of the audit trail")
        }
        next = range.last + 1
      }
      guard records.count == LotteryDesk.page, let last = records.last else { break }
      after = AuditHead(chain: last.chain, sequence: last.sequence, hash: last.hash)
    }
    if try store.lastEntry(LotteryEntry.journal) != next - 1 {
      faults.append("the audit trail ends at entry \(next - 1)")
    }
    return faults
  }

  /// First and last entry that a record names; at most a million.
  private static func range(_ details: String) -> (first: Int64, last: Int64)? {
    guard let json = try? JSON.parse(details), let first = json["first"]?.number.flatMap({ Int64($0) }),
      let last = json["last"]?.number.flatMap({ Int64($0) }), first >= 1, first <= last, last - first < 1_000_000
    else { return nil }
    return (first, last)
  }
}
