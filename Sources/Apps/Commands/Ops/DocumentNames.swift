import Codecs
import Foundation
import Operations

/// Commands, settings, error codes and metrics that documents and alert rules name.
struct DocumentNames {
  struct File {
    let path: String
    let text: String
  }
  let files: [File]
  private let errorCodes: Set<String>

  /// Reads the Markdown of `docs`, README.md, and what lies in `deploy`. Throws `command.cannot_read`.
  init(root: String) throws {
    let base = URL(fileURLWithPath: root, isDirectory: true)
    var found: [File] = []
    for folder in ["docs", "deploy"] {
      guard let walk = FileManager.default.enumerator(atPath: base.appendingPathComponent(folder).path) else {
        continue
      }
      for case let name as String in walk where DocumentNames.isText(name) {
        let path = base.appendingPathComponent(folder).appendingPathComponent(name).path
        if let text = try? String(contentsOfFile: path, encoding: .utf8) {
          found.append(File(path: "\(folder)/\(name)", text: text))
        }
      }
    }
    for name in ["README.md"] {
      if let text = try? String(contentsOfFile: base.appendingPathComponent(name).path, encoding: .utf8) {
        found.append(File(path: name, text: text))
      }
    }
    guard let errors = found.first(where: { $0.path == "docs/errors.md" }) else {
      throw CommandError(
        .cannotRead, "there is no docs/errors.md in \(root)", hint: "--root names the folder of the sources")
    }
    files = found.sorted { $0.path < $1.path }
    errorCodes = Set(errors.text.matches(of: /(?m)^\| `([a-z0-9_.]+)` \|/).map { String($0.1) })
  }

  private static func isText(_ name: String) -> Bool {
    [".md", ".yml", ".yaml", ".service", ".timer", ".cron", ".example", ".sh", ".j2", ".conf"].contains {
      name.hasSuffix($0)
    }
  }

  func findings() -> [NameFinding] { files.flatMap(findings) }

  func findings(_ file: File) -> [NameFinding] {
    var found: [NameFinding] = []
    for (number, line) in zip(1..., file.text.split(separator: "\n", omittingEmptySubsequences: false)) {
      let place = "\(file.path):\(number)"
      for name in line.matches(of: /\bAM_[A-Z0-9_]+\b/).map({ String($0.0) })
      where !name.hasSuffix("_") && name != "AM_CONFIG" && !SettingSpec.all.contains(where: { $0.name == name }) {
        found.append(NameFinding(place: place, name: name, problem: "no such setting"))
      }
      if file.path.hasSuffix(".md") { found += codes(String(line), place) }
      found += commands(String(line), place, isMarkdown: file.path.hasSuffix(".md"))
      if file.path.hasPrefix("deploy/prometheus/") { found += metrics(String(line), place) }
    }
    return found
  }

  /// `area.reason` between backticks, where the area is one of ours.
  private func codes(_ line: String, _ place: String) -> [NameFinding] {
    let areas = Set(errorCodes.map { $0.prefix { $0 != "." } })
    return line.matches(of: /`([a-z0-9]+)\.([a-z0-9_]+)`/).compactMap { match in
      let code = "\(match.1).\(match.2)"
      let isEvent = DocumentNames.eventAreas.contains(String(match.1))
      let isFile = code.hasSuffix(".md") || code.hasSuffix(".json")
      guard areas.contains(match.1), !isEvent, !isFile, !errorCodes.contains(code) else { return nil }
      return NameFinding(place: place, name: code, problem: "no such error code")
    }
  }
  /// Areas whose words are events or facts as well: a code cannot be told from them.
  private static let eventAreas: Set<String> = [
    "campaign", "payout", "chain", "lane", "audit", "policy", "people", "kyc", "ip", "transaction", "record", "lists",
    "store",
    "signing", "address", "runbook", "incident", "lottery", "secrets", "rail", "money", "file",
  ]

  // MARK: Commands

  private func commands(_ line: String, _ place: String, isMarkdown: Bool) -> [NameFinding] {
    var lines: [String] = []
    if isMarkdown {
      lines += line.matches(of: /`((?:almoner|airdrop) [^`]+)`/).map { String($0.1) }
      if line.contains(/^ {0,4}(?:\$ )?(?:almoner|airdrop) [a-z]/) {
        lines.append(line.trimmingCharacters(in: .whitespaces))
      }
    } else if let start = line.firstRange(of: /(?:\/|: )almoner [a-z]/) {
      // A program by its path, or the value of a key; `almoner` alone is also a user of the machine.
      lines.append(String(line[start.lowerBound...].drop { "/: ".contains($0) }))
    }
    return lines.compactMap { text in
      guard let words = DocumentNames.words(text), let problem = CommandLineNames.problem(words) else { return nil }
      return NameFinding(place: place, name: text, problem: problem)
    }
  }

  /// The words after the program's name, as far as they are names; nil for a line that is none, such as `almoner ...`.
  private static func words(_ text: String) -> [String]? {
    var line = text
    for mark in [" #", " |", " >", " 2>", " &&", " ;", " \\", "  # "] {
      if let cut = line.range(of: mark) { line = String(line[..<cut.lowerBound]) }
    }
    var words = line.split(separator: " ").map(String.init)
    guard words.first == "almoner" || words.first == "airdrop" else { return nil }
    words.removeFirst()
    if words.first == "airdrop" { words.removeFirst() }
    guard let first = words.first, first.first?.isLowercase == true, first != "help" else { return nil }
    if let end = words.firstIndex(where: { $0 == "..." || $0 == "…" || $0.hasSuffix("...") }) {
      // An example that leaves the rest out: its options are checked as far as they stand there.
      let stub = Array(words[..<end])
      let paths = Catalogue.all.map(\.path)
      return paths.contains { stub.starts(with: $0) || $0.starts(with: stub) } ? nil : stub
    }
    if words.count == 1, Catalogue.all.contains(where: { $0.path.first == first && $0.path.count > 1 }) { return nil }
    return joined(words)
  }

  /// Words that a quote or `$(` holds together are one.
  private static func joined(_ words: [String]) -> [String] {
    var out: [String] = []
    var isOpen = false
    for word in words {
      if isOpen { out[out.count - 1] += " " + word } else { out.append(word) }
      let isOdd = word.count { $0 == "\"" || $0 == "'" } % 2 == 1
      if isOdd || word.contains("$(") != word.contains(")") { isOpen.toggle() }
    }
    return out
  }

  // MARK: Metrics

  private func metrics(_ line: String, _ place: String) -> [NameFinding] {
    line.matches(of: /\b(?:supra_dvrf|lottery|almoner)_[a-z0-9_]+\b/).compactMap { match in
      let name = String(match.0)
      guard name != "lottery_id", MetricName.named(name) == nil else { return nil }
      return NameFinding(place: place, name: name, problem: "no such metric")
    }
  }
}
