import Engine
import Keys
import Money
import Payouts
import Signing
import SimulatedChain
import Store

// From the end of faults to the count: everything must come to an end, and what is in the books is what happened.
extension Run {
  private static let mostQuietSteps = 6_000

  /// Nothing goes wrong any more: everything must come to an end within bounds.
  mutating func quiet() {
    guard !isBroken else { return }
    watch.say("faults stop")
    watch.with { state in
      state.areFaultsOn = false
      state.powerFailure = nil
      state.stop = nil
      state.cutOff = []
    }
    world.seeded.stop()
    watch.lists?.calm()
    world.chain.calm()
    for worker in world.workers { worker.sleepsUntil = Timestamp(milliseconds: .min) }
    // A store that was just opened anew may still be in doubt: `tidy` hires the rest.
    world.hireMissing()
    var commits = 0
    var changedAt = 0
    for round in 0..<Run.mostQuietSteps where !isBroken {
      if round % 50 == 0 { tidy() }
      if round % 10 == 0, world.isDone { return }
      // Some waits last as long as the clock was wrong: nothing happens meanwhile, so time goes faster.
      let now = watch.with { $0.commits }
      if now != commits { (commits, changedAt) = (now, round) }
      if round - changedAt > 100, round % 20 == 0 { world.clock.advance(600_000) }
      turn()
      settle()
    }
    if !isBroken { watch.broke(0, "not finished after \(Run.mostQuietSteps) quiet steps: \(world.standing)") }
  }

  /// What an operator does now and then: takes up what waits for people.
  func tidy() {
    do { try person.takeUp() } catch { watch.say("operator: \(EngineError(any: error).message)") }
    person.mendLanes()
    world.hireMissing()
  }

  /// Steps whoever can; when nobody can, time goes to the next who will.
  mutating func turn() {
    let awake = world.awake
    let ready = awake.filter { $0.wait == 0 }
    if let worker = ready.isEmpty ? nil : dice.pick(ready) { return world.step(worker) }
    let wait = awake.map(\.wait).min() ?? 500
    world.clock.advance(max(1, min(wait, 60_000)))
    for worker in awake where worker.wait == 0 { return world.step(worker) }
  }

  // MARK: The count

  /// Every transaction that was ever handed over is sent once more: it must not matter. Then all accounts are compared.
  mutating func count() {
    guard !isBroken else { return }
    resendEverything()
    oracle.forget()
    oracle.checkChain()
    oracle.checkStore(isFinal: true)
    watch.quietly {
      guard let store = world.current.store else { return watch.broke(0, "there is no store at the end") }
      do {
        for line in try store.integrityCheck() { watch.broke(4, "the database is damaged: \(line)") }
        for campaign in try store.campaigns(after: nil, limit: 100) {
          let tally = try store.tally(campaign.id)
          outcome.confirmed += tally[.confirmed].count
          outcome.failed += tally[.failed].count
        }
      } catch { watch.broke(0, "the store cannot be read at the end: \(error)") }
    }
  }

  private func resendEverything() {
    for key in world.keys {
      guard let records = try? world.log.records(world.plan.chain.chain, key.account, from: 0, limit: 10_000) else {
        continue
      }
      _ = world.chain.submit(records.compactMap(\.signed))
    }
    world.chain.mine(Int(world.plan.chain.finalityDepth) + 4)
  }

  func finished() -> Outcome {
    var result = outcome
    watch.with { state in
      result.commits = state.commits
      result.violations = state.violations
      result.boundaries = Set(state.boundaries.map(\.name))
      result.lines = state.lines ?? []
      for (fault, count) in state.seen { result.faults[fault.rawValue, default: 0] += count }
    }
    for (fault, count) in watch.lists?.seen ?? [:] { result.faults[fault.rawValue, default: 0] += count }
    for (fault, count) in world.seeded.seen { result.faults[fault.rawValue, default: 0] += count }
    result.restarts = world.restarts
    result.steps = world.steps
    return result
  }
}
