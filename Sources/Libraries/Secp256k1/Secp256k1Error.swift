/// Why bytes are no key, point or signature on the curve. Codes are stable: docs/errors.md.
package struct Secp256k1Error: Error, Hashable, Sendable {
  /// Stable across releases. Add cases freely; never rename or reuse one.
  package enum Code: String, CaseIterable, Sendable {
    /// Not 32 bytes, zero, or not below the group order.
    case badSecretKey = "secp256k1.bad_secret_key"
    /// The bytes are no point of the curve.
    case badPublicKey = "secp256k1.bad_public_key"
    /// A digest has 32 bytes.
    case badDigest = "secp256k1.bad_digest"
    /// Not 64 bytes, or r or s is zero or not below the group order.
    case badSignature = "secp256k1.bad_signature"
    /// Well-formed, but made by another key or over another digest.
    case notRecoverable = "secp256k1.not_recoverable"
    /// No memory for a private key.
    case outOfMemory = "secp256k1.out_of_memory"
  }
  package let code: Code
  /// One sentence; never the bytes of a key.
  package let message: String

  package init(_ code: Code, _ message: String) {
    self.code = code
    self.message = message
  }
}
