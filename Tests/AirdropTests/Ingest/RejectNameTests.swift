@testable import Airdrop
import Codecs
import Testing

/// The names of members come from the source, as their values do.
@Suite("Names in a rejects file")
struct RejectNameTests {
  private func line(_ format: SourceFormat, _ members: [(name: String, value: JSON)]) -> String {
    let bytes = RejectFormat(format: format, header: nil).line(
      RowFault(.badAmount), row: 1, original: .members(members))
    return String(decoding: bytes, as: UTF8.self)
  }

  @Test(
    arguments: [SourceFormat.json, .jsonl], ["\u{7f}", "\u{9b}31m", "\u{202e}", "\u{2028}", "\u{feff}"] as [String])
  func `hold nothing that a terminal obeys, at any depth`(format: SourceFormat, hostile: String) {
    let inner: JSON = (try? JSONObject([(key: "b\(hostile)", value: JSON.string("x"))])).map { .object($0) } ?? .null
    let line = line(format, [("a\(hostile)", "1"), ("list", [inner])])
    #expect(line.contains("\"a\\\\u{") && line.contains("\"b\\\\u{"))
    #expect(line.unicodeScalars.allSatisfy(ShownValue.isPrintable))
  }

  @Test func `two names that look the same once they are escaped leave the first`() {
    let line = line(.json, [("a\u{7f}", "1"), ("a\\u{7f}", "2")])
    #expect(line.contains(#""a\\u{7f}":"1""#) && !line.contains("\"2\""))
  }
}
