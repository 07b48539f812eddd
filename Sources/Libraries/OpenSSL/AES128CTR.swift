import COpenSSL

/// AES-128 in counter mode (NIST SP 800-38A), the cipher of Ethereum's keystore. It hides and does not authenticate:
/// check the keystore's own MAC first.
package enum AES128CTR {
  /// Opens `ciphertext` into a secret. `key` and `counter` are 16 bytes each.
  package static func decrypt(
    _ ciphertext: [UInt8], key: SecretBytes, counter: [UInt8]
  ) throws(CryptoError) -> SecretBytes {
    let plain = try SecretBytes(count: ciphertext.count)
    let done = try unsafe run(key, counter) { context in
      unsafe plain.withMutableMemory { out in
        unsafe ciphertext.withUnsafeBufferPointer { input in
          unsafe transform(context, input, into: out)
        }
      }
    }
    guard done == true else { throw .failed("AES-128-CTR") }
    return plain
  }

  /// Closes a secret. The same key and counter must never be used for a second one.
  package static func encrypt(
    _ plain: SecretBytes, key: SecretBytes, counter: [UInt8]
  ) throws(CryptoError) -> [UInt8] {
    var out = [UInt8](repeating: 0, count: plain.count)
    let done = try unsafe run(key, counter) { context in
      plain.withBytes { input in
        unsafe input.withUnsafeBufferPointer { input in
          unsafe out.withUnsafeMutableBufferPointer { out in
            guard let start = out.baseAddress else { return input.isEmpty }
            return unsafe transform(context, input, into: start)
          }
        }
      }
    }
    guard done == true else { throw .failed("AES-128-CTR") }
    return out
  }

  private static func run<Result>(
    _ key: SecretBytes, _ counter: [UInt8], _ body: (OpaquePointer) -> Result
  ) throws(CryptoError) -> Result {
    guard key.count == 16 else { throw .length("an AES-128 key", 16, key.count) }
    guard counter.count == 16 else { throw .length("an AES counter block", 16, counter.count) }
    guard let context = unsafe EVP_CIPHER_CTX_new() else { throw CryptoError(.outOfMemory, "no memory for AES") }
    // Freeing also wipes the key schedule.
    defer { unsafe EVP_CIPHER_CTX_free(context) }
    let ready = key.withBytes { key in
      unsafe key.withUnsafeBufferPointer { key in
        unsafe counter.withUnsafeBufferPointer { counter in
          unsafe EVP_EncryptInit_ex(context, EVP_aes_128_ctr(), nil, key.baseAddress, counter.baseAddress)
        }
      }
    }
    guard ready == 1 else { throw .failed("AES-128-CTR") }
    return unsafe body(context)
  }

  /// Counter mode is its own inverse and has no padding, so the final call adds nothing.
  private static func transform(
    _ context: OpaquePointer, _ input: UnsafeBufferPointer<UInt8>, into out: UnsafeMutablePointer<UInt8>
  ) -> Bool {
    var written: Int32 = 0
    guard !input.isEmpty else { return true }
    guard let size = Int32(exactly: input.count) else { return false }
    return unsafe EVP_EncryptUpdate(context, out, &written, input.baseAddress, size) == 1 && written == size
  }
}
