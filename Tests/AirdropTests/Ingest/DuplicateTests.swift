import Airdrop
import Engine
import Money
import Testing

@Suite("Ingest: duplicates")
struct DuplicateTests {
  static let text = """
    address,amount,note
    \(wallet(1)),10,first
    \(wallet(2)),20,alone
    \(wallet(1).lowercased()),30,second
    \(wallet(1)),40,third

    """

  private func load(_ policy: DuplicatePolicy) throws -> (IngestDesk, IngestDesk.Result) {
    let desk = try IngestDesk()
    return (desk, try desk.load(Self.text, .csv, IngestOptions(duplicates: policy)))
  }

  @Test func `error rejects every row of the recipient, the first one too`() throws {
    let (desk, result) = try load(.error)
    #expect(result.report.faults == [FaultCount(code: .duplicateRecipient, rows: 3, firstRows: [1, 3, 4])])
    #expect(try desk.rows.map(\.units) == [UInt256(20)])
    #expect(result.report.summary == LoadSummary(rows: 4, accepted: 1, rejected: 3, duplicates: 0, total: UInt256(20)))
  }

  @Test func `sum pays the recipient once, under the first row`() throws {
    let (desk, result) = try load(.sum)
    let row = try #require(try desk.rows.first { $0.row == 1 })
    #expect(row.units == UInt256(80) && row.metadata == #"{"note":"first"}"# && result.rejects == nil)
    #expect(result.report.summary == LoadSummary(rows: 4, accepted: 2, rejected: 0, duplicates: 2, total: UInt256(100)))
  }

  @Test func `first and last keep one row`() throws {
    let (first, report) = try load(.first)
    #expect(
      try first.rows.map(\.units).sorted() == [UInt256(10), UInt256(20)] && report.report.summary.duplicates == 2)
    let (last, _) = try load(.last)
    #expect(try last.rows.map(\.units).sorted() == [UInt256(20), UInt256(40)])
    #expect(try last.rows.map(\.metadata).contains(#"{"note":"third"}"#))
  }

  @Test func `a sum past 2^256 - 1 rejects all rows of the recipient`() throws {
    let desk = try IngestDesk()
    let text =
      "address,amount\n\(wallet(1)),\(UInt256.max.description)\n\(wallet(1)),1\n\(wallet(1)),2\n\(wallet(2)),5\n"
    let result = try desk.load(text, .csv, IngestOptions(duplicates: .sum))
    #expect(result.report.faults == [FaultCount(code: .sumOverflow, rows: 3, firstRows: [1, 2, 3])])
    #expect(try desk.rows.map(\.units) == [UInt256(5)])
  }

  @Test func `rows with different payout ids are not summed, not even if one has none`() throws {
    let desk = try IngestDesk()
    let text = """
      address,amount,payout_id
      \(wallet(1)),1,a
      \(wallet(1)),2,b
      \(wallet(2)),3,c
      \(wallet(2)),4,c
      \(wallet(3)),5,
      \(wallet(3)),6,d

      """
    let result = try desk.load(text, .csv, IngestOptions(duplicates: .sum))
    #expect(result.report.faults == [FaultCount(code: .sumOfDifferentIDs, rows: 4, firstRows: [1, 2, 5, 6])])
    #expect(try desk.rows.map(\.payoutID) == ["c"] && desk.rows.map(\.units) == [UInt256(7)])
  }

  @Test func `a recipient with thousands of rows is summed, or rejected, in flat memory`() throws {
    var desk = try IngestDesk()
    desk.piece = 1 << 16
    desk.tuning.block = 1 << 16
    desk.tuning.runRows = 1000
    let note = String(repeating: "n", count: 600)
    let rows = (0..<4000).map { "\(wallet(1)),\($0 + 1),\(note)" }.joined(separator: "\n")
    let summed = try desk.load("address,amount,note\n" + rows + "\n", .csv, IngestOptions(duplicates: .sum))
    #expect(summed.report.summary.duplicates == 3999 && summed.report.summary.total == UInt256(8_002_000))

    var other = try IngestDesk()
    (other.piece, other.tuning) = (desk.piece, desk.tuning)
    let overflowing = rows + "\n\(wallet(1)),\(UInt256.max.description),\(note)\n"
    let rejected = try other.load("address,amount,note\n" + overflowing, .csv, IngestOptions(duplicates: .sum))
    #expect(rejected.report.outcome == .nothingToLoad && rejected.report.summary.rejected == 4001)
  }

  // MARK: Recipients of earlier loads

  @Test(arguments: [DuplicatePolicy.error, .sum, .last])
  func `a recipient that was loaded before is rejected`(policy: DuplicatePolicy) throws {
    let desk = try IngestDesk()
    try desk.load("address,amount\n\(wallet(1)),1\n\(wallet(2)),2\n\(wallet(3)),3\n")
    let text = "address,amount\n\(wallet(4)),4\n\(wallet(2)),20\n\(wallet(2)),21\n\(wallet(5)),5\n"
    let result = try desk.load(text, .csv, IngestOptions(duplicates: policy))
    #expect(result.report.faults == [FaultCount(code: .alreadyLoaded, rows: 2, firstRows: [2, 3])])
    #expect(try desk.rows.map(\.units).sorted() == (1...5).map { UInt256($0) })
    #expect(try desk.rows.map(\.ordinal) == Array(0..<5))
  }

  @Test func `first skips recipients that were loaded before, whatever their payout ids`() throws {
    let desk = try IngestDesk()
    let old = (1...7).map { "\(wallet($0)),\($0),id-\($0)\n" }.joined()
    try desk.load("address,amount,payout_id\n" + old)
    let more = (8...9).map { "\(wallet($0)),\($0),id-\($0)\n" }.joined()
    let result = try desk.load("address,amount,payout_id\n" + old + more, .csv, IngestOptions(duplicates: .first))
    #expect(result.rejects == nil && result.report.summary.duplicates == 7 && result.report.summary.accepted == 2)
    #expect(try desk.rows.count == 9)
  }

  @Test func `a file that adds nothing is nothing to load and leaves no load behind`() throws {
    let desk = try IngestDesk()
    try desk.load("address,amount\n\(wallet(1)),1\n")
    let result = try desk.load("address,amount\n\(wallet(1)),2\n", .csv, IngestOptions(duplicates: .first))
    #expect(result.report.outcome == .nothingToLoad && result.report.load == nil && desk.loads.begun == 1)
  }

  // MARK: Payout ids

  @Test func `a payout id of two recipients rejects both, also across runs`() throws {
    let desk = try IngestDesk()
    var text = "address,amount,payout_id\n"
    for number in 1...10 { text += "\(wallet(number)),1,\(number % 8)\n" }
    let result = try desk.load(text)
    #expect(result.report.faults == [FaultCount(code: .duplicatePayoutID, rows: 4, firstRows: [1, 2, 9, 10])])
    #expect(try desk.rows.count == 6)
  }

  @Test func `two rows of one recipient may share a payout id`() throws {
    let desk = try IngestDesk()
    let text = "address,amount,payout_id\n\(wallet(1)),1,same\n\(wallet(1)),2,same\n\(wallet(2)),3,\n\(wallet(3)),4,\n"
    let result = try desk.load(text, .csv, IngestOptions(duplicates: .last))
    #expect(result.rejects == nil)
    #expect(try desk.rows.sorted { $0.row < $1.row }.map(\.payoutID) == ["same", nil, nil])
  }

  @Test func `a payout id of another campaign is taken`() throws {
    let first = try IngestDesk()
    try first.load("address,amount,payout_id\n\(wallet(1)),1,a\n\(wallet(2)),2,b\n\(wallet(3)),3,c\n")
    let second = try IngestDesk(beside: first)
    let result = try second.load("address,amount,payout_id\n\(wallet(1)),1,c\n\(wallet(2)),2,d\n\(wallet(3)),3,a\n")
    #expect(result.report.faults == [FaultCount(code: .payoutIDTaken, rows: 2, firstRows: [1, 3])])
    #expect(try second.rows.map(\.payoutID) == ["d"])
  }

  @Test func `128 characters of any script are a payout id`() throws {
    let desk = try IngestDesk()
    let id = String(repeating: "ж", count: 128)
    try desk.load("address,amount,payout_id\n\(wallet(1)),1,\(id)\n\(wallet(2)),2,\"a \"\"b\"\"\"\n")
    #expect(try Set(desk.rows.map(\.payoutID)) == [id, "a \"b\""])
  }
}
