/// The version of a lottery's rules: which bytes are hashed, how winners are drawn, what is refused.
///
/// A lottery keeps the schema it was created with. Hashing is never changed inside a schema.
package enum Schema: UInt16, CaseIterable, Comparable, Sendable {
  /// Byte for byte what the original engine did, its gaps included.
  case v1 = 1
  /// Full commitment, unbiased and always possible draws, guarded roles (docs/adr/0010). The default.
  case v2 = 2

  package static func < (a: Schema, b: Schema) -> Bool { a.rawValue < b.rawValue }
}
