import Airdrop
import Audit
import Chains
import Codecs
import Engine
import Keys
import MemoryStore
import Money
import Payouts
import Signing
import SimulatedChain
import Testing

/// A campaign that is really paid: the engine, a store, a signer with its log, and a chain in this process.
///
/// Recipient `n` has address `n` and is owed `100 + n`. Two share a transaction, and several transactions a block.
final class PaidWorld {
  let chain: SimulatedChain
  let store: any PayoutStore & LoadStore
  let clock = HandClock()
  let key: SimulatedKey
  let campaign: Campaign
  let people: [Int]
  let worker: LaneWorker
  static let asset = AssetID(chain: "sim:1", token: "0x00000000000000000000000000000000000000aa")

  init(
    _ people: Int = 7, store: any PayoutStore & LoadStore = MemoryStore(uuid: "paid", sha256: OpenSSLHashing()),
    asset: AssetID = PaidWorld.asset, drawsFreshNonces: Bool = false, workerSettings: WorkerSettings = WorkerSettings(),
    facts: FactSources = FactSources(), rows: [String] = [],
    signing: SignerWrap = SignerWrap { $0 },
    _ change: (inout ChainSettings) -> Void = { _ in }
  ) throws {
    self.store = store
    self.people = Array(0..<people)
    let clock = clock
    let key = SimulatedKey(seed: 7, drawsFreshNonces: drawsFreshNonces)
    self.key = key
    var settings = ChainSettings()
    settings.pace = .eachLook(blocks: 1)
    change(&settings)
    chain = SimulatedChain(settings, clock: { clock.now }, recover: SimulatedKey.recovery([key]))
    try chain.credit(UInt256(limbs: (0, 1, 0, 0)), of: AssetID(chain: "sim:1", token: nil), to: key.account)
    try chain.credit(UInt256(1_000_000), of: PaidWorld.asset, to: key.account)
    campaign = try PaidWorld.start(store, clock, asset, self.people, rows)
    let signer = SigningGuard(
      codec: chain.codec,
      policy: SigningPolicy(
        chain: settings.chain, assets: nil, batchContract: nil, mostPerTransaction: nil, mostFee: .max, mayDeploy: false
      ),
      log: MemorySigningLog(), keys: [key])
    worker = LaneWorker(
      account: key.account, store: store, rail: chain, signer: signing.body(signer), clock: EngineTime(clock: clock),
      civil: NoZones(),
      random: NoJitter(), settings: workerSettings, holder: "test", session: "test", only: nil, facts: facts,
      observer: nil)
  }

  private static func start(
    _ store: any PayoutStore & LoadStore, _ clock: HandClock, _ asset: AssetID, _ people: [Int],
    _ rows: [String]
  ) throws -> Campaign {
    let service = CampaignService(store: store, clock: EngineTime(clock: clock), actor: "operator:test")
    let campaign = try service.create(
      name: "Paid", uuid: "00000000-0000-4000-8000-000000000001", asset: asset, chain: ChainID(.simulated, 1))
    let begun = try store.begin(campaign.id, contentHash: .zero, settings: "{}")
    var chunk = LoadChunk(addressLength: 20)
    for n in people {
      chunk.append(
        address: address(n).bytes[...], units: units(n).bigEndianBytes[...], rowNumber: Int64(n + 1), payoutKey: [],
        metadata: rows.indices.contains(n) ? Array(rows[n].utf8)[...] : [])
    }
    let load = try store.insert(chunk, into: begun)
    let total = UInt256(people.reduce(UInt64(0)) { $0 + 100 + UInt64($1) })
    let rows = Int64(people.count)
    let order = Order(
      campaign: campaign.id, asset: asset, load: load.number, contentHash: .zero, settings: "{}",
      summary: LoadSummary(rows: rows, accepted: rows, rejected: 0, duplicates: 0, total: total),
      readyOrdinal: load.nextOrdinal)
    try store.commit(
      Commit(guardedBy: nil, actor: "operator:test", at: clock.now, writes: [.order(order)]))
    let loaded = try service.campaign(named: "Paid")
    _ = try service.approve(loaded, feeCap: .max)
    return try service.start(
      loaded,
      planning: CampaignChange.Planning(mode: .asyncBatch, priority: 5, window: .always, maxBatch: 2, canary: 0))
  }

  static func address(_ n: Int) -> Address { ChainWorld.person(UInt8(n)) }
  static func units(_ n: Int) -> UInt256 { UInt256(100 + UInt64(n)) }

  /// Works until nothing is left to do, or `isEnough` says so before a step.
  func pay(until isEnough: (LaneWorker) throws -> Bool = { _ in false }) throws {
    for _ in 0..<2_000 {
      if try isEnough(worker) { return }
      switch worker.step() {
      case .progress: continue
      case .done: return
      case .idle(let until), .failed(_, let until):
        clock.move(max(1, until.milliseconds - clock.now.milliseconds))
      }
    }
    Issue.record("the campaign does not end")
  }

  /// Everybody is paid, and the engine knows.
  static func paid(_ people: Int = 7) throws -> PaidWorld {
    let world = try PaidWorld(people)
    try world.pay()
    try #require(try world.store.tally(world.campaign.id)[.confirmed].count == Int64(people))
    return world
  }

  /// What a new process finds, asking this rail.
  func reconcile(_ rail: any Rail, from block: UInt64 = 0) throws -> (report: ReconcileReport, found: [Mismatch]) {
    var found: [Mismatch] = []
    let reconciler = Reconciler(store: store, rail: rail, clock: EngineTime(clock: clock), actor: "operator:test")
    let report = try reconciler.run(campaign, fromBlock: block) { found.append($0) }
    #expect(report.mismatches.values.reduce(0, +) == found.count)
    return (report, found)
  }

  /// The same while the chain shows its transfers changed.
  func reconcile(
    showing transfers: @escaping @Sendable ([ChainTransfer]) -> [ChainTransfer]
  ) throws -> (report: ReconcileReport, found: [Mismatch]) {
    try reconcile(AlteredRail(inner: chain, transfers: transfers))
  }

  /// Actions of the audit trail.
  var actions: [String] {
    get throws { try store.auditRecords(after: nil, limit: 10_000).map(\.draft.action) }
  }
}

/// What stands between the engine and the signer.
struct SignerWrap {
  let body: (SigningGuard) -> any Signer
}

/// The engine's view of a clock that stands until it is moved.
private struct EngineTime: EngineClock {
  let clock: HandClock
  func now() -> Timestamp { clock.now }
}

private struct NoZones: CivilTime {
  func minuteOfDay(_ at: Timestamp, zone: String) -> Int? { nil }
}

private final class NoJitter: RandomSource {
  func next() -> UInt64 { 0 }
}
