import COpenSSL

/// Randomness for what may become public: salts, nonces, ids. Secrets come from `SecretBytes(random:)`.
package enum RandomBytes {
  /// `count` bytes, at most 1 MiB. Safe from every thread and after a fork. https://docs.openssl.org/3.0/man7/RAND/
  package static func bytes(_ count: Int) throws(CryptoError) -> [UInt8] {
    guard (0...(1 << 20)).contains(count) else { throw CryptoError(.badLength, "random bytes come 1 MiB at a time") }
    var done: Int32 = 0
    let bytes = unsafe [UInt8](unsafeUninitializedCapacity: count) { buffer, initialized in
      done = unsafe count == 0 ? 1 : RAND_bytes(buffer.baseAddress, Int32(clamping: count))
      initialized = done == 1 ? count : 0
    }
    guard done == 1 else {
      ERR_clear_error()
      throw CryptoError(.noRandomness, "the system's random source failed")
    }
    return bytes
  }
}
