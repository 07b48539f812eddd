import Chains
import Codecs
import Engine
import Money
import Payouts
import SQLite
import Store
import TestSupport
import Testing

/// The database as the second guard: what the program must never do, the schema refuses.
@Suite("SQLite schema")
struct SchemaTests {
  let directory: TestFolder
  let bench: Bench
  let raw: Connection

  /// One batch final, one live, one payout failed, an approval, a checkpoint, an unfinished load.
  init() throws {
    directory = try TestFolder("store")
    bench = Bench(try OpenStore(sqlite: directory))
    try Filling.fill(bench)
    raw = try Connection(path: directory.file("store.db"))
  }

  @Test(arguments: [
    "audit_log", "transfers", "outbox", "batch_ranges", "attempt_bytes", "evidence", "checkpoints", "checkpoint_heads",
    "approvals", "payout_notes", "recipients",
  ])
  func `append-only tables take no change and lose no row`(table: String) throws {
    let statements: [StaticString] =
      switch table {
      case "audit_log": ["UPDATE audit_log SET details = '{}'", "DELETE FROM audit_log"]
      case "transfers": ["UPDATE transfers SET at = 0", "DELETE FROM transfers"]
      case "outbox": ["UPDATE outbox SET payload = ''", "DELETE FROM outbox"]
      case "batch_ranges": ["UPDATE batch_ranges SET last_id = last_id + 1", "DELETE FROM batch_ranges"]
      case "attempt_bytes": ["UPDATE attempt_bytes SET bytes = x'00'", "DELETE FROM attempt_bytes"]
      case "evidence": ["UPDATE evidence SET verdict = 'paid'", "DELETE FROM evidence"]
      case "checkpoints": ["UPDATE checkpoints SET at = 0", "DELETE FROM checkpoints"]
      case "checkpoint_heads": ["UPDATE checkpoint_heads SET seq = 0", "DELETE FROM checkpoint_heads"]
      case "approvals": ["UPDATE approvals SET count = 0", "DELETE FROM approvals"]
      case "payout_notes": ["UPDATE payout_notes SET at = 0", "DELETE FROM payout_notes"]
      default: ["UPDATE recipients SET units = zeroblob(32)", "DELETE FROM recipients WHERE load_no = 1"]
      }
    for statement in statements {
      let error = #expect(throws: SQLiteError.self) { try raw.execute(statement) }
      #expect(error?.code == .constraintTrigger, "\(error?.message ?? "")")
    }
  }

  @Test(
    arguments: [
      "UPDATE payouts SET id = id + 100", "UPDATE payouts SET campaign_no = 9",
      "DELETE FROM payouts WHERE status = 'confirmed'",
      "DELETE FROM attempts", "DELETE FROM batches", "DELETE FROM loads WHERE state = 'loaded'",
      "UPDATE payouts SET status = 'paid'", "UPDATE payouts SET batch_id = NULL WHERE status = 'submitted'",
      "UPDATE campaigns SET status = 'done'", "UPDATE campaigns SET priority = 10", "UPDATE lanes SET mode = 'fast'",
      "UPDATE batches SET halving = 1 WHERE state = 'live'", "UPDATE batches SET state = 'live'",
      "UPDATE attempts SET tx_hash = NULL WHERE state = 'confirmed'", "UPDATE accounts SET posted_debit = x'00'",
      "UPDATE campaign_tally SET unknown = 5 WHERE status = 'confirmed'",
      "INSERT INTO store_identity VALUES(2, 'x', 1)",
      "INSERT INTO payouts(id, campaign_no, status) VALUES(1, 1, 'queued')", "UPDATE loads SET next_ordinal = -1",
      "UPDATE loads SET keys_placed = keys_placed + 1", "UPDATE loads SET key_count = key_count + 1",
      "UPDATE payouts SET status = ''", "UPDATE payouts SET status = 'Queued' WHERE status = 'queued'",
    ] as [StaticString])
  func `rows that break a rule are refused`(statement: StaticString) throws {
    let before = try bench.trace()
    let error = #expect(throws: SQLiteError.self) { try raw.execute(statement) }
    #expect(error?.isConstraint == true, "\(error?.message ?? "")")
    #expect(try bench.trace() == before)
  }

  @Test(
    arguments: [
      "UPDATE lanes SET chain = 'evm'", "UPDATE lanes SET next_slot = 1; UPDATE lanes SET chain = ''",
      "UPDATE batches SET asset = 'sim:1'", "UPDATE batches SET asset = '/'", "UPDATE accounts SET asset = ''",
    ] as [StaticString])
  func `a row that the program cannot have written is bad, and never trusted`(statement: StaticString) throws {
    try raw.execute(statement)
    let error = #expect(throws: StoreError.self) {
      _ = try bench.store.lanes()
      _ = try bench.store.balances(owner: "campaign/1")
      _ = try bench.store.batches(CampaignID(1), after: nil, limit: 9)
    }
    #expect(error?.code == .badRow, "\(error?.message ?? "")")
  }

  @Test(
    arguments: [
      "UPDATE accounts SET posted_credit = u256_add(posted_credit, x'0000000000000000000000000000000000000000000000000000000000000001') WHERE role = 'paid'",
      "UPDATE payouts SET status = 'failed' WHERE status = 'queued'",
      "UPDATE payouts SET status = 'queued' WHERE status = 'submitted'",
      "UPDATE campaign_tally SET count = count + 1 WHERE status = 'queued'",
      "UPDATE holds SET remaining = zeroblob(32)",
      "UPDATE batches SET state = 'dead', ended_at = 1 WHERE state = 'live'",
      "UPDATE accounts SET pending_debit = zeroblob(32)",
    ] as [StaticString])
  func `a hand in the tables is found by the invariants`(statement: StaticString) throws {
    #expect(try bench.store.checkInvariants() == [])
    try raw.execute(statement)
    #expect(try !bench.store.checkInvariants().isEmpty)
  }

  @Test func `users find their campaigns, recipients and payouts in the shapes they know`() throws {
    func lines(_ sql: StaticString) throws -> [String] {
      var statement = try raw.prepare(sql)
      var lines: [String] = []
      while try statement.step() {
        var cells: [String] = []
        for column in 0..<statement.columnCount {
          let text = statement.isNull(column) ? "-" : try? statement.text(column)
          cells.append(try text ?? String(statement.int64(column)))
        }
        lines.append(cells.joined(separator: " "))
      }
      return lines
    }
    let campaign = try #require(try bench.store.campaign(CampaignID(1)))
    #expect(
      try lines(
        "SELECT id, name, status, chain, token_contract, start_at, end_at, created_by FROM user_campaigns WHERE name = 'Q4'"
      ) == [
        "\(campaign.uuid) Q4 running sim:1 - - - operator:eve"
      ])
    let views = try bench.store.payouts(campaign.id, status: nil, after: nil, limit: 100)
    #expect(
      try lines(
        "SELECT id, payout_id, status, tx_hash, error_code FROM user_payouts WHERE campaign_id LIKE '%1' ORDER BY rowid"
      )
        == views.map {
          "\(campaign.payoutKey($0.payout)) \($0.key) \($0.status.rawValue) \($0.transaction?.description ?? "-") \($0.errorCode ?? "-")"
        })
    #expect(
      try lines("SELECT out_index FROM user_payouts WHERE tx_hash IS NOT NULL ORDER BY rowid")
        == views.compactMap(\.outIndex).map(String.init))
    #expect(
      try lines("SELECT address, metadata FROM user_recipients LIMIT 2")
        == ["\(Hex.prefixed(Bench.address(0).bytes)) {}", "\(Hex.prefixed(Bench.address(1).bytes)) {\"n\":1}"])
    // Rows of an unfinished load are no recipients yet.
    #expect(try lines("SELECT count(*) FROM user_recipients") == ["\(Filling.visible)"])
  }
}
