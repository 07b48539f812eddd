import COATH
import Glibc

/// Why a one-time password was not made. Codes are stable: docs/errors.md.
package struct OATHError: Error, Hashable, Sendable {
  package enum Code: String, CaseIterable, Sendable {
    /// A secret or a number of digits out of range, or text that is no base32.
    case badInput = "oath.bad_input"
    /// liboath refused; the message holds its reason.
    case failed = "oath.failed"
  }
  package let code: Code
  package let message: String

  init(_ code: Code, _ message: String) {
    self.code = code
    self.message = message
  }
}

/// One-time passwords: HOTP (RFC 4226), and with it TOTP (RFC 6238) of HMAC-SHA-1. Any thread.
package enum OneTimePassword {
  private static let isReady = oath_init() == OATH_OK.rawValue

  /// The password of a counter; for TOTP the counter is seconds / 30. 6 to 8 digits, zeros in front kept.
  package static func text(_ secret: Span<UInt8>, counter: UInt64, digits: Int = 6) throws(OATHError) -> String {
    guard isReady else { throw OATHError(.failed, "liboath did not start") }
    guard (1...128).contains(secret.count), (6...8).contains(digits) else {
      throw OATHError(.badInput, "a secret has 1 to 128 bytes, a password 6 to 8 digits")
    }
    var out = [CChar](repeating: 0, count: 16)
    let result = unsafe secret.withUnsafeBytes { secret in
      unsafe out.withUnsafeMutableBufferPointer { out in
        unsafe oath_hotp_generate(
          secret.baseAddress?.assumingMemoryBound(to: CChar.self), secret.count, counter, UInt32(clamping: digits),
          false,
          coath_dynamic_truncation(), out.baseAddress)
      }
    }
    guard result == OATH_OK.rawValue else { throw failure(result) }
    return String(decoding: out.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  /// Base32 (RFC 4648) in capitals, without padding.
  package static func base32(_ secret: Span<UInt8>) throws(OATHError) -> String {
    var (out, count) = unsafe (UnsafeMutablePointer<CChar>?.none, 0)
    let result = unsafe secret.withUnsafeBytes { secret in
      unsafe oath_base32_encode(
        secret.baseAddress?.assumingMemoryBound(to: CChar.self), secret.count, &out, &count)
    }
    defer { unsafe free(out) }
    guard result == OATH_OK.rawValue, let text = unsafe out else { throw failure(result) }
    let bytes = unsafe UnsafeBufferPointer(start: text, count: count).map { UInt8(bitPattern: $0) }
    return String(decoding: bytes.prefix { $0 != 0x3d }, as: UTF8.self)
  }

  /// Reads base32 in capitals or small letters, with or without padding. Throws `oath.bad_input`.
  package static func bytes(base32 text: String) throws(OATHError) -> [UInt8] {
    let input = Array(text.utf8)
    guard input.count <= 256 else { throw OATHError(.badInput, "the text is too long for a secret") }
    var (out, count) = unsafe (UnsafeMutablePointer<CChar>?.none, 0)
    let result = unsafe input.withUnsafeBytes { input in
      unsafe oath_base32_decode(input.baseAddress?.assumingMemoryBound(to: CChar.self), input.count, &out, &count)
    }
    defer { unsafe free(out) }
    guard result == OATH_OK.rawValue, let bytes = unsafe out else {
      throw OATHError(.badInput, "the text is no base32")
    }
    return unsafe UnsafeBufferPointer(start: bytes, count: count).map { UInt8(bitPattern: $0) }
  }

  private static func failure(_ code: Int32) -> OATHError {
    let reason = unsafe oath_strerror(code).map { unsafe String(cString: $0) } ?? "error \(code)"
    return OATHError(.failed, "liboath failed: \(reason)")
  }
}
