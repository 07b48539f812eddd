import Codecs
import EVMDriver
import Foundation
import Money
import TestSupport
import Testing

/// A lottery from its first ticket to its last payout, as processes on a chain.
@Suite("Lotteries on a chain, with the real binary", .serialized)
struct LotteryJobTests {
  private static let shared = Result { try ChainWorld(seed: "lottery") }
  private var world: ChainWorld { get throws { try LotteryJobTests.shared.get() } }

  /// What each winner is due: the units of rounds, shared evenly over the winners of each.
  private static func due(_ winners: [JSON], _ rounds: [(count: Int, units: Int)]) throws -> [String: Int] {
    var due: [String: Int] = [:]
    var first = 0
    for (count, units) in rounds {
      for place in 0..<count {
        let winner = try #require(winners[first + place]["winner"]?.string)
        due["0x" + winner.suffix(40), default: 0] += units / count + (place < units % count ? 1 : 0)
      }
      first += count
    }
    return due
  }

  private static func text(_ number: Int) -> String { Hex.prefixed(Recipient.address(number).bytes) }

  private func life(_ seat: LotterySeat, _ people: [Int], killedAt events: [String]) throws -> Int {
    let world = try world
    try seat.begin(token: world.token)
    try seat.open(7, winners: 5)
    for (place, buyer) in people.enumerated() { try seat.buy(7, buyer, 1 + place % 3) }
    let sold = people.indices.reduce(0) { $0 + 1 + $1 % 3 }
    #expect(try seat.view("accounting_snapshot", "--id", "7")["total_sales"]?.uint64 == UInt64(sold * 1_000))
    try seat.draw(7, winners: 5)
    let prizes = sold * 750
    let (early, late) = (prizes / 3, prizes - prizes / 3)
    try seat.must(
      "record_payout_batch_admin", "--id", "7", "--round", "1", "--winners_paid", "2", "--prize_paid", "\(early)",
      "--operations_paid", "100")
    try seat.ask("settle")
    try seat.must(
      "record_payout_batch_admin", "--id", "7", "--round", "2", "--winners_paid", "3", "--prize_paid", "\(late)",
      "--operations_paid", "0")
    try seat.must("top_up_vault", "--id", "7", "--amount", "700")
    let partner = try #require(people.last) + 100
    try seat.must(
      "upsert_partner_payout_cap_admin", "--partner", Recipient.text(partner), "--max_total_payout", "1000",
      "--payout_cooldown_secs", "0", "--nonce_stride", "1", "--expires_at", "0")
    try seat.must(
      "record_partner_payout_admin", "--id", "7", "--partner", Recipient.text(partner), "--amount", "600", "--round",
      "2", "--nonce", "1")
    #expect(try seat.desk.run(["lottery", "vaults", "--below", "101"]).status == 1)
    #expect(try seat.desk.run(["lottery", "vaults", "--below", "100"]).status == 0)
    try seat.ask("settle")
    #expect(try seat.isWhole())

    var kills = 0
    let campaigns = try seat.desk("campaigns", "list", "--json").succeeded().events.compactMap { $0["name"]?.string }
    #expect(campaigns.count == 3 && campaigns.allSatisfy { $0.hasPrefix("lottery/7/") })
    for campaign in campaigns { kills += try seat.run(campaign, killedAt: events) }
    // Once more: nobody is paid twice.
    for campaign in campaigns { try seat.desk("run", "--campaign", campaign, "--yes").succeeded() }
    let winners = try #require(try seat.view("list_winners", "--id", "7").array)
    let due = try Self.due(winners, [(2, early), (3, late)])
    for buyer in people {
      #expect(
        try world.balance(Recipient.address(buyer), of: world.token)
          == UInt256(UInt64(due[Self.text(buyer)] ?? 0)))
    }
    #expect(try world.balance(Recipient.address(partner), of: world.token) == UInt256(600))
    try seat.must("finalize_lottery_admin", "--id", "7")
    for campaign in campaigns { try seat.desk("reconcile", "--campaign", campaign).succeeded() }
    #expect(try seat.isWhole())
    return kills
  }

  @Test func `prizes and a partner are paid exactly once, whatever step is killed`() throws {
    let seat = LotterySeat(try world.funded(20), deaths: [15, 40, 65, 90, 120, 160])
    let people = Array(20_000..<20_012)
    let kills = try life(seat, people, killedAt: ["committed", "sent"])
    #expect(seat.killed >= 10 && kills >= 3, "\(seat.killed) steps and \(kills) runs were killed")
  }

  @Test func `the same on PostgreSQL`() throws {
    let database = try PostgreSQLDatabase()
    let desk = try world.desk(21, store: database.uri)
    try world.mint(try world.token, to: try world.address(21), 1_000_000_000)
    _ = try life(LotterySeat(desk), Array(21_000..<21_006), killedAt: ["sent"])
  }

  @Test func `a canceled lottery refunds every ticket exactly once, whatever step is killed`() throws {
    let world = try world
    let seat = LotterySeat(try world.funded(22), deaths: [20, 55, 85, 130])
    let people = Array(22_000..<22_006)
    try seat.begin(token: world.token)
    try seat.open(8, winners: 1)
    for (place, buyer) in people.enumerated() { try seat.buy(8, buyer, 1 + place % 2) }
    try seat.must("cancel_lottery_admin", "--id", "8", "--reason", "3")
    for (round, tickets) in [(1, 4), (2, 5)] {
      try seat.must(
        "force_refund_batch_admin", "--id", "8", "--round", "\(round)", "--tickets_refunded", "\(tickets)",
        "--prize_refund", "\(tickets * 900)", "--operations_refund", "\(tickets * 100)")
      try seat.ask("settle")
    }
    #expect(try seat.isWhole())
    for round in 1...2 {
      _ = try seat.run("lottery/8/refunds/\(round)", killedAt: ["committed", "sent"])
    }
    for (place, buyer) in people.enumerated() {
      #expect(
        try world.balance(Recipient.address(buyer), of: world.token) == UInt256(UInt64(1_000 * (1 + place % 2))))
    }
    try seat.must("archive_canceled_lottery_admin", "--id", "8")
    #expect(try seat.view("get_lottery_summary", "--id", "8")["tickets_sold"]?.uint64 == 9)
    #expect(try seat.isWhole())
  }

  @Test func `orders of a file are sold once, whenever the seller is killed`() throws {
    let world = try world
    let seat = LotterySeat(try world.desk(24))
    try seat.begin(token: world.token)
    try seat.open(7, winners: 1)
    let orders = (0..<400).map { n in
      "{\"key\":\"order-\(n)\",\"lottery\":7,\"buyer\":\"\(Recipient.text(24_000 + n))\",\"quantity\":\(1 + n % 2)}\n"
    }
    let path = try seat.desk.scratch.write(orders.joined(), to: "orders.jsonl")
    for wait in [0.03, 0.08, 0.15] {
      let running = try Program.Running(
        ["lottery", "sell", "--file", path, "--json"], environment: seat.desk.environment,
        folder: seat.desk.scratch.path)
      Thread.sleep(forTimeInterval: wait)
      running.send(SIGKILL)
      _ = try running.finish()
    }
    for isNew in [nil, false] as [Bool?] {
      let sold = try seat.desk.run(["lottery", "sell", "--file", path, "--json"]).succeeded()
      #expect(try sold.events(named: "sold").count == 400)
      if let isNew { #expect(try sold.events(named: "sold").allSatisfy { $0["new"]?.bool == isNew }) }
    }
    #expect(try seat.view("accounting_snapshot", "--id", "7")["total_sales"]?.uint64 == 600_000)
    // A line that is none stops before anything of its part is sold; a refusal does not.
    let bad = try seat.desk.run(["lottery", "sell", "--file", "-", "--json"], input: "{\"key\":\"x\"}\n")
    #expect(bad.status == 64 && bad.code == "lottery_desk.bad_argument")
    let late = "{\"key\":\"y\",\"lottery\":8,\"buyer\":\"\(Recipient.text(1))\",\"quantity\":1}"
    let refused = try seat.desk.run(["lottery", "sell", "--file", "-", "--json"], input: late)
    #expect(try refused.status == 1 && refused.events(named: "refused").first?["code"]?.string == "lottery.not_found")
    #expect(try seat.isWhole())
  }

  @Test(arguments: ["sqlite", "postgresql"])
  func `sellers at once, with orders of each other among theirs, sell every order once`(store: String) throws {
    let database = try store == "postgresql" ? PostgreSQLDatabase() : nil
    let seat = LotterySeat(try world.desk(store == "postgresql" ? 25 : 26, store: database?.uri))
    try seat.begin(token: try world.token)
    try seat.open(7, winners: 1)
    let sellers = try (0..<3).map { seller in
      let orders = (seller * 100..<seller * 100 + 200).map { n in
        "{\"key\":\"order-\(n)\",\"lottery\":7,\"buyer\":\"\(Recipient.text(25_000 + n))\",\"quantity\":1}\n"
      }
      let path = try seat.desk.scratch.write(orders.joined(), to: "orders-\(seller).jsonl")
      return try Program.Running(
        ["lottery", "sell", "--file", path, "--json"], environment: seat.desk.environment,
        folder: seat.desk.scratch.path)
    }
    var isNew = 0
    for seller in sellers {
      let sold = try seller.finish().succeeded().events(named: "sold")
      #expect(sold.count == 200)
      isNew += sold.count { $0["new"]?.bool == true }
    }
    #expect(isNew == 400)
    #expect(try seat.view("accounting_snapshot", "--id", "7")["total_sales"]?.uint64 == 400_000)
    #expect(try seat.isWhole())
  }

  @Test func `campaigns of lotteries are nobody else's to make or to load`() throws {
    let world = try world
    let seat = LotterySeat(try world.funded(23))
    let made = try seat.desk("campaigns", "create", "--name", "lottery/7/prizes/1", "--chain", "evm")
    #expect(made.status == 64)
    try seat.begin(token: world.token)
    try seat.open(7, winners: 1)
    try seat.buy(7, 23_000, 1)
    try seat.draw(7, winners: 1)
    try seat.must(
      "record_payout_batch_admin", "--id", "7", "--round", "1", "--winners_paid", "1", "--prize_paid", "750",
      "--operations_paid", "0")
    let path = try seat.desk.scratch.write(Recipient.file([23_001]), to: "own.csv")
    let loaded = try seat.desk("recipients", "ingest", "--campaign", "lottery/7/prizes/1", "--file", path)
    #expect(loaded.status == 64 && loaded.error.contains("lottery settle"))
    #expect(try seat.isWhole())
  }
}
