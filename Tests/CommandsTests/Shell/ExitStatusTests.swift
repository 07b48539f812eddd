@testable import Commands
import Foundation
import Testing

@Suite("Exit codes")
struct ExitStatusTests {
  static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()

  /// Codes of every `enum Code: String` and `enum FailureReason: String` in the sources.
  static func errorCodes() throws -> Set<String> { try scanned.get() }
  private static let scanned = Result { try scan() }

  private static func scan() throws -> Set<String> {
    var found: Set<String> = []
    let sources = root.appending(path: "Sources")
    guard let walk = FileManager.default.enumerator(atPath: sources.path) else { return [] }
    for case let name as String in walk where name.hasSuffix(".swift") {
      let text = try String(contentsOf: sources.appending(path: name), encoding: .utf8)
      guard text.contains("enum Code") || text.contains("enum FailureReason") else { continue }
      var inside = false
      for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
        if line.contains("enum"), line.contains(/\benum (?:Code|FailureReason)\s*:\s*String\b/) { inside = true }
        if inside, line.contains("case"), let match = line.firstMatch(of: /^\s*case\s+`?\w+`?\s*=\s*"([^"]+)"/) {
          found.insert(String(match.1))
        }
        if inside, line.contains(/^\s*\}/) { inside = false }
      }
    }
    return found
  }

  @Test func `every error code of the sources has an exit code`() throws {
    let codes = try Self.errorCodes()
    #expect(codes.count > 100)
    let unknown = codes.filter { !ExitStatus.knows($0) }.sorted()
    #expect(unknown.isEmpty, "not in the table of ExitStatus: \(unknown)")
  }

  @Test func `every exact code in the table is one that the sources have`() throws {
    let codes = try Self.errorCodes()
    let invented = ExitStatus.table.map(\.code).filter { !$0.hasSuffix(".*") && !codes.contains($0) }
    #expect(invented.isEmpty, "in the table of ExitStatus only: \(invented)")
  }

  @Test func `every area in the table is one that the sources have`() throws {
    let areas = Set(try Self.errorCodes().map { $0.prefix { $0 != "." } })
    let invented = ExitStatus.table.map(\.code).filter { $0.hasSuffix(".*") && !areas.contains($0.dropLast(2)) }
    #expect(invented.isEmpty, "in the table of ExitStatus only: \(invented)")
  }

  @Test func `a store error that stops a run at once is one that exists`() throws {
    let codes = try Self.errorCodes()
    for code in Runner.hopeless {
      #expect(codes.contains { $0.hasPrefix(code) }, "\(code) is no error code")
    }
  }

  @Test func `each number has one name and one sentence`() {
    #expect(Set(ExitStatus.allCases.map(\.meaning)).count == ExitStatus.allCases.count)
    #expect(ExitStatus.of("store.full") == .ioError)
    #expect(ExitStatus.of("ingest.spill_full") == .ioError)
    #expect(ExitStatus.of("command.incomplete") == .again)
    #expect(ExitStatus.of("nobody.knows") == .software)
  }

  @Test(arguments: ["cli", "settings", "exit-codes", "permissions"])
  func `the reference pages are what the program prints`(page: String) throws {
    let file = try String(contentsOf: Self.root.appending(path: "docs/reference/\(page).md"), encoding: .utf8)
    let made = try #require(ReferenceCommands.page(page))
    #expect(file == made + "\n", "run: almoner reference --page \(page) > docs/reference/\(page).md")
  }
}
