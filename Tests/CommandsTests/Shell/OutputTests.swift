import Codecs
@testable import Commands
import Terminal
import Testing

@Suite("Output")
struct OutputTests {
  /// What a hostile file, node or person may put into a text.
  static let hostile = [
    "\u{1b}[2J\u{1b}[H", "\u{1b}]0;title\u{7}", "a\rb", "a\u{8}b", "\u{9b}31m", "\u{202e}gpj", "\u{200b}", "\u{0}",
    "\u{1b}[31;999999999999m", "\u{1b}[", "\u{7f}", "\u{2066}x\u{2069}", "a\nb",
  ]

  private func terminal(json: Bool = false, colour: Bool = false) -> (Terminal, Collected) {
    let sink = Collected()
    return (Terminal(isJSON: json, isInteractive: true, usesColour: colour, sink: sink), sink)
  }

  /// Whether a text can move the cursor, hide or reorder what is shown.
  static func isTame(_ text: String, newlines: Bool = false) -> Bool {
    text.unicodeScalars.allSatisfy { scalar in
      switch scalar.value {
      case 0x0a: newlines
      case 0x00..<0x20, 0x7f..<0xa0, 0x200b...0x200f, 0x2028...0x202e, 0x2060...0x206f, 0xfeff: false
      default: true
      }
    }
  }

  @Test(arguments: hostile)
  func `foreign text reaches no stream raw`(text: String) {
    #expect(Self.isTame(Printable.foreign(text)))
    #expect(Self.isTame(Printable.line(text)))
    let (terminal, sink) = terminal()
    terminal.line(text)
    terminal.note(text)
    #expect(Self.isTame(sink.out, newlines: true) && Self.isTame(sink.error, newlines: true))
    var table = TextTable([("a", .left), ("b", .right)])
    table.add([text, text])
    #expect(Self.isTame(table.text, newlines: true))
    #expect(table.text.split(separator: "\n").count == 2)
  }

  @Test func `our own colours pass, in lines of ours only`() {
    let (terminal, sink) = terminal(colour: true)
    terminal.line(terminal.colour("done", .green))
    #expect(sink.out == "\u{1b}[32mdone\u{1b}[0m\n")
    #expect(!Printable.foreign("\u{1b}[32mdone\u{1b}[0m").contains("\u{1b}"))
  }

  @Test func `a table lines up what people see`() {
    var table = TextTable([("name", .left), ("units", .right)])
    table.add(["a", "100"])
    table.add(["longer", "7"])
    #expect(table.text == "name    units\na         100\nlonger      7")
  }

  @Test func `foreign text is cut to its limit`() {
    #expect(Printable.foreign(String(repeating: "x", count: 300)) == String(repeating: "x", count: 200) + "...")
  }

  @Test(arguments: ["=cmd|' /C calc'!A0", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1"])
  func `a cell that a spreadsheet would run gets a quote mark in front`(cell: String) {
    let (terminal, sink) = terminal()
    let writer = RowWriter(terminal: terminal, isCSV: true)
    writer.row([cell])
    let first = sink.out.drop { $0 == "\"" }.first
    #expect(first == "'")
  }

  @Test func `cells are quoted where RFC 4180 asks for it`() {
    let (terminal, sink) = terminal()
    let writer = RowWriter(terminal: terminal, isCSV: true)
    writer.header(["a", "b"])
    writer.row(["plain", "a,b"])
    writer.row(["say \"hi\"", "two\nlines"])
    writer.row(["", " edge "])
    #expect(sink.out == "a,b\nplain,\"a,b\"\n\"say \"\"hi\"\"\",\"two\nlines\"\n, edge \n")
  }

  @Test func `JSON rows have the columns as keys, and null for nothing`() throws {
    let (terminal, sink) = terminal(json: true)
    let writer = RowWriter(terminal: terminal, isCSV: false)
    writer.header(["a", "b"])
    writer.row(["=1\u{1b}[2J", ""])
    #expect(sink.out.split(separator: "\n").count == 1)
    let row = try JSON.parse(String(sink.out.dropLast()))
    #expect(row["a"]?.string == "=1\u{1b}[2J")
    #expect(row["b"] == .null)
    #expect(Self.isTame(sink.out, newlines: true))
  }

  @Test func `an error is one JSON line with its code, message and hint`() throws {
    for line in [["nonsense"], ["run"], ["run", "--campaign"], ["campaigns", "create", "--nmae", "x"]] {
      let sink = Collected()
      let terminal = Terminal(isJSON: true, isInteractive: false, usesColour: false, sink: sink)
      let status = Shell.run(line + ["--json"], program: "almoner", false, terminal, [:])
      #expect(status != .success)
      #expect(sink.error.isEmpty)
      let lines = sink.out.split(separator: "\n")
      try #require(lines.count == 1)
      let object = try JSON.parse(String(lines[0]))
      #expect(object["event"]?.string == "error")
      #expect(object["code"]?.string?.contains(".") == true)
      #expect(object["message"]?.string?.isEmpty == false)
    }
  }

  @Test func `the bar shows whole percents, and nothing without a person`() {
    let (terminal, sink) = terminal()
    var bar = ProgressBar(terminal, "Q4\u{1b}[2J")
    bar.show(1, of: 3, "one")
    bar.show(1, of: 3, "again")
    bar.show(Int64.max, of: 3, "past the end")
    bar.finish()
    #expect(sink.error.contains("33%") && !sink.error.contains("again") && sink.error.contains("100%"))
    let quiet = Collected()
    var silent = ProgressBar(Terminal(isJSON: true, isInteractive: false, usesColour: false, sink: quiet), "Q4")
    silent.show(1, of: 2, "")
    silent.finish()
    #expect(quiet.error.isEmpty)
  }
}
