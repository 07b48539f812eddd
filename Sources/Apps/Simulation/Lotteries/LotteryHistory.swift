import Codecs
import Engine
import Lottery
import Money
import SQLite

/// One seed from beginning to end: people and operators ask, in any order and with any intention, while the machine
/// fails; then quiet, in which everything that nobody knows is asked again; then the count.
struct LotteryHistory {
  let world: LotteryWorld
  var dice: Dice
  /// Every request ever made, by key, and whether it should be refused in any state.
  private(set) var asked: [String: (request: LotteryRequest, isForged: Bool)] = [:]
  /// Where the desk said that a request stands.
  private(set) var told: [String: Int64] = [:]
  /// Keys of requests whose fate nobody knows.
  private(set) var unsure: [String] = []
  /// Answers to requests for randomness that were given before.
  private var oldAnswers: [RandomnessAnswer] = []
  private var number = 0
  private(set) var accepted = 0
  private(set) var refused = 0
  /// What a power cut leaves of the disk, where that is not left to chance.
  var survival: Survival? {
    get { world.survival }
    set { world.survival = newValue }
  }

  init(_ world: LotteryWorld) {
    self.world = world
    dice = Dice(world.plan.seed, .schedule)
  }

  var plan: LotteryPlan { world.plan }
  var watch: Watch { world.watch }
  var isBroken: Bool { watch.with { !$0.violations.isEmpty } }

  // MARK: Asking

  mutating func key() -> String {
    number += 1
    return "r\(number)"
  }

  @discardableResult
  mutating func ask(
    _ operation: LotteryOperation, by actor: LotteryAddress = LotteryPlan.admin, isForged: Bool = false
  ) -> LotteryOutcome? {
    ask([(LotteryRequest(key: key(), actor: actor, operation: operation), isForged)])?.first
  }

  @discardableResult
  mutating func ask(_ requests: [(request: LotteryRequest, isForged: Bool)]) -> [LotteryOutcome]? {
    for (request, isForged) in requests where asked[request.key] == nil { asked[request.key] = (request, isForged) }
    watch.say("ask \(requests.map { "\($0.request.key) \($0.request.operation)" }.joined(separator: "; "))")
    guard let outcomes = world.ask(requests.map(\.request)) else {
      for (request, _) in requests where told[request.key] == nil && !unsure.contains(request.key) {
        unsure.append(request.key)
      }
      return nil
    }
    let before = told
    for (outcome, (request, _)) in zip(outcomes, requests) { hear(outcome, request, before) }
    return outcomes
  }

  /// `before`: what was told in earlier calls. Within one call the same request gets the same answer.
  private mutating func hear(_ outcome: LotteryOutcome, _ request: LotteryRequest, _ before: [String: Int64]) {
    let isOurs = asked[request.key].map { $0.request == request } ?? false
    switch outcome {
    case .done(_, let entry, let isNew):
      watch.say("   \(request.key) is entry \(entry)\(isNew ? "" : ", as before")")
      if !isOurs { watch.broke(8, "the key \(request.key) was taken for two requests") }
      if let known = told[request.key], known != entry || (isNew && before[request.key] != nil) {
        watch.broke(8, "\(request.key) was entry \(known) and is entry \(entry) now\(isNew ? ", as a new one" : "")")
      }
      told[request.key] = entry
      accepted += 1
    case .refused(let error):
      watch.say("   \(request.key) refused: \(error.code)")
      if told[request.key] != nil, isOurs {
        watch.broke(8, "\(request.key) was done, and is refused now: \(error.code)")
      }
      refused += 1
    case .denied(let error):
      watch.say("   \(request.key) denied: \(error.code)")
      if told[request.key] != nil, isOurs {
        watch.broke(8, "\(request.key) was done, and is denied now: \(error.code)")
      }
      refused += 1
    }
    if isOurs { unsure.removeAll { $0 == request.key } }
  }

  /// Asks until the request is answered: a machine that died is up again.
  mutating func insist(_ operation: LotteryOperation, by actor: LotteryAddress = LotteryPlan.admin) {
    let request = (request: LotteryRequest(key: key(), actor: actor, operation: operation), isForged: false)
    world.clock.advance(1_000)
    for _ in 0..<5 where ask([request]) != nil { return }
    watch.broke(0, "\(operation.name) is never answered")
  }

  /// `persistently`: each step is asked until it is answered.
  mutating func begin(persistently: Bool = false) {
    let steps: [LotteryOperation] = [
      .initRegistry, .initSales, .initDraw, .initPayouts, .initHistory(schema: plan.schema),
      .initRoles(schema: plan.schema),
      .setPayoutBatchCapAdmin(
        holder: LotteryPlan.admin, maxBatchSize: 0, operationsBudgetTotal: .max, cooldownSecs: 0,
        nonceStride: plan.schema == .v1 ? 0 : 1),
    ]
    for step in steps { if persistently { insist(step) } else { ask(step) } }
    for (id, config) in plan.lotteries.sorted(by: { $0.key < $1.key }) {
      let draft = LotteryOperation.createDraftAdmin(id: id, config: config.bcs, schema: plan.schema)
      if persistently { insist(draft) } else { ask(draft) }
    }
  }

  // MARK: Faults between two requests

  /// What happens to the machine before the next request.
  mutating func meetFaults() {
    if watch.happens(.processKilled) {
      // In the middle of what comes next, before or after something durable.
      let ahead = 1 + dice.below(6)
      watch.with { $0.stop = Watch.Stop(boundary: $0.boundaryCount + ahead, kind: .machineDies) }
    }
    if watch.happens(.powerCut) {
      watch.saw(.powerCut)
      world.restart(dice.chance(70) ? .torn : .synced)
    }
    if watch.happens(.powerCutInWrite) {
      let failure = Watch.PowerFailure(operation: world.disk.operations + 1 + dice.below(20), isAfter: dice.chance(50))
      watch.with { $0.powerFailure = failure }
    }
    if watch.happens(.clockJump) { world.clock.jump(Int64(dice.pick([-90_000, -5_000, 5_000, 90_000]))) }
  }

  // MARK: The end

  /// Faults stop; whatever nobody knows is asked again, and everything that was decided is ordered.
  mutating func quiet() {
    watch.with { state in
      state.areFaultsOn = false
      state.stop = nil
      state.powerFailure = nil
    }
    world.mend()
    for round in 0..<3 {
      for key in unsure { if let known = asked[key] { ask([known]) } }
      if round == 0, dice.chance(50) { world.restart(.synced) }
    }
    if !unsure.isEmpty { watch.broke(0, "\(unsure.count) requests are never answered, the first \(unsure[0])") }
    // Twice: the second time there must be nothing to do.
    if !world.settle() || !world.settle() { watch.broke(0, "decided payouts are never ordered") }
  }

  /// Notes an answer, so that it can come again, late.
  mutating func remember(_ answer: RandomnessAnswer) { oldAnswers.append(answer) }
  func oldAnswer(_ place: Int) -> RandomnessAnswer? { oldAnswers.isEmpty ? nil : oldAnswers[place % oldAnswers.count] }
}
