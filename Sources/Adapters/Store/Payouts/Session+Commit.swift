import Chains
import Codecs
import Engine
import Money
import Payouts
import PostgreSQL

// A commit is four round trips, whatever it holds: read under locks, write, post in its turn, COMMIT; three when it moves
// no money. What is shared by all lanes - numbers of transfers and events, balances, tallies - is locked at the end of
// the second.
extension Session {
  /// Applies a commit inside the open transaction. Throws as `PayoutStore.commit`; nothing is left of it then.
  func apply(_ commit: Commit, sha256: any SHA256Hashing) throws(StoreError) {
    if let held = commit.guardedBy { try checkLease(held) }
    // Before anything is asked in their words.
    for case .journal(let part) in commit.writes { try part.check(guardedBy: commit.guardedBy) }
    let questions = CommitQuestions(commit)
    let picture = try questions.picture(run(questions.requests))
    var draft = try CommitDraft(commit, on: picture)
    let (last, parents) = try write(&draft, sha256)
    if let last { try post(draft, last, parents) }
  }

  /// Writes everything that the lane's lock alone protects, and takes the turn for the rest. Returns what the turn
  /// found, nil when there is no rest, and the dead batches that payouts have left.
  private func write(
    _ draft: inout CommitDraft, _ sha256: any SHA256Hashing
  ) throws(StoreError) -> (Turn?, Set<BatchID>) {
    // A batch gives its slot up before another one takes it.
    var statements =
      draft.singles + draft.changedBatches + draft.insertions + draft.steps.statements(at: draft.commit.at)
      + draft.updates
    var turn: [Request] = []
    let verdicts = draft.verdicts
    let answers = try run { send throws(PostgreSQLError) in
      for request in verdicts + statements.map(\.request) { try send(request) }
      while let records = draft.nextRecords(with: sha256) {
        let statement = Expected(.insert(records), rows: records.count, "records were written")
        statements.append(statement)
        try send(statement.request)
      }
      if draft.needsTurn { turn = Turn.requests(draft) }
      for request in turn { try send(request) }
    }.dropFirst(verdicts.count)
    var parents = draft.parents
    for (statement, answer) in zip(statements, answers) {
      try statement.check(answer)
      guard statement.tellsParents else { continue }
      parents.formUnion(try answer.all { row throws(StoreError) in try row.optionalID(0) }.compactMap { $0 })
    }
    return (turn.isEmpty ? nil : try Turn(answers.dropFirst(statements.count), draft), parents)
  }

  private func post(_ draft: CommitDraft, _ turn: Turn, _ parents: Set<BatchID>) throws(StoreError) {
    var statements: [Expected] = []
    if let ledger = turn.ledger { statements += try ledger.post(draft.transfers, at: draft.commit.at) }
    var others: [Request] = []
    if let tally = draft.tallies.statements {
      others.insert(tally.missing, at: 0)
      statements.append(tally.change)
    }
    if !parents.isEmpty { others.append(.endHalving(parents)) }
    guard !others.isEmpty || !statements.isEmpty else { return }
    let answers = try run(others + statements.map(\.request)).dropFirst(others.count)
    for (statement, answer) in zip(statements, answers) { try statement.check(answer) }
  }
}

/// What is done and read when a commit has its turn: nobody else adds transfers or events until it is over.
private struct Turn {
  /// Nil for a commit without transfers.
  let ledger: LedgerPage?

  /// Takes the turn, writes the events, and asks what the rest must know.
  static func requests(_ draft: CommitDraft) -> [Request] {
    [Request("SELECT pg_advisory_xact_lock($1)", Arguments(StoreLock.turn)), .wake]
      + events(draft).map(\.request) + draft.waits.questions
      + (draft.transfers.isEmpty ? [] : LedgerPage.questions(draft.transfers))
  }

  private static func events(_ draft: CommitDraft) -> [Expected] {
    draft.events.count == 0
      ? [] : [Expected(.publish(draft.events), rows: draft.events.count, "events were written")]
  }

  /// The answers to `requests`, in order. Throws `store.stale_state` for what must wait.
  init(_ answers: ArraySlice<Rows>, _ draft: CommitDraft) throws(StoreError) {
    var rest = answers.dropFirst(2)
    for statement in Turn.events(draft) {
      guard let answer = rest.popFirst() else { throw StoreError(.badRow, "the turn gave no answer") }
      try statement.check(answer)
    }
    let waits = draft.waits.questions.count
    try draft.waits.check(rest.prefix(waits))
    ledger = draft.transfers.isEmpty ? nil : try LedgerPage(rest.dropFirst(waits))
  }
}

extension CommitDraft {
  /// Whether the commit touches what all lanes share.
  fileprivate var needsTurn: Bool {
    !transfers.isEmpty || events.count > 0 || !parents.isEmpty || tallies.statements != nil
  }

  /// Verdicts: whatever the number of rows, what was written is what holds.
  fileprivate var verdicts: [Request] {
    forgotten.map { .forget($0.first, $0.last) } + (held.isEmpty ? [] : [.put(held)]) + clearances
  }

  // MARK: New rows

  fileprivate var insertions: [Expected] {
    var statements: [Expected] = []
    if !newBatches.isEmpty { statements.append(insertedBatches) }
    if !ranges.isEmpty {
      var values = Arguments()
      values.add(array: ranges.map(\.batch))
      values.add(array: ranges.map(\.run.first))
      values.add(array: ranges.map(\.run.last))
      statements.append(
        Expected(
          Request(
            """
            INSERT INTO batch_ranges(batch_id, first_id, last_id)
            SELECT * FROM unnest($1::int8[], $2::int8[], $3::int8[])
            """, values), rows: ranges.count, "ranges were written"))
    }
    if !newAttempts.isEmpty { statements.append(insertedAttempts) }
    if let bytes = insertedBytes { statements.append(bytes) }
    if !evidence.isEmpty { statements.append(insertedEvidence) }
    return statements
  }

  private var insertedBatches: Expected {
    let rows = newBatches.compactMap { picture.batches[$0] }
    var values = Arguments()
    values.add(array: rows.map(\.batch.id))
    values.add(array: rows.map(\.batch.campaign))
    values.add(array: rows.map(\.batch.lane))
    values.add(array: rows.map(\.batch.slot))
    values.add(array: rows.map(\.batch.asset))
    values.add(array: rows.map(\.batch.count))
    values.add(array: rows.map(\.batch.total))
    values.add(array: rows.map(\.batch.root))
    values.add(array: rows.map(\.batch.state.rawValue))
    values.add(array: rows.map(\.batch.unknown?.rawValue))
    values.add(array: rows.map(\.isHalving))
    values.add(array: rows.map(\.halfOf))
    values.add(array: rows.map(\.batch.createdAt))
    values.add(array: rows.map(\.spender))
    values.add(array: rows.map(\.endedAt))
    return Expected(
      Request(
        """
        INSERT INTO batches(id, campaign_no, lane_id, slot, asset, count, total, root, state, unknown, halving, half_of,
          created_at, spender, ended_at)
        SELECT * FROM unnest($1::int8[], $2::int8[], $3::int8[], $4::int8[], $5::text[], $6::int8[], $7::numeric[],
          $8::bytea[], $9::text[], $10::text[], $11::bool[], $12::int8[], $13::int8[], $14::int8[], $15::int8[])
        """, values), rows: newBatches.count, "batches were written")
  }

  /// A batch's attempt of this commit, as the commit leaves it.
  private func attempt(_ key: (batch: BatchID, attempt: AttemptID)) -> CommitPicture.AttemptRow? {
    picture.batches[key.batch]?.attempts.first { $0.id == key.attempt }
  }

  private var insertedAttempts: Expected {
    let rows = newAttempts.compactMap { key in attempt(key).flatMap { row in row.draft.map { (key.batch, row, $0) } } }
    var values = Arguments(lane?.fence ?? 0, commit.at)
    values.add(array: rows.map(\.1.id))
    values.add(array: rows.map(\.0))
    values.add(array: rows.map(\.1.kind.rawValue))
    values.add(array: rows.map(\.1.state.rawValue))
    values.add(array: rows.map(\.2.unsigned.signingHash))
    values.add(array: rows.map(\.2.payloadDigest))
    values.add(array: rows.map(\.2.fee.limit))
    values.add(array: rows.map(\.2.fee.price))
    values.add(array: rows.map(\.2.fee.tip))
    values.add(array: rows.map(\.1.hash))
    values.add(array: rows.map(\.1.sentAt))
    return Expected(
      Request(
        """
        INSERT INTO attempts(fence, intended_at, id, batch_id, kind, state, signing_hash, payload_digest, fee_limit,
          fee_price, fee_tip, tx_hash, sent_at)
        SELECT $1, $2, u.* FROM unnest($3::int8[], $4::int8[], $5::text[], $6::text[], $7::bytea[], $8::bytea[],
          $9::int8[], $10::numeric[], $11::numeric[], $12::bytea[], $13::int8[]) u
        """, values), rows: newAttempts.count, "attempts were written")
  }

  private var insertedBytes: Expected? {
    let unsigned = newAttempts.compactMap { key in attempt(key)?.draft.map { (key.attempt, $0.unsigned.bytes) } }
    guard !unsigned.isEmpty || !signed.isEmpty else { return nil }
    var values = Arguments()
    values.add(array: unsigned.map(\.0) + signed.map(\.attempt))
    values.add(array: unsigned.map { _ in "unsigned" } + signed.map { _ in "signed" })
    values.add(array: unsigned.map(\.1) + signed.map(\.signed.bytes))
    return Expected(
      Request(
        """
        INSERT INTO attempt_bytes(attempt_id, part, bytes) SELECT * FROM unnest($1::int8[], $2::text[], $3::bytea[])
        """, values), rows: unsigned.count + signed.count, "transactions were written")
  }

  private var insertedEvidence: Expected {
    var values = Arguments(commit.at)
    values.add(array: evidence.map(\.batch))
    values.add(array: evidence.map(\.evidence.verdict.word))
    values.add(array: evidence.map(\.evidence.spender))
    values.add(array: evidence.map(\.evidence.blockNumber))
    values.add(array: evidence.map(\.evidence.blockHash))
    values.add(array: evidence.map(\.evidence.feePaid))
    values.add(array: evidence.map(\.evidence.text))
    return Expected(
      Request(
        """
        INSERT INTO evidence(at, batch_id, verdict, spender_hash, block_number, block_hash, fee_paid, statements)
        SELECT $1, u.* FROM unnest($2::int8[], $3::text[], $4::bytea[], $5::int8[], $6::bytea[], $7::numeric[],
          $8::text[]) u
        """, values), rows: evidence.count, "evidence was written")
  }

  // MARK: Changed rows

  fileprivate var changedBatches: [Expected] {
    let batches = picture.batches.values.filter { $0.isChanged && !$0.isNew }.sorted { $0.batch.id < $1.batch.id }
    return batches.isEmpty ? [] : [CommitDraft.updated(batches)]
  }

  fileprivate var updates: [Expected] {
    var statements: [Expected] = []
    let attempts = picture.batches.values.flatMap(\.attempts).filter { $0.isChanged && $0.draft == nil }
      .sorted { $0.id < $1.id }
    if !attempts.isEmpty { statements.append(CommitDraft.updated(attempts)) }
    for lane in changedLanes.sorted().compactMap({ picture.lanes[$0] }) {
      statements.append(Expected(.update(lane), rows: 1, "lanes were written"))
    }
    if let rates = picture.rates.update { statements.append(rates) }
    return statements
  }

  private static func updated(_ attempts: [CommitPicture.AttemptRow]) -> Expected {
    var values = Arguments()
    values.add(array: attempts.map(\.id))
    values.add(array: attempts.map(\.state.rawValue))
    values.add(array: attempts.map(\.hash))
    values.add(array: attempts.map(\.sentAt))
    return Expected(
      Request(
        """
        UPDATE attempts a SET state = u.s, tx_hash = u.h, sent_at = u.t
        FROM unnest($1::int8[], $2::text[], $3::bytea[], $4::int8[]) u(id, s, h, t) WHERE a.id = u.id
        """, values), rows: attempts.count, "attempts were written", isState: true)
  }

  private static func updated(_ batches: [CommitPicture.BatchRow]) -> Expected {
    var values = Arguments()
    values.add(array: batches.map(\.batch.id))
    values.add(array: batches.map(\.batch.state.rawValue))
    values.add(array: batches.map(\.batch.unknown?.rawValue))
    values.add(array: batches.map(\.isHalving))
    values.add(array: batches.map(\.spender))
    values.add(array: batches.map(\.endedAt))
    return Expected(
      Request(
        """
        UPDATE batches b SET state = u.s, unknown = u.u, halving = u.h, spender = u.p, ended_at = u.e
        FROM unnest($1::int8[], $2::text[], $3::text[], $4::bool[], $5::int8[], $6::int8[]) u(id, s, u, h, p, e)
        WHERE b.id = u.id AND b.state = 'live'
        """, values), rows: batches.count, "batches are live", isState: true)
  }
}

extension Request {
  /// Dead batches of which nothing waits any more are no longer halved.
  fileprivate static func endHalving(_ batches: Set<BatchID>) -> Request {
    var values = Arguments()
    values.add(array: batches.sorted())
    return Request(
      """
      UPDATE batches b SET halving = false FROM unnest($1::int8[]) u(id)
      WHERE b.id = u.id AND b.halving AND NOT EXISTS(
        SELECT 1 FROM batch_ranges g JOIN payouts p ON p.id BETWEEN g.first_id AND g.last_id
        WHERE g.batch_id = b.id AND p.status = 'queued' AND p.batch_id = b.id)
      """, values)
  }

  /// Wakes whoever waits for work or events, when the commit is done.
  fileprivate static var wake: Request { Request("SELECT pg_notify('almoner', '')") }
}
