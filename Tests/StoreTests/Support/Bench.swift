import Airdrop
import Chains
import Codecs
import Engine
import Money
import Payouts
import Testing

/// A store with the few things that every scenario needs, and the words to drive it.
///
/// Values are made from small numbers, so that a failure reads well: recipient `n` has address `n` and is owed `n + 1`.
final class Bench {
  static let chain = ChainID(.simulated, 1)
  static let native = AssetID(chain: "sim:1", token: nil)
  static let account = Address(Array(repeating: 0xaa, count: 20))

  let opened: OpenStore
  var store: any PayoutStore & LoadStore { opened.store }
  /// Milliseconds; every commit moves it on.
  var now: Int64 = 1_700_000_000_000
  var held: LaneGuard?
  var nextSlot: UInt64 = 0
  var sequence: Int64 = 0

  init(_ kind: StoreKind) throws { opened = try kind.open() }

  init(_ opened: OpenStore) { self.opened = opened }

  func time() -> Timestamp {
    now += 1
    return Timestamp(milliseconds: now)
  }

  // MARK: Writing

  func commit(_ writes: Write..., guarded: Bool = true) throws {
    try store.commit(
      Commit(guardedBy: guarded ? held : nil, actor: guarded ? "worker:1" : "operator:eve", at: time(), writes: writes))
  }

  @discardableResult
  func createCampaign(
    _ name: String = "Q4", asset: AssetID = Bench.native, uuid: String? = nil
  ) throws -> Campaign {
    let id = try store.nextCampaignID()
    let campaign = Campaign(
      id: id, uuid: uuid ?? "00000000-0000-4000-8000-\(String(repeating: "0", count: 12 - id.description.count))\(id)",
      name: name, chain: Bench.chain, asset: asset, status: .pending, reason: nil, mode: .asyncBatch, priority: 5,
      window: .always, maxBatch: 200, canary: 0, createdBy: "operator:eve", createdAt: time(), readyOrdinal: 0)
    try commit(.createCampaign(campaign), guarded: false)
    return campaign
  }

  /// Recipients `first..<first + count`, by a load that is finished.
  @discardableResult
  func load(
    _ campaign: Campaign, _ count: Int, first: Int = 0, keys: Bool = false
  ) throws -> Load {
    let content = Bench.hash(UInt64(1_000_000 * campaign.id.raw) + UInt64(first))
    let begun = try store.begin(campaign.id, contentHash: content, settings: "{}")
    let load = try store.insert(Bench.chunk(first..<first + count, keys: keys ? campaign.name : nil), into: begun)
    if keys { try store.place(Bench.keys(first..<first + count, campaign.name, from: begun.nextOrdinal), of: load) }
    try commit(.order(Bench.order(load, campaign, Bench.worth(first..<first + count))), guarded: false)
    return load
  }

  static func chunk(_ recipients: Range<Int>, keys: String? = nil) -> LoadChunk {
    var chunk = LoadChunk(addressLength: 20)
    for n in recipients {
      chunk.append(
        address: address(n).bytes[...], units: UInt256(UInt64(n) + 1).bigEndianBytes[...], rowNumber: Int64(n) + 1,
        payoutKey: Array((keys.map { "\($0)/\(n)" } ?? "").utf8)[...],
        metadata: n.isMultiple(of: 2) ? [] : Array("{\"n\":\(n)}".utf8)[...])
    }
    return chunk
  }

  /// The keys of `chunk(recipients, keys: name)`, whose first row stands at an ordinal.
  static func keys(_ recipients: Range<Int>, _ name: String, from ordinal: UInt32 = 0) -> LoadKeys {
    let digests = recipients.map { n in
      (digest: Hashing().sha256(Array("\(name)/\(n)".utf8)), ordinal: ordinal + UInt32(n - recipients.lowerBound))
    }
    var keys = LoadKeys()
    for key in digests.sorted(by: { $0.digest < $1.digest }) {
      keys.append(digest: key.digest.bytes[..<LoadKeys.digestLength], ordinal: key.ordinal)
    }
    return keys
  }

  static func order(_ load: Load, _ campaign: Campaign, _ total: UInt256) -> Order {
    let count = Int64(load.nextOrdinal - load.firstOrdinal)
    return Order(
      campaign: campaign.id, asset: campaign.asset, load: load.number, contentHash: load.contentHash,
      settings: load.settings,
      summary: LoadSummary(rows: count + 3, accepted: count, rejected: 2, duplicates: 1, total: total),
      readyOrdinal: load.nextOrdinal)
  }

  func change(_ campaign: Campaign, _ to: CampaignStatus, event: String = "changed") throws {
    let current = try #require(try store.campaign(campaign.id))
    try commit(
      .changeCampaign(
        CampaignChange(
          campaign: campaign.id, from: current.status, to: to, event: event, reason: nil, planning: nil)),
      guarded: false)
  }

  @discardableResult
  func acquire(_ session: String = "s1", signerHighest: Int64 = 0, lease: Int64 = 10_000) throws -> Lane {
    let lane = try store.acquireLane(
      Bench.chain, Bench.account, holder: "host:1:1", session: session, leaseMilliseconds: lease,
      signerHighest: signerHighest, at: time())
    held = LaneGuard(lane: lane.id, fence: lane.fence, session: session, epoch: lane.epoch)
    nextSlot = lane.nextSlot
    sequence = lane.nextSequence
    return lane
  }

  /// A running campaign of `count` recipients under a held lane.
  static func running(_ kind: StoreKind, _ count: Int) throws -> (Bench, Campaign) {
    let bench = try Bench(kind)
    let campaign = try bench.createCampaign()
    try bench.load(campaign, count)
    try bench.change(campaign, .running)
    try bench.acquire()
    return (bench, campaign)
  }

  // MARK: Parts of writes

  func number() -> Int64 {
    sequence += 1
    return Lane.number(held?.lane ?? LaneID(1), sequence: sequence)
  }

  func draft(_ kind: AttemptKind = .pay, payload: UInt64 = 7, price: UInt64 = 30) -> AttemptDraft {
    let id = AttemptID(number())
    let bytes = Array("unsigned \(id)".utf8)
    return AttemptDraft(
      id: id, kind: kind, unsigned: UnsignedTransaction(bytes: bytes, signingHash: Hashing().sha256(bytes)),
      payloadDigest: Bench.hash(payload), fee: FeeTerms(limit: 21_000, price: UInt256(price), tip: .one))
  }

  /// An intent for these ordinals on the next slot.
  func intent(_ campaign: Campaign, _ ordinals: [Int], halfOf: BatchID? = nil, slot: UInt64? = nil) -> Intent {
    let batch = BatchID(number())
    let slot = slot ?? nextSlot
    nextSlot = max(nextSlot, slot + 1)
    return Intent(
      batch: batch, campaign: campaign.id, slot: slot, asset: campaign.asset,
      runs: Bench.runs(campaign, ordinals), count: ordinals.count, total: Bench.worth(ordinals),
      root: Bench.hash(UInt64(batch.raw)), attempt: draft(payload: UInt64(batch.raw)), halfOf: halfOf)
  }

  func repair(slot: UInt64, kind: AttemptKind = .void) -> Intent {
    Intent(
      batch: BatchID(number()), campaign: nil, slot: slot, asset: Bench.native, runs: [], count: 0, total: .zero,
      root: .zero, attempt: draft(kind), halfOf: nil)
  }

  static func signed(_ draft: AttemptDraft) -> SignedTransaction {
    let bytes = draft.unsigned.bytes + Array(" signed".utf8)
    return SignedTransaction(bytes: bytes, hash: Hashing().sha256(bytes))
  }

  func sign(_ intent: Intent) throws {
    try commit(
      .recordBytes(RecordedBytes(batch: intent.batch, attempt: intent.attempt.id, signed: Bench.signed(intent.attempt)))
    )
  }

  /// The end of a batch by its own attempt, by a stranger, or by a void.
  func end(
    _ intent: Intent, _ verdict: Verdict, _ outcomes: [Outcome], spender: AttemptDraft? = nil
  ) throws -> BatchEnd {
    let ours = verdict == .stranger ? nil : spender ?? intent.attempt
    let hash = ours.map { Bench.signed($0).hash } ?? Bench.hash(404)
    let to = try BatchState.live.applying(.ended(verdict))
    return BatchEnd(
      batch: intent.batch, campaign: intent.campaign, asset: intent.asset,
      evidence: try Bench.evidence(verdict, hash), to: to, spender: ours?.id,
      prevailed: to == .final || verdict == .voided, outcomes: outcomes)
  }

  func outcome(_ kind: Outcome.Kind, _ campaign: Campaign, _ ordinals: [Int]) -> Outcome {
    Outcome(
      kind: kind, runs: Bench.runs(campaign, ordinals), count: ordinals.count, units: Bench.worth(ordinals))
  }

  static func evidence(_ verdict: Verdict, _ hash: Hash32) throws -> Evidence {
    let statements = ["a:1", "b:1"].map {
      Statement(
        endpoint: EndpointID($0), verdict: verdict, spender: hash, blockNumber: 100, blockHash: Bench.hash(100),
        feePaid: UInt256(21_000))
    }
    return try #require(Quorum(endpoints: 2)?.evidence(in: statements))
  }

  // MARK: Values

  static func address(_ n: Int) -> Address {
    var bytes = [UInt8](repeating: 0, count: 12)
    BigEndian.append(UInt64(n), to: &bytes)
    return Address(bytes)
  }

  static func worth(_ recipients: some Sequence<Int>) -> UInt256 {
    UInt256(recipients.reduce(UInt64(0)) { $0 + UInt64($1) + 1 })
  }

  static func runs(_ campaign: Campaign, _ ordinals: [Int]) -> [PayoutRun] {
    PayoutRun.of(ordinals.map { PayoutID(campaign: campaign.id, ordinal: UInt32($0)) })
  }

  static func hash(_ n: UInt64) -> Hash32 { Hash32(words: (n, 1, 2, 3)) }

  // MARK: Reading

  func status(_ campaign: Campaign, _ ordinal: Int) throws -> PayoutStatus? {
    try store.payout(PayoutID(campaign: campaign.id, ordinal: UInt32(ordinal)))?.status
  }

  func expectSound(_ place: SourceLocation = #_sourceLocation) throws {
    #expect(try store.checkInvariants() == [], sourceLocation: place)
  }

  /// The body must throw this refusal, and change nothing that readers can see.
  func expectRefusal(
    _ code: StoreError.Code, _ place: SourceLocation = #_sourceLocation, _ body: () throws -> Void
  ) throws {
    let before = try trace()
    let error = #expect(throws: StoreError.self, sourceLocation: place) { try body() }
    #expect(error?.code == code, "\(error?.message ?? "")", sourceLocation: place)
    #expect(try trace() == before, sourceLocation: place)
  }

  /// Everything that a refused commit could have touched.
  func trace() throws -> [String] {
    var lines: [String] = try store.lanes().map { "\($0)" }
    for campaign in try store.campaigns(after: nil, limit: 100) {
      lines.append("\(campaign) \(try store.tally(campaign.id).parts.sorted { $0.key.rawValue < $1.key.rawValue })")
      lines += try store.payouts(campaign.id, status: nil, after: nil, limit: 1000).map { "\($0)" }
      lines += try store.batches(campaign.id, after: nil, limit: 1000).map { "\($0)" }
    }
    lines += try store.ledgerEntries(after: 0, limit: 10_000).map { "\($0)" }
    lines += try store.auditHeads().map { "\($0)" }
    lines += try store.outbox(after: 0, limit: 10_000).map { "\($0)" }
    return lines
  }
}
