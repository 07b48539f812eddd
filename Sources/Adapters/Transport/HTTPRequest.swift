/// One header, checked: the name is a token and the value holds no line end, so it cannot begin another header.
package struct HTTPHeader: Hashable, Sendable {
  package let name: String
  package let value: String

  /// Throws `badRequest`. Source: RFC 9110, sections 5.5 and 5.6.2. The message repeats neither part.
  package init(_ name: String, _ value: String) throws(TransportError) {
    guard !name.isEmpty, name.utf8.allSatisfy(HTTPHeader.isTokenByte) else {
      throw .badRequest("a header name is letters, digits and hyphens")
    }
    guard value.utf8.allSatisfy({ $0 == 0x09 || ($0 >= 0x20 && $0 < 0x7f) }) else {
      throw .badRequest("a header value is printable ASCII on one line")
    }
    self.name = name
    self.value = value
  }

  private init(trusted name: String, _ value: String) {
    self.name = name
    self.value = value
  }

  static let json = HTTPHeader(trusted: "Content-Type", "application/json")

  private static func isTokenByte(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"):
      true
    default: false
    }
  }
}

extension HTTPHeader: CustomStringConvertible, CustomReflectable {
  /// The value may be a credential.
  package var description: String { "\(name): ..." }
  package var customMirror: Mirror { Mirror(self, children: []) }
}

/// How long and how much one request may take.
package struct HTTPLimits: Hashable, Sendable {
  package let connectTimeoutMilliseconds: Int
  /// From the start to the last byte of the response.
  package let totalTimeoutMilliseconds: Int
  package let responseBytes: Int

  package init(
    connectTimeoutMilliseconds: Int = 5000, totalTimeoutMilliseconds: Int = 15000, responseBytes: Int = 16 << 20
  ) {
    self.connectTimeoutMilliseconds = connectTimeoutMilliseconds
    self.totalTimeoutMilliseconds = totalTimeoutMilliseconds
    self.responseBytes = responseBytes
  }
}

/// One request. Redirects are not followed: an answer from another place than the one configured is not an answer.
package struct HTTPRequest: Sendable {
  package enum Method: Sendable {
    case get
    case post([UInt8])
    case put([UInt8])
  }

  package let url: URLText
  package let method: Method
  package let headers: [HTTPHeader]
  package let limits: HTTPLimits

  package init(_ method: Method, _ url: URLText, headers: [HTTPHeader] = [], limits: HTTPLimits = HTTPLimits()) {
    self.url = url
    self.method = method
    self.headers = headers
    self.limits = limits
  }
}

/// What a server answered, whatever the status.
package struct HTTPResponse: Sendable {
  package let status: Int
  package let body: [UInt8]
  private let headers: [(name: String, value: String)]

  init(status: Int, headers: [(name: String, value: String)], body: [UInt8]) {
    self.status = status
    self.headers = headers
    self.body = body
  }

  /// The first value under that name, in any case; it comes from outside and may be any text.
  package func header(_ name: String) -> String? {
    let name = name.lowercased()
    return headers.first { $0.name == name }?.value
  }
}
