package import Chains
import Transport

/// One configured node. It counts by host and port, since two paths of one host are one operator.
package struct SupraEndpoint: Hashable, Sendable {
  /// `host:port`, in small letters.
  package let id: EndpointID
  /// Without a slash at its end; may hold a key in its path or user part: only `id` is ever shown.
  let base: String

  /// Reads an `http` or `https` URL. Throws `rail.bad_request`; the message does not repeat the text.
  package init(url text: String) throws(RailError) {
    var text = text
    while text.hasSuffix("/") { text.removeLast() }
    let url: URLText
    do throws(TransportError) { url = try URLText(parsing: text) } catch {
      throw SupraEndpoint.refusal(error.message)
    }
    guard !text.contains("?"), !text.contains("#") else { throw SupraEndpoint.refusal("it has a query") }
    let isTLS = url.description.hasPrefix("https")
    let authority = url.description.split(separator: "/").last.map { $0.lowercased() } ?? ""
    // An IPv6 address stands in brackets and holds colons itself.
    let tail = authority.split(separator: "]", omittingEmptySubsequences: false).last ?? ""
    id = EndpointID(tail.contains(":") ? authority : "\(authority):\(isTLS ? 443 : 80)")
    base = text
  }

  func url(_ path: String) throws(TransportError) -> URLText { try URLText(parsing: base + path) }

  private static func refusal(_ why: String) -> RailError {
    RailError(.badRequest, "a node's address cannot be used: \(why)", hint: "check AM_SUPRA_RPC")
  }
}

/// Bounds of what one node is asked.
package struct SupraLimits: Hashable, Sendable {
  /// One HTTP exchange.
  package let timeoutMilliseconds: Int
  package let mostAnswerBytes: Int
  /// Tries of one request: further ones only after 429, 503 and silence.
  package let tries: Int
  /// The wait before the second try; it doubles.
  package let pauseMilliseconds: Int

  package init(
    timeoutMilliseconds: Int = 10_000, mostAnswerBytes: Int = 8 << 20, tries: Int = 3, pauseMilliseconds: Int = 200
  ) {
    self.timeoutMilliseconds = timeoutMilliseconds
    self.mostAnswerBytes = mostAnswerBytes
    self.tries = max(1, tries)
    self.pauseMilliseconds = pauseMilliseconds
  }
}
