/// The encoding that drand and Ethereum use: x, most significant byte first, with three flags in its top bits.
/// Source: draft-irtf-cfrg-pairing-friendly-curves, appendix C.
extension AffinePoint {
  /// 48 bytes of G1, 96 of G2.
  package static var compressedByteCount: Int { Group.Field.byteCount }

  private static var compressed: UInt8 { 0x80 }
  private static var infinity: UInt8 { 0x40 }
  private static var largeY: UInt8 { 0x20 }

  /// A point of the group, other than the neutral one; every other form of bytes is refused.
  package init(compressed bytes: [UInt8]) throws(CurveError) {
    try self.init(compressedOnCurve: bytes)
    guard Group.contains(self) else {
      throw CurveError(.notInSubgroup, "a point of \(Group.name)'s curve is not in the group")
    }
  }

  /// As above, without the check that the point is one of the group: for tests of that check.
  package init(compressedOnCurve bytes: [UInt8]) throws(CurveError) {
    guard bytes.count == Self.compressedByteCount, let flags = bytes.first else {
      throw CurveError(
        .badLength, "a point of \(Group.name) has \(Self.compressedByteCount) bytes, not \(bytes.count)")
    }
    guard flags & Self.compressed != 0 else {
      throw CurveError(.badFlags, "a point of \(Group.name) is not marked as compressed")
    }
    guard flags & Self.infinity == 0 else {
      guard flags == Self.compressed | Self.infinity, bytes.dropFirst().allSatisfy({ $0 == 0 }) else {
        throw CurveError(.badFlags, "a point of \(Group.name) is marked as the neutral one and has coordinates")
      }
      throw CurveError(.infinity, "a point of \(Group.name) is the neutral one")
    }
    var plain = bytes
    plain[0] &= 0x1f
    guard let x = Group.Field(bigEndian: plain[...]) else {
      throw CurveError(.notCanonical, "a coordinate of \(Group.name) is not below the field's prime")
    }
    guard let root = (x.squared() * x + Group.b).squareRoot() else {
      throw CurveError(.notOnCurve, "no point of \(Group.name)'s curve has this coordinate")
    }
    self.init(x: x, y: root.isLexicallyLarge == (flags & Self.largeY != 0) ? root : -root)
  }

  /// As `init(compressed:)` reads it.
  package var compressed: [UInt8] {
    var bytes = x.bytes
    bytes[0] |= Self.compressed | (y.isLexicallyLarge ? Self.largeY : 0)
    return bytes
  }
}
