@testable import Lottery
import TestSupport
import Testing

@Suite("Purchases as runs")
struct PurchaseRunsTests {
  /// Pages, marks and known buyers against a plain list.
  @Test(arguments: [1, 63, 64, 65, 4_095, 4_096, 4_097, 9_000])
  func `every purchase and every ticket is where a plain list has it`(count: Int) {
    var random = SplitMix64(seed: UInt64(count))
    var runs = PurchaseRuns()
    var list: [(start: UInt64, quantity: UInt64, buyer: Int)] = []
    var (sold, buyers) = (UInt64(0), 0)
    for number in 0..<count {
      let quantity = number == 7 ? Limits.ticketsPerPurchase : 1 + random.next() % 9
      let isNew = buyers == 0 || random.next() % 2 == 0
      let buyer = isNew ? buyers : Int(random.next() % UInt64(buyers))
      if isNew { buyers += 1 }
      runs.append(quantity: quantity, buyer: UInt32(buyer))
      list.append((sold, quantity, buyer))
      sold += quantity
    }
    #expect(runs.count == count && runs.tickets == sold)
    #expect(runs.start(at: count) == nil)
    for (run, expected) in list.enumerated() {
      #expect(runs.start(at: run) == expected.start)
      #expect(runs.quantity(at: run) == expected.quantity)
      #expect(runs.buyer(at: run) == expected.buyer)
      #expect(runs.run(of: expected.start) == run)
      #expect(runs.run(of: expected.start + expected.quantity - 1) == run)
    }
  }

  @Test func `a buyer whose place was taken beforehand is found as well`() {
    var runs = PurchaseRuns()
    for buyer in [5, 0, 5, 1, 6, 2] as [UInt32] { runs.append(quantity: 2, buyer: buyer) }
    #expect((0..<6).map { runs.buyer(at: $0) } == [5, 0, 5, 1, 6, 2])
  }
}
