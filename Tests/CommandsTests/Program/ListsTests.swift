import Codecs
import Foundation
import Policy
import Screening
import TestSupport
import Testing

@Suite("Sanctions lists, with the real binary")
struct ListsTests {
  private let scratch: Scratch
  private static let vectors = "\(VectorFolder.repositoryPath)/Tests/Samples/lists"

  init() throws { scratch = try Scratch() }

  private func lists(_ words: String..., environment: [String: String] = [:]) throws -> Program.Ended {
    try Program.run(
      ["lists"] + words + ["--json", "--dsn", "sqlite:" + scratch("desk.db")], environment: environment)
  }

  private func imported() throws {
    try lists("import", "--from", "\(Self.vectors)/sdn.xml", "--kind", "ofac-sdn-xml", "--name", "ofac").succeeded()
  }

  @Test func `a list is imported, shown, verified and asked`() throws {
    let nothing = try lists("check", "--name", "Jane Roe")
    #expect(nothing.code == "lists.missing" && nothing.status == 78)
    let first = try lists(
      "import", "--from", "\(Self.vectors)/sdn.xml", "--kind", "ofac-sdn-xml", "--name", "ofac"
    ).succeeded()
    let event = try #require(try first.events(named: "list").first)
    #expect(event["version"]?.number == "1" && event["entries"]?.number == "4")
    #expect(event["published"]?.string == "2026-11-18")
    try lists(
      "import", "--from", "\(Self.vectors)/sanctioned_addresses_ETH.txt,\(Self.vectors)/sanctioned_addresses_XBT.json",
      "--kind", "ofac-addresses", "--name", "crypto", "--published", "2026-11-20"
    ).succeeded()
    #expect(try lists("show").events(named: "list").map { $0["list"]?.string } == ["crypto", "ofac"])
    #expect(try lists("verify").events(named: "lists_verified").first?["versions"]?.number == "2")
    let hit = try lists("check", "--address", "0x00000000000000000000000000000000DEADBEEF")
    #expect(hit.status == 1)
    #expect(try hit.events(named: "list_hit").map { $0["list"]?.string } == ["crypto", "ofac"])
    let named = try lists("check", "--name", "Lantern and Sons Trading Ltd")
    #expect(try named.events(named: "list_hit").map { $0["entry"]?.string } == ["90001"])
    let clear = try lists("check", "--name", "Jane Roe").succeeded()
    #expect(try clear.events(named: "list_source").count == 2)
  }

  @Test func `what is not a list, or lacks its date or kind, is refused`() throws {
    let cut = try scratch.write(
      String(try String(contentsOfFile: "\(Self.vectors)/sdn.xml", encoding: .utf8).prefix(900)), to: "cut.xml")
    #expect(try lists("import", "--from", cut, "--kind", "ofac-sdn-xml", "--name", "ofac").code == "lists.bad_file")
    #expect(try lists("import", "--from", cut, "--kind", "sdn", "--name", "ofac").code == "command.usage")
    #expect(
      try lists("import", "--from", scratch("none"), "--kind", "names", "--name", "ofac").code == "command.cannot_read")
    #expect(
      try lists("import", "--from", cut, "--kind", "names", "--name", "x", "--published", "today").code
        == "command.usage")
    #expect(try lists("check").code == "command.usage")
    #expect(try lists("show", environment: ["AM_LISTS_MAX_AGE": "9d"]).code == "config.bad_value")
  }

  @Test func `a changed, a missing and a required list stop the check`() throws {
    try imported()
    #expect(
      try lists("check", "--name", "X Y", environment: ["AM_LISTS_REQUIRED": "ofac,ours"]).code == "lists.missing")
    let file = scratch("desk.db.lists/ofac/00000001.list")
    var bytes = try Data(contentsOf: URL(filePath: file))
    bytes[bytes.count / 2] ^= 1
    try FileManager.default.removeItem(atPath: file)
    try bytes.write(to: URL(filePath: file))
    let changed = try lists("check", "--name", "Jane Roe")
    #expect(changed.code == "lists.unsigned" && changed.status == 1)
    try FileManager.default.removeItem(atPath: file)
    #expect(try lists("verify").code == "lists.rolled_back")
  }

  @Test func `providers of the settings are asked as well, and one that is not there stops the check`() throws {
    try imported()
    let server = try ScreeningPartner()
    let both = ["AM_WATCHMAN_URL": server.base + "/good", "AM_YENTE_URL": server.base + "/good"]
    let hit = try lists("check", "--name", "Ruslan Vydumshchikov", environment: both)
    #expect(hit.status == 1)
    #expect(
      Set(try hit.events(named: "list_hit").compactMap { $0["list"]?.string }) == [
        "ofac", "watchman/us_ofac", "yente/sanctions",
      ])
    let gone = try lists("check", "--name", "Jane Roe", environment: ["AM_WATCHMAN_URL": "http://127.0.0.1:1"])
    #expect(gone.code == "lists.unreachable" && gone.status == 69)
  }
}
