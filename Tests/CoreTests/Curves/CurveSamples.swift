import Codecs
import Curves
import OpenSSL
import TestSupport

/// SHA-256 by OpenSSL, as the port that the curves take.
struct OpenSSLSHA256: SHA256Hashing {
  func sha256(_ bytes: [UInt8]) -> Hash32 { (try? SHA256.hash(bytes)).map { Hash32(words: $0.words) } ?? .zero }
}

/// The order of both groups, most significant word first.
let groupOrder: [UInt64] = [
  0x73ed_a753_299d_7d48, 0x3339_d808_09a1_d805, 0x53bd_a402_fffe_5bfe, 0xffff_ffff_0000_0001,
]

extension Fp {
  /// A number that depends on the generator alone.
  static func random(_ random: inout SplitMix64) -> Fp {
    Fp(uniform: (0..<64).map { _ in UInt8.random(in: .min ... .max, using: &random) }[...])
  }
}

extension AffinePoint {
  /// A point of the curve, in the group or not.
  static func onCurve(_ random: inout SplitMix64) -> Self {
    while true {
      var bytes = (0..<compressedByteCount).map { _ in UInt8.random(in: .min ... .max, using: &random) }
      bytes[0] = bytes[0] & 0x2f | 0x80
      if let point = try? Self(compressedOnCurve: bytes) { return point }
    }
  }

  /// A point of the group.
  static func inGroup(_ random: inout SplitMix64) -> Self {
    let multiple = JacobianPoint(Group.generator).times([random.next(), random.next(), random.next()])
    return multiple.affine ?? Group.generator
  }
}
