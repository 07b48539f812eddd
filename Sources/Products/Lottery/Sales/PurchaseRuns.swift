/// Purchases in order: how many tickets, and the buyer's place. One byte for a buyer's first purchase, five for another.
package struct PurchaseRuns: Equatable, Sendable {
  /// Up to 4,096 purchases: at most 524,288 tickets.
  private struct Page: Equatable {
    /// The first ticket, and how many buyers have come before.
    let firstTicket: UInt64
    let firstBuyer: Int
    /// The quantity less one in seven bits. Bit 7: bought by the next new buyer, whose place needs no writing.
    var quantities: [UInt8] = []
    /// Places of all other buyers.
    var known: [UInt32] = []
    /// One for 64 purchases.
    var marks: [Mark] = []
  }

  /// Tickets and new buyers of the page before the mark.
  private struct Mark: Equatable {
    var tickets: UInt32 = 0
    var newBuyers: UInt32 = 0
  }

  private static let bits = 12
  private static let mask = 1 << bits - 1
  private static let markBits = 6
  private static let newBuyer: UInt8 = 0x80
  private var pages: [Page] = []
  /// How many purchases there are.
  package private(set) var count = 0
  /// How many tickets.
  package private(set) var tickets: UInt64 = 0
  /// How many purchases were their buyer's first.
  private var newBuyers = 0

  package init() {}

  /// Adds a purchase of 1 to 128 tickets.
  mutating func append(quantity: UInt64, buyer: UInt32) {
    precondition((1...Limits.ticketsPerPurchase).contains(quantity), "the sale's limits were not checked")
    let local = count & PurchaseRuns.mask
    if local == 0 { addPage() }
    let page = pages.count - 1
    if local & (1 << PurchaseRuns.markBits - 1) == 0 {
      pages[page].marks.append(
        Mark(
          tickets: UInt32(tickets - pages[page].firstTicket), newBuyers: UInt32(newBuyers - pages[page].firstBuyer)))
    }
    let isNew = Int(buyer) == newBuyers
    pages[page].quantities.append(UInt8(quantity - 1) | (isNew ? PurchaseRuns.newBuyer : 0))
    if isNew { newBuyers += 1 } else { pages[page].known.append(buyer) }
    tickets += quantity
    count += 1
  }

  private mutating func addPage() {
    // A small lottery grows by doubling; after that a page has the room that it will take.
    let isFirst = pages.isEmpty
    pages.append(Page(firstTicket: tickets, firstBuyer: newBuyers))
    guard !isFirst else { return }
    pages[pages.count - 1].quantities.reserveCapacity(1 << PurchaseRuns.bits)
    pages[pages.count - 1].marks.reserveCapacity(1 << (PurchaseRuns.bits - PurchaseRuns.markBits))
  }

  /// The first ticket of purchase `run`; nil behind the last.
  package func start(at run: Int) -> UInt64? {
    guard run < count else { return nil }
    let page = run >> PurchaseRuns.bits
    return pages[page].firstTicket + UInt64(before(run & PurchaseRuns.mask, in: page).tickets)
  }

  /// How many tickets purchase `run` is of.
  package func quantity(at run: Int) -> UInt64 {
    PurchaseRuns.quantity(pages[run >> PurchaseRuns.bits].quantities[run & PurchaseRuns.mask])
  }

  /// The buyer's place of purchase `run`.
  package func buyer(at run: Int) -> Int {
    let (page, local) = (run >> PurchaseRuns.bits, run & PurchaseRuns.mask)
    let newBefore = Int(before(local, in: page).newBuyers)
    guard pages[page].quantities[local] & PurchaseRuns.newBuyer == 0 else { return pages[page].firstBuyer + newBefore }
    return Int(pages[page].known[local - newBefore])
  }

  /// The purchase that a sold ticket belongs to.
  package func run(of ticket: UInt64) -> Int {
    let page = PurchaseRuns.last(in: pages.count) { pages[$0].firstTicket <= ticket }
    let local = UInt32(ticket - pages[page].firstTicket)
    let mark = PurchaseRuns.last(in: pages[page].marks.count) { pages[page].marks[$0].tickets <= local }
    var run = mark << PurchaseRuns.markBits
    var end = pages[page].marks[mark].tickets
    while true {
      end += UInt32(PurchaseRuns.quantity(pages[page].quantities[run]))
      if local < end { return page << PurchaseRuns.bits + run }
      run += 1
    }
  }

  private static func quantity(_ byte: UInt8) -> UInt64 { UInt64(byte & (newBuyer - 1)) + 1 }

  /// Tickets and new buyers of the page before purchase `local`.
  private func before(_ local: Int, in page: Int) -> Mark {
    let first = local >> PurchaseRuns.markBits
    var sum = pages[page].marks[first]
    for place in first << PurchaseRuns.markBits..<local {
      let byte = pages[page].quantities[place]
      sum.tickets += UInt32(PurchaseRuns.quantity(byte))
      sum.newBuyers += UInt32(byte >> 7)
    }
    return sum
  }

  /// The last place for which `holds` is true; it is true for a first stretch of places, which has at least one.
  private static func last(in count: Int, _ holds: (Int) -> Bool) -> Int {
    var (low, high) = (0, count)
    while high - low > 1 {
      let middle = low + (high - low) / 2
      if holds(middle) { low = middle } else { high = middle }
    }
    return low
  }
}
