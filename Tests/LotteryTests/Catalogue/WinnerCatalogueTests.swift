import Codecs
@testable import Lottery
import Money
import Testing

/// The catalogue's winner_tests (spec 5.13), under both schemas.
@Suite("winner_tests")
struct WinnerCatalogueTests {
  static let numbers = [UInt256(0x0102_0304_0506_0708), UInt256(0x0f0e_0d0c_0b0a_0908)]

  @Test(arguments: Schema.allCases)
  func `winners_without_replacement`(schema: Schema) throws {
    var bench = try LotteryBench(schema)
    var config = Samples.config()
    config.prizePlan = [PrizeSlot(slotId: 0, winnersPerSlot: 1), PrizeSlot(slotId: 1, winnersPerSlot: 1)]
    try bench.open(1, config)
    for (buyer, time) in [(1, 20), (2, 22), (3, 24)] as [(UInt64, UInt64)] { try bench.buy(1, buyer, at: time) }
    try bench.close(1)
    bench.force(1, numbers: Self.numbers, payload: "payload-v1", block: 123)
    bench.force(1, .drawn)
    _ = try bench.engine.computeWinnersAdmin(1, batchLimit: 10, bench.at(30))
    let winners = bench.engine.winners(1, from: 0, limit: 10)
    #expect(Set(winners.map(\.ticketIndex)).count == 2)
    for winner in winners { #expect(winner.winner == LotteryAddress(winner.ticketIndex + 1)) }
    #expect(winners == (try Self.independent(bench, 1)))
    if schema == .v1 { #expect(winners.map(\.ticketIndex) == [1, 2]) }
  }

  @Test(arguments: Schema.allCases)
  func `winners_allow_duplicates_when_disabled`(schema: Schema) throws {
    var bench = try LotteryBench(schema)
    var config = Samples.config()
    config.prizePlan = [PrizeSlot(slotId: 5, winnersPerSlot: 2)]
    (config.winnersDedup, config.drawAlgo) = (false, schema == .v1 ? 0 : 1)
    try bench.open(7, config)
    try bench.buy(7, 1, at: 20)
    try bench.close(7)
    bench.force(7, numbers: [.zero], payload: "payload-single", block: 77)
    bench.force(7, .drawn)
    _ = try bench.engine.computeWinnersAdmin(7, batchLimit: 10, bench.at(30))
    #expect(bench.engine.winners(7, from: 0, limit: 10).map(\.ticketIndex) == [0, 0])
    #expect(try bench.engine.lottery(7).status == .payout)
  }

  /// The same winners by plain steps, without the engine's types: a list of free tickets, and bytes put together anew.
  static func independent(_ bench: LotteryBench, _ id: UInt64) throws -> [WinnerRecord] {
    let lottery = try bench.engine.lottery(id)
    let draw = try #require(bench.engine.draws?.states[id])
    var free = Array(0..<draw.totalTickets)
    var taken: Set<UInt64> = []
    var out: [WinnerRecord] = []
    for (position, slot) in lottery.config.prizePlan.enumerated() {
      for local in UInt64(0)..<UInt64(slot.winnersPerSlot) {
        var seed = lottery.schema == .v1 ? [] : Array("lottery_multi::winner_seed::2".utf8)
        seed += draw.verifiedNumbers[position].bigEndianBytes.reversed()
        seed += draw.snapshotHash?.bytes ?? []
        seed += draw.vrf.payloadHash?.bytes ?? []
        for value in [id, UInt64(out.count), local, UInt64(lottery.schema.rawValue), UInt64(draw.vrf.attempt)] {
          seed += (0..<8).map { UInt8(truncatingIfNeeded: value >> ($0 * 8)) }
        }
        var digest = Keccak.sha3(seed)
        func value() -> UInt64 { digest.bytes.prefix(8).reversed().reduce(0) { $0 << 8 | UInt64($1) } }
        var ticket: UInt64
        if lottery.schema == .v1 {
          ticket = value() % draw.totalTickets
          while lottery.config.winnersDedup, !taken.insert(ticket).inserted {
            digest = Keccak.sha3(digest.bytes)
            ticket = value() % draw.totalTickets
          }
        } else {
          let count = UInt64(lottery.config.winnersDedup ? free.count : Int(draw.totalTickets))
          let (bound, exact) = (UInt64.max / count * count, UInt64.max % count == count - 1)
          while !exact, value() >= bound { digest = Keccak.sha3(digest.bytes) }
          ticket = value() % count
          if lottery.config.winnersDedup {
            let place = Int(ticket)
            ticket = free[place]
            free[place] = free[free.count - 1]
            free.removeLast()
          }
        }
        out.append(
          WinnerRecord(
            slotId: slot.slotId, ticketIndex: ticket, winner: try bench.engine.ticketOwner(id, ticket: ticket),
            winnerHash: digest))
      }
    }
    return out
  }

  // MARK: Beyond the catalogue

  @Test func `schema 2 draws all of the tickets when there are as many winners, each once`() throws {
    let derivation = WinnerDerivation(
      schema: .v2, lotteryId: 1, plan: [PrizeSlot(slotId: 0, winnersPerSlot: 5_000)], winnersDedup: true,
      randomNumbers: [UInt256(47)], snapshotHash: .zero, payloadHash: .zero, attempt: 1, totalTickets: 5_000)
    let winners = try derivation.winners(from: 0, count: 5_000, taken: TakenTickets()).winners
    #expect(winners.map(\.ticketIndex).sorted() == Array(0..<5_000))
  }

  @Test func `schema 2 hits every ticket about equally often`() throws {
    var hits: [UInt64: Int] = [:]
    for seed in UInt64(0)..<700 {
      let derivation = WinnerDerivation(
        schema: .v2, lotteryId: seed, plan: [PrizeSlot(slotId: 0, winnersPerSlot: 3)], winnersDedup: true,
        randomNumbers: [UInt256(seed)], snapshotHash: .zero, payloadHash: .zero, attempt: 1, totalTickets: 7)
      for winner in try derivation.winners(from: 0, count: 3, taken: TakenTickets()).winners {
        hits[winner.ticketIndex, default: 0] += 1
      }
    }
    // 300 each; the chance of one beyond 60 off is below one in ten thousand, and the seeds are fixed.
    #expect(hits.count == 7 && hits.values.allSatisfy { (240...360).contains($0) })
  }

  @Test func `schema 2 draws again what lies past the last whole run of tickets`() throws {
    // Among 2^63 + 1 tickets almost half of all values lie there.
    let derivation = WinnerDerivation(
      schema: .v2, lotteryId: 1, plan: [PrizeSlot(slotId: 0, winnersPerSlot: 64)], winnersDedup: false,
      randomNumbers: [UInt256(1)], snapshotHash: .zero, payloadHash: .zero, attempt: 1, totalTickets: (1 << 63) + 1)
    let winners = try derivation.winners(from: 0, count: 64, taken: TakenTickets()).winners
    #expect(winners.contains { $0.rehashes > 0 } && winners.contains { $0.rehashes == 0 })
    for winner in winners { #expect(winner.winnerHash.words.0.byteSwapped == winner.ticketIndex) }
  }
}
