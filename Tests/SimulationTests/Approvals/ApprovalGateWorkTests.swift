import Airdrop
import Chains
import Codecs
import Engine
import Keys
import MemoryStore
import Money
import OpenSSL
import Payouts
import Policy
import SimulatedChain
import Testing

/// The gate where it counts: in front of the worker that plans and signs.
@Suite("A worker behind the approval gate")
struct ApprovalGateWorkTests {
  static let count: Int64 = 40
  let world: PaidWorld
  let key: Ed25519.PrivateKey
  let anna: Person

  init() throws {
    world = try PaidWorld(Int(Self.count))
    var seed = [UInt8](repeating: 3, count: 32)
    key = try Ed25519.PrivateKey(seed: try SecretBytes(wiping: &seed))
    anna = Person(
      name: try PersonName("anna"), roles: [.approver], approvalKey: key.publicKey, createdBy: "person:root",
      createdAt: world.clock.now)
    try commit(.person(PersonChange(anna, event: "enrolled")))
    world.worker.approvals = ApprovalGate(rule: try ApprovalRule(parsing: "1/1"), signatures: Ed25519Approvals())
  }

  func commit(_ write: PeopleWrite) throws {
    try world.store.commit(
      Commit(guardedBy: nil, actor: "person:ina", at: world.clock.now, writes: [.people(write)]))
  }

  /// Asks about what stands. `life`: milliseconds until it is over.
  func ask(
    life: Int64 = 3_600_000, lanes: [Address]? = nil, initiators: Set<String> = ["operator:test"]
  ) throws -> ApprovalRequest {
    let tally = try Standing(world.store.tally(world.campaign.id))
    let request = ApprovalRequest(
      number: try world.store.nextApprovalRequest(), campaign: world.campaign.id,
      content: ApprovalContent(
        campaign: world.campaign.uuid, chain: world.campaign.chain, asset: world.campaign.asset, root: .zero,
        count: tally.count, total: tally.total, feeCap: .max, lanes: lanes ?? [world.key.account]),
      initiators: initiators, rule: try ApprovalRule(parsing: "1/1"), openedAt: world.clock.now,
      expiresAt: world.clock.now.advanced(byMilliseconds: life),
      nonce: Hash32(Array(repeating: UInt8(truncatingIfNeeded: try world.store.nextApprovalRequest()), count: 32))
        ?? .zero)
    try commit(.ask(request))
    return request
  }

  func vote(_ request: ApprovalRequest, for other: ApprovalRequest? = nil) throws {
    let statement = ApprovalStatement(other ?? request, approver: anna.name, approvedAt: world.clock.now)
    try commit(
      .vote(
        ApprovalVote(
          request: request.number, approver: anna.name, approvedAt: world.clock.now, publicKey: key.publicKey,
          signature: try key.sign(statement.bytes))))
  }

  /// A minute of work, whether or not anything can be done.
  func work() {
    for _ in 0..<300 {
      switch world.worker.step() {
      case .progress: continue
      case .done: return
      case .idle(let until), .failed(_, let until):
        world.clock.move(max(1, until.milliseconds - world.clock.now.milliseconds))
      }
    }
  }

  var confirmed: Int64 { get throws { try world.store.tally(world.campaign.id)[.confirmed].count } }
  var refusal: String? { world.worker.waiting[world.campaign.id]?.code }

  @Test func `nothing is intended before enough people said yes, and everything after`() throws {
    work()
    #expect(
      try world.store.tally(world.campaign.id)[.queued].count == Self.count && refusal == "people.approvals_missing")
    let request = try ask()
    work()
    #expect(
      try world.store.tally(world.campaign.id)[.queued].count == Self.count && refusal == "people.approvals_missing")
    try vote(request)
    try world.pay()
    #expect(try confirmed == Self.count)
  }

  @Test func `a forged, replayed or foreign approval lets nothing through`() throws {
    let first = try ask()
    let second = try ask()
    try vote(second, for: first)
    work()
    #expect(try world.store.tally(world.campaign.id)[.queued].count == Self.count && refusal == "people.forged")
  }

  @Test func `an account that was not approved pays nothing`() throws {
    try vote(try ask(lanes: [Address([1])]))
    work()
    #expect(try world.store.tally(world.campaign.id)[.queued].count == Self.count && refusal == "people.approval_void")
  }

  @Test func `a no, or a disabled approver, stops what was approved`() throws {
    let request = try ask()
    try vote(request)
    try world.pay { _ in try confirmed >= 2 }
    var gone = anna.next
    gone.isActive = false
    try commit(.person(PersonChange(gone, event: "disabled")))
    let queued = try world.store.tally(world.campaign.id)[.queued].count
    work()
    #expect(try world.store.tally(world.campaign.id)[.queued].count == queued && refusal == "people.approvals_missing")
    var back = gone.next
    back.isActive = true
    try commit(.person(PersonChange(back, event: "enabled")))
    try commit(.reject(ApprovalRejection(request: request.number, by: anna.name, reason: "no")))
    work()
    #expect(try world.store.tally(world.campaign.id)[.queued].count == queued)
    #expect(queued == 0 || refusal == "people.rejected")
  }

  /// Planned while it was valid, and asked for the signature when it is not: the intent waits unsigned.
  @Test func `an approval that ends between plan and signature signs nothing`() throws {
    try vote(try ask(life: 1_000_000))
    for _ in 0..<50 {
      if try world.store.tally(world.campaign.id)[.submitted].count > 0 { break }
      if case .idle(let until) = world.worker.step() {
        world.clock.move(max(1, until.milliseconds - world.clock.now.milliseconds))
      }
    }
    let lane = try #require(try world.store.lanes().first)
    let intended = try world.store.liveBatches(lane.id).flatMap(\.attempts)
    #expect(!intended.isEmpty && intended.allSatisfy { $0.state == .intended })
    world.clock.move(1_000_000)
    work()
    let after = try world.store.liveBatches(lane.id).filter { $0.campaign != nil }.flatMap(\.attempts)
    #expect(!after.isEmpty && after.allSatisfy { $0.state == .intended && $0.signed == nil })
    #expect(refusal == "people.approval_void")
    // Asked and answered anew, the same bytes are signed and everything ends.
    try vote(try ask())
    try world.pay()
    #expect(try confirmed == Self.count)
  }

  /// The initiator loads one recipient more while what was approved waits for the key.
  @Test func `recipients that are added between plan and signature sign nothing`() throws {
    try vote(try ask())
    for _ in 0..<50 {
      if try world.store.tally(world.campaign.id)[.submitted].count > 0 { break }
      if case .idle(let until) = world.worker.step() {
        world.clock.move(max(1, until.milliseconds - world.clock.now.milliseconds))
      }
    }
    let begun = try world.store.begin(world.campaign.id, contentHash: Hash32(words: (1, 0, 0, 0)), settings: "{}")
    var chunk = LoadChunk(addressLength: 20)
    chunk.append(
      address: PaidWorld.address(77).bytes[...], units: UInt256(9).bigEndianBytes[...], rowNumber: 1, payoutKey: [],
      metadata: [])
    let load = try world.store.insert(chunk, into: begun)
    let order = Order(
      campaign: world.campaign.id, asset: world.campaign.asset, load: load.number,
      contentHash: Hash32(words: (1, 0, 0, 0)), settings: "{}",
      summary: LoadSummary(rows: 1, accepted: 1, rejected: 0, duplicates: 0, total: UInt256(9)),
      readyOrdinal: load.nextOrdinal)
    try world.store.commit(
      Commit(guardedBy: nil, actor: "person:ina", at: world.clock.now, writes: [.order(order)]))
    work()
    let lane = try #require(try world.store.lanes().first)
    let intended = try world.store.liveBatches(lane.id).filter { $0.campaign != nil }.flatMap(\.attempts)
    #expect(!intended.isEmpty && intended.allSatisfy { $0.signed == nil } && refusal == "people.approval_void")
    try vote(try ask())
    try world.pay()
    #expect(try confirmed == Self.count + 1)
  }

  @Test func `a campaign that is canceled while its intents wait unsigned ends, with nobody paid`() throws {
    try vote(try ask(life: 1_000_000))
    for _ in 0..<50 {
      if try world.store.tally(world.campaign.id)[.submitted].count > 0 { break }
      if case .idle(let until) = world.worker.step() {
        world.clock.move(max(1, until.milliseconds - world.clock.now.milliseconds))
      }
    }
    world.clock.move(1_000_000)
    work()
    let current = try #require(try world.store.campaign(world.campaign.id))
    try world.store.commit(
      Commit(
        guardedBy: nil, actor: "operator:test", at: world.clock.now,
        writes: [
          .changeCampaign(
            CampaignChange(
              campaign: current.id, from: current.status, to: .canceled, event: "canceled", reason: nil, planning: nil))
        ]))
    try world.pay()
    let tally = try world.store.tally(current.id)
    #expect(tally[.failed].count == Self.count && tally[.confirmed].count == 0 && tally[.submitted].count == 0)
  }
}
