import Chains
import Codecs
import Engine
import Money
import Payouts
import PostgreSQL
import TestSupport
import Testing

@testable import Store

/// The database as the second guard: what the program must never do, the schema refuses.
@Suite("PostgreSQL schema")
struct PostgreSQLSchemaTests {
  let database: PostgreSQLBench
  let bench: Bench
  var raw: Connection { database.raw }

  /// One batch final, one live, one payout failed, an approval, a checkpoint, an unfinished load.
  init() throws {
    database = try PostgreSQLBench()
    bench = try database.bench(database.open())
    try Filling.fill(bench)
  }

  @Test(
    arguments: [
      "UPDATE audit_log SET details = '{}'", "DELETE FROM audit_log", "TRUNCATE audit_log",
      "UPDATE transfers SET at = 0", "DELETE FROM transfers", "TRUNCATE transfers",
      "UPDATE outbox SET payload = ''", "DELETE FROM outbox", "TRUNCATE outbox",
      "UPDATE batch_ranges SET last_id = last_id + 1", "DELETE FROM batch_ranges", "TRUNCATE batch_ranges",
      "UPDATE attempt_bytes SET bytes = ''", "DELETE FROM attempt_bytes", "TRUNCATE attempt_bytes",
      "UPDATE evidence SET verdict = 'paid'", "DELETE FROM evidence", "TRUNCATE evidence",
      "UPDATE checkpoints SET at = 0", "DELETE FROM checkpoints", "TRUNCATE checkpoints CASCADE",
      "UPDATE checkpoint_heads SET seq = 0", "DELETE FROM checkpoint_heads", "TRUNCATE checkpoint_heads",
      "UPDATE approvals SET count = 0", "DELETE FROM approvals", "TRUNCATE approvals",
      "UPDATE payout_notes SET at = 0", "DELETE FROM payout_notes", "TRUNCATE payout_notes",
      "UPDATE recipients SET units = 0", "DELETE FROM recipients WHERE load_no = 1", "TRUNCATE recipients",
      "UPDATE payouts SET id = id + 100", "UPDATE payouts SET campaign_no = 9", "TRUNCATE payouts CASCADE",
      "DELETE FROM payouts WHERE status = 'confirmed'", "DELETE FROM attempts", "DELETE FROM batches",
      "DELETE FROM loads WHERE state = 'loaded'", "TRUNCATE loads", "TRUNCATE batches CASCADE", "TRUNCATE payout_keys",
    ] as [StaticString])
  func `what is written stays as it was written`(statement: StaticString) throws {
    let error = #expect(throws: PostgreSQLError.self) { try raw.execute(statement) }
    #expect(error?.code == .constraintTrigger && error?.sqlState == "23001", "\(error?.message ?? "")")
  }

  @Test(
    arguments: [
      "UPDATE payouts SET status = 'paid'", "UPDATE payouts SET batch_id = NULL WHERE status = 'submitted'",
      "UPDATE campaigns SET status = 'done'", "UPDATE campaigns SET priority = 10", "UPDATE lanes SET mode = 'fast'",
      "UPDATE batches SET halving = true WHERE state = 'live'", "UPDATE batches SET state = 'live'",
      "UPDATE attempts SET tx_hash = NULL WHERE state = 'confirmed'", "UPDATE attempts SET tx_hash = '\\x00'",
      "UPDATE accounts SET posted_debit = -1", "UPDATE accounts SET posted_debit = 2::numeric ^ 256",
      "UPDATE campaign_tally SET unknown = 5 WHERE status = 'confirmed'", "UPDATE campaign_tally SET count = -1",
      "INSERT INTO store_identity VALUES(2, 'x', 1)", "UPDATE loads SET next_ordinal = -1",
      "INSERT INTO attempts(id, batch_id, kind, state, signing_hash, payload_digest, fee_limit, fee_price, fee_tip, fence, intended_at) VALUES(1, 1, 'pay', 'intended', decode(repeat('00', 32), 'hex'), decode(repeat('00', 32), 'hex'), 0, 0, 0, 1, 1)",
      "INSERT INTO recipients VALUES(1, 1, '\\x01', 1, NULL, 1, 1, '{}')",
      "INSERT INTO recipients SELECT id + 1000000, campaign_no, address, units, NULL, 1, load_no, '{}' FROM recipients",
    ] as [StaticString])
  func `rows that break a rule are refused`(statement: StaticString) throws {
    let before = try bench.trace()
    let error = #expect(throws: PostgreSQLError.self) { try raw.execute(statement) }
    #expect(error?.isConstraint == true, "\(error?.message ?? "")")
    #expect(try bench.trace() == before)
  }

  @Test(
    arguments: [
      "UPDATE lanes SET chain = 'evm'", "UPDATE batches SET asset = 'sim:1'", "UPDATE batches SET asset = '/'",
      "UPDATE accounts SET asset = ''", "ALTER TABLE lanes ALTER account TYPE text USING 'x'",
      "ALTER TABLE batches DROP CONSTRAINT batches_root_check; UPDATE batches SET root = '\\x01'",
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
      "UPDATE accounts SET posted_credit = posted_credit + 1 WHERE role = 'paid'",
      "UPDATE payouts SET status = 'failed' WHERE status = 'queued'",
      "UPDATE payouts SET status = 'queued' WHERE status = 'submitted'",
      "UPDATE campaign_tally SET count = count + 1 WHERE status = 'queued'", "UPDATE holds SET remaining = 0",
      "UPDATE batches SET state = 'dead', ended_at = 1 WHERE state = 'live'", "UPDATE accounts SET pending_debit = 0",
      // What foreign keys would refuse on SQLite.
      "INSERT INTO payouts(id, campaign_no, status) VALUES(1, 1, 'queued')",
      "UPDATE payouts SET batch_id = 77 WHERE status = 'confirmed'",
      "INSERT INTO recipients VALUES(4294967500, 1, '\\x01', 1, NULL, 1, 99, '{}')",
    ] as [StaticString])
  func `a hand in the tables is found by the invariants`(statement: StaticString) throws {
    #expect(try bench.store.checkInvariants() == [])
    try raw.execute(statement)
    #expect(try !bench.store.checkInvariants().isEmpty)
  }

  @Test func `users find their campaigns, recipients and payouts in the shapes they know`() throws {
    let campaign = try #require(try bench.store.campaign(CampaignID(1)))
    let found = try raw.run(
      """
      SELECT concat_ws(' ', id, name, status, chain, coalesce(token_contract, '-'), created_by) FROM user_campaigns
      WHERE name = 'Q4' AND start_at IS NULL
      """)
    #expect(try found.text(0, 0) == "\(campaign.uuid) Q4 running sim:1 - operator:eve")
    let views = try bench.store.payouts(campaign.id, status: nil, after: nil, limit: 100)
    let rows = try raw.run(
      """
      SELECT concat_ws(' ', p.id, p.payout_id, p.status, coalesce(p.tx_hash, '-'), coalesce(p.error_code, '-'),
        coalesce(p.out_index::text, '-')) FROM user_payouts p WHERE campaign_id LIKE '%1'
      ORDER BY substring(id from '[0-9]+$')::int8
      """)
    #expect(
      try (0..<rows.count).map { try rows.text($0, 0) }
        == views.map {
          """
          \(campaign.payoutKey($0.payout)) \($0.key) \($0.status.rawValue) \($0.transaction?.description ?? "-") \
          \($0.errorCode ?? "-") \(SchemaText.place($0))
          """
        })
    let recipients = try raw.run(
      "SELECT address, amount, metadata::text FROM user_recipients ORDER BY id COLLATE \"C\" LIMIT 2")
    #expect(try recipients.text(1, 0) == Hex.prefixed(Bench.address(1).bytes))
    #expect(try recipients.limbs256(1, 1) == (2, 0, 0, 0) && recipients.text(1, 2) == "{\"n\": 1}")
    // Rows of an unfinished load are no recipients yet.
    #expect(try raw.run("SELECT count(*) FROM user_recipients").int64(0, 0) == Filling.visible)
  }
}

private enum SchemaText {
  /// A payout's place, as the view shows it: batches without a transaction of ours have places too.
  static func place(_ view: PayoutView) -> String { view.outIndex.map(String.init) ?? "-" }
}
