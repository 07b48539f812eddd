/// An element of the base field of BLS12-381: an integer modulo `p`, of 381 bits, in Montgomery form (times 2^384).
///
/// Six words and nothing else: no array, no heap. Not constant-time, so never for anything secret; beacons, public keys
/// and messages are all public (docs/adr/0015-own-bls12-381.md).
/// Source: draft-irtf-cfrg-pairing-friendly-curves, 4.2.1.
package struct Fp: Hashable, Sendable {
  /// Least significant word first, always below `p`.
  var l0, l1, l2, l3, l4, l5: UInt64

  @inline(__always)
  init(words l0: UInt64, _ l1: UInt64, _ l2: UInt64, _ l3: UInt64, _ l4: UInt64, _ l5: UInt64) {
    (self.l0, self.l1, self.l2, self.l3, self.l4, self.l5) = (l0, l1, l2, l3, l4, l5)
  }

  /// The words of `p`. Computed, so that they become immediate operands.
  @inline(__always) static var p0: UInt64 { 0xb9fe_ffff_ffff_aaab }
  @inline(__always) static var p1: UInt64 { 0x1eab_fffe_b153_ffff }
  @inline(__always) static var p2: UInt64 { 0x6730_d2a0_f6b0_f624 }
  @inline(__always) static var p3: UInt64 { 0x6477_4b84_f385_12bf }
  @inline(__always) static var p4: UInt64 { 0x4b1b_a7b6_434b_acd7 }
  @inline(__always) static var p5: UInt64 { 0x1a01_11ea_397f_e69a }
  /// -1/p modulo 2^64.
  @inline(__always) static var inverseOfP: UInt64 { 0x89f3_fffc_fffc_fffd }

  @inline(__always) package static var zero: Fp { Fp(words: 0, 0, 0, 0, 0, 0) }

  /// 2^384 modulo p.
  @inline(__always) package static var one: Fp {
    Fp(
      words: 0x7609_0000_0002_fffd, 0xebf4_000b_c40c_0002, 0x5f48_9857_53c7_58ba, 0x77ce_5853_7052_5745,
      0x5c07_1a97_a256_ec6d, 0x15f6_5ec3_fa80_e493)
  }

  /// 2^768 modulo p: a product with it brings a plain number into Montgomery form.
  private static var squareOfRadix: Fp {
    Fp(
      words: 0xf4df_1f34_1c34_1746, 0x0a76_e6a6_09d1_04f1, 0x8de5_476c_4c95_b6d5, 0x67eb_88a9_939d_83c0,
      0x9a79_3e85_b519_952d, 0x1198_8fe5_92ca_e3aa)
  }

  @inline(__always) package var isZero: Bool { l0 | l1 | l2 | l3 | l4 | l5 == 0 }

  // MARK: Sums

  @inline(__always)
  package static func + (a: Fp, b: Fp) -> Fp { addingUnreduced(a, b).reduced() }

  /// The sum without the subtraction of `p` that may be due: below 2p, for a factor of a product alone.
  @inline(__always)
  static func addingUnreduced(_ a: Fp, _ b: Fp) -> Fp {
    let (s0, c0) = Word.add(a.l0, b.l0, 0)
    let (s1, c1) = Word.add(a.l1, b.l1, c0)
    let (s2, c2) = Word.add(a.l2, b.l2, c1)
    let (s3, c3) = Word.add(a.l3, b.l3, c2)
    let (s4, c4) = Word.add(a.l4, b.l4, c3)
    return Fp(words: s0, s1, s2, s3, s4, a.l5 &+ b.l5 &+ c4)
  }

  @inline(__always)
  package static func - (a: Fp, b: Fp) -> Fp {
    let (d0, b0) = Word.subtract(a.l0, b.l0, 0)
    let (d1, b1) = Word.subtract(a.l1, b.l1, b0)
    let (d2, b2) = Word.subtract(a.l2, b.l2, b1)
    let (d3, b3) = Word.subtract(a.l3, b.l3, b2)
    let (d4, b4) = Word.subtract(a.l4, b.l4, b3)
    let (d5, b5) = Word.subtract(a.l5, b.l5, b4)
    let mask = 0 &- b5
    let (s0, c0) = Word.add(d0, p0 & mask, 0)
    let (s1, c1) = Word.add(d1, p1 & mask, c0)
    let (s2, c2) = Word.add(d2, p2 & mask, c1)
    let (s3, c3) = Word.add(d3, p3 & mask, c2)
    let (s4, c4) = Word.add(d4, p4 & mask, c3)
    return Fp(words: s0, s1, s2, s3, s4, d5 &+ (p5 & mask) &+ c4)
  }

  @inline(__always)
  package static prefix func - (a: Fp) -> Fp { zero - a }

  @inline(__always)
  package func doubled() -> Fp { self + self }

  /// From below 2p to below p.
  @inline(__always)
  func reduced() -> Fp {
    let (d0, b0) = Word.subtract(l0, Fp.p0, 0)
    let (d1, b1) = Word.subtract(l1, Fp.p1, b0)
    let (d2, b2) = Word.subtract(l2, Fp.p2, b1)
    let (d3, b3) = Word.subtract(l3, Fp.p3, b2)
    let (d4, b4) = Word.subtract(l4, Fp.p4, b3)
    let (d5, b5) = Word.subtract(l5, Fp.p5, b4)
    let keep = 0 &- b5
    return Fp(
      words: d0 ^ ((d0 ^ l0) & keep), d1 ^ ((d1 ^ l1) & keep), d2 ^ ((d2 ^ l2) & keep), d3 ^ ((d3 ^ l3) & keep),
      d4 ^ ((d4 ^ l4) & keep), d5 ^ ((d5 ^ l5) & keep))
  }

  // MARK: Plain numbers

  /// A number below p, most significant byte first; nil for any other length and for p and above.
  package init?(bigEndian bytes: ArraySlice<UInt8>) {
    guard bytes.count == 48 else { return nil }
    var words: (UInt64, UInt64, UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0, 0, 0)
    for byte in bytes {
      words = (
        words.0 &<< 8 | UInt64(byte), words.1 &<< 8 | words.0 &>> 56, words.2 &<< 8 | words.1 &>> 56,
        words.3 &<< 8 | words.2 &>> 56, words.4 &<< 8 | words.3 &>> 56, words.5 &<< 8 | words.4 &>> 56
      )
    }
    let plain = Fp(words: words.0, words.1, words.2, words.3, words.4, words.5)
    guard plain.isBelowP else { return nil }
    self = plain * Fp.squareOfRadix
  }

  /// A small number.
  package init(_ small: UInt64) { self = Fp(words: small, 0, 0, 0, 0, 0) * Fp.squareOfRadix }

  /// A plain number given by its words, least significant first; the caller has seen that it is below p.
  init(plain: Fp) { self = plain * Fp.squareOfRadix }

  /// The number itself, as words, out of Montgomery form.
  var plain: Fp {
    var sum = Accumulator()
    sum.add(self, times: 1)
    sum.reduce()
    for _ in 1..<6 { sum.reduce() }
    return sum.value.reduced()
  }

  /// 48 bytes, most significant first.
  package var bytes: [UInt8] {
    let plain = plain
    var out: [UInt8] = []
    out.reserveCapacity(48)
    for word in [plain.l5, plain.l4, plain.l3, plain.l2, plain.l1, plain.l0] {
      for shift in stride(from: UInt64(56), through: 0, by: -8) {
        out.append(UInt8(truncatingIfNeeded: word &>> shift))
      }
    }
    return out
  }

  private var isBelowP: Bool { Word.isBelow(self, Fp(words: Fp.p0, Fp.p1, Fp.p2, Fp.p3, Fp.p4, Fp.p5)) }

  /// Whether the number is above (p-1)/2: the sign of compressed points.
  package var isLexicallyLarge: Bool {
    let half = Fp(
      words: 0xdcff_7fff_ffff_d555, 0x0f55_ffff_58a9_ffff, 0xb398_6950_7b58_7b12, 0xb23b_a5c2_79c2_895f,
      0x258d_d3db_21a5_d66b, 0x0d00_88f5_1cbf_f34d)
    return Word.isBelow(half, plain)
  }

  /// The lowest bit of the number: `sgn0` of RFC 9380, 4.1.
  package var isOdd: Bool { plain.l0 & 1 == 1 }
}

/// Words with carries.
enum Word {
  @inline(__always)
  static func add(_ a: UInt64, _ b: UInt64, _ carry: UInt64) -> (UInt64, UInt64) {
    let (s, first) = a.addingReportingOverflow(b)
    let (t, second) = s.addingReportingOverflow(carry)
    return (t, (first ? 1 : 0) | (second ? 1 : 0))
  }

  @inline(__always)
  static func subtract(_ a: UInt64, _ b: UInt64, _ borrow: UInt64) -> (UInt64, UInt64) {
    let (s, first) = a.subtractingReportingOverflow(b)
    let (t, second) = s.subtractingReportingOverflow(borrow)
    return (t, (first ? 1 : 0) | (second ? 1 : 0))
  }

  /// `a * b + c + d`, which always fits: low word, high word.
  @inline(__always)
  static func multiply(_ a: UInt64, _ b: UInt64, _ c: UInt64, _ d: UInt64) -> (UInt64, UInt64) {
    let product = a.multipliedFullWidth(by: b)
    let wide =
      UInt128(_low: product.low, _high: product.high) &+ UInt128(_low: c, _high: 0) &+ UInt128(_low: d, _high: 0)
    return (wide._low, wide._high)
  }

  static func isBelow(_ a: Fp, _ b: Fp) -> Bool {
    if a.l5 != b.l5 { return a.l5 < b.l5 }
    if a.l4 != b.l4 { return a.l4 < b.l4 }
    if a.l3 != b.l3 { return a.l3 < b.l3 }
    if a.l2 != b.l2 { return a.l2 < b.l2 }
    if a.l1 != b.l1 { return a.l1 < b.l1 }
    return a.l0 < b.l0
  }
}
