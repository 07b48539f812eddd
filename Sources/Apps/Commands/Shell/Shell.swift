import Foundation
package import Terminal

/// From a command line to an exit status.
package enum Shell {
  /// Runs the program called by `arguments[0]`. Never throws and never traps on what a user types.
  package static func main(_ arguments: [String], environment: [String: String]) -> Int32 {
    StopSignal.ignoreBrokenStreams()
    let program = URL(fileURLWithPath: arguments.first ?? "almoner").lastPathComponent
    var line = Array(arguments.dropFirst())
    let isJSON = line.contains("--json")
    let terminal = Terminal(isJSON: isJSON, environment: environment)
    // The word may stand behind global options: almoner --dsn sqlite:q4.db airdrop run.
    let (leading, rest) = splitGlobals(line)
    let isAirdrop = program == "airdrop" || rest.first == "airdrop"
    if rest.first == "airdrop" { line = leading + rest.dropFirst() }
    let status = run(line, program: isAirdrop ? "airdrop" : program, isAirdrop, terminal, environment)
    guard status == .success, terminal.hasLostOutput else { return status.rawValue }
    let lost = CommandError(
      .cannotWrite, "the command did its work, but standard output took no more of its result",
      hint: "is the disk full? Run it again with its output elsewhere")
    return report(lost, terminal).rawValue
  }

  /// As `main`, with the streams given: what the tests call.
  package static func run(
    _ line: [String], program: String, _ isAirdrop: Bool, _ terminal: Terminal, _ environment: [String: String]
  ) -> ExitStatus {
    do {
      let (leading, rest) = splitGlobals(line)
      guard let first = rest.first, first != "--help", first != "help", first != "--version", first != "version" else {
        if rest.first == "--version" || rest.first == "version" {
          terminal.line("\(program) \(App.version)")
        } else {
          terminal.line(help(program, isAirdrop))
        }
        return rest.isEmpty ? .usage : .success
      }
      let commands = Catalogue.all.filter { !isAirdrop || $0.line != .desk }
      guard let command = commands.filter({ rest.starts(with: $0.path) }).max(by: { $0.path.count < $1.path.count })
      else { throw unknown(rest, commands) }
      let words = leading + rest.dropFirst(command.path.count)
      if words.contains("--help") {
        terminal.line(command.help(program: program))
        return .success
      }
      let arguments = try command.parse(words)
      let app = try App(arguments, terminal: terminal, environment: environment, program: program)
      return try command.run(try app.admitted(to: command))
    } catch {
      return report(error, terminal)
    }
  }

  /// Prints an error with its code and hint, and gives its exit status.
  static func report(_ error: any Error, _ terminal: Terminal) -> ExitStatus {
    terminal.clearStatus()
    let told = AnyFailure(error)
    if terminal.isJSON {
      terminal.line(told.json)
    } else {
      terminal.note("\(terminal.colour("error", .red)) \(told.code): \(Printable.foreign(told.message, most: 600))")
      if let hint = told.hint { terminal.note("  hint: \(Printable.foreign(hint, most: 600))") }
    }
    return ExitStatus.of(told.code)
  }

  /// Global options may stand before the command's words.
  private static func splitGlobals(_ line: [String]) -> (leading: [String], rest: [String]) {
    var leading: [String] = []
    var index = 0
    while index < line.count {
      let word = line[index]
      if word == "--json" || word.hasPrefix("--dsn=") || word.hasPrefix("--config=") {
        leading.append(word)
        index += 1
      } else if word == "--dsn" || word == "--config" {
        leading += line[index..<min(line.count, index + 2)]
        index += 2
      } else {
        break
      }
    }
    return (leading, index <= line.count ? Array(line.dropFirst(index)) : [])
  }

  private static func unknown(_ rest: [String], _ commands: [CommandSpec]) -> CommandError {
    let group = commands.filter { $0.path.first == rest.first }.map { $0.path.joined(separator: " ") }
    if !group.isEmpty {
      return CommandError(.usage, "\(rest[0]) needs a word more", hint: "one of: \(group.joined(separator: ", "))")
    }
    let near = Nearest.of(rest[0], in: Array(Set(commands.compactMap(\.path.first))).sorted())
    return CommandError(
      .usage, "\(rest[0]) is not a command", hint: near.map { "did you mean \($0)?" } ?? "see --help")
  }

  private static func help(_ program: String, _ isAirdrop: Bool) -> String {
    var out = [
      "\(program) \(App.version): pays many people exactly once, and proves it.", "",
      "  \(program) \(isAirdrop ? "" : "airdrop ")campaigns create --name Q4-Rewards --chain evm --token 0x...",
      "  \(program) \(isAirdrop ? "" : "airdrop ")recipients ingest --campaign Q4-Rewards --file recipients.csv",
      "  \(program) \(isAirdrop ? "" : "airdrop ")run --campaign Q4-Rewards", "", "Commands:",
    ]
    for command in Catalogue.all where !isAirdrop || command.line != .desk {
      let prefix = !isAirdrop && command.line == .airdrop ? "airdrop " : ""
      out.append("  " + (prefix + command.path.joined(separator: " ")).padded(to: 30) + command.summary)
    }
    out.append("")
    out.append("Every command takes --help. Settings are AM_* variables: \(program) config check explains them.")
    return out.joined(separator: "\n")
  }
}
