@testable import Lottery
import TestSupport
import Testing

@Suite("The table of buyers")
struct BuyerTableTests {
  /// Values at the edges of what a row of eight bytes holds, and far beyond.
  static let times: [UInt64] = [
    0, 1, 999, 1_000, 1_001, 1_060, 1_000 + 1 << 24 - 2, 1_000 + 1 << 24 - 1, 1_000 + 1 << 24, 1 << 40, .max,
  ]
  static let tickets: [UInt64] = [0, 1, 128, 254, 255, 256, .max]

  private static func random(_ address: LotteryAddress, _ random: inout SplitMix64) -> Buyer {
    func pick(_ values: [UInt64]) -> UInt64 { values[Int(random.next() % UInt64(values.count))] }
    var buyer = Buyer(address: address)
    buyer.tickets = pick(tickets)
    buyer.windowStart = pick(times)
    buyer.lastBlock = pick(times)
    buyer.windowCount = UInt8(pick([0, 1, 10, 15, 16, 255]))
    buyer.blockCount = UInt8(pick([0, 1, 8, 15, 16, 255]))
    return buyer
  }

  @Test(arguments: UInt64(0)..<8)
  func `a buyer is read back as it was written, whatever was written before`(seed: UInt64) {
    var random = SplitMix64(seed: seed)
    var table = BuyerTable()
    var known: [Buyer] = []
    for number in 0..<3_000 {
      let address = LotteryAddress(random.next() % 1_500)
      let place = table.admit(address)
      if place == known.count { known.append(Buyer(address: address)) }
      #expect(known[place].address == address && table.place(of: address) == place)
      // A first row that is like any other, so that most rows lie near it.
      var buyer = Self.random(address, &random)
      if number % 1_024 == 0 { (buyer.windowStart, buyer.lastBlock) = (1_000, 1_000) }
      known[place] = buyer
      table[place] = buyer
      let other = Int(random.next() % UInt64(known.count))
      #expect(table[other] == known[other])
    }
    #expect(table.count == known.count)
    for (place, buyer) in known.enumerated() { #expect(table[place] == buyer) }
    #expect(table.place(of: LotteryAddress(9_999)) == nil)
  }

  @Test func `tables with the same buyers are equal, and one ticket makes them differ`() {
    func table(_ tickets: UInt64, before: UInt64 = 1) -> BuyerTable {
      var table = BuyerTable()
      for number in 0..<1_100 as Range<UInt64> {
        let place = table.admit(LotteryAddress(number))
        var buyer = table[place]
        (buyer.windowStart, buyer.lastBlock, buyer.tickets) = (50, 5, before)
        table[place] = buyer
        buyer.tickets = number == 700 ? tickets : 3
        table[place] = buyer
      }
      return table
    }
    #expect(table(3) == table(3))
    #expect(table(3) == table(3, before: 9_999))
    #expect(table(3) != table(4))
    #expect(table(300) != table(301))
  }
}
