/// The optimal ate pairing's loop over the curve's parameter, shared by all pairs of a product.
enum MillerLoop {
  /// Bits of the parameter's magnitude below its highest.
  static let bits: [Bool] = (0..<63).reversed().map { CurveParameter.magnitude &>> UInt64($0) & 1 == 1 }
  static let lineCount = bits.count + bits.count { $0 }

  /// The product of the loops of all pairs, before the final exponentiation.
  static func product(_ pairs: [Pairing.Pair]) -> Fp12 {
    // 1/y and x/y of each point of G1; no point of odd order has y = 0.
    let points = pairs.map { pair in
      let inverse = pair.g1.y.inverse()
      return (inverse: inverse, ratio: pair.g1.x * inverse)
    }
    var f = Fp12.one
    var index = 0
    for bit in bits {
      f = f.squared()
      multiply(&f, pairs, points, index)
      index += 1
      if bit {
        multiply(&f, pairs, points, index)
        index += 1
      }
    }
    // The parameter is negative.
    return f.conjugate()
  }

  @inline(__always)
  private static func multiply(
    _ f: inout Fp12, _ pairs: [Pairing.Pair], _ points: [(inverse: Fp, ratio: Fp)], _ index: Int
  ) {
    for number in pairs.indices {
      let line = pairs[number].g2.lines[index]
      f.multiply(unitLine: line.a * points[number].inverse, line.b * points[number].ratio)
    }
  }
}
