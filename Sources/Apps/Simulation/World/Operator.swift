import Airdrop
import Audit
import Chains
import Codecs
import Engine
import Keys
import Ledger
import Money
import Payouts
import Policy
import Signing
import SimulatedChain
import Store

/// The person before the machine: sets campaigns up, pauses, resumes and cancels them, and mends lanes after a restore.
/// Everything goes through the use cases that the command line calls.
struct Operator {
  let world: World

  private var service: CampaignService {
    get throws { CampaignService(store: try world.store, clock: world.clock, actor: "operator:sim") }
  }

  // MARK: Setting up

  /// Creates, loads, approves and starts every distribution of the plan. Again is nothing.
  func setUp() throws {
    if world.plan.screening != nil, try world.store.activePolicy() == nil { try activate(isStrict: false) }
    for (place, distribution) in world.plan.distributions.enumerated() {
      let campaign = try service.create(
        name: distribution.name, uuid: "00000000-0000-4000-8000-00000000000\(place)", asset: distribution.asset,
        chain: world.plan.chain.chain)
      try load(distribution, campaign)
      guard campaign.status == .pending else { continue }
      _ = try service.approve(campaign, feeCap: .max)
      _ = try service.start(campaign, planning: distribution.planning)
    }
  }

  private func load(_ distribution: Plan.Distribution, _ campaign: Campaign) throws {
    guard let store = world.current.store else { return }
    let content = Hash32(words: (campaign.id.hashable, 0, 0, 1))
    let begun = try store.begin(campaign.id, contentHash: content, settings: "{}")
    guard begun.state == .loading else { return }
    let count = Int(begun.nextOrdinal - begun.firstOrdinal)
    var chunk = LoadChunk(addressLength: 20)
    for (row, person) in distribution.people.enumerated().dropFirst(count) {
      chunk.append(
        address: person.address.bytes[...], units: person.units.bigEndianBytes[...], rowNumber: Int64(row + 1),
        payoutKey: [],
        metadata: [])
    }
    let load = try store.insert(chunk, into: begun)
    var total = UInt256.zero
    for person in distribution.people { total = try total.adding(person.units) }
    let rows = Int64(distribution.people.count)
    let order = Order(
      campaign: campaign.id, asset: campaign.asset, load: load.number, contentHash: content, settings: "{}",
      summary: LoadSummary(rows: rows, accepted: rows, rejected: 0, duplicates: 0, total: total),
      readyOrdinal: load.nextOrdinal)
    try world.store.commit(
      Commit(guardedBy: nil, actor: "operator:sim", at: world.clock.now(), writes: [.order(order)]))
  }

  // MARK: Policy

  /// Puts the other policy in force. Returns whether it is.
  func changePolicy() -> Bool {
    world.watch.say("operator changes the policy")
    do {
      let name = try world.store.activePolicy().map { try PolicyDocument.parse(Array($0.document.utf8)).name }
      try activate(isStrict: name != "strict")
      return true
    } catch {
      world.watch.say("   refused: \(EngineError(any: error).code)")
      return false
    }
  }

  private func activate(isStrict: Bool) throws {
    guard let screening = world.plan.screening else { return }
    let large = """
      ,{"id":"large","when":[{"attribute":"amount","op":"ge","value":"\(screening.most)"}],"then":"deny","reason":"large"}
      """
    let document = try PolicyDocument.parse(
      Array(
        """
        {"format":1,"name":"\(isStrict ? "strict" : "plain")","max_age_hours":\(screening.hours),"rules":[\
        {"id":"listed","when":[{"attribute":"sanctions","op":"eq","value":"hit"}],"then":"deny","reason":"listed"}\
        \(isStrict ? large : "")],"otherwise":"allow"}
        """.utf8))
    try world.store.commit(
      Commit(
        guardedBy: nil, actor: "operator:sim", at: world.clock.now(),
        writes: [
          .activatePolicy(
            PolicyActivation(document: document, proposedBy: "operator:sim", activatedBy: "operator:sim"))
        ]))
  }

  // MARK: Meddling

  /// Pauses, resumes or cancels something. Returns whether anything changed.
  func meddle() -> Bool {
    world.watch.say("operator meddles")
    do {
      let campaigns = try world.store.campaigns(after: nil, limit: 100)
      guard !campaigns.isEmpty else { return false }
      let campaign = campaigns[world.watch.draw(campaigns.count)]
      switch (campaign.status, world.watch.draw(8)) {
      case (.running, 0), (.paused, 0): _ = try service.cancel(campaign, reason: "sim", log: world.log)
      case (.running, _): _ = try service.pause(campaign, reason: "sim")
      case (.paused, _): _ = try service.resume(campaign)
      case (.canceled, _): _ = try service.cancel(campaign, reason: "sim", log: world.log)
      case (.pending, _), (.completed, _), (.failed, _): return false
      }
      world.watch.say("   campaign \(campaign.id) was \(campaign.status.rawValue)")
      return true
    } catch {
      world.watch.say("   refused: \(EngineError(any: error).code)")
      return false
    }
  }

  /// Cancels every campaign; false when that could not be written.
  func cancelEverything() -> Bool {
    onEveryCampaign { _ = try service.cancel($0, reason: "sim", log: world.log) }
  }

  /// Pauses every campaign; false when that could not be written.
  func pauseEverything() -> Bool {
    onEveryCampaign { _ = try service.pause($0, reason: "sim") }
  }

  private func onEveryCampaign(_ body: (Campaign) throws -> Void) -> Bool {
    do {
      for campaign in try world.store.campaigns(after: nil, limit: 100) { try body(campaign) }
      return true
    } catch { return false }
  }

  /// What an operator does when lanes are drained after a restore: stops the workers, adopts what the signer knows,
  /// and opens the lanes when everything is explained.
  func mendLanes() {
    guard let lanes = try? world.store.lanes(), lanes.contains(where: { $0.mode == .draining }) else { return }
    world.releaseAll()
    for key in world.keys {
      attempt("adopts for \(Hex.text(key.account.bytes.prefix(3)))") { try adopt(key.account) }
    }
    for lane in (try? world.store.lanes()) ?? [] where lane.mode == .draining {
      attempt("opens lane \(lane.id), \(lane.modeReason ?? "")") { try reopen(lane) }
    }
  }

  private func attempt(_ what: String, _ body: () throws -> Void) {
    world.watch.say("operator \(what)")
    do { try body() } catch { world.watch.say("   refused: \(EngineError(any: error).message)") }
  }

  private func withLane(_ account: Address, _ body: (Lane, LaneGuard, RestoreAdoption) throws -> Void) throws {
    let store = try world.store
    let signer = world.signer()
    let session = "operator-\(world.watch.with { $0.boundaryCount })"
    let row = try store.acquireLane(
      world.plan.chain.chain, account, holder: "operator", session: session, leaseMilliseconds: 5_000,
      signerHighest: try signer.highestFence(account), at: world.clock.now())
    let held = LaneGuard(lane: row.id, fence: row.fence, session: session, epoch: row.epoch)
    defer { try? store.releaseLane(held) }
    try signer.announce(account, fence: row.fence)
    try body(row, held, RestoreAdoption(store: store, signer: signer, clock: world.clock, actor: "operator:sim"))
  }

  private func adopt(_ account: Address) throws {
    try withLane(account) { row, held, adoption in
      let report = try adoption.adopt(row, held)
      world.watch.say("   \(report)")
    }
  }

  private func reopen(_ lane: Lane) throws {
    try withLane(lane.account) { row, held, adoption in
      try adoption.reopen(row, held, view: try world.rail.account(lane.account), evenUnexplained: false)
      world.watch.say("   lane \(lane.id) is open")
    }
  }

  /// Starts again what a restore has put back, and resumes what was paused.
  func takeUp() throws {
    try setUp()
    for campaign in try world.store.campaigns(after: nil, limit: 100) where campaign.status == .paused {
      guard let reason = campaign.reason, reason.hasPrefix("canary_") else {
        _ = try service.resume(campaign)
        continue
      }
      // The operator has looked at what became of the canary, and sends the rest without one.
      _ = try service.start(
        campaign,
        planning: CampaignChange.Planning(
          mode: .asyncBatch, priority: campaign.priority, window: campaign.window, maxBatch: campaign.maxBatch,
          canary: 0))
    }
  }
}

extension CampaignID {
  var hashable: UInt64 { UInt64(bitPattern: raw) }
}
