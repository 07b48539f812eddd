import Airdrop
import Codecs
import Engine
import Money
import Testing

@Suite("Ingest: the rejects file")
struct RejectsFileTests {
  @Test func `it holds the original columns, what is wrong, and how to mend it, in the order of the source`() throws {
    let desk = try IngestDesk()
    let text = #"""
      payout_id,Address,amount,Note
      a,\#(wallet(1)),1,"kept, ""so"""
      b,\#(wallet(2)),"1,000","two
      lines"
      c,\#(wallet(1).lowercased()),2,
      d,\#(wallet(3)),3,fine
      e,\#(wallet(4)),
      f,nobody,4,x

      """#
    let result = try desk.load(text)
    let duplicate = "keep one row for each recipient, or choose --on-duplicate sum, first or last"
    let shown = "\(wallet(1).prefix(10))…\(wallet(1).suffix(6)) (42 bytes)"
    #expect(
      result.rejects == #"""
        payout_id,Address,amount,Note,reject_row,reject_column,reject_value,reject_code,reject_hint
        a,\#(wallet(1)),1,"kept, ""so""",1,address,\#(shown),ingest.duplicate_recipient,"\#(duplicate)"
        b,\#(wallet(2)),"1,000","two
        lines",2,amount,"1,000",ingest.separated_amount,remove the separators
        c,\#(wallet(1)),2,,3,address,\#(shown),ingest.duplicate_recipient,"\#(duplicate)"
        e,\#(wallet(4)),,,5,,,ingest.column_count,\#
        "give the row exactly one field for each column; quote fields that hold commas (3 fields, but 4 columns)"
        f,nobody,4,x,6,Address,nobody,ingest.bad_address,\#
        "copy the whole address again from its owner, without spaces"

        """#)
    #expect(result.report.faults.map(\.code.rawValue) == result.report.faults.map(\.code.rawValue).sorted())
  }

  @Test func `there is none when every row is good`() throws {
    #expect(try IngestDesk().load("address,amount\n\(wallet(1)),1\n").rejects == nil)
  }

  @Test func `a mended rejects file loads as it is`() throws {
    let desk = try IngestDesk()
    let first = try desk.load("address,amount,note\n\(wallet(1)),1,a\n\(wallet(2)),\"1,000\",\"b \"\"c\"\"\"\n")
    let mended = try #require(first.rejects).replacing("\"1,000\"", with: "1000")
    let second = try desk.load(mended)
    #expect(second.report.outcome == .loaded && second.rejects == nil)
    let row = try #require(try desk.rows.last { $0.units.description == "1000" })
    #expect(row.metadata == #"{"note":"b \"c\""}"#)
    // Bad again: the five columns stand there once.
    let third = try IngestDesk().load(try #require(first.rejects))
    #expect(third.rejects?.split(separator: "\n")[0].split(separator: ",").count == 8)
  }

  @Test func `the widest source there may be has a rejects file that loads as it is, and again`() throws {
    let names = (0..<1022).map { "c\($0)" }
    let blanks = String(repeating: ",", count: names.count)
    let wide = "address,amount,\(names.joined(separator: ","))\n\(wallet(1)),1e3\(blanks)\n\(wallet(2)),2\(blanks)\n"
    let first = try #require(try IngestDesk().load(wide).rejects)
    #expect(first.prefix { $0 != "\n" }.split(separator: ",").count == 1029)
    let again = try #require(try IngestDesk().load(first).rejects)
    #expect(again.split(separator: ",").count == first.split(separator: ",").count)
    let mended = try IngestDesk().load(again.replacing("1e3", with: "1000"))
    #expect(mended.report.outcome == .loaded && mended.report.summary.accepted == 1 && mended.rejects == nil)
    // One column more is too many, with the five or without.
    for more in ["", ",reject_row,reject_column,reject_value,reject_code,reject_hint"] {
      let error = #expect(throws: IngestError.self) {
        try IngestDesk().load("address,amount,\(names.joined(separator: ",")),more\(more)\n")
      }
      #expect(error?.code == .tooManyColumns && error?.message.contains("at most 1024") == true)
    }
  }

  @Test func `the widest JSON row there may be is rejected in a form that loads`() throws {
    let members = (0..<1022).map { "\"c\($0)\":\"\"" }.joined(separator: ",")
    let row = #"{"address":"\#(wallet(1))","amount":"1e3",\#(members)}"# + "\n"
    let rejects = try #require(try IngestDesk().load(row, .jsonl).rejects)
    let mended = try IngestDesk().load(rejects.replacing(#""amount":"1e3""#, with: #""amount":"1000""#), .jsonl)
    #expect(mended.report.summary.accepted == 1 && mended.rejects == nil)
    let wider = row.replacing("\"amount\"", with: "\"more\":1,\"amount\"")
    #expect(try IngestDesk().load(wider, .jsonl).rejects?.contains("ingest.column_count") == true)
  }

  @Test func `what a terminal would obey is escaped, and long values are cut in the middle`() throws {
    let desk = try IngestDesk()
    let evil = "\u{1b}]0;owned\u{7}\u{9b}31m\u{202e}" + String(repeating: "A", count: 9000) + "\u{1b}[2J"
    let result = try desk.load("address,amount,note\n\(wallet(1)),\(evil),\(evil)\n\(wallet(2)),1,x\n")
    let rejects = try #require(result.rejects)
    let isClean = rejects.unicodeScalars.allSatisfy {
      $0 == "\n" || ($0.value >= 0x20 && !(0x7f...0x9f).contains($0.value) && $0.value != 0x202e)
    }
    #expect(isClean && rejects.utf8.count < 12_000)
    #expect(rejects.contains("\\u{1b}") && rejects.contains(" bytes)"))
  }

  @Test func `the first rows of a code are named, all are counted`() throws {
    var desk = try IngestDesk()
    desk.tuning.runRows = 5
    let text = "address,amount\n" + (1...23).map { "\(wallet($0)),\($0 % 2)\n" }.joined()
    let result = try desk.load(text)
    #expect(result.report.faults == [FaultCount(code: .zeroAmount, rows: 11, firstRows: [2, 4, 6, 8, 10])])
    let numbers = try #require(result.rejects).split(separator: "\n").dropFirst().map { $0.split(separator: ",")[2] }
    #expect(numbers == (1...11).map { "\($0 * 2)" })
  }

  @Test func `JSON rejects are JSON, with the members that were given`() throws {
    let desk = try IngestDesk()
    let text = """
      [{"Address": "\(wallet(1))", "amount": "1e5", "kyc": true, "x": {"y": 1}},
       {"address": "\(wallet(2))", "amount": 5, "email": "a@b.c"},
       17,
       {"address": "\(wallet(3))", "amount": 1, "tag": "t"}, {"address": "\(wallet(3))", "amount": "2"}]
      """
    let result = try desk.load(text, .json)
    let rejects = try #require(result.rejects)
    let rows = try #require(try JSON.parse(rejects).array)
    #expect(rows.map { $0["reject_row"]?.string } == ["1", "3", "4", "5"])
    #expect(
      rows.map { $0["reject_code"]?.string } == [
        "ingest.nested_value", "ingest.bad_json", "ingest.duplicate_recipient", "ingest.duplicate_recipient",
      ])
    #expect(
      rows[0]["Address"]?.string == wallet(1) && rows[0]["kyc"]?.bool == true && rows[0]["x"]?["y"]?.number == "1")
    #expect(rows[1]["address"] == nil && rows[2]["tag"]?.string == "t" && rows[3]["amount"]?.string == "2")
  }

  @Test func `JSON Lines rejects are lines`() throws {
    let desk = try IngestDesk()
    let bad = #"{"address":"nobody","amount":"1"}"#
    let result = try desk.load("\(bad)\n{\"address\":\"\(wallet(1))\",\"amount\":\"1\"}\n\(bad)\n", .jsonl)
    let lines = try #require(result.rejects).split(separator: "\n")
    #expect(try lines.map { try JSON.parse(String($0))["reject_row"]?.string } == ["1", "3"])
    // Mended lines load as they are.
    let mended = lines.enumerated().map { $1.replacing("nobody", with: wallet($0 + 5)) }.joined(separator: "\n")
    #expect(try desk.load(mended, .jsonl).report.summary.accepted == 2)
  }
}
