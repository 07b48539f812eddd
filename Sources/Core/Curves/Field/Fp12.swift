/// `c0 + c1*w` with w^2 = v: where pairings take their values.
struct Fp12: Hashable, Sendable {
  var c0, c1: Fp6

  @inline(__always)
  init(_ c0: Fp6, _ c1: Fp6) {
    self.c0 = c0
    self.c1 = c1
  }

  @inline(__always) static var one: Fp12 { Fp12(.one, .zero) }

  static func * (x: Fp12, y: Fp12) -> Fp12 {
    let p0 = x.c0 * y.c0
    let p1 = x.c1 * y.c1
    return Fp12(p0 + p1.timesV(), (x.c0 + x.c1) * (y.c0 + y.c1) - p0 - p1)
  }

  func squared() -> Fp12 {
    let product = c0 * c1
    return Fp12((c0 + c1) * (c0 + c1.timesV()) - product - product.timesV(), product + product)
  }

  /// The product with the line `y0 + y1*v + y4*v*w`.
  mutating func multiply(line y0: Fp2, _ y1: Fp2, _ y4: Fp2) {
    let p0 = c0.times(y0, y1)
    let p1 = c1.times(v: y4)
    c1 = (c0 + c1).times(y0, y1 + y4) - p0 - p1
    c0 = p0 + p1.timesV()
  }

  /// The product with the line `y0 + y1*v + v*w`.
  mutating func multiply(unitLine y0: Fp2, _ y1: Fp2) {
    let (old0, old1) = (c0, c1)
    c0 = old0.times(y0, y1) + old1.timesV().timesV()
    c1 = old1.times(y0, y1) + old0.timesV()
  }

  /// The power to p^6.
  @inline(__always)
  func conjugate() -> Fp12 { Fp12(c0, -c1) }

  func inverse() -> Fp12 {
    let scale = (c0.squared() - c1.squared().timesV()).inverse()
    return Fp12(c0 * scale, -(c1 * scale))
  }

  /// The p-th power: conjugates the six coefficients and multiplies the one of w^i by (1+u)^(i*(p-1)/6).
  func frobenius() -> Fp12 {
    let gamma = Frobenius.gamma
    return Fp12(
      Fp6(c0.c0.conjugate(), c0.c1.conjugate() * gamma[1], c0.c2.conjugate() * gamma[3]),
      Fp6(c1.c0.conjugate() * gamma[0], c1.c1.conjugate() * gamma[2], c1.c2.conjugate() * gamma[4]))
  }

  /// The square of an element whose power to p^6 is its inverse and whose power to p^4-p^2+1 is one, as after the easy
  /// part of the final exponentiation. Source: Granger and Scott, ePrint 2009/565, 3.2.
  func cyclotomicSquare() -> Fp12 {
    let (a0, a1) = Fp12.squareInFp4(c0.c0, c1.c1)
    let (b0, b1) = Fp12.squareInFp4(c1.c0, c0.c2)
    let (d0, d1) = Fp12.squareInFp4(c0.c1, c1.c2)
    let e = d1.timesNonResidue()
    return Fp12(
      Fp6((a0 - c0.c0).doubled() + a0, (b0 - c0.c1).doubled() + b0, (d0 - c0.c2).doubled() + d0),
      Fp6((e + c1.c0).doubled() + e, (a1 + c1.c1).doubled() + a1, (b1 + c1.c2).doubled() + b1))
  }

  /// `(x + y*s)^2` with s^2 = 1 + u.
  @inline(__always)
  private static func squareInFp4(_ x: Fp2, _ y: Fp2) -> (Fp2, Fp2) {
    let xx = x.squared()
    let yy = y.squared()
    return (yy.timesNonResidue() + xx, (x + y).squared() - xx - yy)
  }
}

enum Frobenius {
  /// (1+u)^(i*(p-1)/6) for i from 1 to 5.
  static let gamma: [Fp2] = {
    let first = Fp2(
      Fp(
        hex: "1904d3bf02bb0667c231beb4202c0d1f0fd603fd3cbd5f4f7b2443d784bab9c4f67ea53d63e7813d8d0775ed92235fb8"),
      Fp(
        hex: "00fc3e2b36c4e03288e9e902231f9fb854a14787b6c7b36fec0c8ec971f63c5f282d5ac14d6c7ec22cf78a126ddc4af3"))
    var powers = [first]
    for _ in 1..<5 { powers.append(powers[powers.count - 1] * first) }
    return powers
  }()
}
