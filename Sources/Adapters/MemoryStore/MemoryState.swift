import Airdrop
import Audit
import Chains
import Codecs
import Engine
import Ledger
import Money
import Payouts
import Policy

/// Everything a store knows, as plain values.
struct MemoryState: Sendable {
  /// A recipient and its payout.
  struct PayoutRow: Sendable {
    let address: Address
    let units: UInt256
    let key: String?
    let rowNumber: Int64
    let metadata: String
    var status: PayoutStatus = .queued
    var batch: BatchID?
    var errorCode: String?
  }

  struct BatchRow: Sendable {
    var batch: Batch
    let runs: [PayoutRun]
    var evidence: Evidence?
    var endedAt: Timestamp?
  }

  struct LoadRow: Sendable {
    var load: Load
    var units: UInt256
    /// Rows with a caller's key, and how many of these keys are placed.
    var keyCount = 0
    var keysPlaced = 0
  }

  struct IndexPlace: Hashable, Comparable, Sendable {
    let block: UInt64
    let index: UInt64
    let transaction: Hash32

    init(block: UInt64, index: UInt64, transaction: Hash32) {
      self.block = block
      self.index = index
      self.transaction = transaction
    }

    init(_ transfer: ChainTransfer) {
      self.init(block: transfer.blockNumber, index: transfer.index, transaction: transfer.transaction)
    }

    static func < (a: IndexPlace, b: IndexPlace) -> Bool {
      (a.block, a.index, a.transaction) < (b.block, b.index, b.transaction)
    }
  }

  struct LetterPlace: Hashable, Sendable {
    let relay: String
    let event: Int64
  }

  struct Index: Sendable {
    var checkpoint: IndexCheckpoint?
    var transfers: [IndexPlace: ChainTransfer] = [:]
  }

  var uuid = ""
  var epoch: Int64 = 1
  var campaigns: [CampaignID: Campaign] = [:]
  var tallies: [CampaignID: Tally] = [:]
  var approvals: [CampaignID: Approval] = [:]
  var lanes: [LaneID: Lane] = [:]
  var journals: [JournalPlace: JournalRow] = [:]
  var journalEnds: [String: Int64] = [:]
  var journalKeys: [JournalKey: Int64] = [:]
  var loads: [Int64: LoadRow] = [:]
  var lastLoad: Int64 = 0
  /// By ordinal; rows from the campaign's `readyOrdinal` on belong to an unfinished load.
  var payouts: [CampaignID: [PayoutRow]] = [:]
  var addresses: [CampaignID: [Address: UInt32]] = [:]
  var keys: [String: PayoutID] = [:]
  var batches: [BatchID: BatchRow] = [:]
  /// Batches that live, and dead ones whose payouts wait to be halved, by lane: so that neither is looked for.
  var live: [BatchID: LaneID] = [:]
  var halving: [BatchID: LaneID] = [:]
  var attempts: [AttemptID: BatchID] = [:]
  var transactions: [Hash32: BatchID] = [:]
  var balances: [Account: Balance] = [:]
  var holds: [HoldID: Hold] = [:]
  var entries: [LedgerEntry] = []
  var audit: [Int64: [AuditRecord]] = [:]
  var checkpoints: [Checkpoint] = []
  var outbox: [OutboxEvent] = []
  var cursors: [String: Int64] = [:]
  var deadLetters: [LetterPlace: DeadLetter] = [:]
  var indexes: [String: Index] = [:]
  var people: [PersonName: Person] = [:]
  var sessions: [Hash32: Policy.Session] = [:]
  var approvalRequests: [Int64: ApprovalRequest] = [:]
  var votes: [Int64: [ApprovalVote]] = [:]
  var policies: [StoredPolicy] = []
  var safety: [SafetyState] = []
  var screenings: [CampaignID: CampaignScreening] = [:]
  var held: [PayoutID: HeldPayout] = [:]
  /// Fingerprints that people cleared, and by which decision.
  var cleared: [Hash32: ReviewDecision] = [:]
  var rates: [String: RateCount] = [:]
  var kyc: [Hash32: KYCRecord] = [:]
  var proposals: [Proposal] = []
  var answers: [Int64: ProposalAnswer] = [:]
  /// By chain and address: the newest change.
  var book: [ChainID: [Address: BookChange]] = [:]
  var bookVersion: Int64 = 0
}

/// A transaction over the state: every change notes how to take it back, so that a refusal leaves nothing behind and a
/// commit copies nothing.
struct MemoryTransaction {
  var state = MemoryState()
  private var undo: [(inout MemoryState) -> Void] = []

  /// Sets or removes one entry of a table.
  mutating func put<Key: Hashable, Value>(
    _ table: WritableKeyPath<MemoryState, [Key: Value]>, _ key: Key, _ value: Value?
  ) {
    let before = state[keyPath: table][key]
    state[keyPath: table][key] = value
    undo.append { $0[keyPath: table][key] = before }
  }

  mutating func set<Value>(_ field: WritableKeyPath<MemoryState, Value>, _ value: Value) {
    let before = state[keyPath: field]
    state[keyPath: field] = value
    undo.append { $0[keyPath: field] = before }
  }

  mutating func append<Value>(_ list: WritableKeyPath<MemoryState, [Value]>, _ value: Value) {
    state[keyPath: list].append(value)
    undo.append { _ = $0[keyPath: list].popLast() }
  }

  mutating func setAddress(_ campaign: CampaignID, _ address: Address, _ ordinal: UInt32?) {
    let before = state.addresses[campaign]?[address]
    state.addresses[campaign, default: [:]][address] = ordinal
    undo.append { $0.addresses[campaign, default: [:]][address] = before }
  }

  mutating func append(_ record: AuditRecord) {
    state.audit[record.chain, default: []].append(record)
    undo.append { _ = $0.audit[record.chain]?.popLast() }
  }

  mutating func append(_ row: MemoryState.PayoutRow, _ campaign: CampaignID) {
    state.payouts[campaign, default: []].append(row)
    undo.append { _ = $0.payouts[campaign]?.popLast() }
  }

  mutating func removeLastPayout(_ campaign: CampaignID) -> MemoryState.PayoutRow? {
    guard let row = state.payouts[campaign]?.popLast() else { return nil }
    undo.append { $0.payouts[campaign, default: []].append(row) }
    return row
  }

  /// Changes a payout, which must be there.
  mutating func change(_ payout: PayoutID, _ body: (inout MemoryState.PayoutRow) -> Void) {
    let (campaign, place) = (payout.campaign, Int(payout.ordinal))
    guard var row = state.row(payout) else { return }
    let before = row
    body(&row)
    state.payouts[campaign]?[place] = row
    undo.append { $0.payouts[campaign]?[place] = before }
  }

  mutating func rollBack() {
    for step in undo.reversed() { step(&state) }
    undo = []
  }
}

extension MemoryState {
  /// A payout's row, of finished loads or not.
  func row(_ payout: PayoutID) -> PayoutRow? {
    guard let rows = payouts[payout.campaign], Int(payout.ordinal) < rows.count else { return nil }
    return rows[Int(payout.ordinal)]
  }

  func readyOrdinal(_ campaign: CampaignID) -> UInt32 { campaigns[campaign]?.readyOrdinal ?? 0 }

  /// The payouts of runs that have a row, ascending.
  static func members(_ runs: [PayoutRun]) -> some Sequence<PayoutID> {
    runs.lazy.flatMap { run in (run.first.raw...run.last.raw).lazy.map { PayoutID($0) } }
  }

  func payee(_ payout: PayoutID) -> Payee? {
    row(payout).map { Payee(payout: payout, address: $0.address, units: $0.units) }
  }

  func view(_ payout: PayoutID) -> PayoutView? {
    guard payout.ordinal < readyOrdinal(payout.campaign), let row = row(payout),
      let campaign = campaigns[payout.campaign]
    else { return nil }
    let under = row.status == .queued ? nil : row.batch.flatMap { batches[$0] }
    let hash = under?.carrier
    return PayoutView(
      payout: payout, key: row.key ?? campaign.payoutKey(payout), campaign: campaign.id, address: row.address,
      units: row.units, status: row.status, fate: row.status == .submitted ? fate(row) : nil, batch: row.batch,
      transaction: hash, outIndex: hash == nil ? nil : under?.runs.place(of: payout), errorCode: row.errorCode,
      errorMessage: nil, rowNumber: row.rowNumber, metadata: row.metadata)
  }

  /// Submitted under a batch that has ended: the chain moved another sum.
  private func fate(_ row: PayoutRow) -> Fate {
    guard let batch = row.batch.flatMap({ batches[$0]?.batch }), batch.state == .live else { return .unknown(.partial) }
    return batch.unknown.map { .unknown($0) } ?? .pending
  }
}

extension MemoryState.BatchRow {
  /// The transaction that its payouts are known by; a void or a stranger carries none.
  var carrier: Hash32? {
    guard let evidence else { return batch.attempts.last { $0.kind == .pay && $0.signed != nil }?.signed?.hash }
    switch evidence.verdict {
    case .paid, .credited, .reverted: return evidence.spender
    case .settled, .voided, .stranger: return nil
    }
  }

  var view: BatchView {
    BatchView(
      batch: batch, evidence: evidence?.text, endedAt: endedAt,
      feePaid: evidence?.verdict == .stranger ? nil : evidence?.feePaid)
  }
}
