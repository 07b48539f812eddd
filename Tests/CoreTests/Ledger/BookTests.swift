import Ledger
import Money
import TestSupport
import Testing

@Suite("Ledger book")
struct BookTests {
  static let asset = AssetID(chain: "evm:1", token: nil)
  static let external = Account(CampaignID(1), .external, asset)
  static let reserved = Account(CampaignID(1), .reserved, asset)
  static let paid = Account(CampaignID(1), .paid, asset)

  func u(_ value: UInt64) -> UInt256 { UInt256(value) }

  @Test func `a hold sets value aside, and a post makes it final`() throws {
    var book = Book()
    try book.apply([.move(debit: Self.external, credit: Self.reserved, units: u(100))])
    try book.apply([.hold(BatchID(1), debit: Self.reserved, credit: Self.paid, units: u(60))])
    #expect(book.balances[Self.reserved]?.available == u(40))
    #expect(book.balances[Self.reserved]?.posted == u(100))
    try book.apply([.post(BatchID(1), units: u(50)), .void(BatchID(1), units: u(10))])
    #expect(book.balances[Self.reserved]?.available == u(50))
    #expect(book.balances[Self.paid]?.posted == u(50))
    #expect(book.holds[BatchID(1)]?.remaining == .zero)
  }

  struct Refusal: Sendable {
    let name: String
    let transfers: [Transfer]
    let code: LedgerError.Code
  }

  static let refusals: [Refusal] = [
    Refusal(
      name: "more than there is", transfers: [.move(debit: reserved, credit: paid, units: UInt256(101))],
      code: .insufficient),
    Refusal(
      name: "a hold of more than there is",
      transfers: [.hold(BatchID(9), debit: reserved, credit: paid, units: UInt256(101))], code: .insufficient),
    Refusal(
      name: "two holds that together exceed it",
      transfers: [
        .hold(BatchID(8), debit: reserved, credit: paid, units: UInt256(60)),
        .hold(BatchID(9), debit: reserved, credit: paid, units: UInt256(41)),
      ], code: .insufficient),
    Refusal(name: "a post without a hold", transfers: [.post(BatchID(9), units: .one)], code: .unknownHold),
    Refusal(
      name: "a post past the hold",
      transfers: [
        .hold(BatchID(9), debit: reserved, credit: paid, units: UInt256(5)), .post(BatchID(9), units: UInt256(6)),
      ], code: .holdExceeded),
    Refusal(
      name: "a used hold again",
      transfers: [
        .hold(BatchID(9), debit: reserved, credit: paid, units: UInt256(5)), .post(BatchID(9), units: UInt256(5)),
        .post(BatchID(9), units: .one),
      ], code: .holdExceeded),
    Refusal(
      name: "one name for two holds",
      transfers: [
        .hold(BatchID(9), debit: reserved, credit: paid, units: UInt256(5)),
        .hold(BatchID(9), debit: reserved, credit: paid, units: UInt256(5)),
      ], code: .holdReused),
    Refusal(
      name: "an account to itself", transfers: [.move(debit: reserved, credit: reserved, units: .one)],
      code: .sameAccount),
    Refusal(name: "nothing", transfers: [.move(debit: external, credit: reserved, units: .zero)], code: .zeroAmount),
    Refusal(
      name: "two assets",
      transfers: [
        .move(
          debit: external, credit: Account(CampaignID(1), .paid, AssetID(chain: "evm:1", token: "0x01")), units: .one)
      ], code: .assetMismatch),
    Refusal(
      name: "past 2^256", transfers: [.move(debit: external, credit: reserved, units: .max)], code: .overflow),
  ]

  @Test(arguments: refusals.indices)
  func `a refused transfer leaves the book as it was`(_ index: Int) throws {
    let refusal = Self.refusals[index]
    var book = Book()
    try book.apply([.move(debit: Self.external, credit: Self.reserved, units: u(100))])
    let before = book
    let error = #expect(throws: LedgerError.self) { try book.apply(refusal.transfers) }
    #expect(error?.code == refusal.code, "\(refusal.name)")
    #expect(book == before, "\(refusal.name)")
  }

  @Test(arguments: UInt64(0)..<200)
  func `debits equal credits whatever is tried`(seed: UInt64) throws {
    var random = SplitMix64(seed: seed)
    var book = Book()
    let accounts = [Self.external, Self.reserved, Self.paid]
    var held: [BatchID: UInt64] = [:]
    for step in 0..<60 {
      let units = UInt256(UInt64.random(in: 1...50, using: &random))
      let debit = accounts.randomElement(using: &random) ?? Self.external
      let credit = accounts.randomElement(using: &random) ?? Self.paid
      let hold = BatchID(Int64.random(in: 0...8, using: &random))
      let transfer: Transfer =
        switch step % 4 {
        case 0: .move(debit: debit, credit: credit, units: units)
        case 1: .hold(hold, debit: debit, credit: credit, units: units)
        case 2: .post(hold, units: units)
        default: .void(hold, units: units)
        }
      do {
        try book.apply([transfer])
        // The model: what is left of each hold.
        switch transfer {
        case .hold(let id, _, _, let units): held[id] = units.uint64
        case .post(let id, let units), .void(let id, let units): held[id, default: 0] -= units.uint64 ?? 0
        case .move: break
        }
      } catch {}
      var debits = UInt256.zero
      var credits = UInt256.zero
      var pending = UInt256.zero
      for balance in book.balances.values {
        debits = try debits.adding(balance.postedDebit)
        credits = try credits.adding(balance.postedCredit)
        pending = try pending.adding(balance.pendingDebit)
      }
      #expect(debits == credits, "replay with seed \(seed)")
      #expect(pending == UInt256(held.values.reduce(0, +)), "replay with seed \(seed)")
      #expect(book.balances.allSatisfy { $0.key.isExternal || $0.value.available != nil }, "replay with seed \(seed)")
    }
  }
}
