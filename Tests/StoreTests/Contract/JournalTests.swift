import Audit
import Codecs
import Engine
import Ledger
import Money
import Payouts
import Testing

@Suite("Journals of products in every store")
struct JournalTests {
  static func entry(_ n: Int, _ key: String? = nil) -> JournalEntry {
    JournalEntry(key: key ?? "größer'\(n)", kind: "purchase", body: [0, UInt8(n % 256), 0xff])
  }

  static func part(_ after: Int64, _ entries: [JournalEntry], _ transfers: [Transfer] = []) -> Write {
    .journal(JournalPart(journal: "lottery", after: after, entries: entries, transfers: transfers))
  }

  static let world = Account(owner: "lottery/7", role: .external, asset: Bench.native)
  static let prizes = Account(owner: "lottery/7/prizes", role: .reserved, asset: Bench.native)

  @Test(arguments: StoreKind.allCases)
  func `what was appended is read in order, by number and by key`(kind: StoreKind) throws {
    let bench = try Bench(kind)
    #expect(try bench.store.lastEntry("lottery") == 0)
    let entries = (1...7).map { Self.entry($0) }
    try bench.commit(Self.part(0, Array(entries[..<3])), guarded: false)
    let first = bench.now
    // Two parts of one commit follow each other, and another journal counts for itself.
    try bench.commit(
      Self.part(3, Array(entries[3..<4])), Self.part(4, Array(entries[4...])),
      .journal(JournalPart(journal: "wallet", after: 0, entries: [entries[0]])), guarded: false)
    #expect(try bench.store.lastEntry("lottery") == 7)
    let rows = try bench.store.entries("lottery", after: 0, limit: 100)
    #expect(rows.map(\.entry) == entries && rows.map(\.number) == Array(1...7))
    #expect(rows[0].at.milliseconds == first && rows[0].actor == "operator:eve")
    #expect(try bench.store.entries("lottery", after: 5, limit: 1).map(\.number) == [6])
    #expect(try bench.store.entries("lottery", after: 7, limit: 9).isEmpty)
    #expect(try bench.store.entries("nobody", after: 0, limit: 9).isEmpty)
    #expect(try bench.store.entry("lottery", key: "größer'6") == rows[5])
    #expect(try bench.store.entry("wallet", key: "größer'6") == nil)
    #expect(try bench.store.lastEntry("wallet") == 1)
  }

  @Test(arguments: StoreKind.allCases)
  func `value moves in the commit of the entries, under one audit record with their digest`(kind: StoreKind) throws {
    let bench = try Bench(kind)
    let part = JournalPart(
      journal: "lottery", after: 0, entries: [Self.entry(1)],
      transfers: [.move(debit: Self.world, credit: Self.prizes, units: UInt256(70))])
    try bench.commit(.journal(part), guarded: false)
    #expect(try bench.store.balances(owner: "lottery/7/prizes")[Self.prizes]?.posted == UInt256(70))
    let record = try #require(try bench.store.auditRecords(after: nil, limit: 9).last)
    #expect(record.draft.action == "journal.appended")
    #expect(record.draft.root == part.digest)
    #expect(try bench.store.checkInvariants().isEmpty)
    // More than is there.
    let more = Transfer.move(debit: Self.prizes, credit: Self.world, units: UInt256(71))
    try bench.expectRefusal(.ledger) { try bench.commit(Self.part(1, [Self.entry(2)], [more]), guarded: false) }
    #expect(try bench.store.lastEntry("lottery") == 1)
  }

  @Test(arguments: StoreKind.allCases)
  func `who does not know the last entry is refused, and so is a key that stands there`(kind: StoreKind) throws {
    let bench = try Bench(kind)
    try bench.commit(Self.part(0, [Self.entry(1), Self.entry(2)]), guarded: false)
    for after: Int64 in [0, 1, 3, -1] {
      try bench.expectRefusal(.staleState) { try bench.commit(Self.part(after, [Self.entry(3)]), guarded: false) }
    }
    try bench.expectRefusal(.conflict) {
      try bench.commit(Self.part(2, [Self.entry(3), Self.entry(2)]), guarded: false)
    }
    try bench.expectRefusal(.conflict) {
      try bench.commit(Self.part(2, [Self.entry(3)]), Self.part(3, [Self.entry(3)]), guarded: false)
    }
    try bench.expectRefusal(.conflict) {
      try bench.commit(Self.part(2, [Self.entry(3), Self.entry(3)]), guarded: false)
    }
    #expect(try bench.store.entries("lottery", after: 0, limit: 9).count == 2)
    try bench.commit(Self.part(2, [Self.entry(3)]), guarded: false)
  }

  @Test(arguments: StoreKind.allCases)
  func `empty, nameless, endless and held parts are refused`(kind: StoreKind) throws {
    let (bench, _) = try Bench.running(kind, 1)
    let long = String(repeating: "x", count: 201)
    let parts = [
      Self.part(0, []), Self.part(0, [Self.entry(1, "")]), Self.part(0, [Self.entry(1, long)]),
      Self.part(0, [Self.entry(1, "a\0b")]),
      Self.part(0, [JournalEntry(key: "a", kind: "", body: [])]),
      Self.part(0, [JournalEntry(key: "a", kind: "k", body: Array(repeating: 0, count: (1 << 20) + 1))]),
      .journal(JournalPart(journal: "", after: 0, entries: [Self.entry(1)])),
      Self.part(0, [Self.entry(1)], [.hold(BatchID(9), debit: Self.world, credit: Self.prizes, units: UInt256(1))]),
    ]
    for part in parts { try bench.expectRefusal(.conflict) { try bench.commit(part, guarded: false) } }
    try bench.expectRefusal(.conflict) { try bench.commit(Self.part(0, [Self.entry(1)])) }
    #expect(try bench.store.lastEntry("lottery") == 0)
  }

  @Test func `the digest knows every field and its place`() {
    let base = JournalPart(journal: "lottery", after: 4, entries: [Self.entry(1), Self.entry(2)])
    let others = [
      JournalPart(journal: "lotter", after: 4, entries: base.entries),
      JournalPart(journal: "lottery", after: 5, entries: base.entries),
      JournalPart(journal: "lottery", after: 4, entries: base.entries.reversed()),
      JournalPart(journal: "lottery", after: 4, entries: [Self.entry(1)]),
      JournalPart(journal: "lottery", after: 4, entries: [Self.entry(1, "k"), Self.entry(2)]),
      JournalPart(
        journal: "lottery", after: 4,
        entries: [JournalEntry(key: Self.entry(1).key, kind: "x", body: Self.entry(1).body), Self.entry(2)]),
    ]
    #expect(Set(others.map(\.digest) + [base.digest]).count == others.count + 1)
  }
}
