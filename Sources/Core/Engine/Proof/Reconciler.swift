package import Chains
import Codecs
import Ledger
package import Money
package import Payouts

/// The three sides of a campaign side by side.
package struct ReconcileReport: Hashable, Sendable {
  package let campaign: CampaignID
  package let fromBlock: UInt64
  package let throughBlock: UInt64
  /// Rows of the file that stand in the campaign, and their sum.
  package let ordered: Tally.Part
  /// What the ledger says was paid.
  package let ledgerPaid: UInt256
  /// Payouts that the tables call confirmed.
  package let confirmed: Tally.Part
  /// Transfers on the chain that belong to a confirmed payout of the campaign.
  package let onChain: Tally.Part
  package let mismatches: [Mismatch.Kind: Int]

  /// Every confirmed payout is on the chain once, nothing else of ours is, and the ledger says the same.
  package var isClean: Bool { mismatches.isEmpty }
}

/// Matches final transfers of the chain with payouts and ledger, and explains every row that does not fit.
///
/// Flat in memory but for one number per final batch. Reads the chain by quorum from a checkpoint on.
package struct Reconciler {
  private let store: any PayoutStore
  private let rail: any Rail
  private let clock: any EngineClock
  private let actor: String

  package init(store: any PayoutStore, rail: any Rail, clock: any EngineClock, actor: String) {
    self.store = store
    self.rail = rail
    self.clock = clock
    self.actor = actor
  }

  /// Indexes final blocks up to the newest, then compares. `report` is called for every mismatch, in order of finding.
  package func run(
    _ campaign: Campaign, fromBlock: UInt64, report: (Mismatch) throws -> Void
  ) throws -> ReconcileReport {
    let name = "\(campaign.asset)"
    let through = try index(campaign.asset, name: name, from: fromBlock)
    var pass = Pass(store: store, campaign: campaign, fromBlock: fromBlock)
    try pass.walk(name, report)
    try pass.compareBatches(through: through, report)
    try pass.compareRows(report)
    let tally = try store.tally(campaign.id)
    let paid = try store.balances(owner: "campaign/\(campaign.id)")[Account(campaign.id, .paid, campaign.asset)]
    let result = ReconcileReport(
      campaign: campaign.id, fromBlock: fromBlock, throughBlock: through, ordered: try pass.ordered(tally),
      ledgerPaid: paid?.postedCredit ?? .zero, confirmed: tally[.confirmed], onChain: pass.onChain,
      mismatches: pass.mismatches)
    try note(result)
    return result
  }

  /// Follows the chain from the stored checkpoint (or the start block) through the newest final block.
  private func index(_ asset: AssetID, name: String, from start: UInt64) throws -> UInt64 {
    let accounts = try store.lanes().filter { $0.chain == rail.codec.chain }.map(\.account)
    var next = start
    if let known = try store.indexCheckpoint(name), known.block >= start {
      // Blocks below an earlier start were never read: then everything is read again.
      next = try store.indexCheckpoint("\(name)#start").map { $0.block <= start } ?? false ? known.block + 1 : start
    }
    if next == start {
      try store.index(
        "\(name)#start", [], checkpoint: IndexCheckpoint(block: start, hash: .zero), rollBackTo: nil)
    }
    var through = next == 0 ? 0 : next - 1
    while true {
      let page = try rail.transfers(asset, accounts: accounts, from: next)
      guard page.through >= next else { return max(through, page.finalBlock) }
      try store.index(
        name, page.transfers, checkpoint: IndexCheckpoint(block: page.through, hash: page.throughHash),
        rollBackTo: nil)
      through = page.through
      if page.through >= page.finalBlock { return through }
      next = page.through + 1
    }
  }

  private func note(_ result: ReconcileReport) throws {
    let note = Note(
      action: "reconcile.completed", entity: "campaign", entityID: result.campaign.description,
      details: [
        "from_block": .integer(result.fromBlock), "through_block": .integer(result.throughBlock),
        "ordered": .string(result.ordered.units.description), "ledger_paid": .string(result.ledgerPaid.description),
        "on_chain": .string(result.onChain.units.description), "clean": .bool(result.isClean),
        "mismatches": .object(counts(result.mismatches)),
      ], isPublic: true)
    try store.commit(Commit(guardedBy: nil, actor: actor, at: clock.now(), writes: [.note(note)]))
  }

  private func counts(_ mismatches: [Mismatch.Kind: Int]) -> JSONObject {
    var object = JSONObject()
    for kind in Mismatch.Kind.allCases {
      if let count = mismatches[kind] { _ = object.append(kind.rawValue, .integer(count)) }
    }
    return object
  }
}

/// One comparison on its way.
private struct Pass {
  let store: any PayoutStore
  let campaign: Campaign
  let fromBlock: UInt64
  var seen: Set<BatchID> = []
  var onChain = Tally.Part()
  var mismatches: [Mismatch.Kind: Int] = [:]

  init(store: any PayoutStore, campaign: Campaign, fromBlock: UInt64) {
    self.store = store
    self.campaign = campaign
    self.fromBlock = fromBlock
  }

  mutating func add(_ mismatch: Mismatch, _ report: (Mismatch) throws -> Void) throws {
    mismatches[mismatch.kind, default: 0] += 1
    try report(mismatch)
  }

  /// Chain to payouts: transfers come grouped by transaction.
  mutating func walk(_ name: String, _ report: (Mismatch) throws -> Void) throws {
    var after: (block: UInt64, index: UInt64, transaction: Hash32)?
    var group: [ChainTransfer] = []
    while true {
      let page = try store.indexedTransfers(name, after: after, limit: 2_000)
      for transfer in page where transfer.blockNumber >= fromBlock {
        if let first = group.first, first.transaction != transfer.transaction {
          try compare(group, report)
          group = []
        }
        group.append(transfer)
      }
      guard let last = page.last, page.count == 2_000 else { break }
      after = (last.blockNumber, last.index, last.transaction)
    }
    try compare(group, report)
  }

  private mutating func compare(_ group: [ChainTransfer], _ report: (Mismatch) throws -> Void) throws {
    guard let first = group.first else { return }
    guard let view = try store.batch(transaction: first.transaction) else {
      for transfer in group {
        try add(mismatch(.chainOnly, transfer, nil, "no attempt of this store has this transaction"), report)
      }
      return
    }
    guard view.batch.campaign == campaign.id else { return }
    seen.insert(view.batch.id)
    var open: [Address: [Payee]] = Dictionary(grouping: try store.payees(view.batch.id), by: \.address)
    for transfer in group {
      guard var candidates = open[transfer.to] else {
        // The draw into the batch contract precedes the payments out of it.
        if transfer.units == view.batch.total { continue }
        try add(mismatch(.chainOnly, transfer, nil, "batch \(view.batch.id) does not pay this address"), report)
        continue
      }
      guard let place = candidates.firstIndex(where: { $0.units == transfer.units }) ?? candidates.indices.first else {
        try add(
          mismatch(.paidTwice, transfer, nil, "batch \(view.batch.id) paid this address more often than promised"),
          report)
        continue
      }
      let payee = candidates.remove(at: place)
      open[transfer.to] = candidates
      if payee.units != transfer.units {
        try add(
          mismatch(.wrongAmount, transfer, payee.payout, "promised \(payee.units), moved \(transfer.units)"), report)
      } else if view.batch.state == .final {
        onChain.count += 1
        onChain.units = try onChain.units.adding(transfer.units)
      } else {
        try add(
          mismatch(.paidUnconfirmed, transfer, payee.payout, "batch \(view.batch.id) is \(view.batch.state.rawValue)"),
          report)
      }
    }
  }

  /// Payouts to chain: every final batch that ended since the start block must have been seen.
  mutating func compareBatches(through: UInt64, _ report: (Mismatch) throws -> Void) throws {
    var after: BatchID?
    while true {
      let page = try store.batches(campaign.id, after: after, limit: 500)
      for view in page where view.batch.state == .final && !seen.contains(view.batch.id) {
        guard let block = block(of: view), block >= fromBlock, block <= through else { continue }
        for payee in try store.payees(view.batch.id) where try store.payout(payee.payout)?.status == .confirmed {
          try add(
            Mismatch(
              kind: .ledgerOnly, payout: payee.payout, address: payee.address, units: payee.units, transaction: nil,
              explanation: "confirmed in block \(block), but the chain's final blocks do not show the transfer"),
            report)
        }
      }
      guard let last = page.last, page.count == 500 else { return }
      after = last.batch.id
    }
  }

  private func block(of view: BatchView) -> UInt64? {
    guard let text = view.evidence, let json = try? JSON.parse(text) else { return nil }
    return json["statements"]?.array?.first?["block_number"]?.uint64
  }

  /// File to payouts: who is still unpaid, and why; and the ledger's own sums.
  mutating func compareRows(_ report: (Mismatch) throws -> Void) throws {
    for status in [PayoutStatus.queued, .submitted, .failed] {
      var after: PayoutID?
      while true {
        let page = try store.payouts(campaign.id, status: status, after: after, limit: 2_000)
        for view in page {
          try add(
            Mismatch(
              kind: .unpaid, payout: view.payout, address: view.address, units: view.units,
              transaction: view.transaction, explanation: view.errorCode ?? status.rawValue), report)
        }
        guard let last = page.last, page.count == 2_000 else { break }
        after = last.payout
      }
    }
    for sentence in try store.checkInvariants() {
      try add(
        Mismatch(
          kind: .ledgerSum, payout: nil, address: nil, units: .zero, transaction: nil, explanation: sentence), report)
    }
  }

  func ordered(_ tally: Tally) throws -> Tally.Part {
    var part = Tally.Part()
    for status in PayoutStatus.allCases {
      part.count += tally[status].count
      part.units = try part.units.adding(tally[status].units)
    }
    return part
  }

  private func mismatch(
    _ kind: Mismatch.Kind, _ transfer: ChainTransfer, _ payout: PayoutID?, _ explanation: String
  ) -> Mismatch {
    Mismatch(
      kind: kind, payout: payout, address: transfer.to, units: transfer.units, transaction: transfer.transaction,
      explanation: explanation)
  }
}
