/// `c0 + c1*v + c2*v^2` with v^3 = 1 + u.
struct Fp6: Hashable, Sendable {
  var c0, c1, c2: Fp2

  @inline(__always)
  init(_ c0: Fp2, _ c1: Fp2, _ c2: Fp2) {
    self.c0 = c0
    self.c1 = c1
    self.c2 = c2
  }

  @inline(__always) static var zero: Fp6 { Fp6(.zero, .zero, .zero) }
  @inline(__always) static var one: Fp6 { Fp6(.one, .zero, .zero) }

  @inline(__always)
  static func + (x: Fp6, y: Fp6) -> Fp6 { Fp6(x.c0 + y.c0, x.c1 + y.c1, x.c2 + y.c2) }

  @inline(__always)
  static func - (x: Fp6, y: Fp6) -> Fp6 { Fp6(x.c0 - y.c0, x.c1 - y.c1, x.c2 - y.c2) }

  @inline(__always)
  static prefix func - (x: Fp6) -> Fp6 { Fp6(-x.c0, -x.c1, -x.c2) }

  /// Karatsuba's six products.
  static func * (x: Fp6, y: Fp6) -> Fp6 {
    let p0 = x.c0 * y.c0
    let p1 = x.c1 * y.c1
    let p2 = x.c2 * y.c2
    let q0 = (x.c1 + x.c2) * (y.c1 + y.c2) - p1 - p2
    let q1 = (x.c0 + x.c1) * (y.c0 + y.c1) - p0 - p1
    let q2 = (x.c0 + x.c2) * (y.c0 + y.c2) - p0 - p2
    return Fp6(p0 + q0.timesNonResidue(), q1 + p2.timesNonResidue(), q2 + p1)
  }

  /// The product with `y0 + y1*v`.
  func times(_ y0: Fp2, _ y1: Fp2) -> Fp6 {
    let p0 = c0 * y0
    let p1 = c1 * y1
    let q0 = (c1 + c2) * y1 - p1
    let q1 = (c0 + c1) * (y0 + y1) - p0 - p1
    let q2 = (c0 + c2) * y0 - p0
    return Fp6(p0 + q0.timesNonResidue(), q1, q2 + p1)
  }

  /// The product with `y1*v`.
  func times(v y1: Fp2) -> Fp6 { Fp6((c2 * y1).timesNonResidue(), c0 * y1, c1 * y1) }

  @inline(__always)
  func timesV() -> Fp6 { Fp6(c2.timesNonResidue(), c0, c1) }

  func squared() -> Fp6 {
    let s0 = c0.squared()
    let s1 = (c0 * c1).doubled()
    let s2 = (c0 - c1 + c2).squared()
    let s3 = (c1 * c2).doubled()
    let s4 = c2.squared()
    return Fp6(s0 + s3.timesNonResidue(), s1 + s4.timesNonResidue(), s1 + s2 + s3 - s0 - s4)
  }

  func inverse() -> Fp6 {
    let t0 = c0.squared() - (c1 * c2).timesNonResidue()
    let t1 = c2.squared().timesNonResidue() - c0 * c1
    let t2 = c1.squared() - c0 * c2
    let scale = (c0 * t0 + (c2 * t1 + c1 * t2).timesNonResidue()).inverse()
    return Fp6(t0 * scale, t1 * scale, t2 * scale)
  }
}
