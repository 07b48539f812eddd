/// The pairing of BLS12-381: bilinear, from G1 and G2 into a group of order r inside Fp12.
package enum Pairing {
  /// A point of each group; both were checked to be points of their groups when they were made.
  package struct Pair: Sendable {
    let g1: AffinePoint<G1>
    let g2: PreparedG2

    package init(_ g1: AffinePoint<G1>, _ g2: PreparedG2) {
      self.g1 = g1
      self.g2 = g2
    }
  }

  /// Whether the product of the pairings is one: how a signature is verified.
  package static func productIsOne(_ pairs: [Pair]) -> Bool { product(pairs) == .one }

  /// The cube of the product of the pairings. Cubing loses nothing: 3 does not divide the order.
  static func product(_ pairs: [Pair]) -> Fp12 { finalExponentiation(MillerLoop.product(pairs)) }

  /// The cube of the product, as the twelve coefficients of w^0 to w^11 over the base field, where w^6 = 1 + u.
  package static func coefficients(_ pairs: [Pair]) -> [[UInt8]] {
    let value = product(pairs)
    let (even, odd) = (value.c0, value.c1)
    let parts = [even.c0, odd.c0, even.c1, odd.c1, even.c2, odd.c2]
    return parts.map { ($0.a - $0.b).bytes } + parts.map(\.b.bytes)
  }

  /// The power 3(p^12 - 1)/r.
  ///
  /// Easy part p^6-1 and p^2+1; then 3(p^4-p^2+1)/r = (t-1)^2 (t+p) (t^2+p^2-1) + 3 with t the curve's parameter.
  /// Source: Hayashida, Hayasaka and Teruya, ePrint 2020/875, section 3.
  private static func finalExponentiation(_ value: Fp12) -> Fp12 {
    let ratio = value.conjugate() * value.inverse()
    let f = ratio.frobenius().frobenius() * ratio
    var g = powerOfParameter(f) * f.conjugate()
    g = powerOfParameter(g) * g.conjugate()
    g = powerOfParameter(g) * g.frobenius()
    g = powerOfParameter(powerOfParameter(g)) * g.frobenius().frobenius() * g.conjugate()
    return g * f.cyclotomicSquare() * f
  }

  /// The power to the parameter, of an element after the easy part: there the inverse is the conjugate.
  private static func powerOfParameter(_ value: Fp12) -> Fp12 {
    var result = value
    for bit in MillerLoop.bits {
      result = result.cyclotomicSquare()
      if bit { result = result * value }
    }
    return result.conjugate()
  }
}
