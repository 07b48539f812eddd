import CSodium

/// SHA-512 of parts, as the proofs need it. The state is wiped by libsodium as it ends.
enum SHA512 {
  static func hash(_ parts: [UInt8]...) -> [UInt8] {
    var state = crypto_hash_sha512_state()
    unsafe crypto_hash_sha512_init(&state)
    for part in parts { unsafe crypto_hash_sha512_update(&state, part, UInt64(part.count)) }
    var digest = [UInt8](repeating: 0, count: 64)
    unsafe crypto_hash_sha512_final(&state, &digest)
    return digest
  }

  /// 64 bytes of secrets into 64 bytes of secrets; nothing of either is copied.
  static func hash(_ secret: UnsafePointer<UInt8>, count: Int, _ part: [UInt8], into out: UnsafeMutablePointer<UInt8>) {
    var state = crypto_hash_sha512_state()
    unsafe crypto_hash_sha512_init(&state)
    unsafe crypto_hash_sha512_update(&state, secret, UInt64(count))
    unsafe crypto_hash_sha512_update(&state, part, UInt64(part.count))
    unsafe crypto_hash_sha512_final(&state, out)
  }
}
