import COpenSSL

/// Ed25519 (RFC 8032, the pure variant): signs the audit log's checkpoints.
package enum Ed25519 {
  /// Whether `signature` (64 bytes) over `message` was made by the holder of `publicKey` (32 bytes).
  ///
  /// False for a wrong signature, a signature of another length, and a key that is no point. Throws `badLength` for a
  /// key of another length: that is a mistake of configuration, not of the signer.
  package static func isValid(
    signature: [UInt8], message: [UInt8], publicKey: [UInt8]
  ) throws(CryptoError) -> Bool {
    guard publicKey.count == 32 else { throw .length("an Ed25519 public key", 32, publicKey.count) }
    guard signature.count == 64 else { return false }
    let made = unsafe publicKey.withUnsafeBufferPointer {
      unsafe EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nil, $0.baseAddress, $0.count)
    }
    guard let key = unsafe made else {
      ERR_clear_error()
      return false
    }
    defer { unsafe EVP_PKEY_free(key) }
    guard let context = unsafe EVP_MD_CTX_new() else { throw CryptoError(.outOfMemory, "no memory for Ed25519") }
    defer { unsafe EVP_MD_CTX_free(context) }
    guard unsafe EVP_DigestVerifyInit(context, nil, nil, nil, key) == 1 else { throw .failed("Ed25519") }
    let valid = unsafe signature.withUnsafeBufferPointer { signature in
      unsafe message.withUnsafeBufferPointer { message in
        unsafe EVP_DigestVerify(context, signature.baseAddress, signature.count, message.baseAddress, message.count)
      }
    }
    ERR_clear_error()
    return valid == 1
  }

  /// A signing key.
  ///
  /// `@unchecked Sendable`: the EVP_PKEY is never changed after `init`, and each signature uses a context of its own;
  /// OpenSSL allows that from several threads (https://docs.openssl.org/3.0/man7/openssl-threads/).
  @safe package final class PrivateKey: @unchecked Sendable {
    private let key: OpaquePointer
    /// 32 bytes.
    package let publicKey: [UInt8]

    /// From the 32-byte seed (RFC 8032, 5.1.5).
    package init(seed: SecretBytes) throws(CryptoError) {
      guard seed.count == 32 else { throw .length("an Ed25519 seed", 32, seed.count) }
      let made = unsafe seed.withBytes { seed in
        unsafe seed.withUnsafeBufferPointer {
          unsafe EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, nil, $0.baseAddress, $0.count)
        }
      }
      guard let key = unsafe made else { throw .failed("Ed25519 key") }
      var count = 32
      var raw = [UInt8](repeating: 0, count: 32)
      let read = unsafe raw.withUnsafeMutableBufferPointer {
        unsafe EVP_PKEY_get_raw_public_key(key, $0.baseAddress, &count)
      }
      guard read == 1, count == 32 else {
        unsafe EVP_PKEY_free(key)
        throw .failed("Ed25519 public key")
      }
      unsafe self.key = key
      publicKey = raw
    }

    /// OpenSSL wipes the key as it frees it.
    deinit { unsafe EVP_PKEY_free(key) }

    /// 64 bytes; the same for the same message, always.
    package func sign(_ message: [UInt8]) throws(CryptoError) -> [UInt8] {
      guard let context = unsafe EVP_MD_CTX_new() else { throw CryptoError(.outOfMemory, "no memory for Ed25519") }
      defer { unsafe EVP_MD_CTX_free(context) }
      guard unsafe EVP_DigestSignInit(context, nil, nil, nil, key) == 1 else { throw .failed("Ed25519") }
      var count = 64
      var signature = [UInt8](repeating: 0, count: 64)
      let done = unsafe signature.withUnsafeMutableBufferPointer { signature in
        unsafe message.withUnsafeBufferPointer { message in
          unsafe EVP_DigestSign(context, signature.baseAddress, &count, message.baseAddress, message.count)
        }
      }
      guard done == 1, count == 64 else { throw .failed("Ed25519 signature") }
      return signature
    }
  }
}
