@testable import Commands
import Testing

@Suite("Arguments")
struct ArgumentsTests {
  private func parse(_ line: String..., words: Int = 0) throws(CommandError) -> Arguments {
    try Arguments(
      line, options: ["name", "file", "max-batch"], optional: ["dry-run"], flags: ["yes", "json"], words: words)
  }

  private func refusal(_ line: String..., words: Int = 0) -> CommandError? {
    do throws(CommandError) {
      _ = try Arguments(
        line, options: ["name", "file", "max-batch"], optional: ["dry-run"], flags: ["yes", "json"], words: words)
      return nil
    } catch {
      return error
    }
  }

  @Test func `a value follows its option, or an equals sign`() throws {
    let arguments = try parse("--name", "Q4", "--file=a=b.csv", "--yes")
    #expect(arguments["name"] == "Q4")
    #expect(arguments["file"] == "a=b.csv")
    #expect(arguments.has("yes"))
    #expect(!arguments.has("json"))
  }

  @Test func `a value may look like an option, since its option asked for one`() throws {
    #expect(try parse("--name", "--yes")["name"] == "--yes")
    #expect(try parse("--name=")["name"] == "")
  }

  @Test func `an option with an optional value takes it after an equals sign only`() throws {
    #expect(try parse("--dry-run").has("dry-run"))
    let signing = try parse("--dry-run=sign")
    #expect(signing["dry-run"] == "sign")
    #expect(!signing.has("dry-run"))
    #expect(refusal("--dry-run", "sign")?.code == .usage)
    #expect(refusal("--dry-run", "--dry-run=sign")?.message == "--dry-run is given twice")
    #expect(refusal("--dry-run=sign", "--dry-run")?.message == "--dry-run is given twice")
  }

  @Test(arguments: [
    ("--nmae", "--name"), ("--max-bach", "--max-batch"), ("--fiel=x", "--file"), ("--dryrun", "--dry-run"),
  ])
  func `an unknown option is refused with the nearest one`(word: String, near: String) {
    let error = refusal(word, "x")
    #expect(error?.code == .usage)
    #expect(error?.message.contains(word) == true)
    #expect(error?.hint == "did you mean \(near)?")
  }

  @Test(arguments: ["-n", "-yes", "--", "-"])
  func `a word with one dash is no option, two alone end the options`(word: String) {
    switch word {
    case "--": #expect(refusal(word) == nil)
    // A single dash is a word: standard input in many programs.
    case "-": #expect(refusal(word, words: 1) == nil)
    default: #expect(refusal(word)?.code == .usage)
    }
  }

  @Test func `words after two dashes are words, whatever they look like`() throws {
    #expect(try parse("--", "--name", words: 1).words == ["--name"])
  }

  @Test func `a missing value, a value twice, a value for a flag and a word too many are refused`() {
    #expect(refusal("--name")?.message == "--name needs a value")
    #expect(refusal("--name", "a", "--name=b")?.message == "--name is given twice")
    #expect(refusal("--yes=no")?.code == .usage)
    #expect(refusal("one")?.message.contains("one word too many") == true)
  }

  @Test(arguments: ["0", "11", "-1", "1.0", " 5", "5 ", "+5", "05", "five", "99999999999999999999", ""])
  func `a number is whole, plain and in its range`(text: String) throws {
    let arguments = try parse("--max-batch=\(text)")
    #expect(throws: CommandError.self) { try arguments.number("max-batch", in: 1...10) }
  }

  @Test func `a needed option that is absent or empty is named`() throws {
    #expect(throws: CommandError(.usage, "--name is needed")) { try parse("--yes").required("name") }
    #expect(throws: CommandError(.usage, "--name is needed")) { try parse("--name=").required("name") }
  }
}
