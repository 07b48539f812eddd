import Airdrop
import Engine
import Money
import Testing

@Suite("CSV: shape")
struct CSVShapeTests {
  @Test func `a plain file becomes recipients in the order of their addresses`() throws {
    let desk = try IngestDesk()
    let text = (1...9).map { "\(wallet($0)),\($0)00" }.joined(separator: "\n")
    let result = try desk.load("address,amount\n" + text)
    #expect(result.report.outcome == .loaded && result.rejects == nil)
    #expect(result.report.summary.rows == 9 && result.report.summary.accepted == 9)
    #expect(result.report.summary.total == UInt256(4500))
    let rows = try desk.rows
    #expect(rows.map(\.ordinal) == Array(0..<9))
    #expect(rows.map(\.address) == rows.map(\.address).sorted { $0.lexicographicallyPrecedes($1) })
    #expect(rows.allSatisfy { $0.units == UInt256(UInt64($0.row) * 100) && $0.metadata.isEmpty })
    #expect(desk.spill.files > 0, "small runs must have spilled")
  }

  @Test(arguments: ["\n", "\r\n"], [true, false])
  func `line ends, the last one or none, and a byte order mark make no difference`(
    lineEnd: String, endsWithLine: Bool
  ) throws {
    let lines = ["address,amount,email", "\(wallet(1)),5,a@example.org", "\(wallet(2)),6,b@example.org"]
    let text = lines.joined(separator: lineEnd) + (endsWithLine ? lineEnd : "")
    let plain = try IngestDesk()
    let marked = try IngestDesk()
    try plain.load(text)
    try marked.load([0xef, 0xbb, 0xbf] + Array(text.utf8))
    let rows = try plain.rows
    #expect(try rows.count == 2 && rows == marked.rows)
  }

  @Test func `quoted fields keep commas, line breaks and doubled quotes`() throws {
    let desk = try IngestDesk()
    try desk.load("address,amount,note\r\n\"\(wallet(1))\",\"5\",\"a, \"\"b\"\"\r\nc\"\r\n\(wallet(2)),6,\"\"\"\"\r\n")
    let rows = try desk.rows.sorted { $0.row < $1.row }
    #expect(rows.map(\.metadata) == [#"{"note":"a, \"b\"\r\nc"}"#, #"{"note":"\""}"#])
  }

  @Test func `column names are found in any case, order and with spaces around`() throws {
    let desk = try IngestDesk()
    try desk.load(" E-Mail ,AMOUNT, Payout_ID,\"Address\"\nx@y.z,5,id-1,\(wallet(1))\n")
    let row = try #require(try desk.rows.first)
    #expect(row.payoutID == "id-1" && row.units == UInt256(5) && row.metadata == #"{"e-mail":"x@y.z"}"#)
  }

  @Test func `metadata is one canonical object: keys sorted, empty fields left out, controls escaped`() throws {
    let desk = try IngestDesk()
    try desk.load("zip,address,amount,city,kyc\n\u{1}1\t2,\(wallet(1)),5,Łódź \\,\n")
    #expect(try desk.rows.map(\.metadata) == [#"{"city":"Łódź \\","zip":"\u00011\t2"}"#])
  }

  @Test func `blank lines are passed over but counted, as a spreadsheet does`() throws {
    let desk = try IngestDesk()
    let result = try desk.load("\n\naddress,amount\n\n\(wallet(1)),5\n\n\n\(wallet(2)),6\n\n")
    #expect(result.report.summary.rows == 2 && result.rejects == nil)
    #expect(try desk.rows.map(\.row).sorted() == [2, 5])
  }

  @Test func `how the source is cut into pieces makes no difference`() throws {
    let text =
      "address,amount,payout_id,note\r\n"
      + (1...40).map {
        "\"\(wallet($0))\",\($0),p\($0),\"line\r\n\($0) \"\"x\"\"\"\r\n"
      }.joined() + "bad\"row,1,2,3\n" + "\(wallet(99)),1,z,\"end\""
    var expected: (rows: [IngestDesk.Row], rejects: String?)?
    for (piece, block) in [(1, 1), (1, 64), (3, 5), (64, 64), (1000, 4096), (100_000, 1 << 20)] {
      var desk = try IngestDesk()
      desk.piece = piece
      desk.tuning.block = block
      let result = try desk.load(text)
      if let expected {
        #expect(try desk.rows == expected.rows && result.rejects == expected.rejects, "pieces of \(piece)")
      } else {
        expected = (try desk.rows, result.rejects)
      }
      #expect(try desk.rows.count == 41 && result.report.summary.rejected == 1)
    }
  }

  // MARK: Files that are refused as a whole

  static let refused: [(String, [UInt8], IngestError.Code)] = [
    ("nothing", [], .emptyFile),
    ("a byte order mark alone", [0xef, 0xbb, 0xbf], .emptyFile),
    ("blank lines alone", Array("\n\n\r\n".utf8), .emptyFile),
    ("a header alone", Array("address,amount\n".utf8), .noRows),
    ("a header and blank lines", Array("address,amount\n\n\n".utf8), .noRows),
    ("UTF-16, little end first", [0xff, 0xfe] + "address".utf8.flatMap { [$0, 0] }, .wrongEncoding),
    ("UTF-16, big end first", [0xfe, 0xff] + "address".utf8.flatMap { [0, $0] }, .wrongEncoding),
    ("UTF-16 without a mark", "address,amount\n".utf8.flatMap { [$0, 0] }, .wrongEncoding),
    ("UTF-32", [0xff, 0xfe, 0, 0, 0x61, 0, 0, 0], .wrongEncoding),
    ("a name in Latin-1", Array("address,amount,stra".utf8) + [0xdf, 0x65, 0x0a], .wrongEncoding),
    ("a zero byte in the header", Array("address,am\0ount\n".utf8), .wrongEncoding),
    ("a gzip archive", [0x1f, 0x8b, 8, 0], .notText),
    ("a spreadsheet", [0x50, 0x4b, 3, 4, 20], .notText),
    ("no address column", Array("wallet,amount\na,5\n".utf8), .missingColumn),
    ("no amount column", Array("address,sum\na,5\n".utf8), .missingColumn),
    ("semicolons", Array("address;amount\na;5\n".utf8), .missingColumn),
    ("no header", Array("0x00,5\n".utf8), .missingColumn),
    ("two columns of one name", Array("address,amount,Email, email\n".utf8), .duplicateColumn),
    ("a column without a name", Array("address,amount,\n".utf8), .badHeader),
    ("a terminal escape in a name", Array("address,amount,\u{1b}[1mx\n".utf8), .badHeader),
    ("a line break in a name", Array("address,amount,\"a\nb\"\n".utf8), .badHeader),
    ("a quote inside a name", Array("address,amo\"unt\n".utf8), .badHeader),
    ("old Macintosh line ends", Array("address,amount\ra,5\r".utf8), .badHeader),
    (
      "a header over 1 MiB", Array("address,amount,".utf8) + [UInt8](repeating: 0x61, count: 1 << 20) + [10], .badHeader
    ),
    ("a name over 64 KiB", Array("address,amount,".utf8) + [UInt8](repeating: 0x61, count: 70_000) + [10], .badHeader),
    ("too many columns", Array(("address,amount" + String(repeating: ",x", count: 1023) + "\n").utf8), .tooManyColumns),
    ("10 million columns", [UInt8](repeating: 0x2c, count: 10_000_000), .badHeader),
    ("a quote that is never closed in the header", Array("address,\"amount\n".utf8), .unterminatedQuote),
  ]

  @Test(arguments: refused)
  func `a file that cannot be read as a whole is refused and leaves nothing`(
    name: String, bytes: [UInt8], code: IngestError.Code
  ) throws {
    var desk = try IngestDesk()
    desk.piece = 5000
    let error = #expect(throws: IngestError.self) { try desk.load(bytes) }
    #expect(error?.code == code, "\(name): \(error?.message ?? "")")
    #expect(desk.loads.begun == 0)
    #expect(error?.message.utf8.count ?? 0 < 400)
  }

  @Test func `a quote that is never closed names the row where it opened`() throws {
    let desk = try IngestDesk()
    let text = "address,amount,note\n\(wallet(1)),5,ok\n\(wallet(2)),6,\"open\n\(wallet(3)),7,x\n"
    let error = #expect(throws: IngestError.self) { try desk.load(text) }
    #expect(error?.code == .unterminatedQuote && error?.row == 2)
    #expect(desk.loads.begun == 0)
  }

  @Test func `a quote that is never closed is found behind a megabyte as well`() throws {
    var desk = try IngestDesk()
    desk.piece = 1 << 20
    desk.tuning.block = 1 << 16
    let text = "address,amount,note\n\(wallet(1)),5,ok\n\(wallet(2)),6,\"" + String(repeating: "lost\n", count: 300_000)
    let error = #expect(throws: IngestError.self) { try desk.load(text) }
    #expect(error?.code == .unterminatedQuote && error?.row == 2)
  }
}
