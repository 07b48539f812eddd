package import Chains

/// One configured node. It counts by host and port, since two paths of one host are one operator.
///
/// The URL may hold a key in its path or user part, so only `id` is ever shown.
package struct EVMEndpoint: Hashable, Sendable {
  /// `host:port`, lower-case.
  package let id: EndpointID
  package let url: String

  /// Reads an `http` or `https` URL. Throws `rail.bad_request`; the message does not repeat the URL.
  package init(url: String) throws(RailError) {
    let refusal = RailError(
      .badRequest, "a node's address is http://host[:port][/path] or https://...", hint: "check AM_EVM_RPC")
    let standard: Int
    let rest: Substring
    if url.lowercased().hasPrefix("http://") {
      (standard, rest) = (80, url.dropFirst(7))
    } else if url.lowercased().hasPrefix("https://") {
      (standard, rest) = (443, url.dropFirst(8))
    } else {
      throw refusal
    }
    guard url.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7f }) else { throw refusal }
    var authority = rest.prefix { $0 != "/" && $0 != "?" && $0 != "#" }
    if let at = authority.lastIndex(of: "@") { authority = authority[authority.index(after: at)...] }
    // An IPv6 address stands in brackets and holds colons itself.
    let hostEnd = authority.first == "[" ? authority.firstIndex(of: "]").map { authority.index(after: $0) } : nil
    let host = authority.first == "[" ? authority[..<(hostEnd ?? authority.startIndex)] : authority.prefix { $0 != ":" }
    let tail = authority[host.endIndex...]
    var port = standard
    if !tail.isEmpty {
      guard tail.first == ":", let given = UInt16(tail.dropFirst()), given > 0 else { throw refusal }
      port = Int(given)
    }
    guard !host.isEmpty else { throw refusal }
    id = EndpointID("\(host.lowercased()):\(port)")
    self.url = url
  }
}
