import Chains
import Codecs
import Engine
import Keys
import Money
import Payouts
import SQLite
import SimulatedChain
import Store
import TestSupport
import Testing

@Suite("Reconcile: chain, ledger and file")
struct ReconcilerTests {
  @Test func `a campaign that is paid is clean, however often it is compared`() throws {
    let world = try PaidWorld.paid()
    let blocks = Set(try transfers(world).map(\.blockNumber))
    #expect(blocks.count < 4, "several transactions must share a block")
    for _ in 0..<2 {
      let (report, found) = try world.reconcile(world.chain)
      #expect(report.isClean && found.isEmpty)
      #expect(report.onChain == Tally.Part(count: 7, units: UInt256(721)))
      #expect(report.confirmed == report.onChain && report.ordered == report.onChain)
      #expect(report.ledgerPaid == UInt256(721))
    }
    #expect(try world.actions.count { $0 == "reconcile.completed" } == 2)
  }

  @Test func `what the ledger calls paid and the chain does not show is ledger_only`() throws {
    // A whole transaction is missing.
    let world = try PaidWorld.paid()
    let gone = try #require(try transfers(world).first?.transaction)
    let (report, found) = try world.reconcile { $0.filter { $0.transaction != gone } }
    #expect(report.mismatches == [.ledgerOnly: 2])
    let payees = try world.store.payees(try #require(try world.store.batch(transaction: gone)).batch.id)
    #expect(found.map(\.payout) == payees.map(\.payout) && found.map(\.address) == payees.map(\.address))
    #expect(found.allSatisfy { $0.explanation.contains("confirmed in block") })

    // One transfer of a transaction is missing.
    let other = try PaidWorld.paid()
    let one = try other.reconcile { $0.filter { $0.to != PaidWorld.address(3) } }
    #expect(one.report.mismatches == [.ledgerOnly: 1] && one.report.onChain.count == 6)
    #expect(one.found.first?.address == PaidWorld.address(3) && one.found.first?.units == PaidWorld.units(3))
  }

  @Test func `payouts of before the start block are not missed`() throws {
    let world = try PaidWorld.paid()
    let last = try #require(try transfers(world).map(\.blockNumber).max())
    let (report, _) = try world.reconcile(AlteredRail(inner: world.chain, transfers: { _ in [] }), from: last + 1)
    #expect(report.isClean && report.onChain.count == 0)
    // An earlier start reads what was never read.
    #expect(try world.reconcile(world.chain).report.onChain.count == 7)
  }

  @Test func `a reading that breaks off leaves no gap behind`() throws {
    let world = try PaidWorld.paid()
    let last = try #require(try transfers(world).map(\.blockNumber).max())
    world.chain.mine(5)
    #expect(try world.reconcile(world.chain, from: last + 1).report.throughBlock > last)
    #expect(throws: RailError.self) { try world.reconcile(AlteredRail(inner: world.chain, refused: 0)) }
    #expect(try world.reconcile(world.chain).report.isClean)
  }

  @Test func `what leaves our account for nobody of the campaign is chain_only`() throws {
    let world = try PaidWorld.paid()
    let real = try transfers(world)
    let first = try #require(real.first)
    let view = try #require(try world.store.batch(transaction: first.transaction))
    let stranger = ChainWorld.person(99)
    // In a transaction that is none of ours; and in one of ours, of exactly the batch's sum.
    let foreign = first.with(transaction: Keccak.hash256(first.transaction, .zero), to: stranger)
    let hidden = first.with(index: 9, to: stranger, units: view.batch.total)
    let (report, found) = try world.reconcile { $0 + ($0.contains(first) ? [foreign, hidden] : []) }
    #expect(report.mismatches == [.chainOnly: 2] && report.onChain.count == 7)
    #expect(Set(found.map(\.transaction)) == [foreign.transaction, first.transaction])
    #expect(found.allSatisfy { $0.address == stranger && $0.payout == nil })
  }

  @Test func `a recipient who was paid again is paid_twice`() throws {
    let world = try PaidWorld.paid()
    let first = try #require(try transfers(world).first)
    let again = first.with(index: 9)
    let (report, found) = try world.reconcile { $0 + ($0.contains(first) ? [again] : []) }
    #expect(report.mismatches == [.paidTwice: 1] && report.onChain.count == 7)
    let payout = try world.store.payout(world.campaign.id, address: first.to)?.payout
    #expect(found.first?.payout == payout && found.first?.units == first.units)
  }

  @Test func `a batch that was paid by two transactions is paid_twice`() throws {
    let world = try PaidWorld.paid()
    let first = try #require(try transfers(world).first)
    let later = first.with(block: first.blockNumber + 1)
    let (report, _) = try world.reconcile { $0 + ($0.contains(first) ? [later] : []) }
    #expect(report.mismatches == [.paidTwice: 1] && report.onChain.count == 7)
  }

  @Test func `another sum than promised is wrong_amount`() throws {
    let world = try PaidWorld.paid()
    let (report, found) = try world.reconcile {
      $0.map { $0.to == PaidWorld.address(2) ? $0.with(units: .one) : $0 }
    }
    #expect(report.mismatches == [.wrongAmount: 1] && report.onChain.count == 6)
    #expect(found.first?.address == PaidWorld.address(2) && found.first?.units == .one)
    #expect(found.first?.explanation == "promised 102, moved 1")
  }

  @Test func `what the chain paid and the engine has not confirmed is paid_unconfirmed`() throws {
    let world = try PaidWorld(4)
    try world.pay { worker in try world.store.liveBatches(LaneID(1)).contains { $0.attempts[0].state == .broadcast } }
    world.chain.mine(8)
    let (report, found) = try world.reconcile(world.chain)
    #expect(report.mismatches == [.paidUnconfirmed: 4, .unpaid: 4] && report.onChain.count == 0)
    #expect(found.allSatisfy { $0.kind != .paidUnconfirmed || $0.explanation.contains("is live") })
    // Once the engine has looked as well, all agree.
    try world.pay()
    #expect(try world.reconcile(world.chain).report.isClean)
  }

  @Test func `a credit that our evidence denies is paid_unconfirmed`() throws {
    let world = try PaidWorld(2)
    world.chain.setBehavior(.withoutEffect, of: PaidWorld.address(1))
    try world.pay()
    #expect(try world.reconcile(world.chain).report.mismatches == [.unpaid: 1])
    let first = try #require(try transfers(world).first)
    let denied = first.with(index: 1, to: PaidWorld.address(1), units: PaidWorld.units(1))
    let other = try PaidWorld(2)
    other.chain.setBehavior(.withoutEffect, of: PaidWorld.address(1))
    try other.pay()
    let (report, _) = try other.reconcile { $0 + ($0.contains { $0.to == first.to } ? [denied] : []) }
    #expect(report.mismatches == [.paidUnconfirmed: 1, .unpaid: 1] && report.onChain.count == 1)
  }

  @Test func `whoever is not paid is unpaid, with the reason`() throws {
    let world = try PaidWorld()
    world.chain.setBehavior(.rejects, of: PaidWorld.address(4))
    try world.pay()
    let (report, found) = try world.reconcile(world.chain)
    #expect(report.mismatches == [.unpaid: 1] && report.onChain.count == 6)
    #expect(found.first?.address == PaidWorld.address(4) && found.first?.explanation == "payout.reverted")
    // Nobody was paid yet.
    let early = try PaidWorld(3).reconcile(PaidWorld(3).chain)
    #expect(early.report.mismatches == [.unpaid: 3] && early.found.allSatisfy { $0.explanation == "queued" })
  }

  @Test func `sums that do not fit the payouts are ledger_sum`() throws {
    let folder = try TestFolder("reconcile")
    let path = folder.file("store.db")
    let world = try PaidWorld(store: try SQLiteStore(path: path, sha256: OpenSSLHashing()))
    try world.pay()
    #expect(try world.reconcile(world.chain).report.isClean)
    try Connection(path: path).execute("UPDATE accounts SET posted_credit = posted_debit WHERE role = 'paid'")
    let (report, found) = try world.reconcile(world.chain)
    #expect(Set(report.mismatches.keys) == [.ledgerSum])
    #expect(found.contains { $0.explanation.contains("paid is worth the confirmed payouts") })
  }

  @Test func `the same bytes under another signature are matched by the evidence`() throws {
    let world = try PaidWorld(2, drawsFreshNonces: true)
    try world.pay { worker in
      try worker.phase == .send && world.store.liveBatches(LaneID(1)).contains { $0.attempts[0].signed != nil }
    }
    let attempt = try #require(try world.store.liveBatches(LaneID(1)).first?.attempts.first)
    let signature = try world.key.sign([attempt.unsigned.signingHash])[0]
    let resigned = try world.chain.codec.assemble(attempt.unsigned.bytes, signature)
    try #require(resigned.hash != attempt.signed?.hash)
    #expect(world.chain.submit([resigned])[0].allSatisfy { $0.taken })
    try world.pay()
    #expect(try transfers(world).map(\.transaction) == [resigned.hash, resigned.hash])
    let (report, found) = try world.reconcile(world.chain)
    #expect(report.isClean, "\(found)")
  }

  /// What the chain shows, unaltered.
  private func transfers(_ world: PaidWorld) throws -> [ChainTransfer] {
    try world.chain.transfers(PaidWorld.asset, accounts: [world.key.account], from: 0).transfers
  }
}

extension ChainTransfer {
  /// The transfer with something changed.
  func with(
    transaction: Hash32? = nil, index: UInt64? = nil, block: UInt64? = nil, to: Address? = nil, units: UInt256? = nil
  ) -> ChainTransfer {
    ChainTransfer(
      asset: asset, transaction: transaction ?? self.transaction, index: index ?? self.index,
      blockNumber: block ?? blockNumber, blockHash: blockHash, from: from, to: to ?? self.to,
      units: units ?? self.units)
  }
}
