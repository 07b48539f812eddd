import Chains
import Codecs
@testable import EVMDriver
import Money
import Testing

@Suite("Configured nodes")
struct EVMEndpointTests {
  @Test(arguments: [
    ("http://Node.example", "node.example:80"), ("https://node.example/v3/KEY", "node.example:443"),
    ("http://user:secret@node.example:8545/a:b", "node.example:8545"), ("http://[::1]:8545", "[::1]:8545"),
    ("https://[::1]/x", "[::1]:443"), ("HTTP://127.0.0.1:1?key=2", "127.0.0.1:1"),
  ])
  func `a node is known by host and port alone`(url: String, name: String) throws {
    #expect(try EVMEndpoint(url: url).id == EndpointID(name))
  }

  @Test(arguments: [
    "", "node.example:8545", "ftp://node.example", "http://", "http://:8545", "http://node.example:0",
    "http://node.example:65536", "http://node.example:", "http://node example", "http://[::1",
  ])
  func `what is no address of a node is refused without being repeated`(url: String) {
    #expect(code { () throws(RailError) in _ = try EVMEndpoint(url: url) } == .badRequest, "\(url)")
    do { _ = try EVMEndpoint(url: "ftp://user:s3cret@host") } catch { #expect(!"\(error)".contains("s3cret")) }
  }

  @Test func `two addresses of one host and port are one vote, so they are refused`() throws {
    let twice = [try EVMEndpoint(url: "http://a:1/one"), try EVMEndpoint(url: "http://A:1/two")]
    #expect(code { () throws(RailError) in _ = try rail(twice) } == .badRequest)
  }

  @Test func `a quorum is more than half of the nodes`() throws {
    let three = [try EVMEndpoint(url: "http://a"), try EVMEndpoint(url: "http://b"), try EVMEndpoint(url: "http://c")]
    #expect(try rail(three).quorum.size == 2)
    #expect(try rail(three, quorum: 3).quorum.size == 3)
    #expect(code { () throws(RailError) in _ = try rail(three, quorum: 1) } == .badRequest)
    #expect(code { () throws(RailError) in _ = try rail(three, quorum: 4) } == .badRequest)
    #expect(code { () throws(RailError) in _ = try rail([]) } == .badRequest)
  }

  @Test func `finality is the tag or a depth of one and more`() {
    #expect(Finality("finalized") == .tag && Finality("12") == .depth(12))
    for wrong in ["", "0", "-1", "+1", "012", "latest", "1.5"] { #expect(Finality(wrong) == nil, "\(wrong)") }
  }

  private func rail(_ endpoints: [EVMEndpoint], quorum: Int? = nil) throws(RailError) -> EVMRail {
    try EVMRail(
      EVMRailConfiguration(chainID: 5, endpoints: endpoints, quorumSize: quorum, mostFee: .one), nodes: HTTPNodes())
  }
}
