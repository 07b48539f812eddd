import Airdrop
import Audit
import Chains
import Codecs
import Engine
import Ledger
import Money
import Payouts

/// Campaigns in known states for the reports' tests.
enum ReportSamples {
  static let id = CampaignID(7)
  static let token = "0x5fbdb2315678afecb367f032d93f642f64180aa3"
  static let asset = AssetID(chain: "evm:31337", token: token)
  /// 2025-10-01T12:00:00Z
  static let start: Int64 = 1_759_320_000_000
  static let oneToken: UInt64 = 1_000_000

  static func campaign(
    name: String = "Q4-Rewards", status: CampaignStatus = .running, reason: String? = nil
  ) -> Campaign {
    Campaign(
      id: id, uuid: "0b9f3d1e-7c1a-4c55-8a54-0f6a1b2c3d4e", name: name, chain: ChainID(.evm, 31337), asset: asset,
      status: status, reason: reason, mode: .asyncBatch, priority: 5, window: .always, maxBatch: 200, canary: 0,
      createdBy: "operator:local", createdAt: at(-3_600), readyOrdinal: 1)
  }

  static func at(_ seconds: Int64) -> Timestamp { Timestamp(milliseconds: start + seconds * 1_000) }

  static func hash(_ number: UInt64) -> Hash32 { Hash32(words: (number, 0, 0, 0xaa)) }

  static func address(_ number: UInt32) -> Address {
    var bytes = [UInt8](repeating: 0, count: 16)
    for shift: UInt32 in [24, 16, 8, 0] { bytes.append(UInt8(truncatingIfNeeded: number >> shift)) }
    return Address(bytes)
  }

  static func payout(
    _ id: PayoutID, _ status: PayoutStatus, units: UInt256 = UInt256(oneToken), key: String? = nil,
    code: String? = nil, message: String? = nil
  ) -> PayoutView {
    PayoutView(
      payout: id, key: key ?? "row-\(id.ordinal)", campaign: id.campaign, address: address(id.ordinal), units: units,
      status: status, fate: status == .submitted ? .pending : nil, batch: nil,
      transaction: status == .confirmed ? hash(UInt64(id.ordinal)) : nil, outIndex: nil, errorCode: code,
      errorMessage: message, rowNumber: Int64(id.ordinal) + 2, metadata: "")
  }

  static func attempt(_ number: Int64, _ kind: AttemptKind, at: Timestamp) -> Attempt {
    Attempt(
      id: AttemptID(number), kind: kind, state: .broadcast,
      unsigned: UnsignedTransaction(bytes: [1], signingHash: hash(UInt64(number))), payloadDigest: hash(1),
      fee: FeeTerms(limit: 21_000, price: UInt256(2_000_000_000), tip: .one), fence: 1, intendedAt: at,
      signed: SignedTransaction(bytes: [2], hash: hash(0xf000 + UInt64(number))), sentAt: at)
  }

  static func batch(
    _ index: Int, _ state: BatchState, count: Int, at: Timestamp, took milliseconds: Int64? = nil, fee: UInt256? = nil,
    kinds: [AttemptKind] = [.pay], unknown: UnknownReason? = nil, evidence: String? = nil
  ) -> BatchView {
    let number = Lane.number(LaneID(1), sequence: Int64(index))
    let batch = Batch(
      id: BatchID(number), campaign: id, lane: LaneID(1), slot: UInt64(index), asset: asset, count: count,
      total: UInt256(UInt64(count) * oneToken), root: hash(2), state: state, unknown: unknown, createdAt: at,
      attempts: zip(0..., kinds).map { attempt(Int64(index * 10 + $0), $1, at: at) })
    return BatchView(
      batch: batch, evidence: evidence, endedAt: milliseconds.map { at.advanced(byMilliseconds: $0) }, feePaid: fee)
  }

  static func evidence(_ verdict: String, credits: String = "null", nodes: Int = 3) -> String {
    let statements = (0..<nodes).map { "{\"block_number\":9,\"endpoint\":\"node\($0):8545\",\"fee_paid\":\"1\"}" }
    return
      "{\"block_hash\":\"0x00\",\"credits\":\(credits),\"spender\":\"0x00\",\"statements\":[\(statements.joined(separator: ","))],\"verdict\":\"\(verdict)\"}"
  }

  static func record(_ sequence: Int64, _ action: String, _ details: String, chain: Int64 = 0, at: Timestamp)
    -> AuditRecord
  {
    AuditRecord(
      chain: chain, sequence: sequence, at: at.milliseconds,
      draft: AuditDraft(
        actor: "operator:local", action: action, entity: "campaign", entityID: id.description, details: details,
        root: nil), hash: hash(UInt64(sequence)))
  }

  static func part(_ count: Int64) -> Tally.Part {
    Tally.Part(count: count, units: UInt256(UInt64(count) * oneToken))
  }

  static func balance(credit: Int64, debit: Int64 = 0, pending: Int64 = 0) -> Balance {
    func units(_ count: Int64) -> UInt256 { UInt256(UInt64(count) * oneToken) }
    return Balance(
      postedDebit: units(debit), postedCredit: units(credit), pendingDebit: units(pending), pendingCredit: .zero)
  }

  /// Ten payouts: six paid, one on its way with an unknown fate, one queued, one failed, one settled by hand.
  static func small() throws -> ReportStore {
    let statuses: [PayoutStatus] = [
      .confirmed, .confirmed, .confirmed, .confirmed, .confirmed, .confirmed, .submitted, .queued, .failed,
      .compensated,
    ]
    let views = zip(0..., statuses).map { ordinal, status in
      payout(
        PayoutID(campaign: id, ordinal: ordinal), status,
        code: status == .failed ? "payout.reverted" : status == .compensated ? "PAID_BY_HAND" : nil,
        message: status == .failed ? "execution reverted" : nil)
    }
    let batches = [
      batch(
        0, .final, count: 4, at: at(0), took: 12_000, fee: UInt256(3_000_000_000_000_000), evidence: evidence("paid")),
      batch(
        1, .final, count: 4, at: at(30), took: 95_500, fee: UInt256(5_000_000_000_000_001), kinds: [.pay, .pay, .pay],
        evidence: evidence("credited", credits: "[\"full\",\"full\",\"full\",\"none\"]")),
      batch(
        2, .dead, count: 1, at: at(60), took: 20_000, fee: UInt256(100_000_000_000_000), evidence: evidence("reverted")),
      batch(3, .live, count: 1, at: at(90), kinds: [.pay, .void], unknown: .overdue),
    ]
    var root = ContentRoot(asset)
    for view in views { try root.add(Payee(payout: view.payout, address: view.address, units: view.units)) }
    var store = ReportStore(
      campaignRow: campaign(), payoutCount: 10, payoutRow: { views[Int($0.ordinal)] }, batchCount: batches.count,
      batchRow: { batches[$0] })
    store.tallyRead = { _ in
      Tally(
        parts: [
          .confirmed: part(6), .submitted: part(1), .queued: part(1), .failed: part(1), .compensated: part(1),
        ], unknown: 1)
    }
    store.given = Approval(
      campaign: id, root: root.hash, count: 10, total: root.total, feeCap: .max, approvedBy: "operator:local",
      expiresAt: nil)
    store.accounts = [
      Account(id, .reserved, asset): balance(credit: 10, debit: 8, pending: 1),
      Account(id, .paid, asset): balance(credit: 6), Account(id, .released, asset): balance(credit: 2, debit: 1),
      Account(id, .compensated, asset): balance(credit: 1),
    ]
    store.records = [
      record(1, "campaign.created", "{}", at: at(-3_600)),
      record(
        2, "recipients.loaded",
        "{\"accepted\":10,\"content_hash\":\"0xfeed\",\"duplicates\":1,\"load\":1,\"rejected\":2,\"rows\":13,"
          + "\"settings\":\"{\\\"choices\\\":{\\\"decimals\\\":6}}\",\"total\":\"10000000\"}", at: at(-3_000)),
      record(3, "campaign.approved", "{\"count\":10}", at: at(-60)),
      record(4, "campaign.started", "{\"reason\":null}", at: at(-50)),
      record(
        5, "reconcile.completed",
        "{\"clean\":false,\"from_block\":1,\"through_block\":90,\"ledger_paid\":\"6000000\",\"on_chain\":\"6000000\","
          + "\"ordered\":\"10000000\",\"mismatches\":{\"unpaid\":3}}", at: at(200)),
      record(1, "campaign.paused", "{}", chain: 1, at: at(201)),
    ]
    store.heads = [
      AuditHead(chain: 1, sequence: 40, hash: hash(40)), AuditHead(chain: 0, sequence: 5, hash: hash(5)),
    ]
    store.seals = [
      Checkpoint(
        number: 2, at: at(150).milliseconds,
        heads: [AuditHead(chain: 0, sequence: 4, hash: hash(4)), AuditHead(chain: 1, sequence: 30, hash: hash(30))],
        previous: .zero, publicKey: [], signature: [])
    ]
    return store
  }

  static func report(_ store: ReportStore, notices: [String] = []) throws -> CampaignReport {
    try ReportBuilder(store: store, addressText: { Hex.prefixed($0.bytes) })
      .build(store.campaignRow, at: at(300), notices: notices)
  }
}
