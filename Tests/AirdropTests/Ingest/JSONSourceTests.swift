import Airdrop
import Engine
import Money
import Testing

@Suite("Ingest: JSON")
struct JSONSourceTests {
  static func object(_ number: Int, _ amount: String, _ more: String = "") -> String {
    "{\"address\": \"\(wallet(number))\", \"amount\": \(amount)\(more)}"
  }

  @Test func `a list of objects and lines of objects load the same`() throws {
    let objects = [
      Self.object(1, "5", ", \"payout_id\": 17, \"Note\": \"a \\u00e9 \\\"b\\\"\""),
      Self.object(2, "\"6\"", ", \"ok\": true"),
      Self.object(3, "7", ", \"zip\": null, \"n\": -1.50e3, \"payout_id\": null, \"empty\": \"\""),
    ]
    let list = try IngestDesk()
    try list.load(" \n[ " + objects.joined(separator: " ,\r\n") + " ]\n ", .json)
    let lines = try IngestDesk()
    try lines.load([0xef, 0xbb, 0xbf] + Array(objects.joined(separator: "\r\n").utf8), .jsonl)
    let rows = try list.rows.sorted { $0.row < $1.row }
    #expect(rows.map(\.units) == [UInt256(5), UInt256(6), UInt256(7)])
    #expect(rows.map(\.payoutID) == ["17", nil, nil])
    #expect(rows.map(\.metadata) == [#"{"note":"a é \"b\""}"#, #"{"ok":"true"}"#, #"{"n":"-1.50e3"}"#])
    #expect(
      try lines.rows.map(\.metadata) == list.rows.map(\.metadata) && lines.rows.map(\.units) == list.rows.map(\.units))
  }

  static let badElements: [(String, RowFault.Code)] = [
    ("5", .badJSON), ("null", .badJSON), ("\"text\"", .badJSON), ("[1, 2]", .badJSON), ("nonsense", .badJSON),
    ("{\"address\": }", .badJSON), ("{}", .missingValue),
    ("{\"address\": \"\(wallet(9))\"}", .missingValue), ("{\"amount\": 5}", .missingValue),
    (object(9, "1e3"), .exponentAmount), (object(9, "-1"), .signedAmount), (object(9, "1.5"), .fractionalAmount),
    (object(9, "true"), .badAmount), (object(9, "\"1,000\""), .separatedAmount), (object(9, "01"), .badJSON),
    (object(9, "5", ", \"\\u001b[1m\": 1"), .badJSON), (object(9, "[5]"), .nestedValue),
    (object(9, "5", ", \"x\": {}"), .nestedValue),
    (object(9, "5", ", \"x\": \(String(repeating: "[", count: 40))\(String(repeating: "]", count: 40))"), .nestedValue),
    (object(9, "5", ", \"amount\": 6"), .duplicateMember), (object(9, "5", ", \"Amount\": 6"), .duplicateMember),
    (object(9, "5", ", \"x\": \"\\u0000\""), .zeroByte), (object(9, "5", ", \"x\": \"a\0b\""), .zeroByte),
    (object(9, "5", ", \"x\": \"\\ud800\""), .badJSON),
    (object(9, "5", ", \"x\": \"\(String(repeating: "x", count: 70_000))\""), .fieldTooLarge),
    (object(9, "5", ", \"x\": \"\(String(repeating: "\\\\", count: 40_000))\""), .metadataTooLarge),
    (object(9, "5", (0..<1025).map { ", \"x\($0)\": 1" }.joined()), .columnCount),
    (object(9, "5", ", \"x\": \"\(String(repeating: "x", count: 1 << 20))\""), .rowTooLarge),
    ("{\"address\": 5, \"amount\": 5}", .badAddress),
    (object(9, "5", ", \"payout_id\": \"\(String(repeating: "x", count: 129))\""), .badPayoutID),
  ]

  @Test(arguments: badElements, [SourceFormat.json, .jsonl])
  func `a bad element is set aside, and its neighbours are loaded`(
    bad: (String, RowFault.Code), format: SourceFormat
  ) throws {
    var desk = try IngestDesk()
    desk.piece = 1 << 15
    let elements = [Self.object(1, "1"), bad.0, Self.object(2, "2")]
    let text = format == .json ? "[" + elements.joined(separator: ",") + "]" : elements.joined(separator: "\n")
    let result = try desk.load(text, format)
    #expect(result.report.faults == [FaultCount(code: bad.1, rows: 1, firstRows: [2])], "\(bad.0.prefix(80))")
    #expect(try desk.rows.map(\.units).sorted() == [UInt256(1), UInt256(2)])
  }

  @Test func `a string that is not UTF-8 is named as such`() throws {
    let desk = try IngestDesk()
    let good = Self.object(1, "1")
    let bad = Array("{\"address\": \"".utf8) + [0xdf] + Array("\"}".utf8)
    let result = try desk.load(Array("[\(good),".utf8) + bad + Array("]".utf8), .json)
    #expect(result.report.faults.map(\.code) == [.notUTF8])
  }

  static let broken: [(String, IngestError.Code)] = [
    ("", .emptyFile), (" \n ", .emptyFile), ("[]", .noRows), ("[ ] ", .noRows), ("{}", .brokenJSON), ("[", .brokenJSON),
    ("[\(object(1, "1"))", .brokenJSON), ("[\(object(1, "1")),", .brokenJSON), ("[\(object(1, "1")),]", .brokenJSON),
    ("[,\(object(1, "1"))]", .brokenJSON), ("[\(object(1, "1")) \(object(2, "1"))]", .brokenJSON),
    ("[\(object(1, "1")),,\(object(2, "1"))]", .brokenJSON), ("[\(object(1, "1"))] x", .brokenJSON),
    ("[\(object(1, "1"))][]", .brokenJSON), ("[{\"address\": \"0x", .brokenJSON),
    ("\(object(1, "1"))\n\(object(2, "1"))", .brokenJSON),
    ("[{{{{", .brokenJSON),
  ]

  @Test(arguments: broken)
  func `a list that is broken refuses the source`(text: String, code: IngestError.Code) throws {
    let desk = try IngestDesk()
    let error = #expect(throws: IngestError.self) { try desk.load(text, .json) }
    #expect(error?.code == code && desk.loads.begun == 0, "\(text)")
  }

  @Test func `lines are numbered as an editor does, and a cut off last line is one bad row`() throws {
    let desk = try IngestDesk()
    let result = try desk.load("\n\(Self.object(1, "1"))\n \t\n{\"address\": \"0x", .jsonl)
    #expect(result.report.faults == [FaultCount(code: .badJSON, rows: 1, firstRows: [4])])
    #expect(try desk.rows.map(\.row) == [2])
    let empty = #expect(throws: IngestError.self) { try IngestDesk().load("\n\n", .jsonl) }
    #expect(empty?.code == .noRows)
  }

  @Test func `how the source is cut into pieces makes no difference`() throws {
    let text = "[" + (1...20).map { Self.object($0, "\($0)", ", \"n\": \"]}\\\\\\\"\"") }.joined(separator: ", ") + "]"
    var expected: [IngestDesk.Row]?
    for (piece, block) in [(1, 1), (3, 17), (64, 64), (100_000, 1 << 20)] {
      var desk = try IngestDesk()
      desk.piece = piece
      desk.tuning.block = block
      try desk.load(text, .json)
      let rows = try desk.rows
      #expect(rows.count == 20 && rows == expected ?? rows)
      expected = rows
    }
  }

  @Test(arguments: [("a.csv", SourceFormat.csv), ("b/x.JSON", .json), ("c.jsonl", .jsonl), ("d.x.ndjson", .jsonl)])
  func `the ending of a name tells the format`(name: String, format: SourceFormat) {
    #expect(SourceFormat(fileName: name) == format)
  }

  @Test(arguments: ["", "csv", "a.txt", "a.csv.gz", "-"]) func `other names tell nothing`(name: String) {
    #expect(SourceFormat(fileName: name) == nil)
  }
}
