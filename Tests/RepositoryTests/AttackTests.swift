import Foundation
import Testing

/// docs/internals/attacks.md says which test tries which attack: it must be true.
@Suite("The list of attacks")
struct AttackTests {
  /// What issue and specification name; each has a row of its own.
  static let wanted = [
    "forged approver", "replayed approval", "changed batch after approval", "token of another scope", "expired session",
    "stolen session", "reuse of a one-time code", "race of two approvals", "approval against a change of content",
    "clock that goes back", "injection in a text field", "screening provider that lies",
    "screening provider that stalls", "signer asked twice for one nonce", "other chain",
  ]

  static func rows() throws -> [(attack: String, tests: [(suite: String, name: String)])] {
    try Repository.file("docs/internals/attacks.md").lines.compactMap { line in
      let cells = line.split(separator: "|", omittingEmptySubsequences: false).map {
        $0.trimmingCharacters(in: .whitespaces)
      }
      guard cells.count == 4, cells[2].contains("Tests`:") else { return nil }
      let tests = cells[2].components(separatedBy: "<br>").compactMap { text -> (String, String)? in
        text.firstMatch(of: /^`(\w+Tests)`: (.+)$/).map { (String($0.1), String($0.2)) }
      }
      #expect(tests.count == cells[2].components(separatedBy: "<br>").count, "\(cells[1])")
      return (cells[1], tests)
    }
  }

  @Test func `every attack of the list has its row`() throws {
    let attacks = try Self.rows().map(\.attack)
    #expect(Set(attacks).count == attacks.count)
    for attack in Self.wanted { #expect(attacks.contains(attack), "\(attack)") }
  }

  @Test func `every test that is named exists`() throws {
    let files = Dictionary(
      grouping: try Repository.files(in: "Tests", endings: "Tests.swift"),
      by: { $0.path.split(separator: "/").last.map { String($0.dropLast(6)) } ?? "" })
    let rows = try Self.rows()
    #expect(rows.count >= Self.wanted.count)
    for (attack, tests) in rows {
      #expect(!tests.isEmpty, "\(attack)")
      for test in tests {
        let found = files[test.suite]?.contains { $0.text.contains("func `\(test.name)`(") } == true
        #expect(found, "\(attack): \(test.suite) has no test `\(test.name)`")
      }
    }
  }
}
