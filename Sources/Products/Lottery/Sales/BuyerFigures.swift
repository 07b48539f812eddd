/// What is kept of a buyer beside the address, in eight bytes.
///
/// From the low end: tickets (8 bits), window's start and last block (24 bits each; 0 for 0, else the distance from the
/// page's base + 1), purchases in window and block (4 bits each). What does not fit is kept as it is, and the row says
/// `wide`: 255 tickets, half a year between a buyer's page and their window, or times that run backwards.
struct BuyerFigures: Equatable, Sendable {
  /// Times and blocks of a page's first purchase.
  struct Base: Equatable, Sendable {
    let time: UInt64
    let block: UInt64

    init(_ buyer: Buyer) { (time, block) = (buyer.windowStart, buyer.lastBlock) }
  }

  private static let mostTickets: UInt64 = 254
  private static let mostDistance: UInt64 = 1 << 24 - 1
  private static let mostCount: UInt8 = 15
  /// The row lies elsewhere. No row packs to it, since 255 tickets do not fit.
  static let wide = BuyerFigures(bits: .max)
  private let bits: UInt64

  /// Somebody who has bought nothing.
  init() { bits = 0 }

  private init(bits: UInt64) { self.bits = bits }

  /// Nil: does not fit.
  init?(_ buyer: Buyer, from base: Base?) {
    guard buyer.tickets <= BuyerFigures.mostTickets, buyer.windowCount <= BuyerFigures.mostCount,
      buyer.blockCount <= BuyerFigures.mostCount,
      let time = BuyerFigures.distance(buyer.windowStart, from: base?.time ?? 0),
      let block = BuyerFigures.distance(buyer.lastBlock, from: base?.block ?? 0)
    else { return nil }
    bits = buyer.tickets | time << 8 | block << 32 | UInt64(buyer.windowCount) << 56 | UInt64(buyer.blockCount) << 60
  }

  func buyer(_ address: LotteryAddress, from base: Base?) -> Buyer {
    var buyer = Buyer(address: address)
    buyer.tickets = bits & 0xff
    buyer.windowStart = BuyerFigures.value(bits >> 8 & BuyerFigures.mostDistance, from: base?.time ?? 0)
    buyer.lastBlock = BuyerFigures.value(bits >> 32 & BuyerFigures.mostDistance, from: base?.block ?? 0)
    buyer.windowCount = UInt8(bits >> 56 & 15)
    buyer.blockCount = UInt8(bits >> 60)
    return buyer
  }

  private static func distance(_ value: UInt64, from base: UInt64) -> UInt64? {
    guard value > 0 else { return 0 }
    guard value >= base, value - base < mostDistance else { return nil }
    return value - base + 1
  }

  private static func value(_ distance: UInt64, from base: UInt64) -> UInt64 {
    distance == 0 ? 0 : base + (distance - 1)
  }
}
