/// One buyer of one lottery.
package struct Buyer: Hashable, Sendable {
  package let address: LotteryAddress
  package internal(set) var tickets: UInt64 = 0
  /// When the window of the rate limit opened.
  package internal(set) var windowStart: UInt64 = 0
  /// The block of the last purchase, and purchases in it.
  package internal(set) var lastBlock: UInt64 = 0
  package internal(set) var blockCount: UInt8 = 0
  /// Purchases in the window.
  package internal(set) var windowCount: UInt8 = 0

  init(address: LotteryAddress) { self.address = address }
}

/// The buyers of one lottery, each in the place of their first purchase. A row is 40 bytes, and 6 to 11 of the index.
package struct BuyerTable: Equatable, Sendable {
  /// Up to 1,024 buyers.
  private struct Page: Equatable {
    /// Where distances begin: times and blocks of the first purchase that came here.
    var base: BuyerFigures.Base?
    var addresses: [LotteryAddress] = []
    var figures: [BuyerFigures] = []

    init(reserving count: Int) {
      addresses.reserveCapacity(count)
      figures.reserveCapacity(count)
    }
  }

  private static let bits = 10
  private static let mask = 1 << bits - 1
  private var pages: [Page] = []
  package private(set) var count = 0
  /// Buyers whose figures do not fit into a row, by place.
  private var wide: [Int: Buyer] = [:]
  /// Place + 1 by hash of the address, 0 where free; at most three quarters are taken.
  private var slots: [UInt32] = []

  package init() {}

  package subscript(place: Int) -> Buyer {
    get {
      let page = place >> BuyerTable.bits
      let figures = pages[page].figures[place & BuyerTable.mask]
      guard figures != .wide else { return wide[place] ?? Buyer(address: address(at: place)) }
      return figures.buyer(address(at: place), from: pages[page].base)
    }
    set {
      let page = place >> BuyerTable.bits
      if pages[page].base == nil { pages[page].base = BuyerFigures.Base(newValue) }
      let old = pages[page].figures[place & BuyerTable.mask]
      let figures = BuyerFigures(newValue, from: pages[page].base) ?? .wide
      pages[page].figures[place & BuyerTable.mask] = figures
      if figures == .wide { wide[place] = newValue } else if old == .wide { wide[place] = nil }
    }
  }

  /// Who the buyer in this place is.
  package func address(at place: Int) -> LotteryAddress {
    pages[place >> BuyerTable.bits].addresses[place & BuyerTable.mask]
  }

  /// Where the buyer stands; nil before the first purchase.
  package func place(of address: LotteryAddress) -> Int? {
    guard !slots.isEmpty else { return nil }
    let slot = slots[slot(for: address)]
    return slot == 0 ? nil : Int(slot) - 1
  }

  /// The buyer's place, taken now if they have none.
  mutating func admit(_ address: LotteryAddress) -> Int {
    if (count + 1) * 4 > slots.count * 3 { grow() }
    let slot = slot(for: address)
    if slots[slot] != 0 { return Int(slots[slot]) - 1 }
    // A small lottery grows by doubling; after that a page has the room that it will take, and no more.
    if count & BuyerTable.mask == 0 { pages.append(Page(reserving: pages.isEmpty ? 0 : 1 << BuyerTable.bits)) }
    pages[pages.count - 1].addresses.append(address)
    pages[pages.count - 1].figures.append(BuyerFigures())
    count += 1
    slots[slot] = UInt32(count)
    return count - 1
  }

  /// The slot of this address, or the free one where it belongs.
  private func slot(for address: LotteryAddress) -> Int {
    // The hasher is seeded by the process: nobody can choose addresses that collide. The order of slots shows nowhere.
    var hasher = Hasher()
    hasher.combine(address)
    let mask = slots.count - 1
    var slot = hasher.finalize() & mask
    while slots[slot] != 0, self.address(at: Int(slots[slot]) - 1) != address { slot = (slot + 1) & mask }
    return slot
  }

  private mutating func grow() {
    let size = max(16, slots.count * 2)
    // The old index goes first: both together would be the most that the table ever takes.
    slots = []
    slots = Array(repeating: 0, count: size)
    for place in 0..<count { slots[slot(for: address(at: place))] = UInt32(place + 1) }
  }

  package static func == (a: BuyerTable, b: BuyerTable) -> Bool { a.pages == b.pages && a.wide == b.wide }
}
