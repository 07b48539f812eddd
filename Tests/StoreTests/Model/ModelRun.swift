import Chains
import Engine
import Money
import Payouts
import TestSupport
import Testing

/// Random commands, right and wrong ones, against a store and the model; after each, both must say the same.
final class ModelRun {
  let bench: Bench
  let campaign: Campaign
  private var model = Model()
  private var random: SplitMix64
  private var refusals = 0
  private(set) var done = 0

  init(_ opened: OpenStore, seed: UInt64) throws {
    bench = Bench(opened)
    random = SplitMix64(seed: seed)
    campaign = try bench.createCampaign()
    try bench.acquire()
    try bench.change(campaign, .running)
    model.isRunning = true
  }

  func step() throws {
    switch Int.random(in: 0..<20, using: &random) {
    case 0, 1: try load()
    case 2: if !model.isRunning || chance(3) { try toggle() } else { try leaseAnew() }
    default: try commit(writes: chance(3) ? Int.random(in: 2...4, using: &random) : 1)
    }
    try compare()
  }

  /// Runs a body that must succeed exactly when the model allows it.
  private func attempt(_ isAllowed: Bool, _ body: () throws -> Void) throws -> Bool {
    do {
      try body()
      #expect(isAllowed, "the store allowed what the model refuses")
      done += 1
      return true
    } catch let error as StoreError {
      #expect(!isAllowed, "the store refused: \(error.message)")
      refusals += 1
      return false
    }
  }

  // MARK: Commands

  private func load() throws {
    let count = Int.random(in: 1...6, using: &random)
    try bench.load(campaign, count, first: model.payouts.count)
    model.payouts += Array(repeating: .queued, count: count)
  }

  private func toggle() throws {
    let current = try #require(try bench.store.campaign(campaign.id))
    try bench.change(campaign, current.status == .running ? .paused : .running)
    model.isRunning = current.status != .running
  }

  private func leaseAnew() throws {
    let old = try #require(bench.held)
    try bench.store.releaseLane(old)
    try bench.acquire("s\(bench.now)")
    let current = bench.held
    bench.held = old
    _ = try attempt(false) { try bench.commit(.intend(bench.repair(slot: bench.nextSlot + 100))) }
    bench.held = current
  }

  /// Some writes in one commit, each planned on what the ones before it leave: all are done, or none.
  private func commit(writes count: Int) throws {
    var next = model
    var writes: [Write] = []
    var isAllowed = true
    while writes.count < count {
      guard let (write, mayBe) = try plan(on: &next) else { break }
      writes.append(write)
      isAllowed = isAllowed && mayBe
    }
    guard !writes.isEmpty else { return }
    let commit = Commit(guardedBy: bench.held, actor: "worker:1", at: bench.time(), writes: writes)
    if try attempt(isAllowed, { try bench.store.commit(commit) }) { model = next }
  }

  /// A random write, and whether the model allows it; then the model is moved on.
  private func plan(on model: inout Model) throws -> (Write, Bool)? {
    switch Int.random(in: 0..<17, using: &random) {
    case 0..<6: intend(&model)
    case 6..<9: sign(&model)
    case 9..<13: try end(&model)
    case 13: markUnknown(&model)
    case 14: failQueued(&model)
    case 15: compensate(&model)
    default: replace(&model)
    }
  }

  private func intend(_ model: inout Model) -> (Write, Bool) {
    var parent: BatchID?
    var ordinals = subset(of: model.payouts.indices.filter { model.payouts[$0] == .queued })
    let waiting = model.payouts.compactMap { if case .waiting(let batch) = $0 { batch } else { nil } }
    if let dead = waiting.randomElement(using: &random), Bool.random(using: &random) {
      parent = dead
      ordinals = subset(of: model.payouts.indices.filter { model.payouts[$0] == .waiting(dead) })
    }
    // Now and then one payout that is not free.
    if chance(5), let wrong = model.payouts.indices.randomElement(using: &random) {
      ordinals = Set(ordinals + [wrong]).sorted()
    }
    let intent = bench.intent(campaign, ordinals, halfOf: parent)
    let isAllowed = model.allows(ordinals, halfOf: parent)
    if isAllowed {
      model.live[intent.batch] = Model.Promise(intent: intent, ordinals: ordinals)
      for ordinal in ordinals { model.payouts[ordinal] = .submitted(intent.batch) }
    }
    return (.intend(intent), isAllowed)
  }

  private func promise(_ model: Model) -> (id: BatchID, promise: Model.Promise)? {
    model.live.sorted { $0.key < $1.key }.randomElement(using: &random).map { ($0.key, $0.value) }
  }

  private func sign(_ model: inout Model) -> (Write, Bool)? {
    guard let (id, promise) = promise(model) else { return nil }
    let attempt = promise.intent.attempt
    model.live[id]?.isSigned = true
    return (
      .recordBytes(RecordedBytes(batch: id, attempt: attempt.id, signed: Bench.signed(attempt))), !promise.isSigned
    )
  }

  private func replace(_ model: inout Model) -> (Write, Bool)? {
    guard let (id, _) = promise(model) else { return nil }
    let payload = chance(3) ? 1 : UInt64(id.raw)
    let draft = bench.draft(.pay, payload: payload, price: 31)
    return (
      .addAttempt(AddedAttempt(batch: id, campaign: campaign.id, attempt: draft)), model.isRunning && payload != 1
    )
  }

  private func markUnknown(_ model: inout Model) -> (Write, Bool)? {
    guard let (id, _) = promise(model) else { return nil }
    model.live[id]?.isUnknown = true
    return (.markUnknown(id, campaign.id, .overdue), true)
  }

  private func end(_ model: inout Model) throws -> (Write, Bool)? {
    guard let (id, promise) = promise(model) else { return nil }
    let members = promise.ordinals
    let verdict: Verdict
    var outcomes: [(Outcome.Kind, [Int])]
    var isAllowed = true
    switch Int.random(in: 0..<5, using: &random) {
    case 0, 1: (verdict, outcomes, isAllowed) = (.paid, [(.confirmed, members)], promise.isSigned)
    case 2:
      verdict = .reverted
      outcomes = [members.count > 1 ? (.halved, members) : (.failed(.reverted), members)]
    case 3: (verdict, outcomes) = (.stranger, [(.requeued, members)])
    default:
      let first = members.prefix(1 + members.count / 2)
      (verdict, isAllowed) = (.credited([]), promise.isSigned)
      outcomes = [
        (.confirmed, Array(first)),
        (chance(2) ? .partial : .failed(.notCredited), Array(members.dropFirst(first.count))),
      ]
      .filter { !$0.1.isEmpty }
    }
    // Now and then somebody is forgotten.
    if chance(6) {
      outcomes[0].1.removeLast()
      isAllowed = false
    }
    let end = try bench.end(
      promise.intent, verdict, outcomes.map { bench.outcome($0.0, campaign, $0.1) },
      spender: promise.intent.attempt)
    model.live[id] = nil
    for (kind, ordinals) in outcomes {
      for ordinal in ordinals { model.payouts[ordinal] = place(after: kind, id) }
    }
    return (.endBatch(end), isAllowed)
  }

  private func place(after kind: Outcome.Kind, _ batch: BatchID) -> Model.Place {
    switch kind {
    case .confirmed: .confirmed
    case .failed: .failed
    case .requeued: .queued
    case .halved: .waiting(batch)
    case .partial: .stuck
    }
  }

  private func failQueued(_ model: inout Model) -> (Write, Bool)? {
    let ordinals = Array(subset(of: Array(model.payouts.indices)).prefix(chance(4) ? 3 : 1))
    guard !ordinals.isEmpty else { return nil }
    let isAllowed = ordinals.allSatisfy { model.payouts[$0].status == .queued }
    let failed = FailedQueued(
      campaign: campaign.id, asset: campaign.asset, reason: .denied, runs: Bench.runs(campaign, ordinals),
      count: ordinals.count, units: Bench.worth(ordinals))
    for ordinal in ordinals { model.payouts[ordinal] = .failed }
    return (.failQueued(failed), isAllowed)
  }

  private func compensate(_ model: inout Model) -> (Write, Bool)? {
    guard let ordinal = model.payouts.indices.randomElement(using: &random) else { return nil }
    let from: PayoutStatus = chance(2) ? .failed : .confirmed
    let compensation = Compensation(
      campaign: campaign.id, asset: campaign.asset, payout: PayoutID(campaign: campaign.id, ordinal: UInt32(ordinal)),
      units: Bench.worth([ordinal]), from: from, reason: "BY_HAND")
    let isAllowed = model.payouts[ordinal].status == from
    model.payouts[ordinal] = .compensated
    return (.compensate(compensation), isAllowed)
  }

  // MARK: Comparison

  private func compare() throws {
    let store = bench.store
    let views = try store.payouts(campaign.id, status: nil, after: nil, limit: 1000)
    #expect(views.map(\.status) == model.payouts.map(\.status))
    #expect(try store.tally(campaign.id) == model.tally)
    let queued = model.payouts.indices.filter { model.payouts[$0] == .queued }
    #expect(try store.queued(campaign.id, after: nil, limit: 1000).map { Int($0.payout.ordinal) } == queued)
    let held = try #require(bench.held)
    #expect(try store.liveBatches(held.lane).map(\.id) == model.live.keys.sorted())
    let waiting = Set(model.payouts.compactMap { if case .waiting(let batch) = $0 { batch } else { nil } })
    #expect(try store.halving(held.lane, limit: 1000).map(\.id) == waiting.sorted())
    #expect(try store.checkInvariants() == [])
  }

  // MARK: Chance

  private func chance(_ n: Int) -> Bool { Int.random(in: 0..<n, using: &random) == 0 }

  private func subset(of ordinals: [Int]) -> [Int] {
    let size = Int.random(in: 0...3, using: &random)
    return Array(ordinals.shuffled(using: &random).prefix(size)).sorted()
  }
}
