/// `a + b*u` with u^2 = -1 over the base field: coordinates of G2.
package struct Fp2: Hashable, Sendable {
  package var a: Fp
  package var b: Fp

  @inline(__always)
  package init(_ a: Fp, _ b: Fp) {
    self.a = a
    self.b = b
  }

  @inline(__always) package static var zero: Fp2 { Fp2(.zero, .zero) }
  @inline(__always) package static var one: Fp2 { Fp2(.one, .zero) }
  @inline(__always) package var isZero: Bool { a.isZero && b.isZero }

  @inline(__always)
  package static func + (x: Fp2, y: Fp2) -> Fp2 { Fp2(x.a + y.a, x.b + y.b) }

  @inline(__always)
  package static func - (x: Fp2, y: Fp2) -> Fp2 { Fp2(x.a - y.a, x.b - y.b) }

  @inline(__always)
  package static prefix func - (x: Fp2) -> Fp2 { Fp2(-x.a, -x.b) }

  package static func * (x: Fp2, y: Fp2) -> Fp2 { Fp2(Fp.sum(x.a, y.a, -x.b, y.b), Fp.sum(x.a, y.b, x.b, y.a)) }

  @inline(__always)
  package static func * (x: Fp2, y: Fp) -> Fp2 { Fp2(x.a * y, x.b * y) }

  package func squared() -> Fp2 { Fp2(Fp.addingUnreduced(a, b) * (a - b), Fp.addingUnreduced(a, a) * b) }

  @inline(__always)
  package func doubled() -> Fp2 { self + self }

  /// `a - b*u`, which is also the p-th power.
  @inline(__always)
  func conjugate() -> Fp2 { Fp2(a, -b) }

  /// The product with `1 + u`, which is no cube and no square: the field above is built on it.
  @inline(__always)
  func timesNonResidue() -> Fp2 { Fp2(a - b, a + b) }

  func halved() -> Fp2 { Fp2(a.halved(), b.halved()) }

  /// `a*a + b*b`.
  func norm() -> Fp { Fp.sum(a, a, b, b) }

  package func inverse() -> Fp2 {
    let scale = norm().inverse()
    return Fp2(a * scale, -(b * scale))
  }

  /// One of the two roots; nil when the number is no square.
  ///
  /// A number is a square just when its norm is one. With s a root of the norm, t = (a + s)/2 and r = t^((p+1)/4): either
  /// r*r = t and the root is r + b/(2r)*u, or r*r = -t and it is b/(2r) + r*u.
  package func squareRoot() -> Fp2? {
    guard let s = norm().squareRoot() else { return nil }
    var t = (a + s).halved()
    if t.isZero { t = (a - s).halved() }
    let r = t.rootCandidate()
    let other = b * r.doubled().inverse()
    let root = r.squared() == t ? Fp2(r, other) : Fp2(other, r)
    return root.squared() == self ? root : nil
  }

  package var isOdd: Bool { a.isOdd || (a.isZero && b.isOdd) }
  package var isLexicallyLarge: Bool { b.isZero ? a.isLexicallyLarge : b.isLexicallyLarge }
}
