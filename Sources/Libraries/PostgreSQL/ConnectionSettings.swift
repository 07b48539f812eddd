import CPostgreSQL

/// Where a server is and who asks, as keywords of libpq.
/// Source: https://www.postgresql.org/docs/15/libpq-connect.html#LIBPQ-PARAMKEYWORDS
///
/// Printing it never shows a password.
package struct ConnectionSettings: Hashable, Sendable {
  private var entries: [String: String]

  /// Reads `postgresql://user:password@host:port/name?keyword=value`. Throws `postgresql.bad_settings`; what libpq has
  /// to say is left out, since it quotes the text, and the text may hold a password.
  package init(uri: String) throws(PostgreSQLError) {
    guard uri.hasPrefix("postgresql://") || uri.hasPrefix("postgres://"), !uri.utf8.contains(0) else {
      throw PostgreSQLError(.badSettings, "a server is named postgresql://USER@HOST/NAME")
    }
    var complaint: UnsafeMutablePointer<CChar>?
    let parsed = unsafe PQconninfoParse(uri, &complaint)
    defer {
      unsafe PQconninfoFree(parsed)
      unsafe PQfreemem(complaint)
    }
    guard let options = unsafe parsed else {
      throw PostgreSQLError(.badSettings, "the text after postgresql:// cannot be understood")
    }
    entries = [:]
    var at = 0
    while let keyword = unsafe options[at].keyword {
      if let value = unsafe options[at].val { entries[unsafe String(cString: keyword)] = unsafe String(cString: value) }
      at += 1
    }
  }

  /// The value of a keyword; nil leaves it to libpq: environment, service file, its own default.
  package subscript(keyword: String) -> String? {
    get { entries[keyword] }
    set { entries[keyword] = newValue }
  }

  /// Sets a keyword unless it is set.
  package mutating func fill(_ keyword: String, _ value: String) {
    if entries[keyword] == nil { entries[keyword] = value }
  }

  var sorted: [(keyword: String, value: String)] {
    entries.sorted { $0.key < $1.key }.map { (keyword: $0.key, value: $0.value) }
  }
}

extension ConnectionSettings: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  /// User, hosts, ports and name of the database; nothing else.
  package var description: String {
    let user = self["user"].map { "\($0)@" } ?? ""
    let hosts = (self["host"] ?? self["hostaddr"] ?? "").split(separator: ",", omittingEmptySubsequences: false)
    let ports = (self["port"] ?? "").split(separator: ",", omittingEmptySubsequences: false)
    let places = hosts.enumerated().map { place, host in
      let port = ports.count == 1 ? ports[0] : place < ports.count ? ports[place] : ""
      return port.isEmpty ? String(host) : "\(host):\(port)"
    }
    return "postgresql://\(user)\(places.joined(separator: ","))/\(self["dbname"] ?? "")"
  }

  package var debugDescription: String { description }

  package var customMirror: Mirror { Mirror(self, children: [:]) }
}
