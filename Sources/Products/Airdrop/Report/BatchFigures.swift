import Chains
package import Codecs
import Engine
package import Money
package import Payouts

/// What the batches of a campaign add up to: states, attempts, fees, times, and the few that need a look.
package struct BatchFigures: Hashable, Sendable {
  package struct Part: Hashable, Sendable {
    package fileprivate(set) var batches: Int64 = 0
    package fileprivate(set) var payouts: Int64 = 0
  }
  /// One batch in a list.
  package struct Line: Hashable, Sendable {
    package let batch: BatchID
    package let lane: LaneID
    package let slot: UInt64
    package let state: BatchState
    package let payouts: Int
    package let units: UInt256
    package let attempts: Int
    package let unknown: UnknownReason?
    package let createdAt: Timestamp
    package let endedAt: Timestamp?
    /// Hash of the newest signed attempt.
    package let transaction: Hash32?
  }
  package static let mostLines = 20

  package private(set) var parts: [BatchState: Part] = [:]
  /// Batches by the word of their evidence, `paid`, `reverted`, ...
  package private(set) var verdicts: [String: Int64] = [:]
  /// Live batches whose fate is unknown.
  package private(set) var unknown: Int64 = 0
  package private(set) var attempts: Int64 = 0
  /// Pay attempts beyond the first of a batch: the same payment at a higher fee.
  package private(set) var bumps: Int64 = 0
  package private(set) var voids: Int64 = 0
  /// Recipients that a final transaction credited in full, whatever happened to them later.
  package private(set) var credited: Int64 = 0
  package private(set) var fees = FeeFigures()
  package private(set) var timeline = Timeline()
  package private(set) var finality = FinalityTimes()
  /// Live batches: unknown ones first, then the oldest.
  package private(set) var waiting: [Line] = []
  /// Ended batches that took longest.
  package private(set) var slowest: [Line] = []
  package private(set) var firstAt: Timestamp?
  package private(set) var lastEndedAt: Timestamp?
  /// The smallest number of endpoints that vouched for the end of a batch; nil while none has ended.
  package private(set) var fewestWitnesses: Int?

  package init() {}

  package subscript(_ state: BatchState) -> Part { parts[state] ?? Part() }
  package var count: Int64 { parts.values.reduce(0) { $0 + $1.batches } }

  /// Throws `money.overflow` when fees leave 256 bits.
  mutating func add(_ view: BatchView) throws(MoneyError) {
    let batch = view.batch
    let payouts = Int64(batch.count)
    parts[batch.state, default: Part()].batches += 1
    parts[batch.state, default: Part()].payouts += payouts
    attempts += Int64(batch.attempts.count)
    bumps += Int64(max(0, batch.attempts.count { $0.kind == .pay } - 1))
    voids += Int64(batch.attempts.count { $0.kind == .void })
    firstAt = min(firstAt ?? batch.createdAt, batch.createdAt)
    timeline.add(at: batch.createdAt) {
      $0.submittedBatches += 1
      $0.submittedPayouts += payouts
    }
    switch batch.state {
    case .live:
      if batch.unknown != nil { unknown += 1 }
      BatchFigures.keep(Line(batch), in: &waiting) {
        (($0.unknown == nil ? 1 : 0), $0.createdAt, $0.batch) < (($1.unknown == nil ? 1 : 0), $1.createdAt, $1.batch)
      }
    case .final, .dead: try addEnded(view)
    }
  }

  private mutating func addEnded(_ view: BatchView) throws(MoneyError) {
    let batch = view.batch
    let evidence = view.evidence.flatMap { try? JSON.parse($0) }
    addVerdict(evidence?["verdict"]?.string ?? "(none)")
    if let statements = evidence?["statements"]?.array {
      fewestWitnesses = min(fewestWitnesses ?? statements.count, statements.count)
    }
    var paid: Int64 = 0
    if batch.state == .final {
      // Only where the verdict is about single payees does the evidence list them.
      paid = evidence?["credits"]?.array.map { Int64($0.count { $0.string == "full" }) } ?? Int64(batch.count)
      credited += paid
    }
    if let fee = view.feePaid { try fees.add(fee, paid: batch.state == .final) }
    guard let endedAt = view.endedAt else { return }
    lastEndedAt = max(lastEndedAt ?? endedAt, endedAt)
    timeline.add(at: endedAt) {
      if batch.state == .final { $0.finalBatches += 1 } else { $0.deadBatches += 1 }
      $0.confirmedPayouts += paid
    }
    finality.add(milliseconds: Line(batch).age(at: endedAt), payouts: paid)
    BatchFigures.keep(Line(batch, endedAt: endedAt), in: &slowest) {
      ($1.took ?? 0, $0.batch) < ($0.took ?? 0, $1.batch)
    }
  }

  /// Words come from the store: a few are known, and no more than a few are told apart.
  private mutating func addVerdict(_ word: String) {
    verdicts[verdicts[word] == nil && verdicts.count >= 10 ? "(other)" : word, default: 0] += 1
  }

  private static func keep(_ line: Line, in lines: inout [Line], before: (Line, Line) -> Bool) {
    let place = lines.firstIndex { before(line, $0) } ?? lines.count
    guard place < mostLines else { return }
    lines.insert(line, at: place)
    if lines.count > mostLines { lines.removeLast() }
  }
}

extension BatchFigures.Line {
  fileprivate init(_ batch: Batch, endedAt: Timestamp? = nil) {
    self.init(
      batch: batch.id, lane: batch.lane, slot: batch.slot, state: batch.state, payouts: batch.count,
      units: batch.total, attempts: batch.attempts.count, unknown: batch.unknown, createdAt: batch.createdAt,
      endedAt: endedAt, transaction: batch.attempts.last { $0.signed != nil }?.signed?.hash)
  }

  /// Milliseconds since the intent; 0 when the clock was set back, and never past 64 bits.
  package func age(at now: Timestamp) -> Int64 {
    let (time, over) = now.milliseconds.subtractingReportingOverflow(createdAt.milliseconds)
    return over ? (now < createdAt ? 0 : .max) : max(0, time)
  }

  /// Milliseconds from the intent to the end; nil while live.
  package var took: Int64? { endedAt.map { age(at: $0) } }
}
