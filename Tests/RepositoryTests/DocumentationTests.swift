import Foundation
import Testing

@Suite("Documentation")
struct DocumentationTests {
  /// Codes of every `enum Code: String` and `enum FailureReason: String` in the sources, with the file they stand in.
  static func errorCodes() throws -> [(code: String, file: String)] {
    var found: [(String, String)] = []
    for file in try Repository.sources.get() {
      guard file.text.contains("enum Code") || file.text.contains("enum FailureReason") else { continue }
      var inside = false
      for line in file.lines {
        if line.contains("enum"), line.contains(/\benum (?:Code|FailureReason)\s*:\s*String\b/) { inside = true }
        if inside, line.contains("case"), let match = line.firstMatch(of: /^\s*case\s+`?\w+`?\s*=\s*"([^"]+)"/) {
          found.append((String(match.1), file.path))
        }
        if inside, line.contains(/^\s*\}/) { inside = false }
      }
    }
    return found
  }

  /// Code -> meaning, from the table rows of docs/errors.md.
  static func documentedCodes() throws -> [(code: String, meaning: String)] {
    try Repository.file("docs/errors.md").lines.compactMap { line in
      line.firstMatch(of: /^\| `([a-z0-9_.]+)` \|([^|]*)\|/).map {
        (String($0.1), $0.2.trimmingCharacters(in: .whitespaces))
      }
    }
  }

  @Test func `every error code is area.reason and belongs to one place`() throws {
    let codes = try Self.errorCodes()
    #expect(!codes.isEmpty)
    for (code, file) in codes {
      #expect(code.contains(/^[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*$/), "\(file): \(code)")
    }
    let places = Dictionary(grouping: codes, by: \.code).filter { $0.value.count > 1 }
    #expect(places.isEmpty, "declared twice: \(places)")
  }

  @Test func `docs/errors.md lists every error code, each with its meaning, and no other`() throws {
    let codes = Set(try Self.errorCodes().map(\.code))
    let rows = try Self.documentedCodes()
    let documented = Set(rows.map(\.code))
    #expect(rows.count == documented.count, "a code stands twice in docs/errors.md")
    #expect(
      codes.subtracting(documented).isEmpty, "run tools/errors.sh; missing: \(codes.subtracting(documented).sorted())")
    #expect(documented.subtracting(codes).isEmpty, "not in the sources: \(documented.subtracting(codes).sorted())")
    let silent = rows.filter(\.meaning.isEmpty).map(\.code)
    #expect(silent.isEmpty, "no meaning in docs/errors.md: \(silent)")
  }

  @Test func `docs/reference/settings.md names every setting that the sources read`() throws {
    let documented = Set(
      try Repository.file("docs/reference/settings.md").text.matches(of: /`(AM_[A-Z0-9_]+)`/).map { String($0.1) })
    #expect(documented.count > 10)
    for file in try Repository.sources.get() {
      guard file.text.contains("AM_") else { continue }
      for match in file.text.matches(of: /\bAM_[A-Z0-9_]+\b/) where !match.0.hasSuffix("_") {
        #expect(documented.contains(String(match.0)), "\(file.path): \(match.0)")
      }
    }
  }

  @Test func `the change log opens with what is not released yet`() throws {
    let headings = try Repository.file("CHANGELOG.md").lines.filter { $0.hasPrefix("## ") }
    #expect(headings.first == "## Unreleased")
  }

  @Test func `every relative link in the documents leads to a file`() throws {
    var files = try ["docs", "models", "tools", "Tests/Vectors"].flatMap {
      try Repository.files(in: $0, endings: ".md")
    }
    for path in ["README.md", "CHANGELOG.md", "CONTRIBUTING.md"] where Repository.exists(path) {
      files.append(try Repository.file(path))
    }
    #expect(files.count > 8)
    for file in files {
      for match in file.text.matches(of: /\]\(([^)#\s]+)(?:#[^)]*)?\)/) {
        let link = String(match.1)
        guard !link.contains("://"), !link.hasPrefix("mailto:") else { continue }
        #expect(Repository.exists(Self.resolve(link, from: file.path)), "\(file.path): \(link)")
      }
    }
  }

  @Test func `every page of docs is reached by links from docs/README.md`() throws {
    let pages = Dictionary(uniqueKeysWithValues: try Repository.files(in: "docs", endings: ".md").map { ($0.path, $0) })
    var reached: Set<String> = []
    var next = ["docs/README.md"]
    while let path = next.popLast() {
      guard let page = pages[path], reached.insert(path).inserted else { continue }
      next += page.text.matches(of: /\]\(([^)#\s]+)(?:#[^)]*)?\)/).map { Self.resolve(String($0.1), from: path) }
    }
    #expect(reached.count > 10)
    #expect(Set(pages.keys).subtracting(reached).isEmpty, "\(Set(pages.keys).subtracting(reached).sorted())")
  }

  /// A link's target as a path from the root.
  static func resolve(_ link: String, from page: String) -> String {
    var parts = page.split(separator: "/").dropLast().map(String.init)
    for part in link.split(separator: "/") {
      switch part {
      case ".": continue
      case "..": if parts.isEmpty { return "outside of the repository" } else { parts.removeLast() }
      default: parts.append(String(part))
      }
    }
    return parts.joined(separator: "/")
  }

  @Test func `decisions are numbered without a gap, and each says its status, choice and cost`() throws {
    let records = try Repository.files(in: "docs/adr", endings: ".md").filter { !$0.path.hasSuffix("README.md") }
    #expect(records.count >= 7)
    for (index, record) in records.enumerated() {
      let number = String(format: "%04d", index + 1)
      #expect(record.path.hasPrefix("docs/adr/\(number)-"), "\(record.path)")
      #expect(record.text.hasPrefix("# \(number) "), "\(record.path)")
      for heading in ["Status:", "## Choice", "## Alternatives", "## Cost"] {
        #expect(record.text.contains(heading), "\(record.path): \(heading)")
      }
    }
  }
}
