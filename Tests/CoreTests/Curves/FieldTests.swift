import Curves
import Testing
import TestSupport

@Suite("Fields of BLS12-381")
struct FieldTests {
  static let p = "1a0111ea397fe69a4b1ba7b6434bacd764774b84f38512bf6730d2a0f6b0f6241eabfffeb153ffffb9feffffffffaaab"

  @Test(arguments: UInt64(0)..<50)
  func `sums, products and inverses keep the laws of a field`(seed: UInt64) {
    var random = SplitMix64(seed: seed)
    let (a, b, c) = (Fp.random(&random), Fp.random(&random), Fp.random(&random))
    #expect(a + b == b + a && a * b == b * a)
    #expect((a + b) * c == a * c + b * c && (a - b) * c == a * c - b * c)
    #expect(a * (b * c) == (a * b) * c && a - a == .zero && -a + a == .zero && a.doubled() == a + a)
    #expect(a.squared() == a * a && a * a.inverse() == .one && Fp.zero.inverse() == .zero)
    let (x, y, z) = (Fp2(a, b), Fp2(b, c), Fp2(c, a))
    #expect((x + y) * z == x * z + y * z && x * (y * z) == (x * y) * z && x - x == .zero)
    #expect(x.squared() == x * x && x * x.inverse() == .one && -x + x == .zero && x.doubled() == x + x)
  }

  @Test(arguments: UInt64(0)..<20)
  func `a square has its root, and half of the numbers have none`(seed: UInt64) {
    var random = SplitMix64(seed: seed)
    let a = Fp.random(&random)
    #expect(a.squared().squareRoot().map { $0 == a || $0 == -a } == true)
    // -1 is no square, so just one of a and -a is.
    #expect((a.squareRoot() == nil) != ((-a).squareRoot() == nil))
    let x = Fp2(a, Fp.random(&random))
    #expect(x.squared().squareRoot().map { $0 == x || $0 == -x } == true)
    // 1 + u is no square, so just one of x and x(1 + u) is.
    #expect((x.squareRoot() == nil) != ((x * Fp2(.one, .one)).squareRoot() == nil))
    // Numbers of the smaller field, and those with nothing else than u.
    for number in [Fp2(a, .zero), Fp2(.zero, a), .zero, .one] {
      #expect(number.squared().squareRoot().map { $0 == number || $0 == -number } == true)
      #expect(number.squareRoot().map { $0.squared() == number } ?? true)
    }
    #expect(Fp2(a, .zero).squareRoot() != nil)
  }

  @Test func `only numbers below p are read, and each is written as it was`() throws {
    let zeros = [UInt8](repeating: 0, count: 47)
    var below = try bytes(Self.p)
    below[47] -= 1
    for number in [zeros + [0], zeros + [1], below] { #expect(Fp(bigEndian: number[...])?.bytes == number) }
    #expect(Fp(bigEndian: below[...]) == -Fp.one)
    var above = try bytes(Self.p)
    for number in [above, [UInt8](repeating: 0xff, count: 48), zeros, zeros + [0, 0]] {
      #expect(Fp(bigEndian: number[...]) == nil)
    }
    above[47] += 1
    #expect(Fp(bigEndian: above[...]) == nil)
    #expect(Fp2(bigEndian: (zeros + [0] + above)[...]) == nil && Fp2(bigEndian: (above + zeros + [0])[...]) == nil)
  }

  @Test func `the sign of a number is whether it is above half of p`() {
    let half = (-Fp.one) * Fp(2).inverse()
    #expect(!half.isLexicallyLarge && (half + .one).isLexicallyLarge)
    #expect(!Fp.zero.isLexicallyLarge && !Fp.one.isLexicallyLarge && (-Fp.one).isLexicallyLarge)
    // The factor of u counts, unless it is zero.
    #expect(
      !Fp2(-.one, .one).isLexicallyLarge && Fp2(.one, -.one).isLexicallyLarge && Fp2(-.one, .zero).isLexicallyLarge)
    #expect(Fp(3).isOdd && !Fp(4).isOdd && Fp2(.zero, .one).isOdd && !Fp2(Fp(2), .one).isOdd)
  }

  @Test func `uniform bytes become the number that they are, modulo p`() throws {
    // p * 2^128 + 5: the remainder is 5.
    let bytes = try bytes(Self.p) + [UInt8](repeating: 0, count: 15) + [5]
    #expect(Fp(uniform: bytes[...]) == Fp(5))
    #expect(Fp(uniform: [UInt8](repeating: 0xff, count: 64)[...]) + .one == Fp(2).power(by: 512))
  }

  private func bytes(_ hex: String) throws -> [UInt8] {
    try stride(from: 0, to: hex.count, by: 2).map { start in
      let digits = hex.dropFirst(start).prefix(2)
      return try #require(UInt8(digits, radix: 16))
    }
  }
}

extension Fp {
  /// A power by plain multiplication.
  fileprivate func power(by exponent: Int) -> Fp { (0..<exponent).reduce(.one) { product, _ in product * self } }
}
