/// Why bytes are no point that a signature or a key could be. Codes are stable: docs/errors.md.
package struct CurveError: Error, Hashable, Sendable {
  package enum Code: String, CaseIterable, Sendable {
    /// A compressed point of G1 has 48 bytes, one of G2 96.
    case badLength = "curve.bad_length"
    /// The three bits before the coordinate are none that a compressed point can have.
    case badFlags = "curve.bad_flags"
    /// A coordinate is not below the field's prime: the point has another, shorter name.
    case notCanonical = "curve.not_canonical"
    /// No point of the curve has this coordinate.
    case notOnCurve = "curve.not_on_curve"
    /// The point is on the curve and outside of the group that signatures live in.
    case notInSubgroup = "curve.not_in_subgroup"
    /// The neutral element, which verifies with every key of its kind.
    case infinity = "curve.infinity"
  }
  package let code: Code
  package let message: String
  /// What to do about it.
  package var hint: String { "the bytes were damaged or forged: ask another server for the beacon" }

  init(_ code: Code, _ message: String) {
    self.code = code
    self.message = message
  }
}
