import CSodium

/// A point of edwards25519 as its 32 bytes. Only public points: nothing here is wiped.
///
/// The bytes are the one way to write the point: RFC 8032, 5.1.3, with y below the prime.
package struct EdwardsPoint: Hashable, Sendable {
  package let bytes: [UInt8]

  /// Bytes that libsodium made.
  private init(made bytes: [UInt8]) { self.bytes = bytes }

  /// A point of the prime-order group other than the neutral one; nil for everything else, small order included.
  package init?(_ bytes: [UInt8]) {
    guard bytes.count == 32, EdwardsPoint.isCanonical(bytes), unsafe crypto_core_ed25519_is_valid_point(bytes) == 1
    else { return nil }
    self.bytes = bytes
  }

  /// Eight times the point that 32 bytes name, which is in the group; nil when they name none, or one of small order.
  ///
  /// Doubled three times by sums, which ask that a point is on the curve and not that it is in the group.
  init?(clearingCofactorOf bytes: [UInt8]) {
    guard bytes.count == 32, EdwardsPoint.isCanonical(bytes) else { return nil }
    var point = bytes
    for _ in 0..<3 {
      var sum = [UInt8](repeating: 0, count: 32)
      guard unsafe crypto_core_ed25519_add(&sum, point, point) == 0 else { return nil }
      point = sum
    }
    self.init(point)
  }

  /// Whether y is below 2^255 - 19. libsodium asks this in some of its functions only.
  private static func isCanonical(_ bytes: [UInt8]) -> Bool {
    guard bytes[31] & 0x7f == 0x7f, bytes[1..<31].allSatisfy({ $0 == 0xff }) else { return true }
    return bytes[0] < 0xed
  }

  /// Nil when the multiple is the neutral point. `scalar` is of 32 bytes, least significant first, and public.
  func times(_ scalar: [UInt8]) -> EdwardsPoint? {
    var product = [UInt8](repeating: 0, count: 32)
    guard scalar.count == 32, unsafe crypto_scalarmult_ed25519_noclamp(&product, scalar, bytes) == 0 else { return nil }
    return EdwardsPoint(made: product)
  }

  /// As `times`, by a secret.
  func times(_ secret: UnsafePointer<UInt8>) -> EdwardsPoint? {
    var product = [UInt8](repeating: 0, count: 32)
    guard unsafe crypto_scalarmult_ed25519_noclamp(&product, secret, bytes) == 0 else { return nil }
    return EdwardsPoint(made: product)
  }

  /// A multiple of the generator.
  package static func base(times scalar: [UInt8]) -> EdwardsPoint? {
    guard scalar.count == 32 else { return nil }
    return unsafe scalar.withUnsafeBufferPointer { scalar in
      guard let start = scalar.baseAddress else { return nil }
      return unsafe base(times: start)
    }
  }

  /// As above, by a secret.
  static func base(times secret: UnsafePointer<UInt8>) -> EdwardsPoint? {
    var product = [UInt8](repeating: 0, count: 32)
    guard unsafe crypto_scalarmult_ed25519_base_noclamp(&product, secret) == 0 else { return nil }
    return EdwardsPoint(made: product)
  }

  /// The difference, as bytes, which may be the neutral point's.
  func subtracting(_ other: EdwardsPoint) -> [UInt8]? {
    var difference = [UInt8](repeating: 0, count: 32)
    guard unsafe crypto_core_ed25519_sub(&difference, bytes, other.bytes) == 0 else { return nil }
    return difference
  }

  /// Eight times the point, as bytes.
  var timesCofactor: [UInt8]? { EdwardsPoint(clearingCofactorOf: bytes)?.bytes }
}
