import Chains
import Money
import Policy
import Testing

@Suite("The address book's delay")
struct AddressBookTests {
  static let chain = ChainID(.simulated, 1)
  static let address = Address(Array(repeating: 7, count: 20))

  private func entry(_ now: Int64, newest: Int64? = nil, delay: Int64 = 100, label: String = "x") throws -> BookChange {
    try AddressBook.entry(
      Self.chain, Self.address, label: label, delay: delay, by: "person:eve", now: Timestamp(milliseconds: now),
      newest: newest.map { Timestamp(milliseconds: $0) })
  }

  @Test func `an entry is usable from its delay on, and not before`() throws {
    let made = try entry(1_000)
    #expect(made.usableAt == Timestamp(milliseconds: 1_100))
    #expect(made.age(at: Timestamp(milliseconds: 1_099)) == nil)
    #expect(made.age(at: Timestamp(milliseconds: 1_100)) == 0 && made.age(at: Timestamp(milliseconds: 1_150)) == 50)
    #expect(try entry(1_000, delay: -5).usableAt == Timestamp(milliseconds: 1_000))
  }

  @Test func `a clock that went back makes no entry older`() throws {
    // The store knows of a later time than the clock tells.
    let made = try entry(1_000, newest: 5_000)
    #expect(made.at == Timestamp(milliseconds: 5_000) && made.usableAt == Timestamp(milliseconds: 5_100))
    #expect(try entry(5_000, newest: 1_000).usableAt == Timestamp(milliseconds: 5_100))
    let gone = AddressBook.removal(
      Self.chain, Self.address, by: "person:eve", now: Timestamp(milliseconds: 1),
      newest: Timestamp(milliseconds: 9))
    #expect(gone.isRemoval && gone.at == Timestamp(milliseconds: 9) && gone.age(at: .init(milliseconds: 99)) == nil)
  }

  @Test func `a label is one line of text`() throws {
    for label in ["", "a\nb", "\u{1b}[2J", "\u{7f}", String(repeating: "x", count: 101)] {
      #expect(throws: PolicyError.self) { try entry(1, label: label) }
    }
    #expect(try entry(1, label: "größer").label == "größer")
  }
}
