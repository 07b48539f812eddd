import Codecs
@testable import Commands
import Foundation
import Testing

@Suite("Explaining errors")
struct ExplainTests {
  @Test func `the program knows every code of the page, with the page's words`() throws {
    let page = try String(contentsOf: ExitStatusTests.root.appending(path: "docs/errors.md"), encoding: .utf8)
    var rows: [String: String] = [:]
    for line in page.split(separator: "\n") {
      guard let match = line.firstMatch(of: /^\| `([a-z0-9_.]+)` \| (.*) \|$/) else { continue }
      rows[String(match.1)] = String(match.2)
    }
    #expect(rows.count > 500)
    #expect(ErrorMeanings.all == rows, "run tools/errors.sh")
  }

  @Test func `a code is explained, a mistyped one gets the nearest`() throws {
    let known = shell("ops", "explain", "rail.no_quorum")
    #expect(known.status == .success && known.out.contains("rail.no_quorum: ") && known.out.contains("Ends with 69"))
    let json = try JSON.parse(shell("ops", "explain", "rail.no_quorum", "--json").out)
    #expect(json["exit_code"] == .integer(69))
    let unknown = shell("ops", "explain", "rail.no_quorom")
    #expect(unknown.status == .usage && unknown.error.contains("did you mean rail.no_quorum?"))
    #expect(shell("ops", "explain").status == .usage)
  }
}
