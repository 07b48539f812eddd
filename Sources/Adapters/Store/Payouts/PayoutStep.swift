import Engine
import Money
import Payouts
import PostgreSQL

/// What a commit does to payouts, in order.
enum PayoutStep {
  case move(PayoutMove)
  /// An exception worth a note, after its move.
  case note(Outcome, of: BatchID)
  case fail(FailedQueued, to: PayoutStatus)
  case compensate(Compensation, to: PayoutStatus)
  case settle(Settlement, to: PayoutStatus)
}

/// Payouts that go from one state to another, all in the same way.
struct PayoutMove {
  let runs: [PayoutRun]
  let count: Int
  let from: PayoutStatus
  let fromBatch: BatchID?
  let to: PayoutStatus
  /// Nil for one that leaves its batch.
  let toBatch: BatchID?
  let errorCode: String?
  /// The rows in words, should one be missing.
  let what: String

  /// queued -> submitted.
  static func submitting(_ intent: Intent) -> PayoutMove {
    PayoutMove(
      runs: intent.runs, count: intent.count, from: .queued, fromBatch: intent.halfOf, to: .submitted,
      toBatch: intent.batch, errorCode: nil, what: "payouts are queued for batch \(intent.batch)")
  }

  /// submitted -> what the outcome says.
  static func settling(_ outcome: Outcome, of batch: BatchID, to status: PayoutStatus) -> PayoutMove {
    var code: String?
    if case .failed(let why) = outcome.kind { code = why.rawValue }
    return PayoutMove(
      runs: outcome.runs, count: outcome.count, from: .submitted, fromBatch: batch, to: status,
      toBatch: outcome.kind == .requeued ? nil : batch, errorCode: code,
      what: "payouts are submitted under batch \(batch)")
  }
}

extension [PayoutStep] {
  /// The steps as statements: moves that follow each other and share no payout are one.
  func statements(at: Timestamp) -> [Expected] {
    var statements: [Expected] = []
    var moves: [PayoutMove] = []
    func flush() {
      if !moves.isEmpty { statements.append(.moving(moves)) }
      moves = []
    }
    let isApart = isApart
    for step in self {
      switch step {
      case .move(let move):
        // A payout that moves twice moves in two statements, each seeing what the one before has left.
        if !isApart { flush() }
        moves.append(move)
      case .note(let outcome, let batch):
        flush()
        statements.append(.noting(outcome, of: batch, at: at))
      case .fail(let failed, let status):
        flush()
        statements.append(.failing(failed, to: status))
      case .compensate(let compensation, let status):
        flush()
        statements.append(.compensating(compensation, to: status, at: at))
      case .settle(let settlement, let status):
        flush()
        statements.append(.settling(settlement, to: status))
      }
    }
    flush()
    return statements
  }

  /// Whether no payout is in two moves.
  private var isApart: Bool {
    let runs = flatMap { step -> [PayoutRun] in if case .move(let move) = step { move.runs } else { [] } }
      .sorted { $0.first < $1.first }
    return zip(runs, runs.dropFirst()).allSatisfy { $0.last < $1.first }
  }
}

extension Expected {
  fileprivate static func moving(_ moves: [PayoutMove]) -> Expected {
    let rows = moves.flatMap { move in move.runs.map { (run: $0, move: move) } }
      // Every commit locks payouts in the order of their numbers.
      .sorted { $0.run.first < $1.run.first }
    var values = Arguments()
    values.add(array: rows.map(\.run.first))
    values.add(array: rows.map(\.run.last))
    values.add(array: rows.map(\.move.from.rawValue))
    values.add(array: rows.map(\.move.fromBatch))
    values.add(array: rows.map(\.move.to.rawValue))
    values.add(array: rows.map(\.move.toBatch))
    values.add(array: rows.map(\.move.errorCode))
    return Expected(
      Request(
        """
        UPDATE payouts p SET status = u.s2, batch_id = u.b2, error_code = u.e
        FROM unnest($1::int8[], $2::int8[], $3::text[], $4::int8[], $5::text[], $6::int8[], $7::text[])
          u(f, l, s1, b1, s2, b2, e)
        WHERE p.id BETWEEN u.f AND u.l AND p.status = u.s1 AND p.batch_id IS NOT DISTINCT FROM u.b1
        """, values),
      rows: moves.reduce(0) { $0 + $1.count }, moves.map(\.what).joined(separator: ", "), isState: true)
  }

  fileprivate static func noting(_ outcome: Outcome, of batch: BatchID, at: Timestamp) -> Expected {
    var values = Arguments(batch, at)
    values.add(array: outcome.runs.map(\.first))
    values.add(array: outcome.runs.map(\.last))
    return Expected(
      Request(
        """
        INSERT INTO payout_notes(payout_id, batch_id, fate, at)
        SELECT g.id, $1, 'partial', $2 FROM unnest($3::int8[], $4::int8[]) u(f, l)
          CROSS JOIN LATERAL generate_series(u.f, u.l) g(id)
        """, values), rows: outcome.count, "payouts were noted")
  }

  /// queued -> failed, those under dead batches too. Answers with the dead batch of each.
  fileprivate static func failing(_ failed: FailedQueued, to status: PayoutStatus) -> Expected {
    var values = Arguments(status.rawValue, failed.reason.rawValue)
    values.add(array: failed.runs.map(\.first))
    values.add(array: failed.runs.map(\.last))
    return Expected(
      Request(
        """
        WITH found AS MATERIALIZED (
          SELECT p.id, p.batch_id FROM unnest($3::int8[], $4::int8[]) u(f, l) JOIN payouts p ON p.id BETWEEN u.f AND u.l
          WHERE p.status = 'queued' FOR NO KEY UPDATE OF p)
        UPDATE payouts p SET status = $1, batch_id = NULL, error_code = $2 FROM found f WHERE p.id = f.id
        RETURNING f.batch_id
        """, values), rows: failed.count, "payouts are queued in campaign \(failed.campaign)", isState: true,
      tellsParents: true)
  }

  /// submitted under a batch that has ended -> what two people said.
  fileprivate static func settling(_ settlement: Settlement, to status: PayoutStatus) -> Expected {
    Expected(
      Request(
        """
        UPDATE payouts SET status = $1, error_code = $2 WHERE id = $3 AND status = 'submitted' AND batch_id = $4
          AND EXISTS(SELECT 1 FROM batches b WHERE b.id = $4 AND b.state <> 'live')
        """, Arguments(status.rawValue, settlement.errorCode, settlement.payout, settlement.batch)),
      rows: 1, "payouts wait for people", isState: true)
  }

  /// The reason takes the place of the failure's code, which moves to a note.
  fileprivate static func compensating(
    _ compensation: Compensation, to status: PayoutStatus, at: Timestamp
  ) -> Expected {
    Expected(
      Request(
        """
        WITH noted AS (
          INSERT INTO payout_notes(payout_id, batch_id, error_code, error_msg, at)
          SELECT id, batch_id, error_code, error_msg, $2 FROM payouts
          WHERE id = $1 AND status = $3 AND error_code IS NOT NULL)
        UPDATE payouts SET status = $4, error_code = $5 WHERE id = $1 AND status = $3
        """,
        Arguments(compensation.payout, at, compensation.from.rawValue, status.rawValue, compensation.reason)),
      rows: 1, "payouts are \(compensation.from.rawValue): number \(compensation.payout)", isState: true)
  }
}
