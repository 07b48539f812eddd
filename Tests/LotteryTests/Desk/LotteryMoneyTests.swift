import Chains
import Codecs
import Engine
import Ledger
@testable import Lottery
import Money
import Payouts
import Testing

@Suite("Money of lotteries")
struct LotteryMoneyTests {
  /// Three tickets of 100 for each of eight buyers: 2,400 sold, 1,800 for prizes, 360 jackpot, 240 operations.
  static func sold(_ kind: DeskStore, winners: UInt16 = 7) throws -> DeskBench {
    let bench = try DeskBench(kind)
    try bench.open(Samples.config(winners: winners))
    let outcomes = try bench.desk.perform(many: (1...8).map { DeskBench.buy("buy-\($0)", $0, 3) })
    for outcome in outcomes {
      guard case .done = outcome else { throw LotteryDeskError(.badArgument, "\(outcome)") }
    }
    return bench
  }

  @Test(arguments: DeskStore.allCases)
  func `a batch makes its campaign in its own commit, and its payees are the next winners, to the last unit`(
    kind: DeskStore
  ) throws {
    let bench = try Self.sold(kind)
    try bench.draw()
    #expect(
      try bench.must(.recordPayoutBatchAdmin(id: 7, round: 1, winnersPaid: 4, prizePaid: 1_003, operationsPaid: 40))
        == ["payout_batch"])
    #expect(
      try bench.must(.recordPayoutBatchAdmin(id: 7, round: 2, winnersPaid: 3, prizePaid: 797, operationsPaid: 0))
        == ["payout_batch"])
    #expect(try bench.holds(.prize) == .zero)
    #expect(try bench.holds(.operations) == UInt256(200))
    let campaigns = try ["lottery/7/prizes/1", "lottery/7/prizes/2"].map {
      try #require(try bench.store.campaign(named: $0))
    }
    let ordered = LotteryOwner.ordered(7, DeskBench.asset)
    #expect(try bench.store.balances(owner: ordered.owner)[ordered]?.posted == UInt256(1_800))
    let loads = DeskLoads()
    #expect(try bench.another().settle(with: loads).map(\.name) == campaigns.map(\.name))
    let winners = try bench.desk.engine().winners(7, from: 0, limit: 9).map(\.winner)
    // 1,003 over four: 251, 251, 251, 250. Who won twice gets both shares, under the first key.
    let shares: [UInt64] = [251, 251, 251, 250, 266, 266, 265]
    var due: [LotteryAddress: UInt64] = [:]
    for (winner, share) in zip(winners, shares) { due[winner, default: 0] += share }
    var paid: [LotteryAddress: UInt64] = [:]
    for payees in campaigns.compactMap({ loads.loaded[$0.id] }) {
      #expect(payees.map(\.address) == payees.map(\.address).sorted())
      #expect(Set(payees.map(\.address)).count == payees.count)
      for payee in payees {
        let address = try #require(LotteryAddress(parsing: Hex.prefixed(payee.address.bytes)))
        paid[address, default: 0] += try #require(UInt64(payee.units.description))
      }
    }
    #expect(paid == due)
    #expect(try bench.desk.check() == [])
    #expect(try bench.store.checkInvariants() == [])
    try bench.must(.finalizeLotteryAdmin(id: 7))
    #expect(try bench.desk.check() == [])
  }

  @Test(arguments: DeskStore.allCases)
  func `a canceled lottery gives every ticket its price back, by rounds`(kind: DeskStore) throws {
    let bench = try Self.sold(kind)
    try bench.must(.cancelLotteryAdmin(id: 7, reason: 3))
    #expect(try bench.holds(.refunds) == UInt256(2_400) && bench.holds(.prize) == .zero)
    // Seven tickets, and the seventeen others: a buyer's tickets may lie in two rounds.
    try bench.must(
      .forceRefundBatchAdmin(id: 7, round: 1, ticketsRefunded: 7, prizeRefund: 700, operationsRefund: 0))
    try bench.must(
      .forceRefundBatchAdmin(id: 7, round: 2, ticketsRefunded: 17, prizeRefund: 1_460, operationsRefund: 240))
    let loads = DeskLoads()
    #expect(try bench.desk.settle(with: loads).map(\.name) == ["lottery/7/refunds/1", "lottery/7/refunds/2"])
    var paid: [String: UInt64] = [:]
    for payee in loads.loaded.values.joined() {
      paid[Hex.prefixed(payee.address.bytes), default: 0] += try #require(UInt64(payee.units.description))
    }
    #expect(paid.count == 8 && Set(paid.values) == [300])
    #expect(try bench.holds(.refunds) == .zero)
    #expect(try bench.desk.check() == [])
    try bench.must(.archiveCanceledLotteryAdmin(id: 7))
    #expect(try bench.another().check() == [])
  }

  @Test(arguments: DeskStore.allCases)
  func `a partner is paid from the vault alone, and a low vault is told`(kind: DeskStore) throws {
    let bench = try Self.sold(kind)
    try bench.draw()
    let partner = LotteryAddress(99)
    try bench.must(
      .upsertPartnerPayoutCapAdmin(
        partner: partner, maxTotalPayout: 1_000, payoutCooldownSecs: 0, nonceStride: 1, expiresAt: 0))
    let payout = LotteryOperation.recordPartnerPayoutAdmin(id: 7, partner: partner, amount: 90, round: 0, nonce: 1)
    #expect(try bench.denial(payout) == .potTooLow)
    #expect(try bench.denial(.topUpVault(id: 7, amount: 241)) == .potTooLow)
    try bench.must(.topUpVault(id: 7, amount: 100))
    #expect(try bench.must(payout) == ["partner_payout"])
    let vault = try #require(try bench.desk.vaults(below: UInt256(11)).first)
    #expect(vault.lottery == 7 && vault.holds == UInt256(10) && vault.isLow)
    #expect(try bench.desk.vaults(below: UInt256(10)).allSatisfy { !$0.isLow })
    #expect(try bench.holds(.operations) == UInt256(140))
    let loads = DeskLoads()
    #expect(try bench.desk.settle(with: loads).count == 1)
    #expect(loads.loaded.values.joined().map(\.units) == [UInt256(90)])
    #expect(try bench.desk.check() == [])
  }

  @Test func `no batch asks for winners that are not there, for money that is not, or for less than a unit each`()
    throws
  {
    let bench = try Self.sold(.memory)
    try bench.draw()
    func batch(_ winners: UInt64, _ prize: UInt64, _ operations: UInt64 = 0) throws -> LotteryDeskError.Code? {
      try bench.denial(
        .recordPayoutBatchAdmin(
          id: 7, round: 1, winnersPaid: winners, prizePaid: prize, operationsPaid: operations))
    }
    #expect(try batch(8, 1_000) == .badBatch)
    #expect(try batch(0, 1_000) == .badBatch)
    #expect(try batch(7, 6) == .badBatch)
    #expect(try batch(7, 1_801) == .potTooLow)
    #expect(try batch(7, 1_800, 241) == .potTooLow)
    #expect(try bench.desk.books().batches.isEmpty)
    #expect(try batch(7, 1_800, 240) == nil)
    #expect(try bench.desk.books().batches.count == 1)
  }

  @Test(arguments: [(1, 1), (7, 3), (1_000, 7), (999, 1_000), (12_345, 128)] as [(UInt64, UInt64)])
  func `shares of a batch sum to its units, differ by one at most, and the larger ones come first`(
    units: UInt64, owners: UInt64
  ) throws {
    guard units >= owners else {
      #expect(LotteryBatch.share(of: units, place: 0, among: owners) <= 1)
      return
    }
    let shares = (0..<owners).map { LotteryBatch.share(of: units, place: $0, among: owners) }
    #expect(shares.reduce(0, +) == units)
    #expect(shares == shares.sorted(by: >))
    #expect(shares.max() ?? 0 <= (shares.min() ?? 0) + 1)
  }

  @Test func `a check tells a ledger that parted from the books`() throws {
    let bench = try Self.sold(.memory)
    let prize = LotteryPot.prize.account(7, DeskBench.asset)
    let other = Account(owner: "lottery/7/elsewhere", role: .reserved, asset: DeskBench.asset)
    let part = JournalPart(
      journal: "stranger", after: 0, entries: [JournalEntry(key: "a", kind: "b", body: [])],
      transfers: [.move(debit: prize, credit: other, units: UInt256(1))])
    try bench.store.commit(
      Commit(guardedBy: nil, actor: "operator:eve", at: bench.time.now(), writes: [.journal(part)]))
    #expect(try bench.desk.check().contains { $0.contains("holds 1799, the journal says 1800") })
  }

  @Test func `who sells many tickets at once meets no block's limit, but a buyer's minute`() throws {
    let bench = try DeskBench()
    var config = Samples.config()
    config.ticketLimits = TicketLimits(maxTicketsTotal: 1_000, maxTicketsPerAddress: 0)
    try bench.open(config)
    let many = try bench.desk.perform(many: (1...100).map { DeskBench.buy("buy-\($0)", $0) })
    #expect(many.allSatisfy { if case .done = $0 { true } else { false } })
    let eager = try bench.desk.perform(many: (1...11).map { DeskBench.buy("eager-\($0)", 500) })
    guard case .refused(let error) = eager[10] else {
      Issue.record("the eleventh purchase of a minute was accepted")
      return
    }
    #expect(error.code == .purchaseRateLimitWindow)
    #expect(eager.dropLast().allSatisfy { if case .done = $0 { true } else { false } })
    #expect(try bench.another().engine() == bench.desk.engine())
  }

  @Test func `randomness comes from the admin alone`() throws {
    let bench = try Self.sold(.memory)
    let answer = RandomnessAnswer(
      nonce: 1, message: [], signature: [], callerAddress: Samples.admin, rngCount: 1, clientSeed: 0)
    #expect(
      try bench.denial(.vrfCallback(answer: answer, numbers: [UInt256(1)]), as: LotteryAddress(3)) == .notAllowed)
  }

  @Test func `a desk knows its settings from the store, and takes no others`() throws {
    let bench = try DeskBench()
    #expect(try LotterySettings(standingIn: bench.store) == nil)
    try bench.open()
    #expect(try LotterySettings(standingIn: bench.store) == DeskBench.settings)
    let token = LotterySettings(
      admin: Samples.admin, chain: DeskBench.settings.chain, asset: AssetID(chain: "sim:1", token: "0xab"))
    #expect(throws: LotteryDeskError.self) {
      try LotteryDesk(store: bench.store, settings: token, time: bench.time, clock: bench.time, actor: "operator:eve")
    }
  }

  @Test(arguments: [
    ("0xad", true), ("0x00000000", true), ("0x000000000", false), ("ad", false), ("0x", false),
    ("0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed", true), ("0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAeD", false),
    ("0x5aaeb6053f3e94c9b9a09f33669435e7ef1beaed", true), ("0x5aaeb6053f3e94c9b9a09f33669435e7ef1beae", false),
    ("0x" + String(repeating: "0", count: 63) + "1", true), ("0x" + String(repeating: "0", count: 62) + "1", false),
  ])
  func `an address is typed whole or not at all`(text: String, isRead: Bool) {
    #expect(((try? LotteryAddress(typed: text)) != nil) == isRead)
  }

  @Test func `a person's address is their own, and no chain pays it`() {
    #expect(LotteryAddress(person: "eve") != LotteryAddress(person: "eva"))
    #expect(LotteryAddress(person: "eve").payee(on: DeskBench.settings.chain) == nil)
  }
}
