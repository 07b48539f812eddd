import Foundation
import TestSupport
import Testing
import Transport

@Suite("Hosts that requests may go to")
struct EgressTests {
  private func url(_ text: String) throws -> URLText { try URLText(parsing: text) }

  @Test(
    arguments: [
      ("node.example", "https://node.example/key", true), ("node.example", "https://NODE.Example:8545", true),
      ("node.example", "http://u:p@node.example./x", true), ("node.example:443", "https://node.example", true),
      ("node.example:443", "http://node.example", false), ("node.example:8545", "https://node.example:8546", false),
      ("a.example, node.example", "https://node.example", true),
      ("node.example", "https://node.example.evil.example", false),
      ("node.example", "https://evil.example/node.example", false),
      ("node.example", "https://evil.example#@node.example", false),
      ("node.example", "https://node.example@evil.example", false), ("node.example", "https://sub.node.example", false),
      ("node.example", "https://evil.example?@node.example", false), ("[::1]:80", "http://[::1]/", true),
      ("[::1]", "http://[::1]:8545/", true), ("127.0.0.1", "http://127.0.0.1:80", true),
      ("127.0.0.1", "http://127.1", false), ("node.example", "https://node.example:x", false),
    ] as [(String, String, Bool)])
  func `a host is on the list or not`(list: String, text: String, isAllowed: Bool) throws {
    #expect(try EgressHosts(parsing: list).allows(url(text)) == isAllowed)
  }

  @Test(arguments: [
    "", ",", "a.example,", "a b", "https://a.example", "a.example/x", "a.example:", "a.example:0", "a:99999", "é",
    "[::1", "a@b",
  ])
  func `what is no list of hosts is refused`(text: String) {
    #expect(throws: TransportError.self) { try EgressHosts(parsing: text) }
  }

  @Test func `the hosts of settings are those with their ports`() throws {
    let hosts = try EgressHosts(of: [url("https://a.example/k"), url("http://b.example:8545")])
    #expect(hosts.description == "a.example:443,b.example:8545")
    #expect(try hosts.allows(url("https://A.example")) && !hosts.allows(url("http://a.example")))
  }

  /// A listener that nobody may talk to sees no connection at all.
  @Test func `no byte leaves for a host that is not listed, and none for where a redirect points`() throws {
    let server = try HTTPClientTests.server.get()
    let good = try url(server.base + "/bytes/9")
    let http = HTTPClient(egress: EgressHosts(of: [good]))
    // The same server under a name that is not listed: only the list can refuse it.
    let other = try url(server.base.replacing("127.0.0.1", with: "localhost") + "/bytes/9")
    let results = http.perform([
      HTTPRequest(.get, good), HTTPRequest(.post([1]), other), HTTPRequest(.get, try url(server.base + "/redirect")),
    ])
    #expect(results.map { try? $0.get().status } == [200, nil, 302])
    guard case .failure(let error) = results[1] else {
      Issue.record("it was sent")
      return
    }
    #expect(error.code == .egressRefused && !error.mayHaveArrived)
    #expect(try HTTPClient().perform(HTTPRequest(.get, other)).status == 200, "the test's own server")
  }
}
