package import Chains
package import Transport

/// One configured node. It counts by host and port, since two paths of one host are one operator.
package struct EVMEndpoint: Hashable, Sendable {
  /// `host:port`, lower-case.
  package let id: EndpointID
  /// May hold a key in its path or user part: only `id` is ever shown.
  package let url: URLText

  /// Reads an `http` or `https` URL. Throws `rail.bad_request`; the message does not repeat the text.
  package init(url text: String) throws(RailError) {
    let url: URLText
    do { url = try URLText(parsing: text) } catch { throw EVMEndpoint.refusal(error.message) }
    let parts = url.description.lowercased().split(separator: "/", omittingEmptySubsequences: true)
    guard parts.count == 2, let authority = parts.last else { throw EVMEndpoint.refusal("a URL names a host") }
    // An IPv6 address stands in brackets and holds colons itself.
    let hostEnd =
      if authority.first == "[", let bracket = authority.firstIndex(of: "]") { authority.index(after: bracket) } else {
        authority.firstIndex(of: ":") ?? authority.endIndex
      }
    let host = authority[..<hostEnd]
    let tail = authority[hostEnd...]
    var port: UInt16 = parts.first == "https:" ? 443 : 80
    if !tail.isEmpty {
      guard tail.first == ":", let given = UInt16(tail.dropFirst()), given > 0 else {
        throw EVMEndpoint.refusal("a port is a number from 1 to 65535")
      }
      port = given
    }
    guard !host.isEmpty else { throw EVMEndpoint.refusal("a URL names a host") }
    id = EndpointID("\(host):\(port)")
    self.url = url
  }

  private static func refusal(_ why: String) -> RailError {
    RailError(.badRequest, "a node's address cannot be used: \(why)", hint: "check AM_EVM_RPC")
  }
}
