/// One of the two groups of BLS12-381, each of prime order `r` inside a curve y^2 = x^3 + b.
package protocol CurveGroup: Sendable {
  associatedtype Field: CurveField
  /// As written in messages: `G1`, `G2`.
  static var name: StaticString { get }
  static var b: Field { get }
  static var generator: AffinePoint<Self> { get }
  /// Where hashing to this group lands first.
  static var isogeny: Isogeny<Field> { get }

  /// Whether a point of the curve is one of the group, by its endomorphism.
  static func contains(_ point: AffinePoint<Self>) -> Bool
  /// A point of the group for a point of the curve: multiplication by `h_eff` of RFC 9380, 8.8.
  static func clearingCofactor(_ point: JacobianPoint<Self>) -> JacobianPoint<Self>
}

/// A point of the curve other than the neutral one: `(x, y)`.
package struct AffinePoint<Group: CurveGroup>: Hashable, Sendable {
  package let x: Group.Field
  package let y: Group.Field

  init(x: Group.Field, y: Group.Field) {
    self.x = x
    self.y = y
  }

  package static prefix func - (point: Self) -> Self { Self(x: point.x, y: -point.y) }

  package static func == (a: Self, b: Self) -> Bool { a.x == b.x && a.y == b.y }

  package func hash(into hasher: inout Hasher) {
    hasher.combine(x)
    hasher.combine(y)
  }

  /// Whether y^2 = x^3 + b.
  package var isOnCurve: Bool { y.squared() == x.squared() * x + Group.b }
}

/// The parameter of the curve family, -0xd201000000010000: order and prime are polynomials of it.
enum CurveParameter {
  static let magnitude: UInt64 = 0xd201_0000_0001_0000
}
