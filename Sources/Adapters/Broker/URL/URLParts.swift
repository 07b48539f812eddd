import Engine

/// A URL taken apart, every part with its escapes resolved.
struct URLParts {
  let scheme: String
  let user: String?
  let password: String?
  /// Hosts and ports, as written.
  let authority: String
  /// With its leading slash; empty for none.
  let path: String
  let options: [String: String]

  private static let mostBytes = 4096

  /// Throws `broker.bad_url`. The text is never in the error: it may hold a password.
  init(_ text: String) throws(BrokerError) {
    guard text.utf8.count <= URLParts.mostBytes, text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7f }) else {
      throw BrokerError(.badURL, "AM_QUEUE_URL is too long, or holds a blank or a character that must be escaped")
    }
    let pieces = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
    guard pieces.count == 2, pieces[1].hasPrefix("//"), !pieces[0].isEmpty, pieces[0].utf8.count <= 16,
      pieces[0].utf8.allSatisfy({ URLParts.isSchemeLetter($0) })
    else {
      throw BrokerError(
        .badURL, "AM_QUEUE_URL is no URL", hint: "redis://host:6379, nats://host:4222, kafka://host:9092 or memory://")
    }
    scheme = pieces[0].lowercased()
    var rest = pieces[1].dropFirst(2)
    var options: [String: String] = [:]
    if let mark = rest.firstIndex(of: "?") {
      for option in rest[rest.index(after: mark)...].split(separator: "&") {
        let pair = option.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        guard pair.count == 2, options.updateValue(try URLParts.plain(pair[1]), forKey: String(pair[0])) == nil else {
          throw BrokerError(.badURL, "an option of AM_QUEUE_URL is not name=value, or stands twice")
        }
      }
      rest = rest[..<mark]
    }
    self.options = options
    let slash = rest.firstIndex(of: "/") ?? rest.endIndex
    path = try URLParts.plain(rest[slash...])
    var hosts = rest[..<slash]
    if let at = hosts.lastIndex(of: "@") {
      let login = hosts[..<at].split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
      hosts = hosts[hosts.index(after: at)...]
      let name = try URLParts.plain(login.first ?? "")
      user = name.isEmpty ? nil : name
      password = login.count == 2 ? try URLParts.plain(login[1]) : nil
    } else {
      (user, password) = (nil, nil)
    }
    authority = String(hosts)
  }

  func bad(_ what: String) -> BrokerError { BrokerError(.badURL, "AM_QUEUE_URL with \(scheme):// \(what)") }

  /// The servers, with a port for those that name none.
  func places(port: UInt16) throws(BrokerError) -> [BrokerURL.Place] {
    var found: [BrokerURL.Place] = []
    for word in authority.split(separator: ",", omittingEmptySubsequences: false) {
      found.append(try place(word, port: port))
    }
    return found
  }

  private func place(_ word: Substring, port: UInt16) throws(BrokerError) -> BrokerURL.Place {
    var (host, rest) = (word, Substring())
    if word.hasPrefix("["), let end = word.firstIndex(of: "]") {
      host = word[word.index(after: word.startIndex)..<end]
      rest = word[word.index(after: end)...]
    } else if let colon = word.firstIndex(of: ":") {
      (host, rest) = (word[..<colon], word[colon...])
    }
    guard !host.isEmpty, host.utf8.allSatisfy({ URLParts.isHostLetter($0) || word.hasPrefix("[") && $0 == 0x3a }) else {
      throw bad("names its servers as host:port, with commas between")
    }
    if rest.isEmpty { return BrokerURL.Place(host: String(host), port: port) }
    guard rest.hasPrefix(":"), rest.dropFirst().utf8.allSatisfy({ $0 >= 0x30 && $0 <= 0x39 }),
      let number = UInt16(rest.dropFirst()), number > 0
    else {
      throw bad("names its servers as host:port, with commas between")
    }
    return BrokerURL.Place(host: String(host), port: number)
  }

  /// A number of a database, from `/3` or `3`.
  func database(_ text: String?) throws(BrokerError) -> Int {
    let digits = (text ?? "").drop { $0 == "/" }
    if digits.isEmpty { return 0 }
    guard let number = Int(digits), (0...65_535).contains(number) else {
      throw bad("ends with the number of a database")
    }
    return number
  }

  /// The `maxlen` option.
  func most() throws(BrokerError) -> Int64? {
    guard options.keys.allSatisfy({ $0 == "maxlen" || $0 == "db" && scheme == "redis+unix" }) else {
      throw bad("knows the option maxlen=N only")
    }
    guard let text = options["maxlen"] else { return nil }
    guard let most = Int64(text), most > 0 else { throw bad("takes a whole number from 1 as maxlen") }
    return most
  }

  func refuse(path isRefused: Bool, options areRefused: Bool) throws(BrokerError) {
    guard !isRefused || path.isEmpty || path == "/", !areRefused || options.isEmpty else {
      throw bad("takes no path and no options")
    }
  }

  private static func isSchemeLetter(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "+"),
      UInt8(ascii: "0")...UInt8(ascii: "9"):
      true
    default: false
    }
  }

  private static func isHostLetter(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "-"), UInt8(ascii: "_"):
      true
    default: false
    }
  }

  /// Resolves `%41`. Throws for a broken escape, and for a byte that ends C strings or lines.
  private static func plain(_ text: Substring) throws(BrokerError) -> String {
    var bytes: [UInt8] = []
    var rest = text.utf8[...]
    while let byte = rest.popFirst() {
      guard byte == UInt8(ascii: "%") else {
        bytes.append(byte)
        continue
      }
      guard let high = rest.popFirst(), let low = rest.popFirst(),
        let value = UInt8(String(decoding: [high, low], as: UTF8.self), radix: 16), value >= 0x20,
        high != UInt8(ascii: "+")
      else { throw BrokerError(.badURL, "AM_QUEUE_URL holds a broken percent escape") }
      bytes.append(value)
    }
    guard let plain = String(validating: bytes, as: UTF8.self) else {
      throw BrokerError(.badURL, "AM_QUEUE_URL holds escapes that are not UTF-8")
    }
    return plain
  }
}
