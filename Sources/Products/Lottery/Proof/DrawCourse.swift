package import Codecs
package import Curves
package import Money

/// What was asked for in one attempt, and what came.
package struct DrawAttempt: Hashable, Sendable {
  package let commitment: ClosingCommitment
  package let basis: SnapshotBasis
  /// The closing config: with the tags as they were then.
  package let config: Config
  package internal(set) var value: AcceptedValue?
  /// Values that came when one was accepted already: kept, and without effect.
  package internal(set) var late: [ProvenRandomness] = []

  package static let mostLate = 8
}

/// The value that a draw was made from.
package struct AcceptedValue: Hashable, Sendable {
  package let proven: ProvenRandomness
  package let isFallback: Bool
  /// Seconds since 1970.
  package let at: UInt64
}

/// The course of one lottery's draw: plan, terms, attempts. A pure value beside the engine, whose steps the shell stores.
///
/// draft → `init(planning:)` → sales open → `open` → sales close → `commit` → `question(at:)` → `accept`; when neither
/// source ever answers, the engine makes another attempt and `commit` is called again.
package struct DrawCourse: Hashable, Sendable {
  package let lotteryId: UInt64
  package let schema: Schema
  package let plan: RandomnessPlan
  /// Set when sales opened.
  package private(set) var terms: Hash32?
  package private(set) var attempts: [DrawAttempt] = []

  /// Declares the plan of a draft. Throws `draw.plan_locked` once sales have opened.
  package init(planning lottery: Lottery, _ plan: RandomnessPlan) throws(DrawProofError) {
    guard lottery.status == .draft else {
      throw DrawProofError(.planLocked, "lottery \(lottery.id) is \(lottery.status): its plan stands")
    }
    lotteryId = lottery.id
    schema = lottery.schema
    self.plan = plan
  }

  /// Fixes the terms, in the step that opens sales. Throws `draw.out_of_order`.
  package mutating func open(_ lottery: Lottery) throws(DrawProofError) {
    try require(lottery)
    guard terms == nil, lottery.status == .active else {
      throw DrawProofError(.outOfOrder, "terms are fixed once, when sales open")
    }
    terms = lottery.config.terms(lottery: lotteryId, schema: schema, plan: plan)
  }

  /// The closing commitment of the next attempt, whose payload the engine has just made. Throws `draw.out_of_order`,
  /// `draw.plan_invalid`.
  package mutating func commit(
    _ lottery: Lottery, sales: SalesState, draw: DrawState, closedAt: UInt64, committedAt: UInt64,
    chains: [DrandChain] = DrandChain.known
  ) throws(DrawProofError) -> ClosingCommitment {
    try require(lottery)
    guard let terms, lottery.status == .drawRequested, attempts.last?.value == nil else {
      throw DrawProofError(.outOfOrder, "a draw is committed to when it was requested, and has no value yet")
    }
    guard terms == lottery.config.terms(lottery: lotteryId, schema: schema, plan: plan) else {
      throw DrawProofError(.outOfOrder, "the config of lottery \(lotteryId) is not the one that sales opened with")
    }
    let basis = SnapshotBasis(sales)
    let hash = basis.hash(lottery: lotteryId, schema: schema, configHash: lottery.config.hash)
    guard hash == draw.snapshotHash, draw.vrf.attempt > (attempts.last?.commitment.attempt ?? 0) else {
      throw DrawProofError(.outOfOrder, "the request is not of this snapshot, or was committed to before")
    }
    let commitment = ClosingCommitment(
      schema: schema, lotteryId: lotteryId, terms: terms, snapshotHash: hash, slotsChecksum: lottery.slotsChecksum,
      ticketsSold: basis.ticketsSold, closedAt: closedAt, committedAt: committedAt, attempt: draw.vrf.attempt,
      previous: attempts.last?.commitment.hash ?? .zero, payload: draw.payload,
      schedule: try plan.schedule(closedAt: closedAt, committedAt: committedAt, chains: chains))
    attempts.append(DrawAttempt(commitment: commitment, basis: basis, config: lottery.config))
    return commitment
  }

  /// Which value the draw waits for at this time: the source's until the deadline, then the fallback's. Throws
  /// `draw.out_of_order` without an open attempt.
  package func question(
    at now: UInt64, nonce: UInt64 = 0
  ) throws(DrawProofError) -> (question: RandomnessQuestion, isFallback: Bool) {
    guard let attempt = attempts.last, attempt.value == nil else {
      throw DrawProofError(.outOfOrder, "no attempt of lottery \(lotteryId) waits for a value")
    }
    let commitment = attempt.commitment
    if let fallback = plan.fallback, now >= commitment.schedule.deadline {
      return (commitment.question(to: fallback, isFallback: true, nonce: nonce), true)
    }
    return (commitment.question(to: plan.source, isFallback: false, nonce: nonce), false)
  }

  /// Takes a verified value and gives the engine's numbers. The same value again gives the same numbers; one that comes
  /// when another was accepted is kept as late and changes nothing.
  ///
  /// Throws `draw.out_of_order`, `draw.wrong_question` for a value that this attempt does not ask for, or the fallback's
  /// before the deadline, `draw.value_stands` for a late one.
  package mutating func accept(_ proven: ProvenRandomness, at now: UInt64) throws(DrawProofError) -> [UInt256] {
    guard let place = attempts.indices.last else {
      throw DrawProofError(.outOfOrder, "no attempt of lottery \(lotteryId) waits for a value")
    }
    let attempt = attempts[place]
    let isFallback = try role(of: proven.question, in: attempt.commitment)
    if let stands = attempt.value {
      if stands.proven == proven { return numbers(of: attempt.commitment, stands) }
      if attempt.late.count < DrawAttempt.mostLate, !attempt.late.contains(proven) {
        attempts[place].late.append(proven)
      }
      throw DrawProofError(.valueStands, "lottery \(lotteryId) was drawn from another value; this one came late")
    }
    guard !isFallback || now >= attempt.commitment.schedule.deadline else {
      throw DrawProofError(.wrongQuestion, "the fallback counts from \(attempt.commitment.schedule.deadline) on")
    }
    let value = AcceptedValue(proven: proven, isFallback: isFallback, at: now)
    attempts[place].value = value
    return numbers(of: attempt.commitment, value)
  }

  private func numbers(of commitment: ClosingCommitment, _ value: AcceptedValue) -> [UInt256] {
    let slots = attempts.last?.config.prizePlan.count ?? 0
    return commitment.numbers(from: value.proven.value, isFallback: value.isFallback, count: slots)
  }

  /// Whether the question is the source's (false) or the fallback's (true).
  private func role(
    of question: RandomnessQuestion, in commitment: ClosingCommitment
  ) throws(DrawProofError) -> Bool {
    var nonce: UInt64 = 0
    if case .callback(let named, _) = question { nonce = named }
    if question == commitment.question(to: plan.source, isFallback: false, nonce: nonce) { return false }
    if let fallback = plan.fallback, question == commitment.question(to: fallback, isFallback: true, nonce: nonce) {
      return true
    }
    throw DrawProofError(.wrongQuestion, "lottery \(lotteryId) does not ask for this value")
  }

  private func require(_ lottery: Lottery) throws(DrawProofError) {
    guard lottery.id == lotteryId, lottery.schema == schema else {
      throw DrawProofError(.outOfOrder, "the course is of lottery \(lotteryId), not of \(lottery.id)")
    }
  }
}
