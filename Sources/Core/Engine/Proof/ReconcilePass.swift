import Chains
import Codecs
import Money
import Payouts

/// One comparison of a campaign's rows with the transfers that were indexed.
struct ReconcilePass {
  typealias Report = (Mismatch) throws -> Void
  private let store: any PayoutStore
  private let campaign: Campaign
  private let fromBlock: UInt64
  private(set) var onChain = Tally.Part()
  private(set) var mismatches: [Mismatch.Kind: Int] = [:]
  /// Batches of which a transaction was met.
  private var seen: Set<BatchID> = []
  /// Batches that ended by the same bytes under another signature, by the transaction that the evidence names.
  private var resigned: [Hash32: BatchView] = [:]

  init(store: any PayoutStore, campaign: Campaign, fromBlock: UInt64) {
    self.store = store
    self.campaign = campaign
    self.fromBlock = fromBlock
  }

  /// A payee of a batch, and whether the store says that the chain has credited it in full.
  private struct Promise {
    let payee: Payee
    let isKept: Bool
  }

  // MARK: Evidence

  /// Looks at the evidence of all final batches. Throws `rail.no_quorum` when nodes are not as far as that: then what is
  /// missing on the chain says nothing yet.
  mutating func readEvidence(through: UInt64) throws {
    var newest: UInt64 = 0
    try eachFinal { pass, view in
      guard let evidence = ReadEvidence(view.evidence) else { return }
      newest = max(newest, evidence.block)
      if !view.batch.attempts.contains(where: { $0.signed?.hash == evidence.spender }) {
        pass.resigned[evidence.spender] = view
      }
    }
    guard newest <= through || newest < fromBlock else {
      throw RailError(
        .noQuorum, "payouts are confirmed in block \(newest), nodes now call final what ends with block \(through)",
        hint: "nodes lag, or the chain was set back: wait, and reconcile again")
    }
  }

  private mutating func eachFinal(_ body: (inout ReconcilePass, BatchView) throws -> Void) throws {
    var after: BatchID?
    while true {
      let page = try store.batches(campaign.id, after: after, limit: 500)
      for view in page where view.batch.state == .final { try body(&self, view) }
      guard let last = page.last, page.count == 500 else { return }
      after = last.batch.id
    }
  }

  private func promises(of view: BatchView) throws -> [Promise] {
    let payees = try store.payees(view.batch.id)
    let evidence = ReadEvidence(view.evidence)
    return payees.enumerated().map { place, payee in
      Promise(payee: payee, isKept: view.batch.state == .final && evidence?.credits(place) ?? true)
    }
  }

  // MARK: Chain to payouts

  /// Compares every indexed transfer, block by block.
  mutating func walk(_ name: String, _ report: Report) throws {
    var after: (block: UInt64, index: UInt64, transaction: Hash32)?
    var block: [ChainTransfer] = []
    while true {
      let page = try store.indexedTransfers(name, after: after, limit: 2_000)
      for transfer in page where transfer.blockNumber >= fromBlock {
        if let first = block.first, first.blockNumber != transfer.blockNumber {
          try compare(block: block, report)
          block = []
        }
        block.append(transfer)
      }
      guard let last = page.last, page.count == 2_000 else { break }
      after = (last.blockNumber, last.index, last.transaction)
    }
    try compare(block: block, report)
  }

  /// Places are counted within a transaction on some rails, so transfers of one may stand between those of others.
  private mutating func compare(block: [ChainTransfer], _ report: Report) throws {
    var groups = Dictionary(grouping: block, by: \.transaction)
    for transfer in block {
      if let group = groups.removeValue(forKey: transfer.transaction) { try compare(transaction: group, report) }
    }
  }

  private mutating func compare(transaction group: [ChainTransfer], _ report: Report) throws {
    guard let first = group.first else { return }
    guard let view = try store.batch(transaction: first.transaction) ?? resigned[first.transaction] else {
      for transfer in group {
        try add(.chainOnly, transfer, nil, "no attempt of this store has this transaction", report)
      }
      return
    }
    guard let owner = view.batch.campaign else {
      for transfer in group { try add(.chainOnly, transfer, nil, "batch \(view.batch.id) pays nobody", report) }
      return
    }
    guard owner == campaign.id else { return }
    let isFirst = seen.insert(view.batch.id).inserted
    let promises = try promises(of: view)
    var open = Dictionary(grouping: promises.indices, by: { promises[$0].payee.address })
    for transfer in group { try compare(transfer, view.batch, promises, &open, isFirst: isFirst, report) }
    guard isFirst else { return }
    for place in open.values.flatMap(\.self).sorted() where promises[place].isKept {
      try add(
        promises[place].payee, first.transaction, "confirmed, but its transaction does not show the transfer", report)
    }
  }

  /// `open`: the places of promises that no transfer was matched with yet.
  private mutating func compare(
    _ transfer: ChainTransfer, _ batch: Batch, _ promises: [Promise], _ open: inout [Address: [Int]], isFirst: Bool,
    _ report: Report
  ) throws {
    guard let places = open[transfer.to] else {
      // Of a batch's whole sum: most likely the draw of a batch contract that is not configured any more.
      let why = transfer.units == batch.total ? "; it is the batch's whole sum: was another batch contract used?" : ""
      return try add(.chainOnly, transfer, nil, "batch \(batch.id) does not pay this address\(why)", report)
    }
    guard isFirst, let place = places.first(where: { promises[$0].payee.units == transfer.units }) ?? places.first
    else {
      let payout = promises.first { $0.payee.address == transfer.to }?.payee.payout
      let why = "batch \(batch.id) paid this address more often than promised"
      return try add(.paidTwice, transfer, payout, why, report)
    }
    open[transfer.to] = places.filter { $0 != place }
    let payee = promises[place].payee
    if payee.units != transfer.units {
      try add(.wrongAmount, transfer, payee.payout, "promised \(payee.units), moved \(transfer.units)", report)
    } else if promises[place].isKept {
      onChain.count += 1
      onChain.units = try onChain.units.adding(transfer.units)
    } else {
      let why = batch.state == .final ? "its evidence does not show the credit" : "it is \(batch.state.rawValue)"
      try add(.paidUnconfirmed, transfer, payee.payout, "batch \(batch.id): \(why)", report)
    }
  }

  // MARK: Payouts to chain

  /// Every final batch that ended since the start block must have been met.
  mutating func compareBatches(_ report: Report) throws {
    try eachFinal { pass, view in
      guard !pass.seen.contains(view.batch.id) else { return }
      let evidence = ReadEvidence(view.evidence)
      guard evidence.map({ $0.block >= pass.fromBlock }) ?? true else { return }
      let why =
        evidence.map { "confirmed in block \($0.block), but the chain's final blocks do not show the transfer" }
        ?? "confirmed by evidence that cannot be read"
      for promise in try pass.promises(of: view) where promise.isKept {
        try pass.add(promise.payee, nil, why, report)
      }
    }
  }

  /// File to payouts: who is still unpaid, and why; and the ledger's own sums.
  mutating func compareRows(_ report: Report) throws {
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

  // MARK: Findings

  private mutating func add(_ mismatch: Mismatch, _ report: Report) throws {
    mismatches[mismatch.kind, default: 0] += 1
    try report(mismatch)
  }

  private mutating func add(
    _ kind: Mismatch.Kind, _ transfer: ChainTransfer, _ payout: PayoutID?, _ why: String, _ report: Report
  ) throws {
    try add(
      Mismatch(
        kind: kind, payout: payout, address: transfer.to, units: transfer.units, transaction: transfer.transaction,
        explanation: why), report)
  }

  /// A payout that the ledger calls paid and the chain does not show.
  private mutating func add(_ payee: Payee, _ transaction: Hash32?, _ why: String, _ report: Report) throws {
    try add(
      Mismatch(
        kind: .ledgerOnly, payout: payee.payout, address: payee.address, units: payee.units, transaction: transaction,
        explanation: why), report)
  }
}

/// What a batch's stored evidence says (`Evidence.text`). Nil for text that is not of that shape.
private struct ReadEvidence {
  let block: UInt64
  let spender: Hash32
  private let words: [JSON]?

  init?(_ text: String?) {
    guard let text, let json = try? JSON.parse(text),
      let spender = json["spender"]?.string.flatMap({ Hex.bytes($0) }).flatMap({ Hash32($0) }),
      let block = json["statements"]?.array?.first?["block_number"]?.uint64
    else { return nil }
    self.block = block
    self.spender = spender
    words = json["credits"]?.array
  }

  /// Whether the payee at this place was credited in full; every one is unless the evidence speaks of single payees.
  func credits(_ place: Int) -> Bool {
    guard let words else { return true }
    return words.indices.contains(place) && words[place].string == "full"
  }
}
