import Codecs
import Foundation
import Testing

@Suite("Bad recipients files, with the real binary")
struct RecipientFileTests {
  /// A file and how the program must refuse it.
  struct Case: Sendable, CustomTestStringConvertible {
    let name: String
    let code: String
    let exit: Int32
    let data: Data
    let file: String
    var testDescription: String { name }

    init(_ name: String, _ code: String, exit: Int32 = 65, file: String = "in.csv", _ data: Data) {
      self.name = name
      self.code = code
      self.exit = exit
      self.data = data
      self.file = file
    }
    init(_ name: String, _ code: String, exit: Int32 = 65, file: String = "in.csv", _ text: String) {
      self.init(name, code, exit: exit, file: file, Data(text.utf8))
    }
  }

  static let good = Recipient.text(1)
  static let past = "115792089237316195423570985008687907853269984665640564039457584007913129639936"
  static let half = "57896044618658097711785492504343953926634992332820282019728792003956564819968"

  /// The whole file is refused.
  static let files: [Case] = [
    Case("an empty file", "ingest.empty_file", ""),
    Case("a header and nothing else", "ingest.no_rows", "address,amount\n"),
    Case("UTF-16", "ingest.wrong_encoding", Data([0xff, 0xfe]) + Data("a\0d\0".utf8)),
    Case("no address column", "ingest.missing_column", "wallet,amount\n\(good),1\n"),
    Case("no header", "ingest.missing_column", "\(good),1\n\(Recipient.text(2)),2\n"),
    Case("two columns of one name", "ingest.duplicate_column", "address,amount,Amount\n\(good),1,2\n"),
    Case("a column without a name", "ingest.bad_header", "address,amount,\n\(good),1,\n"),
    Case(
      "ten million columns", "ingest.bad_header",
      Data("address,amount".utf8) + Data(repeating: UInt8(ascii: ","), count: 10_000_000)),
    Case(
      "ten thousand columns", "ingest.too_many_columns",
      (["address,amount"] + (0..<10_000).map { "c\($0)" }).joined(separator: ",") + "\n\(good),1\n"),
    Case("a quote that never closes", "ingest.unterminated_quote", "address,amount\n\"\(good),1\n"),
    Case("broken JSON", "ingest.broken_json", file: "in.json", "[{\"address\": \"\(good)\", \"amount\": "),
    Case(
      "a sum past 256 bits", "ingest.total_overflow", "address,amount\n\(good),\(half)\n\(Recipient.text(2)),\(half)\n"),
    Case("an unknown format", "command.usage", exit: 64, file: "in.txt", "address,amount\n\(good),1\n"),
  ]

  /// One row of two is refused.
  static let rows: [Case] = [
    Case("a wrong checksum", "ingest.bad_checksum", row("0x5aaeb6053F3E94C9b9A09f33669435E7Ef1BeAed,1")),
    Case("the zero address", "ingest.zero_address", row("0x0000000000000000000000000000000000000000,1")),
    Case("half an address", "ingest.bad_address", row("0x1234,1")),
    Case("an amount past 256 bits", "ingest.amount_too_large", row("\(Recipient.text(2)),\(past)")),
    Case("a negative amount", "ingest.signed_amount", row("\(Recipient.text(2)),-1")),
    Case("an amount of nothing", "ingest.zero_amount", row("\(Recipient.text(2)),0")),
    Case("an exponent", "ingest.exponent_amount", row("\(Recipient.text(2)),1e9")),
    Case("a fraction of base units", "ingest.fractional_amount", row("\(Recipient.text(2)),1.5")),
    Case("thousands", "ingest.separated_amount", row("\(Recipient.text(2)),\"1,000\"")),
    Case("a missing amount", "ingest.missing_value", row("\(Recipient.text(2)),")),
    Case("a field too few", "ingest.column_count", row(Recipient.text(2))),
    Case("the same recipient again", "ingest.duplicate_recipient", row("\(good),5")),
    Case("a zero byte", "ingest.zero_byte", row("\(Recipient.text(2)),1\0")),
    Case(
      "Latin-1", "ingest.not_utf8",
      Data("address,amount,name\n\(good),1,a\n\(Recipient.text(2)),1,".utf8) + Data([0xe9, 0x0a])),
    Case(
      "a field of 100 kB", "ingest.field_too_large",
      "address,amount,name\n\(good),1,a\n\(Recipient.text(2)),1,\(String(repeating: "x", count: 100_000))\n"),
    Case(
      "a row of 2 MB", "ingest.row_too_large",
      "address,amount,name\n\(good),1,a\n\(Recipient.text(2)),1,\"\(String(repeating: "x,", count: 1_000_000))\"\n"),
  ]

  private static func row(_ bad: String) -> String { "address,amount\n\(good),1\n\(bad)\n" }

  private func desk() throws -> Desk {
    let desk = try Desk()
    try desk("campaigns", "create", "--name", "Q4", "--chain", "evm").succeeded()
    return desk
  }

  @Test(arguments: files)
  func `a file that cannot be a recipients file is refused whole, with its code`(bad: Case) throws {
    let desk = try desk()
    let path = try desk.scratch.write(bad.data, to: bad.file)
    let run = try desk("recipients", "ingest", "--campaign", "Q4", "--file", path, "--json")
    #expect(run.code == bad.code)
    #expect(run.status == bad.exit)
    #expect(run.out.split(separator: "\n").count == 1)
    #expect(try desk.counts("Q4").isEmpty)
    // The same complaint for people: with a hint, and nothing that a terminal would obey.
    let told = try desk("recipients", "ingest", "--campaign", "Q4", "--file", path)
    #expect(told.code == bad.code && told.out.isEmpty)
    #expect(OutputTests.isTame(told.error, newlines: true))
  }

  @Test(arguments: rows)
  func `a bad row is set aside with its code, and stops everything under --strict`(bad: Case) throws {
    let desk = try desk()
    let path = try desk.scratch.write(bad.data, to: bad.file)
    let strict = try desk("recipients", "ingest", "--campaign", "Q4", "--file", path, "--strict", "--json")
    #expect(strict.status == 65)
    #expect(try strict.events.last?["outcome"]?.string == "refused")

    let run = try desk("recipients", "ingest", "--campaign", "Q4", "--file", path, "--json")
    let event = try #require(try run.events(named: "ingested").first)
    let faults = event["faults"]?.array?.compactMap { $0["code"]?.string }
    #expect(faults == [bad.code])
    // A recipient who stands there twice is not paid at all: which of the two is meant, nobody knows.
    let accepted = bad.code == "ingest.duplicate_recipient" ? 0 : 1
    #expect(event["accepted"]?.uint64 == UInt64(accepted))
    #expect(run.status == (accepted == 0 ? 65 : 0))
    #expect(try desk.scratch.read("in.csv.rejects").contains(bad.code))
  }

  @Test func `a file that is not there or a folder is an input that cannot be read`() throws {
    let desk = try desk()
    for path in [desk.scratch("nothing.csv"), desk.scratch.path + "/folder.csv"] {
      if path.hasSuffix("folder.csv") {
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
      }
      let run = try desk("recipients", "ingest", "--campaign", "Q4", "--file", path)
      #expect(run.code == "ingest.unreadable")
      #expect(run.status == 66)
    }
  }

  @Test func `the same file again, standard input and a stranger's escape sequences`() throws {
    let desk = try desk()
    let path = try desk.scratch.write(Recipient.file([1, 2, 3]), to: "good.csv")
    #expect(try desk("recipients", "ingest", "--campaign", "Q4", "--file", path).status == 0)
    let again = try desk("recipients", "ingest", "--campaign", "Q4", "--file", path, "--json")
    #expect(again.status == 0)
    #expect(try again.events.last?["outcome"]?.string == "already_loaded")
    #expect(try desk.counts("Q4") == ["queued": 3])

    let hostile = "address,amount,payout_id,note\n\(Recipient.text(4)),1,id-\u{202e}4,\"\u{1b}[2J\u{1b}]0;x\u{7}\"\n"
    let piped = try desk.run(
      [
        "airdrop", "recipients", "ingest", "--campaign", "Q4", "--file", "-", "--format", "csv", "--rejects",
        desk.scratch("r"),
      ],
      input: hostile)
    _ = piped
    for line in [
      ["airdrop", "payouts", "list", "--campaign", "Q4"], ["airdrop", "payouts", "list", "--campaign", "Q4", "--json"],
      ["export", "--dataset", "recipients"], ["export", "--dataset", "recipients", "--json"],
      ["airdrop", "payouts", "status", "--payout-id", "\u{1b}[31mnobody"],
      ["airdrop", "campaigns", "pause", "--campaign", "Q4", "--reason", "\u{1b}[2J\u{9b}31m"],
      ["airdrop", "campaigns", "show", "--campaign", "\u{1b}[2J"],
    ] {
      let shown = try desk.run(line)
      #expect(OutputTests.isTame(shown.out, newlines: true), "\(line)")
      #expect(OutputTests.isTame(shown.error, newlines: true), "\(line)")
    }
  }
}
