import Chains
import Codecs
import Engine
import Foundation
import Money
import Payouts
import Policy
import Synchronization
import TestSupport
import Testing

@testable import Store

/// Approvers, initiators and workers at once, each over database sessions of their own.
@Suite("Approvals that meet on PostgreSQL")
struct ApprovalRaceTests {
  /// Every signature is one: what is tried here is who comes first.
  private struct AnySignature: ApprovalSignatures {
    func isValid(signature: [UInt8], over bytes: [UInt8], publicKey: [UInt8]) -> Bool { true }
  }

  private static func commit(_ store: PostgreSQLStore, _ write: Write, at: Timestamp) throws -> StoreError.Code? {
    do throws(StoreError) {
      try store.commit(Commit(guardedBy: nil, actor: "person:x", at: at, writes: [write]))
      return nil
    } catch { return error.code }
  }

  private func request(_ number: Int64, _ bench: Bench, _ campaign: Campaign) throws -> ApprovalRequest {
    let standing = try Standing(bench.store.tally(campaign.id))
    return ApprovalRequest(
      number: number, campaign: campaign.id,
      content: ApprovalContent(
        campaign: campaign.uuid, chain: Bench.chain, asset: campaign.asset, root: Bench.hash(3), count: standing.count,
        total: standing.total, feeCap: UInt256(9), lanes: [Bench.account]),
      initiators: ["person:ina"], rule: try ApprovalRule(parsing: "1/1"), openedAt: Timestamp(milliseconds: 1),
      expiresAt: Timestamp(milliseconds: .max), nonce: Bench.hash(UInt64(500 + number)))
  }

  @Test func `of one person's two yeses over two sessions one counts, and of a yes and a no the no is the last word`()
    throws
  {
    let bench = try PostgreSQLBench()
    let first = try bench.bench(bench.open())
    let campaign = try first.createCampaign()
    try first.load(campaign, 4)
    for (name, key) in [("eve", 1), ("adam", 2)] as [(String, UInt8)] { try first.enrol(name, key: key) }
    let uri = bench.database.uri
    let stores = try (0..<2).map { try PostgreSQLBench.store(uri, seed: UInt64($0)) }
    let at = first.time()
    for number in 1...8 as ClosedRange<Int64> {
      try first.people(.ask(try request(number, first, campaign)))
      let vote = try first.vote("eve", number)
      let twice = stores.map { store in Aside { try Self.commit(store, .people(.vote(vote)), at: at) } }
      let codes = try twice.map { try $0.wait() }
      #expect(codes.count { $0 == nil } == 1 && codes.contains { $0 == .conflict || $0 == .staleState }, "\(codes)")
      #expect(try first.store.approvalCase(number)?.votes.count == 1)
      // Another person's yes meets a no.
      let other = try first.vote("adam", number)
      let no = ApprovalRejection(request: number, by: other.approver, reason: "no")
      let (yes, refusal) = (stores[0], stores[1])
      let racers = [
        Aside { try Self.commit(yes, .people(.vote(other)), at: at) },
        Aside { try Self.commit(refusal, .people(.reject(no)), at: at) },
      ]
      let ends = try racers.map { try $0.wait() }
      #expect(ends[1] == nil)
      let found = try #require(try first.store.approvalCase(number))
      #expect(found.request.mark == .rejected && found.votes.count == (ends[0] == nil ? 2 : 1))
    }
    try first.expectSound()
  }

  @Test func `two requests at once get two numbers, and a yes to the older one is never one to the newer`() throws {
    let bench = try PostgreSQLBench()
    let first = try bench.bench(bench.open())
    let campaign = try first.createCampaign()
    try first.load(campaign, 4)
    try first.enrol("eve", key: 1)
    let uri = bench.database.uri
    let stores = try (0..<2).map { try PostgreSQLBench.store(uri, seed: UInt64($0)) }
    let at = first.time()
    for round in 0..<8 {
      let number = try first.store.nextApprovalRequest()
      let asked = try request(number, first, campaign)
      let other = ApprovalRequest(
        number: number, campaign: campaign.id, content: asked.content, initiators: ["person:olga"], rule: asked.rule,
        openedAt: asked.openedAt, expiresAt: asked.expiresAt, nonce: Bench.hash(UInt64(9_000 + round)))
      let askers = zip(stores, [asked, other]).map { store, asked in
        Aside { try Self.commit(store, .people(.ask(asked)), at: at) }
      }
      let codes = try askers.map { try $0.wait() }
      #expect(codes.count { $0 == nil } == 1, "\(codes)")
      // The yes meets the next request.
      let vote = try first.vote("eve", number)
      let next = try request(number + 1, first, campaign)
      let (voter, asker) = (stores[0], stores[1])
      let voting = Aside { try Self.commit(voter, .people(.vote(vote)), at: at) }
      let asking = Aside { try Self.commit(asker, .people(.ask(next)), at: at) }
      let ends = [try voting.wait(), try asking.wait()]
      #expect(ends[1] == nil && (ends[0] == nil || ends[0] == .staleState), "\(ends)")
      let newest = try #require(try first.store.approvalCase(of: campaign.id))
      #expect(newest.request.number == number + 1 && newest.votes.isEmpty)
    }
    try first.expectSound()
  }

  /// A change of what is paid that has returned is the last word: from then on no session finds it approved.
  @Test func `content that has changed is approved for nobody, in whichever session the gate is asked`() throws {
    let bench = try PostgreSQLBench()
    let first = try bench.bench(bench.open())
    let campaign = try first.createCampaign()
    try first.load(campaign, 4)
    try first.enrol("eve", key: 1)
    let gate = ApprovalGate(rule: try ApprovalRule(parsing: "1/1"), signatures: AnySignature())
    let uri = bench.database.uri
    for round in 1...6 {
      let number = try first.store.nextApprovalRequest()
      try first.people(.ask(try request(number, first, campaign)))
      try first.people(.vote(try first.vote("eve", number)))
      let hasChanged = Mutex(false)
      let hasSeen = Mutex(false)
      let saw = { @Sendable () -> Void in hasSeen.withLock { $0 = true } }
      let isChanged = { @Sendable () -> Bool in hasChanged.withLock { $0 } }
      let store = try PostgreSQLBench.store(uri, seed: UInt64(round))
      let watcher = Aside { () -> (before: Int, late: Int) in
        var (before, late) = (0, 0)
        for _ in 0..<100_000 {
          // Asked for before the question is: a yes after it would be a yes to the changed content.
          let wasChanged = isChanged()
          let found = try store.approvalCase(of: campaign.id)
          let standing = try Standing(store.tally(campaign.id))
          let isOpen =
            (try? gate.check(
              found, standing, feeCap: UInt256(9), lane: Bench.account, at: Timestamp(milliseconds: 50))) != nil
          if isOpen {
            if wasChanged { late += 1 } else { before += 1 }
            saw()
          }
          if wasChanged { break }
        }
        return (before, late)
      }
      // Meanwhile the initiator loads one recipient more.
      try bench.wait { hasSeen.withLock { $0 } }
      try first.load(campaign, 1, first: 100 * round)
      hasChanged.withLock { $0 = true }
      let seen = try watcher.wait()
      #expect(seen.late == 0 && seen.before > 0, "\(seen)")
    }
  }
}
