import Codecs
package import Curves
import Money

/// A value as it is brought to the desk: what the source said, and what proves it.
package struct BroughtValue: Hashable, Sendable {
  package let proof: RandomnessProof
  /// The network's name of the request; for other sources 0.
  package let nonce: UInt64
  package let value: [UInt8]

  package init(proof: RandomnessProof, nonce: UInt64 = 0, value: [UInt8]) {
    self.proof = proof
    self.nonce = nonce
    self.value = value
  }
}

/// The courses of all planned draws, made by replaying like the engine.
package struct LotteryCourses: Hashable, Sendable {
  package private(set) var courses: [UInt64: DrawCourse] = [:]
  /// When sales closed, in seconds since 1970.
  private var closedAt: [UInt64: UInt64] = [:]

  package init() {}

  /// What a brought value answers, as its kind says: the source's question, or the fallback's.
  func question(_ id: UInt64, _ brought: BroughtValue) throws(DrawProofError) -> RandomnessQuestion {
    guard let course = courses[id], let commitment = course.attempts.last?.commitment else {
      throw DrawProofError(.outOfOrder, "no draw of lottery \(id) waits for a value")
    }
    for (source, isFallback) in [(course.plan.source, false), (course.plan.fallback ?? course.plan.source, true)] {
      let question = commitment.question(to: source, isFallback: isFallback, nonce: brought.nonce)
      switch (question, brought.proof) {
      case (.beacon(_, let round), .beacon(let beacon)) where beacon.round == round: return question
      case (.vrf, .vrf), (.callback, .callback): return question
      default: continue
      }
    }
    throw DrawProofError(.wrongQuestion, "lottery \(id) does not ask for this value")
  }

  // MARK: Before the engine decides

  /// Whether the operation keeps to the plan of its lottery. Throws `draw.*`.
  func require(_ command: LotteryCommand, _ engine: LotteryEngine) throws(DrawProofError) {
    switch command.operation {
    case .planRandomness(let id, let plan):
      _ = try DrawCourse(planning: try known(id, engine), plan)
      // The rule can be followed at all: chains are known, times have an end.
      _ = try plan.schedule(closedAt: command.context.now, committedAt: command.context.now, chains: DrandChain.known)
    case .setPrimaryType(let id, _):
      guard courses[id]?.terms == nil else {
        throw DrawProofError(.planLocked, "lottery \(id) keeps the config that its sales opened with")
      }
    case .requestDrawAdmin(let id, _, _), .performAutomation(.retryVrf(let id), _):
      guard let course = courses[id] else { return }
      let (lottery, now) = (try known(id, engine), command.context.now)
      guard let closed = closedAt[id],
        course.terms == lottery.config.terms(lottery: id, schema: lottery.schema, plan: course.plan)
      else {
        throw DrawProofError(.outOfOrder, "lottery \(id) was not closed with the terms that its sales opened with")
      }
      _ = try course.plan.schedule(closedAt: closed, committedAt: now, chains: DrandChain.known)
    case .vrfCallback(let answer, _):
      guard let id = engine.draws?.nonces[answer.nonce], courses[id] != nil else { return }
      throw DrawProofError(
        .wrongQuestion, "lottery \(id) has a plan: numbers follow from its value",
        hint: "bring the value with: almoner lottery accept_randomness")
    case .acceptRandomness(let id, let brought):
      var copy = self
      _ = try copy.numbers(id, brought, at: command.context.now)
    default: return
    }
  }

  private func known(_ id: UInt64, _ engine: LotteryEngine) throws(DrawProofError) -> Lottery {
    do throws(LotteryError) { return try engine.lottery(id) } catch {
      throw DrawProofError(.outOfOrder, error.message)
    }
  }

  // MARK: The value

  /// Keeps a brought value and gives the engine's numbers; nil when it came late and changes nothing. Throws `draw.*`.
  mutating func numbers(
    _ id: UInt64, _ brought: BroughtValue, at now: UInt64
  ) throws(DrawProofError) -> [UInt256]? {
    let proven = ProvenRandomness(try question(id, brought), proof: brought.proof, value: brought.value)
    let stood = courses[id]?.attempts.last?.value
    do throws(DrawProofError) {
      let numbers = try courses[id]?.accept(proven, at: now)
      return stood == nil ? numbers : nil
    } catch {
      guard error.code == .valueStands else { throw error }
      return nil
    }
  }

  // MARK: After the engine has decided

  /// Goes on with the course that the command belongs to; gives the commitment that it made. Throws `draw.*`, which
  /// `require` has ruled out.
  mutating func follow(
    _ command: LotteryCommand, _ engine: LotteryEngine
  ) throws(DrawProofError) -> ClosingCommitment? {
    if case .planRandomness(let id, let plan) = command.operation {
      courses[id] = try DrawCourse(planning: try known(id, engine), plan)
      return nil
    }
    guard let id = command.operation.courseID, courses[id] != nil else { return nil }
    let lottery = try known(id, engine)
    if lottery.status == .active, courses[id]?.terms == nil { try courses[id]?.open(lottery) }
    if lottery.status == .closing, closedAt[id] == nil { closedAt[id] = command.context.now }
    guard lottery.status == .drawRequested, let draw = engine.draws?.states[id], let sales = engine.sales?.states[id],
      draw.vrf.attempt > courses[id]?.attempts.last?.commitment.attempt ?? 0, let closed = closedAt[id]
    else { return nil }
    return try courses[id]?.commit(
      lottery, sales: sales, draw: draw, closedAt: closed, committedAt: command.context.now)
  }
}

extension LotteryOperation {
  /// The lottery whose course the operation may carry on.
  fileprivate var courseID: UInt64? {
    switch self {
    case .advanceStatus(let id, _), .autoClose(let id), .requestDrawAdmin(let id, _, _): id
    case .performAutomation(let effect, _):
      switch effect {
      case .autoClose(let id), .retryVrf(let id): id
      case .cancel, .payoutBatch: nil
      }
    default: nil
    }
  }
}

extension LotteryDesk.Standing {
  /// Does what the command says, on engine and courses together; a refusal leaves both as they were. Gives the events,
  /// and the closing commitment that was made. Throws `LotteryError` for refusals.
  mutating func apply(
    _ command: LotteryCommand
  ) throws -> (events: [LotteryEvent], commitment: ClosingCommitment?) {
    guard case .acceptRandomness(let id, let brought) = command.operation else {
      let events = try engine.apply(command)
      return (events, try courses.follow(command, engine))
    }
    var next = courses
    var events: [LotteryEvent] = []
    if let numbers = try next.numbers(id, brought, at: command.context.now) {
      guard let state = engine.draws?.states[id] else { throw LotteryError(.vrfNotRequested) }
      let answer = RandomnessAnswer(
        nonce: state.vrf.requestId, message: state.payload, signature: [], callerAddress: command.context.actor,
        rngCount: state.rngCount, clientSeed: state.clientSeed)
      events = try engine.apply(LotteryCommand(.vrfCallback(answer: answer, numbers: numbers), command.context))
    }
    courses = next
    return (events, nil)
  }
}
