/// Carries JSON-RPC bodies to nodes. The rail knows nothing else of the network, so a test can stand in for a node.
///
/// A call blocks until there is an answer, a failure, or the time is over; several threads may call at once.
package protocol RPCPosting: Sendable {
  /// Posts `body` and returns the body of an answer with status 200.
  /// Throws `rpc.unreachable`, `rpc.timed_out`, `rpc.http_status`, `rpc.too_large`.
  func post(
    _ body: [UInt8], to endpoint: EVMEndpoint, timeoutMilliseconds: Int, mostBytes: Int
  ) throws(RPCFailure) -> [UInt8]
}

/// Why a node gave no usable answer. It is data, not an error of the rail: the node has no vote this time.
package struct RPCFailure: Error, Hashable, Sendable {
  /// Stable across releases; a label of metrics.
  package enum Code: String, CaseIterable, Sendable {
    case unreachable = "rpc.unreachable"
    case timedOut = "rpc.timed_out"
    case httpStatus = "rpc.http_status"
    case tooLarge = "rpc.too_large"
    /// Not JSON-RPC, or not the shape the method answers with.
    case malformed = "rpc.malformed"
    /// The node answered with a JSON-RPC error.
    case refused = "rpc.refused"
    /// The node contradicts itself, or serves another chain.
    case inconsistent = "rpc.inconsistent"
  }
  package let code: Code
  package let message: String

  /// A node's own words may be part of `message`: they are cut and freed of control characters here.
  package init(_ code: Code, _ message: String) {
    self.code = code
    self.message = PlainText.cut(message)
  }
}

/// Words of a stranger, made fit to show and to store.
enum PlainText {
  /// At most 200 characters, without control and formatting characters.
  static func cut(_ text: String) -> String {
    var out = ""
    for character in text.unicodeScalars.prefix(200) {
      switch character.properties.generalCategory {
      case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .privateUse: out += " "
      default: out.unicodeScalars.append(character)
      }
    }
    return out
  }
}
