/// A point as `(x/z^2, y/z^3)`, so that sums need no inversion; z is zero for the neutral point.
/// Formulas: Explicit-Formulas Database, short Weierstrass curves with a = 0 (dbl-2009-l, add-2007-bl, madd-2007-bl).
package struct JacobianPoint<Group: CurveGroup>: Sendable {
  package typealias Field = Group.Field
  let x, y, z: Field

  init(x: Field, y: Field, z: Field) {
    self.x = x
    self.y = y
    self.z = z
  }

  package init(_ point: AffinePoint<Group>) { self.init(x: point.x, y: point.y, z: .one) }

  package static var infinity: Self { Self(x: .one, y: .one, z: .zero) }
  package var isInfinity: Bool { z.isZero }

  package static prefix func - (point: Self) -> Self { Self(x: point.x, y: -point.y, z: point.z) }

  package func doubled() -> Self {
    let a = x.squared()
    let b = y.squared()
    let c = b.squared()
    let d = ((x + b).squared() - a - c).doubled()
    let e = a.doubled() + a
    let newX = e.squared() - d.doubled()
    return Self(x: newX, y: e * (d - newX) - c.doubled().doubled().doubled(), z: (y * z).doubled())
  }

  package static func + (p: Self, q: Self) -> Self {
    if p.isInfinity { return q }
    if q.isInfinity { return p }
    let pzz = p.z.squared()
    let qzz = q.z.squared()
    let u1 = p.x * qzz
    let u2 = q.x * pzz
    let s1 = p.y * q.z * qzz
    let s2 = q.y * p.z * pzz
    let h = u2 - u1
    let r = (s2 - s1).doubled()
    if h.isZero { return r.isZero ? p.doubled() : .infinity }
    let i = h.doubled().squared()
    let j = h * i
    let v = u1 * i
    let x = r.squared() - j - v.doubled()
    return Self(
      x: x, y: r * (v - x) - (s1 * j).doubled(), z: ((p.z + q.z).squared() - pzz - qzz) * h)
  }

  package static func + (p: Self, q: AffinePoint<Group>) -> Self {
    if p.isInfinity { return Self(q) }
    let zz = p.z.squared()
    let h = q.x * zz - p.x
    let r = (q.y * p.z * zz - p.y).doubled()
    if h.isZero { return r.isZero ? p.doubled() : .infinity }
    let hh = h.squared()
    let i = hh.doubled().doubled()
    let j = h * i
    let v = p.x * i
    let x = r.squared() - j - v.doubled()
    return Self(x: x, y: r * (v - x) - (p.y * j).doubled(), z: (p.z + h).squared() - zz - hh)
  }

  /// The multiple by a number of any length, most significant word first.
  package func times(_ words: [UInt64]) -> Self {
    var sum = Self.infinity
    for word in words {
      for shift in stride(from: UInt64(63), through: 0, by: -1) {
        sum = sum.doubled()
        if word &>> shift & 1 == 1 { sum = sum + self }
      }
    }
    return sum
  }

  /// The multiple by the magnitude of the curve's parameter.
  func timesParameter() -> Self {
    var sum = self
    for shift in stride(from: UInt64(62), through: 1, by: -1) {
      sum = sum.doubled()
      if CurveParameter.magnitude &>> shift & 1 == 1 { sum = sum + self }
    }
    return sum.doubled()
  }

  /// Nil for the neutral point.
  package var affine: AffinePoint<Group>? {
    guard !isInfinity else { return nil }
    let inverse = z.inverse()
    let square = inverse.squared()
    return AffinePoint(x: x * square, y: y * square * inverse)
  }

  /// Whether both are the same point, whatever their z.
  package func equals(_ other: Self) -> Bool {
    if isInfinity || other.isInfinity { return isInfinity && other.isInfinity }
    let zz = z.squared()
    let otherZZ = other.z.squared()
    return x * otherZZ == other.x * zz && y * otherZZ * other.z == other.y * zz * z
  }
}
