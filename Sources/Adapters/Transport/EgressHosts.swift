/// The hosts that HTTP requests may go to. One list for the whole program; whatever is not on it is refused before a name
/// is resolved or a byte leaves.
package struct EgressHosts: Hashable, Sendable, CustomStringConvertible {
  /// `host` for any port, `host:port` for one; nil for every host.
  private let allowed: Set<String>?

  /// No list: tools and tests that name their own server.
  package static let any = EgressHosts(allowed: nil)

  private init(allowed: Set<String>?) { self.allowed = allowed }

  /// Exactly the hosts and ports of these URLs.
  package init(of urls: [URLText]) {
    allowed = Set(urls.map { URLHost($0).withPort })
  }

  /// `host,host:port,...`; each any host name, IP address, or IPv6 address in brackets. Throws `badRequest`.
  package init(parsing text: String) throws(TransportError) {
    var allowed: Set<String> = []
    for part in text.split(separator: ",", omittingEmptySubsequences: false) {
      let entry = String(part.drop { $0 == " " }).lowercased()
      guard let host = URLHost(authority: entry), entry == (host.hasPort ? host.withPort : host.name) else {
        throw .badRequest("a list of hosts is names with or without port, such as node.example or node.example:8545")
      }
      allowed.insert(entry)
    }
    self.allowed = allowed
  }

  package func allows(_ url: URLText) -> Bool {
    guard let allowed else { return true }
    let host = URLHost(url)
    return allowed.contains(host.name) || allowed.contains(host.withPort)
  }

  package var description: String { allowed.map { $0.sorted().joined(separator: ",") } ?? "any" }
}

/// The host of a URL, in small letters, and its port.
struct URLHost: Hashable {
  /// Without the dot at the end that names the same host.
  let name: String
  let port: Int
  let hasPort: Bool

  var withPort: String { "\(name):\(port)" }

  init(_ url: URLText) {
    let parts = url.description.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
    let usual = parts.first == "https" ? 443 : 80
    let authority = url.description.split(separator: "/", maxSplits: 2, omittingEmptySubsequences: false).last ?? ""
    // A host that cannot be told is on no list.
    self =
      URLHost(authority: String(authority).lowercased(), usual: usual) ?? URLHost(name: "?", port: 0, hasPort: true)
  }

  private init(name: String, port: Int, hasPort: Bool) {
    self.name = name
    self.port = port
    self.hasPort = hasPort
  }

  /// Nil for what is no host and port.
  init?(authority: String, usual: Int = 0) {
    var name = authority[...]
    var port = usual
    var hasPort = false
    let end = authority.hasPrefix("[") ? authority.firstIndex(of: "]") : authority.firstIndex(of: ":")
    if authority.hasPrefix("["), end == nil { return nil }
    let colon = authority.hasPrefix("[") ? end.map { authority.index(after: $0) } : end
    if let colon, colon < authority.endIndex {
      let digits = authority[authority.index(after: colon)...]
      guard authority[colon] == ":", (1...5).contains(digits.utf8.count),
        digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let number = Int(digits), (1...65_535).contains(number)
      else { return nil }
      (name, port, hasPort) = (authority[..<colon], number, true)
    }
    let isBracketed = name.hasPrefix("[")
    if !isBracketed, name.hasSuffix(".") { name.removeLast() }
    let inner = isBracketed ? name.dropFirst().dropLast() : name
    guard !inner.isEmpty, inner.utf8.count <= 253,
      inner.utf8.allSatisfy({ byte in
        (0x61...0x7a).contains(byte) || (0x30...0x39).contains(byte) || byte == 0x2d || byte == 0x2e || byte == 0x5f
          || (isBracketed && byte == 0x3a)
      })
    else { return nil }
    self.init(name: String(name), port: port, hasPort: hasPort)
  }
}
