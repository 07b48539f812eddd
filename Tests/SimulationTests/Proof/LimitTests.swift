import Chains
import Engine
import Money
import Payouts
import Policy
import SimulatedChain
import Synchronization
import Testing

/// The engine under limits: what is over one waits, and is paid when there is room.
@Suite("Limits on the way to the key")
struct LimitTests {
  private func policy(_ limits: String, _ rules: String = "") throws -> PolicyDocument {
    try PolicyDocument.parse(
      Array("{\"format\":1,\"name\":\"p\",\"limits\":[\(limits)],\"rules\":[\(rules)],\"otherwise\":\"allow\"}".utf8))
  }

  private func activate(_ world: PaidWorld, _ policy: PolicyDocument) throws {
    try PolicyService(store: world.store, clock: FixedTime(at: world.clock.now), actor: "bob")
      .activate(policy, proposedBy: "ann")
  }

  /// A worker that looks seldom, and leaves what is sent alone: hours pass in few steps.
  private func settings(_ limit: String?, poll: Int64) -> WorkerSettings {
    var settings = WorkerSettings()
    settings.rateLimit = limit.flatMap { RateLimit(setting: $0) }
    settings.pollMilliseconds = poll
    settings.leaseMilliseconds = 1 << 40
    settings.bumpMilliseconds = 1 << 40
    settings.patienceMilliseconds = 1 << 40
    return settings
  }

  /// When each payout was promised, in order.
  private func promises(_ world: PaidWorld) throws -> [Int64] {
    try world.store.batches(world.campaign.id, after: nil, limit: 1_000).flatMap { view in
      Array(repeating: view.batch.createdAt.milliseconds, count: view.batch.count)
    }.sorted()
  }

  private func most(_ promises: [Int64], in milliseconds: Int64) -> Int {
    promises.indices.map { first in promises[first...].prefix { $0 < promises[first] + milliseconds }.count }.max() ?? 0
  }

  private func confirmed(_ world: PaidWorld) throws -> Int64 {
    try world.store.tally(world.campaign.id)[.confirmed].count
  }

  @Test func `a setting lets so many through in its seconds, and the rest waits`() throws {
    let world = try PaidWorld(10, workerSettings: settings("3:60", poll: 2_000))
    let start = world.clock.now.milliseconds
    try world.pay()
    #expect(try confirmed(world) == 10)
    let promises = try promises(world)
    #expect(most(promises, in: 60_000) == 3)
    #expect(world.clock.now.milliseconds - start >= 180_000)
    // As soon as there is room, and not much later.
    #expect(try #require(promises.last) - start < 200_000)
    #expect(try world.store.checkInvariants().isEmpty)
  }

  @Test func `a campaign that waits says so`() throws {
    let world = try PaidWorld(7, workerSettings: settings("3:3600", poll: 10_000))
    var code: String?
    try world.pay(until: { worker in
      if worker.waiting[world.campaign.id] != nil { code = worker.waiting[world.campaign.id]?.code }
      return code != nil && world.clock.now.milliseconds > 1_200_000
    })
    #expect(code == "campaign.rate_limited")
    #expect(try confirmed(world) == 3 && world.store.tally(world.campaign.id)[.failed].count == 0)
  }

  @Test func `who does not fit holds nobody up who does`() throws {
    let world = try PaidWorld(
      9, workerSettings: settings(nil, poll: 3_600_000),
      rows: (0..<9).map { n in "{\"email\":\"p@\(n < 6 ? "slow" : "fast\(n)").example\"}" })
    try activate(world, policy("{\"name\":\"d\",\"per\":\"email_domain\",\"window_seconds\":86400,\"quota\":1}"))
    let start = world.clock.now.milliseconds
    try world.pay(until: { _ in world.clock.now.milliseconds > start + 80_000_000 })
    #expect(try confirmed(world) == 4)
    try world.pay()
    #expect(try confirmed(world) == 9)
    #expect(world.clock.now.milliseconds >= start + 5 * 86_400_000)
  }

  @Test func `a clock that goes back frees nothing`() throws {
    let world = try PaidWorld(8, workerSettings: settings("4:60:fixed", poll: 5_000))
    try world.pay(until: { _ in try confirmed(world) == 4 })
    world.clock.move(-900_000)
    let back = world.clock.now.milliseconds
    try world.pay(until: { _ in world.clock.now.milliseconds > back + 800_000 })
    #expect(try confirmed(world) == 4)
    try world.pay()
    #expect(try confirmed(world) == 8)
  }

  @Test func `halves of a batch that died are not counted again`() throws {
    let world = try PaidWorld(4, workerSettings: settings("4:86400", poll: 5_000))
    world.chain.setBehavior(.rejects, of: PaidWorld.address(1))
    try world.pay()
    #expect(try confirmed(world) == 3)
    #expect(world.clock.now.milliseconds < 86_000_000)
  }
}

/// Somebody who knows the subjects by their names, and is silent when told so.
private final class Register: KYCProvider {
  let name = "register"
  private let state: Mutex<State>
  struct State {
    var isSilent = false
    var checkedAt: Int64 = 1_000_000
    var asked: [String] = []
    var status: [String: KYCStatus] = [:]
  }

  init() { state = Mutex(State()) }

  func with<Value>(_ body: (inout sending State) -> sending Value) -> Value { state.withLock(body) }

  func ask(_ questions: [KYCQuestion]) -> [Result<KYCAnswer, KYCError>] {
    state.withLock { state in
      questions.map { question in
        guard !state.isSilent else { return .failure(KYCError(.unreachable, "silent", isPassing: true)) }
        state.asked.append(question.subject)
        if question.subject == "liar" { return .failure(KYCError(.badAnswer, "a lie")) }
        return .success(
          KYCAnswer(
            status: state.status[question.subject] ?? .approved, level: "full", reference: "r",
            checkedAt: Timestamp(milliseconds: state.checkedAt)))
      }
    }
  }
}

@Suite("KYC answers on the way to the key")
struct KYCWalkTests {
  private static let rules = """
    {"format":1,"name":"p","rules":[
      {"id":"no","when":[{"attribute":"recipient.kyc","op":"in","value":["rejected","expired"]}],"then":"deny","reason":"kyc"},
      {"id":"wait","when":[{"attribute":"recipient.kyc","op":"eq","value":"pending"}],"then":"review","reason":"kyc"},
      {"id":"level","when":[{"attribute":"kyc.level","op":"not_in","value":["full"]}],"then":"deny","reason":"level"}],
     "otherwise":"allow"}
    """

  private func world(_ register: Register, _ names: [String]) throws -> PaidWorld {
    var settings = WorkerSettings()
    settings.pollMilliseconds = 10_000
    let world = try PaidWorld(
      names.count, workerSettings: settings,
      facts: FactSources(kyc: KYCSource(provider: register, mostAge: 30 * 86_400_000, wave: 2)),
      rows: names.map { "{\"kyc\":\"approved\",\"kyc_subject\":\"\($0)\"}" })
    try PolicyService(store: world.store, clock: FixedTime(at: world.clock.now), actor: "bob")
      .activate(PolicyDocument.parse(Array(Self.rules.utf8)), proposedBy: "ann")
    return world
  }

  private func kinds(_ world: PaidWorld) throws -> [UInt32: VerdictKind] {
    let held = try world.store.heldPayouts(world.campaign.id, nil, isWaiting: false, after: nil, limit: 100)
    return Dictionary(held.map { ($0.payout.ordinal, $0.verdict.kind) }, uniquingKeysWith: { $1 })
  }

  @Test func `the provider's word counts, not the column's, and one that lies holds its own`() throws {
    let register = Register()
    register.with { $0.status = ["b": .rejected, "c": .pending, "d": .expired] }
    let world = try world(register, ["a", "b", "c", "d", "liar", "a"])
    try world.pay()
    #expect(try kinds(world) == [1: .deny, 2: .review, 3: .deny, 4: .held])
    let tally = try world.store.tally(world.campaign.id)
    #expect(tally[.confirmed].count == 2 && tally[.failed].count == 2 && tally[.queued].count == 2)
    #expect(register.with { $0.asked.filter { $0 == "b" }.count } == 1)
  }

  @Test func `a provider that is silent lets nobody go, and nobody is lost`() throws {
    let register = Register()
    register.with { $0.isSilent = true }
    let world = try world(register, ["a", "b", "c", "d", "e"])
    var waited: String?
    try world.pay(until: { worker in
      waited = worker.waiting[world.campaign.id]?.code ?? waited
      return world.clock.now.milliseconds > 1_600_000
    })
    #expect(waited == "kyc.unreachable")
    #expect(try world.store.tally(world.campaign.id)[.queued].count == 5)
    register.with { $0.isSilent = false }
    try world.pay()
    #expect(try world.store.tally(world.campaign.id)[.confirmed].count == 5)
  }

  @Test func `an answer that would be too old before the verdict is holds`() throws {
    let register = Register()
    register.with { $0.checkedAt = 1_000_000 - 29 * 86_400_000 - 1_000 }
    let world = try world(register, ["a"])
    try world.pay(until: { _ in world.clock.now.milliseconds > 1_600_000 })
    #expect(try kinds(world) == [0: .held])
  }

  @Test func `what is kept is not asked for again`() throws {
    let register = Register()
    let world = try world(register, ["a", "b", "c"])
    func walk(_ at: Timestamp) throws {
      // Nothing in memory: what is known is in the store.
      let screener = Screener(
        store: world.store, facts: FactSources(kyc: KYCSource(provider: register, mostAge: 30 * 86_400_000, wave: 2)),
        civil: NoZones())
      for _ in 0..<10 { if case .current = try screener.step(world.campaign, actor: "bob", at: at) { return } }
      Issue.record("the walk does not end")
    }
    try walk(world.clock.now)
    #expect(register.with { $0.asked } == ["a", "b", "c"])
    try walk(world.clock.now.advanced(byMilliseconds: 2 * 86_400_000))
    #expect(register.with { $0.asked.count } == 3)
    try walk(world.clock.now.advanced(byMilliseconds: 29 * 86_400_000 + 1))
    #expect(register.with { $0.asked.count } == 6)
  }
}

private struct FixedTime: EngineClock {
  let at: Timestamp
  func now() -> Timestamp { at }
}

private struct NoZones: CivilTime {
  func minuteOfDay(_ at: Timestamp, zone: String) -> Int? { nil }
}
