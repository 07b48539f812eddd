/// Encodings of secp256k1 keys in PKCS#11 attributes.
enum ECPoint {
  /// `CKA_EC_PARAMS`: the DER of OID 1.3.132.0.10 (SEC 2).
  static let secp256k1: [UInt8] = [0x06, 0x05, 0x2b, 0x81, 0x04, 0x00, 0x0a]

  /// The point of a `CKA_EC_POINT`, 33 or 65 bytes; nil for anything else.
  ///
  /// The standard wraps it in a DER OCTET STRING, older modules hand it out bare: both are read.
  static func unwrapped(_ attribute: [UInt8]) -> [UInt8]? {
    if attribute.count > 2, attribute[0] == 0x04, Int(attribute[1]) == attribute.count - 2,
      let inner = point(Array(attribute[2...]))
    {
      return inner
    }
    return point(attribute)
  }

  /// The DER OCTET STRING around a point of up to 127 bytes.
  static func wrapped(_ point: [UInt8]) -> [UInt8] { [0x04, UInt8(truncatingIfNeeded: point.count)] + point }

  private static func point(_ bytes: [UInt8]) -> [UInt8]? {
    switch (bytes.count, bytes.first) {
    case (65, 0x04), (33, 0x02), (33, 0x03): bytes
    default: nil
    }
  }
}
