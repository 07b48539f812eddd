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

/// The buyers of one lottery, each in the place of their first purchase. A row is about 70 bytes with its index.
package struct BuyerTable: Equatable, Sendable {
  private static let bits = 10
  private var pages: [[Buyer]] = []
  package private(set) var count = 0
  /// Place + 1 by hash of the address, 0 where free; at most three quarters are taken.
  private var slots: [UInt32] = []

  package init() {}

  package subscript(place: Int) -> Buyer {
    get { pages[place >> BuyerTable.bits][place & (1 << BuyerTable.bits - 1)] }
    _modify { yield &pages[place >> BuyerTable.bits][place & (1 << BuyerTable.bits - 1)] }
  }

  /// Where the buyer stands; nil before the first purchase.
  package func place(of address: LotteryAddress) -> Int? {
    guard !slots.isEmpty else { return nil }
    let slot = slots[slot(for: address)]
    return slot == 0 ? nil : Int(slot) - 1
  }

  /// The buyer's place, taken now if they have none.
  mutating func admit(_ address: LotteryAddress) -> Int {
    if let place = place(of: address) { return place }
    if (count + 1) * 4 > slots.count * 3 { grow() }
    if count & (1 << BuyerTable.bits - 1) == 0 { pages.append([]) }
    pages[pages.count - 1].append(Buyer(address: address))
    count += 1
    slots[slot(for: address)] = UInt32(count)
    return count - 1
  }

  /// The slot of this address, or the free one where it belongs.
  private func slot(for address: LotteryAddress) -> Int {
    // The hasher is seeded by the process: nobody can choose addresses that collide. The order of slots shows nowhere.
    var hasher = Hasher()
    hasher.combine(address)
    let mask = slots.count - 1
    var slot = hasher.finalize() & mask
    while slots[slot] != 0, self[Int(slots[slot]) - 1].address != address { slot = (slot + 1) & mask }
    return slot
  }

  private mutating func grow() {
    slots = Array(repeating: 0, count: max(16, slots.count * 2))
    for place in 0..<count { slots[slot(for: self[place].address)] = UInt32(place + 1) }
  }

  package static func == (a: BuyerTable, b: BuyerTable) -> Bool { a.pages == b.pages }
}
