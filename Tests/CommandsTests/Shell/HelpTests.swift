@testable import Commands
import Terminal
import Testing

@Suite("Help")
struct HelpTests {
  @Test(arguments: Catalogue.all.map { $0.path.joined(separator: " ") })
  func `every command's help names it, opens with its example, and explains every option`(path: String) throws {
    let command = try #require(Catalogue.all.first { $0.path.joined(separator: " ") == path })
    let run = Commands.Shell.run(
      command.path + ["--help"], program: "almoner", false,
      Terminal(isJSON: false, isInteractive: false, usesColour: false, sink: Collected()), [:])
    #expect(run == .success)
    let lines = command.help(program: "almoner").split(separator: "\n").map(String.init)
    #expect(lines.first == "\(command.summary).")
    #expect(lines.dropFirst().first == "  \(command.example)")
    let program = command.line == .airdrop ? "airdrop" : "almoner"
    #expect(command.example.hasPrefix("\(program) \(path)"))
    #expect(!command.summary.isEmpty && !command.summary.hasSuffix("."))
    for option in command.options + CommandSpec.global {
      #expect(!option.help.isEmpty)
      #expect(lines.contains { $0.contains("--\(option.name)") && $0.contains(option.help) }, "--\(option.name)")
    }
  }

  @Test(arguments: Catalogue.all.map { $0.path.joined(separator: " ") })
  func `every command's example is a line that its own parser takes`(path: String) throws {
    let command = try #require(Catalogue.all.first { $0.path.joined(separator: " ") == path })
    let words = command.example.split { $0 == " " || $0 == ">" }.map(String.init)
    let isRedirected = command.example.contains(">")
    let line = words.dropFirst(1 + command.path.count).dropLast(isRedirected ? 1 : 0)
    #expect(throws: Never.self) { try command.parse(Array(line)) }
  }

  @Test func `no command stands twice, and none is hidden by a shorter one`() {
    let paths = Catalogue.all.map(\.path)
    #expect(Set(paths).count == paths.count)
    for path in paths { #expect(!paths.contains { $0.count < path.count && path.starts(with: $0) }, "\(path)") }
  }

  @Test func `called as airdrop, the airdrop and common commands are there and no other`() {
    let help = shell("--help", as: "airdrop").out
    #expect(help.contains("  run "))
    #expect(help.contains("  audit verify "))
    #expect(!help.contains("demo"))
    #expect(shell("demo", as: "airdrop").status == .usage)
    #expect(shell("--help").out.contains("  airdrop run "))
  }

  @Test func `nothing at all is a usage error with the help, an unknown word gets the nearest`() {
    let empty = shell()
    #expect(empty.status == .usage && empty.out.contains("Commands:"))
    let near = shell("recipiens", "ingest")
    #expect(near.status == .usage && near.error.contains("did you mean recipients?"))
    let group = shell("campaigns")
    #expect(group.status == .usage && group.error.contains("campaigns create"))
  }

  @Test func `the version is told`() {
    #expect(shell("--version").out == "almoner \(App.version)\n")
  }
}
