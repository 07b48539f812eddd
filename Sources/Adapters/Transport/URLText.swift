/// The URL of an endpoint, checked once: `http` or `https`, a host, printable ASCII.
///
/// Endpoints often carry an API key in the path, the query or the user part, so printing shows scheme, host and port
/// only; `full` is for the wire.
package struct URLText: Hashable, Sendable, CustomStringConvertible {
  /// Everything, secrets included. Never log it.
  package let full: String
  /// Such as `https://node.example:8545`.
  package let description: String

  /// Throws `badRequest` for anything else. The message does not repeat the text.
  package init(parsing text: String) throws(TransportError) {
    guard text.utf8.count <= 2048, text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7f }) else {
      throw .badRequest("a URL is printable ASCII without blanks, at most 2048 characters")
    }
    let scheme: String
    if text.lowercased().hasPrefix("https://") {
      scheme = "https"
    } else if text.lowercased().hasPrefix("http://") {
      scheme = "http"
    } else {
      throw .badRequest("a URL begins with http:// or https://")
    }
    let rest = text.dropFirst(scheme.count + 3)
    let authority = rest.prefix { $0 != "/" && $0 != "?" && $0 != "#" }
    // What stands before the last "@" is a name and password.
    let host = authority.split(separator: "@", omittingEmptySubsequences: false).last ?? ""
    guard !host.isEmpty, !host.hasPrefix(":"), !host.contains("\\") else {
      throw .badRequest("a URL names a host")
    }
    full = text
    description = "\(scheme)://\(host)"
  }
}

extension URLText: CustomDebugStringConvertible, CustomReflectable {
  package var debugDescription: String { description }
  package var customMirror: Mirror { Mirror(self, children: []) }
}
