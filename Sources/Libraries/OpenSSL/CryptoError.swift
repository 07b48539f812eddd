import COpenSSL

/// Why a cryptographic operation was refused. It never names key material, passwords or messages.
package struct CryptoError: Error, Hashable, Sendable {
  /// Stable across releases. Add cases freely; never rename or reuse one.
  package enum Code: String, CaseIterable, Sendable {
    /// A key, seed, nonce or signature of another length.
    case badLength = "crypto.bad_length"
    /// Work factors out of the range that this machine should be asked for.
    case badParameters = "crypto.bad_parameters"
    /// The system's random source failed: nothing that needs secrecy may go on.
    case noRandomness = "crypto.no_randomness"
    case outOfMemory = "crypto.out_of_memory"
    /// OpenSSL refused; the message holds its reason.
    case failed = "crypto.failed"
  }

  package let code: Code
  package let message: String

  package init(_ code: Code, _ message: String) {
    self.code = code
    self.message = message
  }

  /// The one place where OpenSSL's error queue becomes an error; it empties the queue of this thread.
  static func failed(_ operation: String) -> CryptoError {
    let code = ERR_get_error()
    ERR_clear_error()
    guard code != 0 else { return CryptoError(.failed, "\(operation) failed") }
    let reason = unsafe ERR_reason_error_string(code).map { unsafe String(cString: $0) } ?? "error \(code)"
    return CryptoError(.failed, "\(operation) failed: \(reason)")
  }

  static func length(_ what: String, _ expected: Int, _ found: Int) -> CryptoError {
    CryptoError(.badLength, "\(what) must be \(expected) bytes, not \(found)")
  }
}
