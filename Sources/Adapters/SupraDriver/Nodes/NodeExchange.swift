import Chains
import Codecs
import Transport

/// What a node is asked.
struct NodeRequest: Sendable {
  enum Body: Sendable {
    case none
    case json(JSON)
    /// BCS of a signed transaction.
    case transaction([UInt8])
  }
  /// From the first slash, percent-encoded.
  let path: String
  let body: Body

  init(_ path: String, _ body: Body = .none) {
    self.path = path
    self.body = body
  }

  func http(to endpoint: SupraEndpoint, _ limits: SupraLimits) throws(TransportError) -> HTTPRequest {
    let bounds = HTTPLimits(
      connectTimeoutMilliseconds: min(limits.timeoutMilliseconds, 5_000),
      totalTimeoutMilliseconds: limits.timeoutMilliseconds, responseBytes: limits.mostAnswerBytes)
    let url = try endpoint.url(path)
    switch body {
    case .none: return HTTPRequest(.get, url, limits: bounds)
    case .json(let json):
      let header = try HTTPHeader("Content-Type", "application/json")
      return HTTPRequest(.post(json.utf8), url, headers: [header], limits: bounds)
    case .transaction(let bytes):
      let header = try HTTPHeader("Content-Type", "application/x.supra.signed_transaction+bcs")
      return HTTPRequest(.post(bytes), url, headers: [header], limits: bounds)
    }
  }
}

/// What a node answered to one request.
enum NodeAnswer: Equatable, Sendable {
  /// 200, with the cursor of the next page if there is one.
  case value(JSON, cursor: String?)
  /// 404: not seen. Never news about money.
  case notFound
  /// Any other word of the node about this request: malformed, aborted, pruned (410).
  case refused(status: Int, message: String)
  /// No usable word: silence, 429, 503, another chain, not JSON.
  case none(String)

  /// Whether the same request may fare better in a moment.
  var isWorthRetrying: Bool { if case .none = self { true } else { false } }

  init(_ result: Result<HTTPResponse, TransportError>, chainID: UInt8) {
    switch result {
    case .failure(let error): self = .none(error.message)
    case .success(let response):
      if let served = response.header("x-supra-chain-id"), served != "\(chainID)" {
        self = .none("serves chain \(PlainWords.cut(served)), not \(chainID)")
        return
      }
      self = NodeAnswer.read(response)
    }
  }

  private static func read(_ response: HTTPResponse) -> NodeAnswer {
    switch response.status {
    case 200, 202:
      guard let json = try? JSON.parse(response.body) else { return .none("the answer is not JSON") }
      return .value(json, cursor: response.header("x-supra-cursor"))
    case 404: return .notFound
    case 429, 500..<600: return .none("the node answered \(response.status)")
    default:
      let said = (try? JSON.parse(response.body))?["message"]?.string
      return .refused(status: response.status, message: PlainWords.cut(said ?? "status \(response.status)"))
    }
  }
}

/// Words of a stranger, made fit to show and to store.
enum PlainWords {
  /// At most 300 characters, without control and formatting characters.
  static func cut(_ text: String) -> String {
    var out = ""
    for character in text.unicodeScalars.prefix(300) {
      switch character.properties.generalCategory {
      case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .privateUse: out += " "
      default: out.unicodeScalars.append(character)
      }
    }
    return out
  }

  /// A part of a path: whatever is not a letter, a digit or one of `-_.~` becomes `%XX`.
  static func encoded(_ text: String) -> String {
    var out = ""
    for byte in text.utf8 {
      switch byte {
      case 0x30...0x39, 0x41...0x5a, 0x61...0x7a, 0x2d, 0x5f, 0x2e, 0x7e: out.append(Character(Unicode.Scalar(byte)))
      default: out += "%" + Hex.text(CollectionOfOne(byte)).uppercased()
      }
    }
    return out
  }
}
