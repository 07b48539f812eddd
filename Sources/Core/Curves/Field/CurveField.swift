/// What the curves need of their fields: `Fp` for G1 and `Fp2` for G2.
package protocol CurveField: Hashable, Sendable {
  static var zero: Self { get }
  static var one: Self { get }
  static func + (a: Self, b: Self) -> Self
  static func - (a: Self, b: Self) -> Self
  static func * (a: Self, b: Self) -> Self
  static prefix func - (a: Self) -> Self
  var isZero: Bool { get }
  func squared() -> Self
  func doubled() -> Self
  /// 1/self; zero for zero.
  func inverse() -> Self
  /// One of the two roots; nil when there is none.
  func squareRoot() -> Self?
  /// `sgn0` of RFC 9380, 4.1.
  var isOdd: Bool { get }
  /// Whether this is the larger of the number and its negative: the sign of compressed points.
  var isLexicallyLarge: Bool { get }

  /// Length of `bytes`.
  static var byteCount: Int { get }
  /// Most significant byte first, the factor of u before the rest; nil for another length or a number of p and above.
  init?(bigEndian bytes: ArraySlice<UInt8>)
  var bytes: [UInt8] { get }

  /// Bytes of uniform output that become one element: `m * L` of RFC 9380, 5.1.
  static var uniformByteCount: Int { get }
  /// The element of so many uniform bytes: `hash_to_field` of RFC 9380, 5.2.
  init(uniform bytes: ArraySlice<UInt8>)
}

extension Fp: CurveField {
  package static var byteCount: Int { 48 }
  package static var uniformByteCount: Int { 64 }

  package init(uniform bytes: ArraySlice<UInt8>) {
    // 64 bytes as high * 2^256 + low, each half below 2^256 and so below p.
    let radix = Fp(plain: Fp(words: 0, 0, 0, 0, 1, 0))
    self = Fp(half: bytes.prefix(32)) * radix + Fp(half: bytes.dropFirst(32))
  }

  /// At most 32 bytes, most significant first.
  private init(half bytes: ArraySlice<UInt8>) {
    var words: (UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0)
    for byte in bytes {
      words = (
        words.0 &<< 8 | UInt64(byte), words.1 &<< 8 | words.0 &>> 56, words.2 &<< 8 | words.1 &>> 56,
        words.3 &<< 8 | words.2 &>> 56
      )
    }
    self.init(plain: Fp(words: words.0, words.1, words.2, words.3, 0, 0))
  }
}

extension Fp2: CurveField {
  package static var byteCount: Int { 96 }
  package static var uniformByteCount: Int { 128 }

  package init?(bigEndian bytes: ArraySlice<UInt8>) {
    guard bytes.count == 96, let b = Fp(bigEndian: bytes.prefix(48)), let a = Fp(bigEndian: bytes.dropFirst(48)) else {
      return nil
    }
    self.init(a, b)
  }

  package var bytes: [UInt8] { b.bytes + a.bytes }

  package init(uniform bytes: ArraySlice<UInt8>) {
    self.init(Fp(uniform: bytes.prefix(64)), Fp(uniform: bytes.dropFirst(64)))
  }
}
