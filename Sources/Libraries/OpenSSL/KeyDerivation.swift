import COpenSSL

/// Keys from passwords, as in Ethereum's keystore (Web3 Secret Storage, version 3).
package enum KeyDerivation {
  /// scrypt (RFC 7914). `n` is a power of two; the work needs about 128 * n * r bytes of memory.
  ///
  /// Refuses (`badParameters`) what would need more than `memoryLimit` bytes: parameters come from a file, and a file
  /// must not be able to take the machine's memory.
  package static func scrypt(
    password: SecretBytes, salt: [UInt8], n: UInt64, r: UInt64, p: UInt64, count: Int,
    memoryLimit: UInt64 = 512 << 20
  ) throws(CryptoError) -> SecretBytes {
    guard n > 1, n & (n - 1) == 0, n <= 1 << 24, (1...64).contains(r), (1...64).contains(p), (1...1024).contains(count)
    else { throw CryptoError(.badParameters, "scrypt: n, r, p or the key length is out of range") }
    // None of these products can overflow within the ranges above; the sum is OpenSSL's own estimate.
    guard 128 * r * (n + p + 2) <= memoryLimit else {
      throw CryptoError(.badParameters, "scrypt: the parameters need more than \(memoryLimit >> 20) MiB")
    }
    let key = try SecretBytes(count: count)
    let done = password.withBytes { password in
      unsafe password.withUnsafeBytes { password in
        unsafe salt.withUnsafeBufferPointer { salt in
          unsafe key.withMutableMemory { out in
            unsafe EVP_PBE_scrypt(
              password.baseAddress?.assumingMemoryBound(to: CChar.self), password.count, salt.baseAddress, salt.count,
              n, r, p, memoryLimit, out, count)
          }
        }
      }
    }
    guard done == 1 else { throw .failed("scrypt") }
    return key
  }

  /// PBKDF2 with HMAC-SHA-256 (RFC 8018), at most ten million rounds.
  package static func pbkdf2(
    password: SecretBytes, salt: [UInt8], rounds: Int, count: Int
  ) throws(CryptoError) -> SecretBytes {
    guard (1...10_000_000).contains(rounds), (1...1024).contains(count), salt.count <= 1024 else {
      throw CryptoError(.badParameters, "PBKDF2: the rounds, the salt or the key length is out of range")
    }
    let key = try SecretBytes(count: count)
    let done = password.withBytes { password in
      unsafe password.withUnsafeBytes { password in
        unsafe salt.withUnsafeBufferPointer { salt in
          unsafe key.withMutableMemory { out in
            unsafe PKCS5_PBKDF2_HMAC(
              password.baseAddress?.assumingMemoryBound(to: CChar.self), Int32(clamping: password.count),
              salt.baseAddress, Int32(clamping: salt.count), Int32(clamping: rounds), EVP_sha256(),
              Int32(clamping: count), out)
          }
        }
      }
    }
    guard done == 1 else { throw .failed("PBKDF2") }
    return key
  }
}
