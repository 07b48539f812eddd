import OpenSSL

/// Secrets of other people at rest: AES-128-CTR and then HMAC-SHA-256, with keys derived from one of 32 bytes.
///
/// Bytes: version 1, counter block (16), ciphertext, code (32) over context and everything before it. What was sealed in
/// one context opens in no other.
enum SecretBox {
  private static let version: UInt8 = 1
  private static let overhead = 1 + 16 + 32

  static func seal(_ plain: SecretBytes, key: SecretBytes, context: [UInt8]) throws(CryptoError) -> [UInt8] {
    let counter = try RandomBytes.bytes(16)
    let body = try [version] + counter + AES128CTR.encrypt(plain, key: part(key, "encrypt", 16), counter: counter)
    return try body + HMACSHA256.code(for: framed(context) + body, key: part(key, "authenticate", 32))
  }

  /// Nil for what was not sealed with this key in this context, or was changed.
  static func open(_ box: [UInt8], key: SecretBytes, context: [UInt8]) throws(CryptoError) -> SecretBytes? {
    guard box.count > overhead, box[0] == version else { return nil }
    let body = Array(box.dropLast(32))
    let code = Array(box.suffix(32))
    guard try HMACSHA256.isValid(code, for: framed(context) + body, key: part(key, "authenticate", 32)) else {
      return nil
    }
    return try AES128CTR.decrypt(
      Array(body.dropFirst(17)), key: part(key, "encrypt", 16), counter: Array(body[1..<17]))
  }

  private static func framed(_ context: [UInt8]) -> [UInt8] {
    length(context.count) + context
  }

  private static func length(_ count: Int) -> [UInt8] {
    (0..<4).reversed().map { UInt8(truncatingIfNeeded: count >> (8 * $0)) }
  }

  private static func part(_ key: SecretBytes, _ purpose: String, _ count: Int) throws(CryptoError) -> SecretBytes {
    var code = try HMACSHA256.code(for: Array("almoner/box/1/\(purpose)".utf8), key: key)
    let whole = try SecretBytes(wiping: &code)
    return try whole.slice(0..<count)
  }
}
