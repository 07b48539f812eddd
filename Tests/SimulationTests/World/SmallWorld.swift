import Chains
import Codecs
import Engine
import Money
import Payouts
import Signing
import SimulatedChain
import SQLite
import Store

@testable import Simulation

/// Three payees, one lane, one worker, and nothing that goes wrong by itself: a world to be broken by hand.
struct SmallWorld {
  var run: Run
  var world: World { run.world }
  var watch: Watch { run.watch }

  /// `faults`: what goes wrong once `areFaultsOn` is set, at the first opportunity and so many times.
  init(_ life: Life = .paid, faults: [Fault: Int] = [:], _ change: (inout Plan) -> Void = { _ in }) throws {
    var plan = life.plan
    plan.sharesFile = true
    plan.faults = faults.mapValues { Plan.Chance(of4096: 4_096, budget: $0) }
    change(&plan)
    run = try Run(plan, traces: true, faults: life.faults)
    try run.begin()
    run.world.chain.calm(run.world.chainFaults)
  }

  /// Goes on until `isEnough` holds; false when it never does.
  mutating func goOn(most: Int = 600, until isEnough: (Run) throws -> Bool) rethrows -> Bool {
    for _ in 0..<most {
      if try isEnough(run) { return true }
      run.turn()
      run.settle()
    }
    return false
  }

  struct NeverReached: Error {}

  mutating func goOnToTheEnd() throws {
    guard goOn(until: { $0.isDone }) else { throw NeverReached() }
  }

  /// Goes on until a batch has an attempt in this state, and returns the attempt.
  @discardableResult
  mutating func attempt(_ state: AttemptState) throws -> Attempt {
    var found: Attempt?
    _ = try goOn { run in
      guard let store = run.world.current.store, let lane = try store.lanes().first else { return false }
      found = try store.liveBatches(lane.id).flatMap(\.attempts).first { $0.state == state }
      return found != nil
    }
    guard let found else { throw NeverReached() }
    return found
  }

  /// Changes the database behind everybody's back.
  func sql(_ text: StaticString) throws {
    let connection = try Connection(path: World.path, Configuration(vfs: world.disk.name))
    try connection.execute(text)
    watch.with { $0.commitsSinceCheck += 1 }
  }

  /// Signs a payment of everybody on a slot, past all rules, and brings it into a block.
  func payEverybody(slot: UInt64) throws {
    _ = world.chain.submit([try payment(slot: slot)])
    world.chain.mine()
  }

  func payment(slot: UInt64) throws -> SignedTransaction {
    let key = world.keys[0]
    let people = world.plan.distributions[0].people
    let payees = people.enumerated().map { place, person in
      Payee(payout: PayoutID(Int64(place)), address: person.address, units: person.units)
    }
    let purpose = Purpose.pay(asset: Plan.token, payees: payees)
    let unsigned = try world.chain.codec.prepare(
      TransactionRequest(
        account: key.account, slot: slot, purpose: purpose,
        fee: try world.chain.fee(for: purpose, account: key.account)))
    return try world.chain.codec.assemble(unsigned.bytes, try key.sign([unsigned.signingHash])[0])
  }

  /// The lease of the worker, as it would write under it.
  func guardOfWorker() throws -> LaneGuard? { world.workers.first?.engine.held }

  func commit(_ held: LaneGuard?) -> Commit {
    let note = Note(action: "test.noted", entity: "test", entityID: "1", details: [:], isPublic: false)
    return Commit(guardedBy: held, actor: "operator:test", at: world.clock.now(), writes: [.note(note)])
  }

  /// What was found broken, by the number of the rule.
  var broken: [Int: [String]] {
    Dictionary(grouping: watch.with { $0.violations }, by: \.invariant).mapValues { $0.map(\.sentence) }
  }

  var seen: [Fault: Int] { watch.with { $0.seen } }
}
