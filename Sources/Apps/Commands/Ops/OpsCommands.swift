import Codecs
import Foundation
import Operations
import Terminal

/// `ops`: what operators ask of the program itself.
enum OpsCommands {
  static let all: [CommandSpec] = [
    CommandSpec(
      .desk, "ops docs-check",
      "Compare names in documents, runbooks and alert rules with the program; ends 1 when one is wrong",
      example: "almoner ops docs-check --root .",
      [.value("root", "DIR", "folder with docs/ and deploy/; the current one unless given")], run: docsCheck)
  ]

  private static func docsCheck(_ app: App) throws -> ExitStatus {
    let root = app.arguments["root"] ?? "."
    let names = try DocumentNames(root: root)
    let findings = try names.findings() + RunbookNames.findings()
    for finding in findings {
      app.tell(
        [
          "event": "finding", "place": .string(finding.place), "name": .string(finding.name),
          "problem": .string(finding.problem),
        ],
        or: "\(finding.place): \(Printable.foreign(finding.name)): \(finding.problem)")
    }
    app.tell(
      ["event": "docs_check", "files": .integer(names.files.count), "findings": .integer(findings.count)],
      or: "\(names.files.count) files, \(ShippedRunbooks.files.count) runbooks: \(findings.count) findings")
    return findings.isEmpty ? .success : .findings
  }
}

/// A name that the program does not have.
struct NameFinding: Equatable {
  let place: String
  let name: String
  let problem: String
}

/// Whether a command line names a command of this program and options that it has.
enum CommandLineNames {
  /// What is wrong with the words after `almoner`; nil when nothing is. `{input}` and `$VAR` stand for values.
  static func problem(_ words: [String]) -> String? {
    let words = words.first == "airdrop" ? Array(words.dropFirst()) : words
    guard let first = words.first else { return nil }
    let found = Catalogue.all.filter { words.starts(with: $0.path) }.max { $0.path.count < $1.path.count }
    guard let command = found else {
      return Catalogue.all.contains { $0.path.first == first } ? "no such word after \(first)" : "no such command"
    }
    do throws(CommandError) { _ = try command.parse(Array(words.dropFirst(command.path.count))) } catch {
      return error.message
    }
    return nil
  }
}

/// Names in the shipped runbooks against the program.
enum RunbookNames {
  static func findings() throws(RunbookError) -> [NameFinding] {
    try ShippedRunbooks.all().flatMap(findings)
  }

  static func findings(_ book: Runbook) -> [NameFinding] {
    var found: [NameFinding] = []
    for (step, command) in book.commands {
      let place = "runbook \(book.name), step \(step)"
      if let problem = CommandLineNames.problem(command.words) {
        found.append(NameFinding(place: place, name: command.words.joined(separator: " "), problem: problem))
      }
      for exit in command.exits where !ExitStatus.allCases.contains(where: { $0.rawValue == exit }) {
        found.append(NameFinding(place: place, name: "exit \(exit)", problem: "no command ends so"))
      }
    }
    for step in book.steps {
      if let row = step.row, !JournalRow.types.contains(row) {
        found.append(
          NameFinding(place: "runbook \(book.name), step \(step.id)", name: row, problem: "no type of event"))
      }
      if let milestone = step.milestone, !ServiceLevel.milestones.contains(milestone) {
        found.append(
          NameFinding(place: "runbook \(book.name), step \(step.id)", name: milestone, problem: "no milestone"))
      }
    }
    return found
  }
}
