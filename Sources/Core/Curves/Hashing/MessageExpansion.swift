package import Codecs

/// Uniform bytes from a message and a tag that keeps one use apart from every other.
/// Source: RFC 9380, 5.3.1, `expand_message_xmd` with SHA-256.
enum MessageExpansion {
  /// `count` bytes, up to 8160. A tag longer than 255 bytes is hashed first (5.3.3).
  static func expand(
    _ message: [UInt8], tag: [UInt8], count: Int, with sha256: some SHA256Hashing
  ) -> [UInt8] {
    let tag = tag.count > 255 ? sha256.sha256(Array("H2C-OVERSIZE-DST-".utf8) + tag).bytes : tag
    let suffix = tag + [UInt8(truncatingIfNeeded: tag.count)]
    let length = [UInt8(truncatingIfNeeded: count >> 8), UInt8(truncatingIfNeeded: count)]
    let seed = sha256.sha256([UInt8](repeating: 0, count: 64) + message + length + [0] + suffix).bytes
    var block = sha256.sha256(seed + [1] + suffix).bytes
    var out = block
    var index: UInt8 = 2
    while out.count < count {
      block = sha256.sha256(zip(seed, block).map { $0 ^ $1 } + [index] + suffix).bytes
      out += block
      index &+= 1
    }
    return Array(out.prefix(count))
  }
}

/// A message as a point of a group that nobody knows a multiple of: `hash_to_curve` of RFC 9380, 3.
package enum HashToCurve {
  /// The neutral point, whose chance is that of guessing a key, is nil.
  package static func point<Group: CurveGroup>(
    of message: [UInt8], tag: [UInt8], in group: Group.Type, with sha256: some SHA256Hashing
  ) -> AffinePoint<Group>? {
    let count = Group.Field.uniformByteCount
    let bytes = MessageExpansion.expand(message, tag: tag, count: 2 * count, with: sha256)
    let first: JacobianPoint<Group> = Group.isogeny.map(Group.Field(uniform: bytes.prefix(count)))
    let second: JacobianPoint<Group> = Group.isogeny.map(Group.Field(uniform: bytes.dropFirst(count)))
    return Group.clearingCofactor(first + second).affine
  }
}
