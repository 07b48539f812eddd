package import Engine

/// The text that names a store (AM_DB_DSN): `sqlite:PATH`, or `postgresql://USER@HOST/NAME`.
package enum StoreDSN: Hashable, Sendable {
  case sqlite(path: String)
  case postgresql(PostgreSQLDSN)

  /// Throws `store.bad_dsn`.
  package init(_ text: String) throws(StoreError) {
    let scheme = "sqlite:"
    if text.hasPrefix("postgres") {
      self = .postgresql(try PostgreSQLDSN(text))
      return
    }
    guard text.hasPrefix(scheme) else {
      throw StoreError(
        .badDSN, "a store is named sqlite:PATH or postgresql://USER@HOST/NAME",
        hint: "for example sqlite:/var/lib/airdrop/airdrop.db")
    }
    let path = String(text.dropFirst(scheme.count))
    guard !path.isEmpty, !path.utf8.contains(0) else { throw StoreError(.badDSN, "sqlite: needs the path of a file") }
    guard path != ":memory:", path != "//", path != "///:memory:" else {
      throw StoreError(.badDSN, "a store in memory is not durable, and would forget what was paid")
    }
    self = .sqlite(path: path)
  }
}

extension StoreDSN {
  /// Whether the text itself holds a password.
  package var hasPassword: Bool { if case .postgresql(let dsn) = self { dsn.hasPassword } else { false } }

  /// The file that it names for the password.
  package var passwordFile: String? { if case .postgresql(let dsn) = self { dsn.passwordFile } else { nil } }
}

extension StoreDSN: CustomStringConvertible {
  /// The text without what nobody should see.
  package var description: String {
    switch self {
    case .sqlite(let path): "sqlite:\(path)"
    case .postgresql(let dsn): dsn.description
    }
  }
}
