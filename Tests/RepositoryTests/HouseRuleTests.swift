import Foundation
import Testing

@Suite("House rules")
struct HouseRuleTests {
  static func sources() throws -> [Repository.File] { try Repository.sources.get() }

  /// Floating point in the core and the products, file by file, with the reason why it is never money.
  static let floatingPointAllowed: [String: String] = [:]

  @Test func `no floating point comes near money`() throws {
    let files = try Self.sources().filter {
      ($0.path.hasPrefix("Sources/Core/") || $0.path.hasPrefix("Sources/Products/"))
        && Self.floatingPointAllowed[$0.path] == nil
    }
    #expect(!files.isEmpty)
    let places = try Repository.places(
      of: #"\b(Double|Float|Float16|Float80|CGFloat|TimeInterval|Decimal)\b"#,
      words: ["Double", "Float", "TimeInterval", "Decimal"], in: files)
    #expect(places.isEmpty, "\(places.joined(separator: "\n"))")
  }

  @Test func `an allowance for floating point names a file that exists and uses it`() throws {
    for path in Self.floatingPointAllowed.keys {
      let places = try Repository.places(
        of: #"\b(Double|Float|TimeInterval)\b"#, words: ["Double", "Float", "TimeInterval"],
        in: [try Repository.file(path)])
      #expect(!places.isEmpty, "\(path) needs no allowance")
    }
  }

  @Test func `nothing is forced: no try!, as!, unwrapping with ! or fatalError`() throws {
    let places = try Repository.places(
      of: #"\btry!|\bas!|[\w\)\]\"]!(?![=\w])|\bfatalError\s*\(|\bunowned\(unsafe\)"#,
      words: ["!", "fatalError", "unowned"], in: Self.sources())
    #expect(places.isEmpty, "\(places.joined(separator: "\n"))")
  }

  @Test(
    arguments: [
      ("let a = b!", true), ("f()!.c", true), ("x[0]! + 1", true), ("try! f()", true), ("a as! B", true),
      ("var a: B!", true), ("fatalError()", true),
      ("a != b", false), ("if !a { }", false), ("a!=b", false), ("f(!b)", false), ("x = !y", false),
    ])
  func `the rule tells forcing from negation`(line: String, forced: Bool) throws {
    let rule = try Regex(#"\btry!|\bas!|[\w\)\]\"]!(?![=\w])|\bfatalError\s*\(|\bunowned\(unsafe\)"#)
    #expect(line.contains(rule) == forced)
  }

  @Test func `a type that is Sendable on our word says why just above`() throws {
    for file in try Self.sources() {
      let lines = file.lines
      for (index, line) in file.code.enumerated() where line.contains("@unchecked Sendable") {
        let above = lines[max(0, index - 8)...index].joined(separator: "\n")
        #expect(above.contains("//"), "\(file.path):\(index + 1): @unchecked Sendable without its proof")
      }
    }
  }

  @Test func `a file is one idea: at most 500 lines`() throws {
    let files = try ["Sources", "Tests", "Benchmarks"].flatMap { try Repository.files(in: $0, endings: ".swift") }
    for file in files { #expect(file.lines.count <= 501, "\(file.path): \(file.lines.count - 1) lines") }
  }

  @Test func `no marker of unfinished work is left behind`() throws {
    // Spelled in halves, so that this file does not find itself.
    let words = [("TO", "DO"), ("FIX", "ME"), ("X", "XX"), ("HA", "CK"), ("WI", "P")].map { $0.0 + $0.1 }
    let markers = try Regex("\\b(\(words.joined(separator: "|")))\\b")
    var files = try ["Sources", "Tests", "Benchmarks", "docs", "models", "tools"].flatMap {
      try Repository.files(in: $0, endings: ".swift", ".md", ".sh", ".pml", ".py", ".vy", ".h", ".txt")
    }
    files += try ["Makefile", "Package.swift", "CHANGELOG.md", "CONTRIBUTING.md"].map(Repository.file)
    #expect(files.count > 20)
    for file in files where words.contains(where: file.text.contains) {
      for (number, line) in zip(1..., file.lines) where line.contains(markers) {
        Issue.record("\(file.path):\(number): \(line)")
      }
    }
  }

  @Test func `no folder is a leftover`() throws {
    for file in try Self.sources() {
      let folders = file.path.split(separator: "/").dropLast()
      #expect(!folders.contains { ["Utils", "Helpers", "Common", "Misc", "New"].contains($0) }, "\(file.path)")
    }
  }
}
