import Airdrop
import Chains
import Codecs
import Engine
import Money
import OpenSSL
import Payouts
import Policy
import PostgreSQL
import SQLite
import TestSupport
import Testing

@testable import Store

/// Places for stores, on either engine, and copies between them.
final class CopyBench {
  enum Engine: String, CaseIterable, CustomTestStringConvertible {
    case sqlite, postgresql
    var testDescription: String { rawValue }
  }

  let folder: TestFolder
  private var databases: [String: PostgreSQLDatabase] = [:]

  init() throws { folder = try TestFolder("copy") }

  /// Where a new store can be: nothing is there yet.
  func place(_ engine: Engine, _ name: String) throws -> StoreDSN {
    switch engine {
    case .sqlite: return .sqlite(path: folder.file("\(name).db"))
    case .postgresql:
      let database = try databases[name] ?? PostgreSQLDatabase()
      databases[name] = database
      return .postgresql(try PostgreSQLDSN(database.uri))
    }
  }

  /// A store with a row in every table.
  func filled(_ engine: Engine, _ name: String = "source") throws -> StoreDSN {
    let place = try place(engine, name)
    let bench = try bench(place)
    try Filling.fill(bench)
    try fillTheRest(bench)
    return place
  }

  /// What `Filling` leaves empty.
  private func fillTheRest(_ bench: Bench) throws {
    let block = Bench.hash(9)
    let transfer = ChainTransfer(
      asset: Bench.native, transaction: Bench.hash(8), index: 0, blockNumber: 4, blockHash: block, from: Bench.account,
      to: Bench.address(1), units: .max)
    try bench.store.index(
      "sim:1", [transfer], checkpoint: IndexCheckpoint(block: 4, hash: block), rollBackTo: nil)
    try bench.store.moveOutboxCursor("redis:a", to: 1)
    // Whoever sorts texts by a language and not by bytes gives these the other way round.
    try bench.store.moveOutboxCursor("redis:B", to: 2)
    let campaign = try #require(try bench.store.campaign(named: "Q4"))
    let rates = IntentRates(policy: nil, charges: [RateCharge(meter: VelocityTests.meter("größer", 3), count: 1)])
    try bench.commit(.intend(bench.intent(campaign, [7]).counting(rates)))
    let answer = KYCAnswer(status: .approved, level: "full", reference: "ä", checkedAt: bench.time())
    try bench.store.keep([KYCRecord(key: Bench.hash(5), answer: answer, askedAt: bench.time())])
    try bench.store.bury(
      DeadLetter(
        relay: "redis:a", event: 1, code: "broker.event_refused", message: "größer", isOnTopic: true, at: bench.time()))
    try bench.enrol("ann", key: 1)
    try bench.people(.ask(bench.request(1)))
    try bench.people(
      .session(
        .opened(
          Session(
            tokenHash: Bench.hash(5), person: PersonName("ann"), scope: nil, createdAt: Timestamp(milliseconds: 5),
            expiresAt: Timestamp(milliseconds: 9), lastUsedAt: Timestamp(milliseconds: 5), codeAt: nil))))
    try screen(bench)
    try bench.commit(JournalTests.part(0, [JournalTests.entry(1), JournalTests.entry(2)]), guarded: false)
    let made = try bench.proposal(1)
    try bench.people(.propose(made), .answer(bench.answer(made)), .propose(bench.proposal(2, signed: false)))
    try bench.people(.book(bench.entry(1, "größer")), .book(bench.entry(2)), .book(bench.entry(2, isRemoval: true)))
  }

  private func screen(_ bench: Bench) throws {
    let policy = try Bench.policy()
    try bench.activate(policy)
    let named = try #require(try bench.store.campaign(named: "named"))
    let doubtful = bench.held(named, 1, .review, policy, print: 7)
    try bench.commit(.screen(bench.part(named, policy, [doubtful])), guarded: false)
    try bench.commit(
      .review(
        ReviewDecision(
          payout: doubtful.payout, fingerprint: doubtful.verdict.fingerprint, isCleared: true, reason: "known",
          decidedBy: "bob")),
      .changeSafety(SafetyChange(isStopped: true, reason: "a test", changedBy: "bob")),
      .changeSafety(SafetyChange(isStopped: false, reason: "over", changedBy: "bob")), guarded: false)
  }

  func bench(_ place: StoreDSN) throws -> Bench {
    switch place {
    case .sqlite(let path):
      return Bench(OpenStore(store: try SQLiteStore(path: path, sha256: Hashing()), directory: nil))
    case .postgresql(let dsn):
      var settings = PostgreSQLSettings()
      settings.leaseClock = .caller
      let store = try PostgreSQLStore(dsn, settings: settings, sha256: Hashing(), random: SeededRandom(seed: 1))
      return Bench(OpenStore(store: store, directory: nil))
    }
  }

  @discardableResult
  func copy(
    _ from: StoreDSN, _ to: StoreDSN, _ tell: (StoreCopy.Stage) throws(StoreError) -> Void = { _ throws(StoreError) in }
  ) throws -> (proofs: [StoreCopy.Proof], identity: StoreIdentity) {
    let copy = StoreCopy(from: from, to: to, sha256: Hashing(), hashing: StreamedSHA256())
    return try copy.run(actor: "operator:eve", at: Timestamp(milliseconds: 1_800_000_000_000), tell)
  }

  /// Everything that readers see of a store.
  func picture(_ place: StoreDSN) throws -> [String] {
    let bench = try bench(place)
    return try bench.trace() + bench.store.checkpoints().map { "\($0)" }
      + bench.store.auditRecords(after: nil, limit: 10_000).map { "\($0)" }
  }

  /// SQL behind everybody's back.
  func sql(_ place: StoreDSN, _ text: StaticString) throws {
    switch place {
    case .sqlite(let path): try SQLite.Connection(path: path).execute(text)
    case .postgresql(let dsn): try PostgreSQL.Connection(dsn.place).execute(text)
    }
  }
}

private struct StreamedSHA256: ContentHashing {
  func makeHasher() throws(IngestError) -> any ContentHasher { try Hasher() }

  final class Hasher: ContentHasher {
    private var stream: SHA256Stream

    init() throws(IngestError) {
      do { stream = try SHA256Stream() } catch { throw IngestError(.hashFailed, "\(error)") }
    }

    func update(_ bytes: [UInt8], _ range: Range<Int>) throws(IngestError) {
      do { try stream.update(bytes.span.extracting(range)) } catch { throw IngestError(.hashFailed, "\(error)") }
    }

    func finish() throws(IngestError) -> Hash32 {
      do { return Hash32(words: try stream.finish().words) } catch { throw IngestError(.hashFailed, "\(error)") }
    }
  }
}
