import Airdrop
import Codecs
import Engine
import Files
import Money
import Testing

@Suite("Ingest: again, broken off, strict")
struct ResumeTests {
  static let text =
    "address,amount,payout_id\n" + (1...11).map { "\(wallet($0)),\($0),id-\($0)\n" }.joined() + "bad,1,x\n"

  @Test func `the same file again changes nothing and says so`() throws {
    let desk = try IngestDesk()
    let first = try desk.load(Self.text)
    let rows = try desk.rows
    let again = try desk.load(Self.text)
    #expect(first.report.outcome == .loaded && again.report.outcome == .alreadyLoaded)
    #expect(again.report.summary == first.report.summary && again.report.load == first.report.load)
    #expect(again.report.contentHash == first.report.contentHash && again.rejects == nil)
    #expect(try desk.rows == rows && desk.loads.begun == 1)
  }

  @Test func `a changed byte is another file`() throws {
    let desk = try IngestDesk()
    try desk.load(Self.text)
    let other = try desk.load(Self.text + "\n")
    #expect(other.report.outcome == .nothingToLoad && other.report.faults.map(\.code) == [.alreadyLoaded, .badAddress])
  }

  @Test func `the same file under other choices is refused, not loaded again`() throws {
    let desk = try IngestDesk()
    try desk.load(Self.text)
    for options in [IngestOptions(duplicates: .first), IngestOptions(decimals: 0)] {
      let error = #expect(throws: IngestError.self) { try desk.load(Self.text, .csv, options) }
      #expect(error?.code == .settingsDiffer)
    }
    // Strictness does not change what the rows mean.
    let strict = try desk.load(Self.text, .csv, IngestOptions(strict: true))
    #expect(strict.report.outcome == .alreadyLoaded)
  }

  /// 11 recipients in chunks of 2 are six inserts, their payout ids six more, and then the commit.
  @Test(arguments: 0..<13, [false, true])
  func `an ingest that broke off after any write is invisible, and goes on where it was`(
    writes: Int, beside: Bool
  ) throws {
    let whole = try IngestDesk()
    let expected = try whole.load(Self.text)
    var desk = try IngestDesk()
    if beside { desk.beside = WorkThread() }
    desk.loads.breakOff(after: writes)
    #expect(throws: StoreError.self) { try desk.load(Self.text) }
    #expect(try desk.rows.isEmpty)
    desk.loads.breakOff(after: .max)
    let resumed = try desk.load(Self.text)
    #expect(resumed.report.outcome == .loaded && resumed.report.resumedAfter == Int64(min(11, writes * 2)))
    #expect(desk.loads.inserted.reduce(0, +) == 11, "no row is inserted twice")
    #expect(try desk.rows == whole.rows && resumed.report.summary == expected.report.summary)
    #expect(resumed.rejects == expected.rejects)
  }

  @Test func `payout ids are placed after the rows, in the order of their digests`() throws {
    let desk = try IngestDesk()
    try desk.load(Self.text)
    let keys = desk.loads.placed
    #expect(keys.map(\.count) == [2, 2, 2, 2, 2, 1])
    let digests = keys.flatMap { keys in (0..<keys.count).map { Array(keys.digests[$0 * 16..<$0 * 16 + 16]) } }
    #expect(zip(digests, digests.dropFirst()).allSatisfy { $0.lexicographicallyPrecedes($1) })
    let rows = try desk.rows
    let ids = keys.flatMap(\.ordinals).map { rows[Int($0)].payoutID ?? "" }
    #expect(ids.map { Array(TestSHA256().sha256(Array($0.utf8)).bytes.prefix(16)) } == digests)
  }

  @Test func `a commit whose answer was lost is found done the next time`() throws {
    let desk = try IngestDesk()
    desk.loads.loseAnswers(true)
    let error = #expect(throws: StoreError.self) { try desk.load(Self.text) }
    #expect(error?.code == .commitUnknown)
    desk.loads.loseAnswers(false)
    #expect(try desk.load(Self.text).report.outcome == .alreadyLoaded)
    #expect(try desk.rows.count == 11)
  }

  @Test func `another file first removes what is left of the one that broke off`() throws {
    let desk = try IngestDesk()
    desk.loads.breakOff(after: 3)
    #expect(throws: StoreError.self) { try desk.load(Self.text) }
    desk.loads.breakOff(after: .max)
    try desk.load("address,amount\n\(wallet(3)),300\n\(wallet(50)),50\n")
    #expect(try desk.rows.map(\.units).sorted() == [UInt256(50), UInt256(300)])
  }

  @Test func `a broken off load starts anew when payout ids were taken in between`() throws {
    let desk = try IngestDesk()
    desk.loads.breakOff(after: 3)
    #expect(throws: StoreError.self) { try desk.load(Self.text) }
    // Which rows are accepted decides over ordinals, so what was inserted before is not built upon.
    let inOrder = (1...11).sorted { wallet($0).lowercased() < wallet($1).lowercased() }
    let other = try IngestDesk(beside: desk)
    try other.load("address,amount,payout_id\n" + inOrder.suffix(4).map { "\(wallet($0)),1,id-\($0)\n" }.joined())
    desk.loads.breakOff(after: .max)
    let resumed = try desk.load(Self.text)
    #expect(resumed.report.resumedAfter == 0 && resumed.report.summary.accepted == 7)
    #expect(try desk.rows.compactMap(\.payoutID) == inOrder.prefix(7).map { "id-\($0)" })
  }

  @Test(arguments: [false, true])
  func `a payout id that another load takes meanwhile refuses the load, and rejects the row the next time`(
    beside: Bool
  ) throws {
    let other = try IngestDesk()
    let theirs = "address,amount,payout_id\n\(wallet(1)),1,id-7\n"
    // Their row and its payout id stand, but nobody has ordered them.
    other.loads.breakOff(after: 2)
    #expect(throws: StoreError.self) { try other.load(theirs) }
    other.loads.breakOff(after: .max)
    var desk = try IngestDesk(beside: other)
    if beside { desk.beside = WorkThread() }
    let error = #expect(throws: StoreError.self) { try desk.load(Self.text) }
    #expect(error?.code == .conflict)
    #expect(try desk.rows.isEmpty)
    try other.load(theirs)
    let again = try desk.load(Self.text)
    #expect(again.report.outcome == .loaded && Set(again.report.faults.map(\.code)) == [.payoutIDTaken, .badAddress])
    #expect(try desk.rows.count == 10)
  }

  @Test func `strict loads a clean file and refuses one with a bad row at any place`() throws {
    let desk = try IngestDesk()
    let options = IngestOptions(strict: true)
    let refused = try desk.load(Self.text, .csv, options)
    #expect(refused.report.outcome == .refused && refused.rejects != nil && desk.loads.begun == 0)
    // Duplicates are found only after everything was read.
    let clean = "address,amount\n" + (1...9).map { "\(wallet($0)),\($0)\n" }.joined()
    let duplicate = try desk.load(clean + "\(wallet(4)),4\n", .csv, options)
    #expect(duplicate.report.outcome == .refused && duplicate.report.faults.map(\.rows) == [2])
    #expect(desk.loads.begun == 0)
    #expect(try desk.load(clean, .csv, options).report.outcome == .loaded)
    #expect(try desk.rows.count == 9)
  }

  @Test func `no room for the sorted runs refuses the file and leaves nothing`() throws {
    for (most, beside) in [(0, false), (100, false), (700, false), (0, true), (700, true)] {
      var desk = try IngestDesk()
      if beside { desk.beside = WorkThread() }
      desk.spill = MemorySpill(most: most)
      let error = #expect(throws: IngestError.self) { try desk.load(Self.text) }
      #expect(error?.code == .spillFull && desk.loads.begun == 0)
    }
  }

  @Test func `progress counts rows and bytes upwards in both phases`() throws {
    var desk = try IngestDesk()
    desk.tuning = IngestTuning()
    desk.piece = 1 << 16
    let text =
      "address,amount\n" + (0..<20_000).map { "0x\(String(repeating: "0", count: 35))\($0 + 10_000),1\n" }.joined()
    var told: [IngestProgress] = []
    let result = try desk.load(Array(text.utf8)) { told.append($0) }
    #expect(result.report.summary.accepted == 20_000)
    for phase in IngestProgress.Phase.allCases {
      let rows = told.filter { $0.phase == phase }.map(\.rows)
      #expect(rows == rows.sorted() && rows.last == 20_000 && rows.count >= 2)
    }
    #expect(told.last?.bytes == Int64(text.utf8.count))
    #expect(desk.spill.files == 0, "a source below one run never touches the disk")
  }
}
