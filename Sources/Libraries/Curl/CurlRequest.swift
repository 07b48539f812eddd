/// One HTTP request, with its bounds. There are no defaults without a bound.
package struct CurlRequest: Sendable {
  package enum Method: Sendable {
    case get
    case post(body: [UInt8])
    /// As `post`, under another name.
    case put(body: [UInt8])
  }

  package struct Header: Hashable, Sendable {
    package let name: String
    package let value: String

    package init(name: String, value: String) {
      self.name = name
      self.value = value
    }
  }

  /// `http` or `https`, in ASCII, already percent-encoded.
  package var url: String
  package var method: Method
  package var headers: [Header]
  package var connectTimeoutMilliseconds: Int
  /// From the start of this request to the last byte of its response.
  package var totalTimeoutMilliseconds: Int
  package var maximumResponseBytes: Int
  /// A PEM file of roots to trust instead of the system's; verification itself cannot be switched off.
  package var certificateAuthorityFile: String?

  package init(
    url: String, method: Method = .get, headers: [Header] = [], connectTimeoutMilliseconds: Int = 5000,
    totalTimeoutMilliseconds: Int = 15000, maximumResponseBytes: Int = 16 << 20,
    certificateAuthorityFile: String? = nil
  ) {
    self.url = url
    self.method = method
    self.headers = headers
    self.connectTimeoutMilliseconds = connectTimeoutMilliseconds
    self.totalTimeoutMilliseconds = totalTimeoutMilliseconds
    self.maximumResponseBytes = maximumResponseBytes
    self.certificateAuthorityFile = certificateAuthorityFile
  }

  /// The sentence that says why this request may not be sent; nil for a good one.
  ///
  /// A line end inside a header or URL would let its content write further headers or a second request.
  var fault: String? {
    guard !url.isEmpty, url.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7f }) else {
      return "the URL holds a character outside printable ASCII"
    }
    for header in headers {
      guard !header.name.isEmpty, header.name.utf8.allSatisfy(CurlRequest.isTokenByte) else {
        return "a header name is not a token"
      }
      guard header.value.utf8.allSatisfy({ $0 == 0x09 || ($0 >= 0x20 && $0 != 0x7f) }) else {
        return "a header value holds a control character"
      }
    }
    guard (1...600_000).contains(totalTimeoutMilliseconds), (1...600_000).contains(connectTimeoutMilliseconds),
      (0...(1 << 31)).contains(maximumResponseBytes)
    else { return "a time or size limit is out of range" }
    return nil
  }

  /// RFC 9110, 5.6.2.
  private static func isTokenByte(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"):
      true
    default: "!#$%&'*+-.^_`|~".utf8.contains(byte)
    }
  }
}

/// What a server answered, whatever the status.
package struct CurlResponse: Sendable {
  package let status: Int
  /// In the order of arrival, names in lower case; those of the final response only, trailers included.
  package let headers: [CurlRequest.Header]
  package let body: [UInt8]
}
