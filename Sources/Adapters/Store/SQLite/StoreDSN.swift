package import Engine

/// The text that names a store: `sqlite:PATH` (AM_DB_DSN).
package enum StoreDSN: Hashable, Sendable {
  case sqlite(path: String)

  /// Throws `store.bad_dsn`.
  package init(_ text: String) throws(StoreError) {
    let scheme = "sqlite:"
    guard text.hasPrefix(scheme) else {
      throw StoreError(.badDSN, "a store is named sqlite:PATH", hint: "for example sqlite:/var/lib/airdrop/airdrop.db")
    }
    let path = String(text.dropFirst(scheme.count))
    guard !path.isEmpty, !path.utf8.contains(0) else { throw StoreError(.badDSN, "sqlite: needs the path of a file") }
    guard path != ":memory:", path != "//", path != "///:memory:" else {
      throw StoreError(.badDSN, "a store in memory is not durable, and would forget what was paid")
    }
    self = .sqlite(path: path)
  }
}
