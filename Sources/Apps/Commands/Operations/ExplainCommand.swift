import Codecs
import Terminal

/// `ops explain CODE`: what an error code means and how a command ends with it.
enum ExplainCommand {
  static let all: [CommandSpec] = [
    CommandSpec(
      .desk, "ops explain", "Say what an error code means and what to do",
      example: "almoner ops explain rail.no_quorum", words: "CODE", run: explain)
  ]

  private static func explain(_ app: App) throws -> ExitStatus {
    guard let code = app.arguments.words.first else { throw CommandError(.usage, "which code?") }
    guard let meaning = ErrorMeanings.all[code] else {
      let near = Nearest.of(code, in: ErrorMeanings.all.keys.sorted()).map { "did you mean \($0)?" }
      throw CommandError(.usage, "\(code) is no error code", hint: near ?? "docs/errors.md lists them all")
    }
    let status = ExitStatus.of(code)
    app.tell(
      [
        "event": "error_code", "code": .string(code), "meaning": .string(meaning),
        "exit_code": .integer(status.rawValue),
      ],
      or: "\(code): \(meaning)\nEnds with \(status.rawValue): \(status.meaning)")
    return .success
  }
}

/// The table of docs/errors.md inside the program.
enum ErrorMeanings {
  static let all: [String: String] = {
    var meanings: [String: String] = [:]
    for line in (aToL + "\n" + mToZ).split(separator: "\n") {
      let parts = line.split(separator: " ", maxSplits: 1)
      if let code = parts.first, let meaning = parts.last { meanings[String(code)] = String(meaning) }
    }
    return meanings
  }()
}
