extension Fp {
  /// An exponent: words, least significant first.
  typealias Exponent = (UInt64, UInt64, UInt64, UInt64, UInt64, UInt64)

  /// The power, four bits at a time.
  func power(_ exponent: Exponent) -> Fp {
    var powers = InlineArray<16, Fp>(repeating: .one)
    for index in 1..<16 { powers[index] = powers[index - 1] * self }
    var result = Fp.one
    var begun = false
    for word in [exponent.5, exponent.4, exponent.3, exponent.2, exponent.1, exponent.0] {
      for shift in stride(from: UInt64(60), through: 0, by: -4) {
        if begun { result = result.squared().squared().squared().squared() }
        let digit = Int(truncatingIfNeeded: word &>> shift & 15)
        guard digit != 0 else { continue }
        result = begun ? result * powers[digit] : powers[digit]
        begun = true
      }
    }
    return result
  }

  /// (p+1)/4. p is 3 modulo 4, so this power of a square is its root.
  private static var rootExponent: Exponent {
    (
      0xee7f_bfff_ffff_eaab, 0x07aa_ffff_ac54_ffff, 0xd9cc_34a8_3dac_3d89, 0xd91d_d2e1_3ce1_44af,
      0x92c6_e9ed_90d2_eb35, 0x0680_447a_8e5f_f9a6
    )
  }

  /// p-2: by Fermat, this power is the inverse.
  private static var inverseExponent: Exponent { (p0 - 2, p1, p2, p3, p4, p5) }

  /// `self^((p+1)/4)`: a root of the number when it is a square, else a root of its negative.
  func rootCandidate() -> Fp { power(Fp.rootExponent) }

  /// One of the two roots; nil when the number is no square.
  package func squareRoot() -> Fp? {
    let candidate = rootCandidate()
    return candidate.squared() == self ? candidate : nil
  }

  /// 1/self; zero for zero.
  package func inverse() -> Fp { power(Fp.inverseExponent) }

  /// Half of the number.
  func halved() -> Fp { self * Fp.half }

  /// 2^383 modulo p.
  private static var half: Fp {
    Fp(
      words: 0x1804_0000_0001_5554, 0x8550_0005_3ab0_0001, 0x633c_b57c_253c_276f, 0x6e22_d1ec_31eb_b502,
      0xd391_6126_f2d1_4ca2, 0x17fb_b857_1a00_6596)
  }
}
