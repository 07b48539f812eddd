import Testing
import Transport

@Suite("URL text")
struct URLTextTests {
  @Test(arguments: [
    ("https://node.example/v3/0123key", "https://node.example"),
    ("http://u:p@127.0.0.1:8545/?k=v", "http://127.0.0.1:8545"),
    ("HTTPS://node.example", "https://node.example"), ("http://[::1]:8545#x", "http://[::1]:8545"),
    ("https://a@b@c.example/", "https://c.example"),
  ])
  func `printing shows the host and no secret`(text: String, shown: String) throws {
    let url = try URLText(parsing: text)
    #expect(url.full == text)
    #expect("\(url)" == shown)
    #expect(String(reflecting: url) == shown)
    var dumped = ""
    dump(url, to: &dumped)
    #expect(!dumped.contains("key") && !dumped.contains("u:p") && !dumped.contains("k=v"))
  }

  @Test(arguments: [
    "", "node.example", "ftp://node.example", "file:///etc/passwd", "http://", "http:///path", "https://:8545/",
    "https://user@/x", "http://a b/", "http://a\r\nHost: b/", "http://é/", "http://a\\b/",
    "http://" + String(repeating: "a", count: 3000),
  ])
  func `anything else is refused`(text: String) {
    #expect(throws: TransportError.self) { try URLText(parsing: text) }
  }
}
