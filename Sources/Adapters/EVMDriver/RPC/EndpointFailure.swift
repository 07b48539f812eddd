import Transport

/// Why a node gave no usable answer. It is data, not an error of the rail: the node has no vote this time.
package struct EndpointFailure: Error, Hashable, Sendable {
  /// Stable across releases; a label of metrics.
  package enum Code: String, CaseIterable, Sendable {
    /// No answer, or one that is not of the protocol's transport.
    case silent = "endpoint.silent"
    /// No answer within the time that was set for it.
    case timedOut = "endpoint.timed_out"
    /// Status 429: the node asks to be left alone for a while.
    case rateLimited = "endpoint.rate_limited"
    /// The answer is larger than the limit.
    case tooLarge = "endpoint.too_large"
    /// Not JSON-RPC, or not the shape that the method answers with.
    case malformed = "endpoint.malformed"
    /// The node answered with a JSON-RPC error.
    case refused = "endpoint.refused"
    /// The node is not at the block that was asked for.
    case behind = "endpoint.behind"
    /// The node contradicts itself, or serves another chain.
    case inconsistent = "endpoint.inconsistent"
  }
  package let code: Code
  package let message: String

  /// A node's own words may be part of `message`: they are cut and freed of control characters here.
  package init(_ code: Code, _ message: String) {
    self.code = code
    self.message = PlainText.cut(message)
  }

  /// Whether it says nothing of the node's honesty: it may be better in a moment.
  var isPassing: Bool {
    switch code {
    case .silent, .timedOut, .rateLimited, .behind: true
    case .tooLarge, .malformed, .refused, .inconsistent: false
    }
  }

  init(_ error: RPCError) {
    let text = error.server.map { "error \($0.code): \($0.message)" } ?? error.transport?.message ?? error.message
    let code: Code =
      switch error.code {
      case .server: .refused
      case .transport:
        switch error.transport?.code {
        case .timeout: .timedOut
        case .tooLarge: .tooLarge
        case .badRequest, .egressRefused, .cannotResolve, .cannotConnect, .tls, .connectionLost, .malformed, .failed,
          nil:
          .silent
        }
      case .rateLimited: .rateLimited
      case .status: .silent
      case .malformed, .missing, .duplicate: .malformed
      }
    self.init(code, text)
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
