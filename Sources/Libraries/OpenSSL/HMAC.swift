import COpenSSL

/// HMAC-SHA-256 (RFC 2104, FIPS 198-1).
package enum HMACSHA256 {
  /// 32 bytes. Compare a received code with `isValid`, never with `==`.
  package static func code(for message: Span<UInt8>, key: SecretBytes) throws(CryptoError) -> [UInt8] {
    var out = [UInt8](repeating: 0, count: 32)
    let made = key.withBytes { key in
      unsafe key.withUnsafeBytes { key in
        unsafe message.withUnsafeBufferPointer { message in
          unsafe out.withUnsafeMutableBufferPointer { out in
            unsafe HMAC(
              EVP_sha256(), key.baseAddress, Int32(clamping: key.count), message.baseAddress, message.count,
              out.baseAddress, nil) != nil
          }
        }
      }
    }
    guard made else { throw .failed("HMAC-SHA-256") }
    return out
  }

  package static func code(for message: [UInt8], key: SecretBytes) throws(CryptoError) -> [UInt8] {
    try code(for: message.span, key: key)
  }

  /// Whether `code` belongs to the message; takes the same time wherever it differs.
  package static func isValid(
    _ code: [UInt8], for message: [UInt8], key: SecretBytes
  ) throws(CryptoError) -> Bool {
    let expected = try self.code(for: message, key: key)
    return constantTimeEqual(expected, code)
  }
}
