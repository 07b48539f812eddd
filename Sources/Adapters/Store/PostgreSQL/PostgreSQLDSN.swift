package import Engine
import PostgreSQL

/// Where a PostgreSQL store is, from its text. Printing it never shows a password.
package struct PostgreSQLDSN: Hashable, Sendable, CustomStringConvertible {
  let place: ConnectionSettings

  /// The schemes that are taken: libpq's own two, and SQLAlchemy's names for the same.
  static let schemes = ["postgresql://", "postgres://", "postgresql+psycopg2://", "postgresql+psycopg://"]

  /// Throws `store.bad_dsn`; the text is not repeated, since it may hold a password.
  package init(_ text: String) throws(StoreError) {
    guard let scheme = PostgreSQLDSN.schemes.first(where: text.hasPrefix) else {
      throw StoreError(
        .badDSN, "a PostgreSQL store is named postgresql://USER@HOST/NAME",
        hint: "for example postgresql://almoner@db.example/almoner?sslmode=verify-full")
    }
    do throws(PostgreSQLError) {
      place = try ConnectionSettings(uri: "postgresql://" + text.dropFirst(scheme.count))
    } catch {
      throw StoreError(
        .badDSN, error.message, hint: "percent-encode what is not a letter or digit in user, password and name")
    }
    guard place["dbname"]?.isEmpty == false else {
      throw StoreError(
        .badDSN, "\(place) names no database", hint: "for example postgresql://almoner@db.example/almoner")
    }
  }

  /// Whether the text itself holds a password.
  package var hasPassword: Bool { place["password"]?.isEmpty == false }

  /// The file of libpq's `passfile`, where the text names one.
  package var passwordFile: String? { place["passfile"] }

  /// The same with the password in another file.
  package func with(passwordFile path: String) -> PostgreSQLDSN {
    var place = place
    place["passfile"] = path
    return PostgreSQLDSN(place)
  }

  private init(_ place: ConnectionSettings) { self.place = place }

  /// User, hosts, ports and name; nothing else.
  package var description: String { place.description }
}
