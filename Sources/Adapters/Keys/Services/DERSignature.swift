/// ECDSA signatures and public keys as services give them: DER (ITU-T X.690; RFC 3279, 2.2.3; RFC 5480, 2).
package enum DERSignature {
  /// `r || s`, 64 bytes, from SEQUENCE { INTEGER r, INTEGER s }; nil for anything that is not exactly that in its
  /// shortest form, or does not fit in 256 bits.
  package static func raw(_ der: [UInt8]) -> [UInt8]? {
    var rest = der[...]
    guard rest.popFirst() == 0x30, let length = rest.popFirst(), length < 0x80, rest.count == Int(length),
      let r = integer(&rest), let s = integer(&rest), rest.isEmpty
    else { return nil }
    return r + s
  }

  /// A positive INTEGER as 32 bytes.
  private static func integer(_ rest: inout ArraySlice<UInt8>) -> [UInt8]? {
    guard rest.popFirst() == 0x02, let length = rest.popFirst(), (1...33).contains(length), rest.count >= Int(length)
    else { return nil }
    var bytes = Array(rest.prefix(Int(length)))
    rest = rest.dropFirst(Int(length))
    guard let first = bytes.first, first < 0x80 else { return nil }
    if first == 0 {
      // A leading zero only where the next bit would be a sign; and zero itself is no part of a signature.
      guard bytes.count > 1, bytes[1] >= 0x80 else { return nil }
      bytes.removeFirst()
    }
    guard bytes.count <= 32 else { return nil }
    return [UInt8](repeating: 0, count: 32 - bytes.count) + bytes
  }

  /// The uncompressed point of a SubjectPublicKeyInfo over secp256k1 (1.3.132.0.10); nil for any other key.
  package static func point(subjectPublicKeyInfo der: [UInt8]) -> [UInt8]? {
    let head: [UInt8] = [
      0x30, 0x56, 0x30, 0x10, 0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01, 0x06, 0x05, 0x2b, 0x81, 0x04, 0x00,
      0x0a, 0x03, 0x42, 0x00,
    ]
    guard der.count == head.count + 65, der.starts(with: head), der[head.count] == 4 else { return nil }
    return Array(der.suffix(65))
  }
}
