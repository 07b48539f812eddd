package import Chains
import Codecs
package import Money
package import Payouts
package import Policy
package import Signing

/// Works one lane: takes the lease, recovers what is live, and then turns in a circle of phases - read, plan, commit,
/// sign, send - until there is nothing left to do.
///
/// One `step()` is one phase with at most one kind of outside effect, so that a simulator can crash or interleave
/// workers between any two. What is in memory is only a plan: every write compares fence and rows in the transaction
/// that writes, and any doubt (a lost lease, a lost answer) drops the memory and starts anew.
///
/// A commit carries three waves at once - intents of this turn, bytes signed in the turn before, evidence on those
/// sent before that - so a wave moves one step per commit and nothing is signed and sent in the same one.
///
/// Not thread-safe: one thread calls it.
package final class LaneWorker {
  package enum Phase: String, CaseIterable, Sendable { case acquire, recover, read, plan, commit, sign, send }

  /// How far the worker goes with a batch.
  package enum Reach: String, CaseIterable, Sendable {
    case send
    /// Signs and records, and hands nothing over (`--dry-run=sign`): the slot is occupied like any other.
    case sign
    /// Intents only: signatures are made elsewhere, and bytes come in by `SignedImport`.
    case intend
  }

  /// What a step came to.
  package enum Step: Sendable {
    /// Something was done; step again at once.
    case progress
    /// Nothing to do before this time.
    case idle(until: Timestamp)
    /// Nothing at all left to do on this lane: no live batches, nothing to plan.
    case done(until: Timestamp)
    /// The step failed; stepping again retries when the error is passing, after its wait.
    case failed(EngineError, until: Timestamp)
  }

  /// A live batch with what this worker knows of it beyond the store.
  struct Live {
    var batch: Batch
    var payees: [Payee]
    var sendAt: Timestamp
    var judged = false
  }

  package let chain: ChainID
  package let account: Address
  let store: any PayoutStore
  let rail: any Rail
  let signer: any Signer
  let clock: any EngineClock
  let civil: any CivilTime
  let random: any RandomSource
  let settings: WorkerSettings
  let holder: String
  let session: String
  let composer: Composer
  weak var observer: (any EngineObserver)?
  let reach: Reach
  /// Only these campaigns are planned; nil plans every running one. Live batches are always watched.
  let only: Set<CampaignID>?
  let screener: Screener
  let facts: FactSources
  /// What this turn's plan has taken of limits, and where the next turn goes on after payees that did not fit.
  var ratePlan = RatePlan()
  var turnLimits: (policy: Hash32?, limits: [RateLimit])?
  var rateCursor: [CampaignID: PayoutID] = [:]

  package internal(set) var phase: Phase = .acquire
  package internal(set) var held: LaneGuard?
  package internal(set) var mode: LaneMode = .open
  package internal(set) var modeReason: String?
  /// What the next plan takes, and what of it is durable.
  var nextSlot: UInt64 = 0
  var nextSequence: Int64 = 0
  var durableSlot: UInt64 = 0
  var durableSequence: Int64 = 0
  var live: [BatchID: Live] = [:]
  var queue = FairQueue()
  var breaker: CircuitBreaker
  var failures = 0
  var notBefore = Timestamp(milliseconds: .min)
  var renewAt = Timestamp(milliseconds: .min)
  var seenAt = Timestamp(milliseconds: .min)
  var readAt = Timestamp(milliseconds: .min)
  /// Why running campaigns are not planned at the moment, for the operator.
  package internal(set) var waiting: [CampaignID: EngineError] = [:]

  /// A service transaction asked for by an operator (deploying the batch contract), and what became of it.
  package struct Errand: Sendable {
    package let purpose: Purpose
    package internal(set) var batch: BatchID?
    package internal(set) var slot: UInt64?
    package internal(set) var evidence: Evidence?
    package init(_ purpose: Purpose) { self.purpose = purpose }
  }
  package var errand: Errand?

  // The next commit.
  var writes: [Write] = []
  var planned: [BatchID: Live] = [:]
  var counts = CommitCounts()
  // After it.
  var toSign: [(batch: BatchID, attempt: AttemptID)] = []
  var toSend: [(batch: BatchID, attempt: AttemptID)] = []
  /// Intended, and not to be signed while no verdict allows it.
  var heldBack: [(batch: BatchID, attempt: AttemptID)] = []
  /// Batches of these: whether one of their payouts has a verdict that forbids it.
  var barred: [BatchID: Bool] = [:]
  var readySetups: [AssetID: UInt256] = [:]
  var preflighted: Set<AssetID> = []
  /// Of campaigns that several lanes pay: how far this lane's share is planned, and since when nothing of it is left.
  var sharedUpTo: [CampaignID: PayoutID] = [:]
  var dryShareSince: [CampaignID: Timestamp] = [:]
  /// Free slots below used ones, to be filled by void transactions.
  var gaps: [UInt64] = []
  var didWork = false
  var isDry = true
  /// Who must have approved what is signed; nil where a single local operator does, who was asked at the start.
  package var approvals: ApprovalGate?
  /// What the gate said in this turn, and intended attempts that it keeps from being signed.
  var approvalVerdicts: [CampaignID: ApprovalVerdict] = [:]
  var unapproved: [(batch: BatchID, attempt: AttemptID)] = []
  /// For a signer that asks for proofs.
  var approvedTrees: [CampaignID: ApprovedTree] = [:]

  package init(
    account: Address, store: any PayoutStore, rail: any Rail, signer: any Signer, clock: any EngineClock,
    civil: any CivilTime, random: any RandomSource, settings: WorkerSettings, holder: String, session: String,
    reach: Reach = .send, only: Set<CampaignID>?, facts: FactSources = FactSources(),
    observer: (any EngineObserver)?
  ) {
    self.chain = rail.codec.chain
    self.account = account
    self.store = store
    self.rail = rail
    self.signer = signer
    self.clock = clock
    self.civil = civil
    self.random = random
    self.settings = settings
    self.holder = holder
    self.session = session
    self.reach = reach
    self.only = only
    self.screener = Screener(store: store, facts: facts, civil: civil)
    self.facts = facts
    self.observer = observer
    self.composer = Composer(rail.codec)
    self.breaker = CircuitBreaker(
      threshold: 5, firstPauseMilliseconds: settings.backoffBaseMilliseconds,
      mostPauseMilliseconds: settings.backoffMostMilliseconds)
  }

  var actor: String { "worker:\(holder)" }

  /// Does the next phase. Never throws: a failure is a report, and the next step goes on from durable state.
  package func step() -> Step {
    let now = clock.now()
    if now < seenAt { clockWentBack(to: now) }
    seenAt = now
    if now < notBefore { return .idle(until: notBefore) }
    do {
      switch phase {
      case .acquire: try acquire(now)
      case .recover: try recover(now)
      case .read: try read(now)
      case .plan: try plan(now)
      case .commit: try commit(now)
      case .sign: try sign(now)
      case .send:
        try send(now)
        return turnEnded(now)
      }
      return .progress
    } catch {
      return failed(EngineError(any: error), losesLane: (error as? StoreError)?.losesLane ?? false, now)
    }
  }

  /// Something was committed, by whomever. A lane with nothing live and nothing to plan looks at the store again at once;
  /// one that waits for its chain, or for its turn after a failure, goes on waiting.
  package func wake() {
    if held != nil, phase == .read, failures == 0, live.isEmpty, isDry { notBefore = min(notBefore, clock.now()) }
  }

  /// Gives the lease back, if there is one. What is live stays live: the next holder goes on from the store.
  package func release() {
    if let held { try? store.releaseLane(held) }
    forget()
  }

  package var liveCount: Int { live.count }

  /// Waits that were set by a clock which was ahead would last until it is there again.
  private func clockWentBack(to now: Timestamp) {
    notBefore = min(notBefore, now)
    renewAt = min(renewAt, now)
    breaker.clockWentBack(to: now)
    for id in live.keys { live[id]?.sendAt = now }
  }

  private func turnEnded(_ now: Timestamp) -> Step {
    failures = 0
    phase = .read
    let worked = didWork
    didWork = false
    if worked || !toSign.isEmpty || !writes.isEmpty { return .progress }
    let until = now.advanced(byMilliseconds: settings.pollMilliseconds)
    notBefore = until
    return (live.isEmpty && isDry) || isAtReach ? .done(until: until) : .idle(until: until)
  }

  /// Whether everything live waits for somebody else because this worker goes no further.
  private var isAtReach: Bool {
    switch reach {
    case .send: false
    case .sign: live.values.allSatisfy { $0.batch.attempts.allSatisfy { $0.state == .signed } }
    case .intend: live.values.allSatisfy { $0.batch.attempts.contains { $0.state == .intended } }
    }
  }

  private func failed(_ error: EngineError, losesLane: Bool, _ now: Timestamp) -> Step {
    let isLost = losesLane || error.code == SigningError.Code.staleFence.rawValue
    if isLost, let lane = held?.lane {
      #if ALMONER_MUTANTS
        if Mutant.commitUnknownIsFailure.isActive, error.code == StoreError.Code.commitUnknown.rawValue {
          phase = .commit
          return .failed(error, until: now)
        }
      #endif
      observer?.observe(.laneLost(lane, error))
      // Whoever doubts begins anew, and need not wait for its own lease to run out. A lane that is another's by now has
      // another fence, and giving it back changes nothing.
      release()
    } else {
      observer?.observe(.alarm(error))
      discardPlans()
      phase = held == nil ? .acquire : (phase == .recover ? .recover : .read)
    }
    let wait = waitAfter(error)
    failures += 1
    notBefore = now.advanced(byMilliseconds: max(1, wait))
    return .failed(error, until: notBefore)
  }

  /// A lane that another worker holds is asked for three times within a lease: when that worker dies, the lane moves
  /// within one lease and a third of it.
  private func waitAfter(_ error: EngineError) -> Int64 {
    let isHeldByAnother = phase == .acquire && error.code == StoreError.Code.busy.rawValue
    let most =
      isHeldByAnother
      ? min(settings.backoffMostMilliseconds, max(1, settings.leaseMilliseconds / 3)) : settings.backoffMostMilliseconds
    let backoff = Backoff(baseMilliseconds: settings.backoffBaseMilliseconds, mostMilliseconds: most)
    return backoff.wait(attempt: failures, random: random)
  }

  /// Drops everything in memory: plans, signatures, evidence, the fence itself.
  func forget() {
    held = nil
    live = [:]
    discardPlans()
    readySetups = [:]
    preflighted = []
    sharedUpTo = [:]
    dryShareSince = [:]
    rateCursor = [:]
    phase = .acquire
  }

  /// Drops what was planned and not committed. Signatures made in this turn are made again over the same bytes.
  func discardPlans() {
    nextSlot = durableSlot
    nextSequence = durableSequence
    // An errand that was planned and not committed is planned again.
    if let batch = errand?.batch, live[batch] == nil, errand?.evidence == nil { errand?.batch = nil }
    writes = []
    planned = [:]
    sharedUpTo = [:]
    counts = CommitCounts()
    toSend = []
    unapproved = []
    heldBack = []
    barred = [:]
    // In order, so that the same run is the same: a dictionary has none.
    toSign = live.keys.sorted().flatMap { id in
      (live[id]?.batch.attempts ?? []).filter { $0.state == .intended }.map { (id, $0.id) }
    }
    for id in live.keys { live[id]?.judged = false }
  }

  func nextNumber() -> Int64 {
    nextSequence += 1
    return nextSequence
  }
}
