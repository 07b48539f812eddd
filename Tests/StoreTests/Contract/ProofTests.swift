import Airdrop
import Audit
import Chains
import Codecs
import Engine
import Ledger
import Money
import Payouts
import Testing

@Suite("Audit, outbox, ledger and index in every store")
struct ProofTests {
  @Test(arguments: StoreKind.allCases)
  func `every write leaves one record in its writer's chain, tied to the one before`(kind: StoreKind) throws {
    let (bench, campaign) = try Bench.running(kind, 3)
    let intent = bench.intent(campaign, [0, 1])
    let note = Note(
      action: "report.written", entity: "campaign", entityID: "1", details: ["rows": .integer(3)], isPublic: false)
    try bench.commit(.intend(intent), .note(note))
    try bench.sign(intent)
    try bench.commit(.endBatch(bench.end(intent, .paid, [bench.outcome(.confirmed, campaign, [0, 1])])))
    let records = try bench.store.auditRecords(after: nil, limit: 100)
    #expect(
      records.map(\.draft.action) == [
        "campaign.created", "recipients.loaded", "campaign.changed", "payout.submitted", "report.written",
        "attempt.signed", "payout.confirmed",
      ])
    #expect(records.map(\.chain) == [0, 0, 0, 1, 1, 1, 1])
    #expect(records.map(\.sequence) == [1, 2, 3, 1, 2, 3, 4])
    #expect(records[3].draft.root == intent.root && records[3].draft.actor == "worker:1")
    #expect(records[3].at == records[4].at)
    var verifier = AuditVerifier(sha256: Hashing(), checkpoints: [])
    for record in records { verifier.take(record) }
    verifier.finish()
    #expect(verifier.findings.isEmpty && verifier.heads == [records[2].head, records[6].head])
    #expect(try bench.store.auditHeads() == verifier.heads)
    #expect(try bench.store.auditRecords(after: records[1].head, limit: 3).map(\.head) == records[2...4].map(\.head))
  }

  @Test(arguments: StoreKind.allCases)
  func `events come in order with their own payload, and each relay keeps its place`(kind: StoreKind) throws {
    let (bench, campaign) = try Bench.running(kind, 3)
    try bench.commit(.intend(bench.intent(campaign, [0, 1])))
    let events = try bench.store.outbox(after: 0, limit: 100)
    #expect(events.map(\.type) == ["campaign.created", "recipients.loaded", "campaign.changed", "payout.submitted"])
    #expect(events.map(\.id) == [1, 2, 3, 4])
    #expect(events[0].key == "campaign/1" && events[0].payload.hasPrefix("{\"asset\":\"sim:1/native\""))
    let records = try bench.store.auditRecords(after: nil, limit: 100)
    #expect(events.map(\.payload) == records.map(\.draft.details))
    #expect(try bench.store.outbox(after: 2, limit: 1).map(\.id) == [3])
    #expect(try bench.store.outboxCursor("jsonl") == 0)
    try bench.store.moveOutboxCursor("jsonl", to: 3)
    try bench.store.moveOutboxCursor("broker", to: 1)
    try bench.store.moveOutboxCursor("jsonl", to: 4)
    #expect(try bench.store.outboxCursor("jsonl") == 4 && bench.store.outboxCursor("broker") == 1)
  }

  @Test(arguments: StoreKind.allCases)
  func `transfers are kept with their accounts, holds and times`(kind: StoreKind) throws {
    let (bench, campaign) = try Bench.running(kind, 3)
    let intent = bench.intent(campaign, [0, 1])
    try bench.commit(.intend(intent))
    let entries = try bench.store.ledgerEntries(after: 1, limit: 9)
    #expect(
      entries == [
        LedgerEntry(
          id: 2, kind: "hold", debit: "campaign/1:reserved:sim:1/native", credit: "campaign/1:paid:sim:1/native",
          units: UInt256(3), hold: intent.batch, at: Timestamp(milliseconds: bench.now))
      ])
    #expect(try bench.store.balances(owner: "campaign/2").isEmpty)
    let balances = try bench.store.balances(owner: "campaign/1")
    #expect(balances.count == 3)
    #expect(balances[Account(campaign.id, .external, campaign.asset)] == Balance(postedDebit: UInt256(6)))
  }

  @Test(arguments: StoreKind.allCases)
  func `a ledger rule refuses the commit that breaks it`(kind: StoreKind) throws {
    let bench = try Bench(kind)
    let campaign = try bench.createCampaign()
    // A recipient who is owed nothing: the rows allow it, the ledger does not move nothing.
    let begun = try bench.store.begin(campaign.id, contentHash: .zero, settings: "{}")
    var chunk = Bench.chunk(0..<1)
    chunk.append(
      address: Bench.address(5).bytes[...], units: UInt256.zero.bigEndianBytes[...], rowNumber: 2, payoutKey: [],
      metadata: [])
    let load = try bench.store.insert(chunk, into: begun)
    try bench.commit(.order(Bench.order(load, campaign, .one)), guarded: false)
    try bench.change(campaign, .running)
    try bench.acquire()
    let batch = BatchID(bench.number())
    let intent = Intent(
      batch: batch, campaign: campaign.id, slot: 0, asset: campaign.asset, runs: Bench.runs(campaign, [1]), count: 1,
      total: .zero, root: .zero, attempt: bench.draft(), halfOf: nil)
    try bench.expectRefusal(.ledger) { try bench.commit(.intend(intent)) }
  }

  @Test(arguments: StoreKind.allCases)
  func `checkpoints follow each other, and the same one again is nothing`(kind: StoreKind) throws {
    let bench = try Bench(kind)
    _ = try bench.createCampaign()
    func checkpoint(_ number: Int64, signature: UInt8 = 1) throws -> Checkpoint {
      Checkpoint(
        number: number, at: 5, heads: try bench.store.auditHeads(), previous: Bench.hash(UInt64(number)),
        publicKey: [1, 2], signature: [signature])
    }
    let (first, second) = (try checkpoint(1), try checkpoint(2))
    #expect(first.heads.count == 1)
    try bench.expectRefusal(.conflict) { try bench.store.addCheckpoint(second) }
    try bench.store.addCheckpoint(first)
    try bench.store.addCheckpoint(first)
    let forged = try checkpoint(1, signature: 9)
    try bench.expectRefusal(.conflict) { try bench.store.addCheckpoint(forged) }
    try bench.store.addCheckpoint(second)
    #expect(try bench.store.checkpoints() == [first, second])
  }

  @Test(arguments: StoreKind.allCases)
  func `indexed transfers are kept once, in chain order, and roll back`(kind: StoreKind) throws {
    let bench = try Bench(kind)
    func transfer(_ block: UInt64, _ index: UInt64, units: UInt64 = 1) -> ChainTransfer {
      ChainTransfer(
        asset: Bench.native, transaction: Bench.hash(block), index: index, blockNumber: block,
        blockHash: Bench.hash(block + 1000), from: Bench.address(1), to: Bench.address(2), units: UInt256(units))
    }
    func checkpoint(_ block: UInt64) -> IndexCheckpoint {
      IndexCheckpoint(block: block, hash: Bench.hash(block + 1000))
    }
    let store = bench.store
    #expect(try store.indexCheckpoint("a") == nil)
    try store.index("a", [transfer(8, 1), transfer(8, 0), transfer(7, 0)], checkpoint: checkpoint(8), rollBackTo: nil)
    try store.index("a", [transfer(8, 1), transfer(9, 0)], checkpoint: checkpoint(9), rollBackTo: nil)
    try store.index("b", [transfer(1, 0)], checkpoint: checkpoint(1), rollBackTo: nil)
    func places(_ after: (block: UInt64, index: UInt64, transaction: Hash32)? = nil, limit: Int = 9) throws -> [UInt64]
    {
      try store.indexedTransfers("a", after: after, limit: limit).map { $0.blockNumber * 10 + $0.index }
    }
    #expect(try places() == [70, 80, 81, 90] && store.indexCheckpoint("a") == checkpoint(9))
    #expect(try places((7, 0, Bench.hash(7)), limit: 2) == [80, 81])
    #expect(try store.indexedTransfers("a", after: (8, 1, Bench.hash(8)), limit: 9) == [transfer(9, 0)])
    let error = #expect(throws: StoreError.self) {
      try store.index("a", [transfer(8, 0, units: 2)], checkpoint: checkpoint(10), rollBackTo: nil)
    }
    #expect(error?.code == .conflict)
    #expect(try store.indexCheckpoint("a") == checkpoint(9))
    try store.index("a", [transfer(8, 0, units: 3)], checkpoint: checkpoint(8), rollBackTo: 7)
    #expect(try places() == [70, 80] && store.indexCheckpoint("a") == checkpoint(8))
    #expect(try store.indexedTransfers("b", after: nil, limit: 9).count == 1)
  }

  @Test(arguments: StoreKind.allCases)
  func `identity is stable, and every list honours its limit`(kind: StoreKind) throws {
    let (bench, campaign) = try Bench.running(kind, 4)
    for ordinal in 0..<3 { try bench.commit(.intend(bench.intent(campaign, [ordinal]))) }
    #expect(try bench.store.identity() == bench.store.identity())
    #expect(try bench.store.identity().uuid.count == 36 && bench.store.identity().epoch == 1)
    let batches = try bench.store.batches(campaign.id, after: nil, limit: 2)
    #expect(batches.map(\.batch.slot) == [0, 1] && batches.allSatisfy { $0.evidence == nil && $0.endedAt == nil })
    #expect(try bench.store.batches(campaign.id, after: batches.last?.batch.id, limit: 2).map(\.batch.slot) == [2])
    #expect(try bench.store.liveBatchCount(campaign.id) == 3)
    #expect(try bench.store.batch(transaction: .zero) == nil)
    #expect(try bench.store.auditRecords(after: nil, limit: 0).isEmpty)
  }
}
