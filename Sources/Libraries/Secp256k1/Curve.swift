import CSecp256k1

/// ECDSA over secp256k1: signing by RFC 6979 with low s, recovery and verification.
///
/// Threads: any number may call at once. libsecp256k1 allows that for every function that takes the context as `const`;
/// the one that does not, `secp256k1_context_randomize`, is called in `init` only (secp256k1.h, "thread-safe").
/// Source: SEC 1, RFC 6979; low s: EIP-2.
@safe package final class Curve: @unchecked Sendable {
  // Sendable: the context is written in init only; see "Threads" above.
  let context: OpaquePointer

  /// One context for the process is enough: it holds no key.
  package static let shared = Curve()

  /// Blinds the context with fresh random numbers, against side channels.
  package init() {
    // For valid flags the library aborts rather than return nil.
    guard let made = unsafe secp256k1_context_create(UInt32(SECP256K1_CONTEXT_NONE)) else {
      preconditionFailure("libsecp256k1 made no context")
    }
    unsafe context = made
    var random = SystemRandomNumberGenerator()
    let seed = (random.next(), random.next(), random.next(), random.next())
    let done = unsafe withUnsafeBytes(of: seed) { bytes in
      unsafe secp256k1_context_randomize(made, bytes.assumingMemoryBound(to: UInt8.self).baseAddress)
    }
    precondition(done == 1, "libsecp256k1 refused to blind its context")
  }

  deinit { unsafe secp256k1_context_destroy(context) }

  /// Signs a 32-byte digest; the same key and digest always give the same bytes. Throws `secp256k1.bad_digest`.
  package func sign(_ digest: Span<UInt8>, with key: SecretKey) throws(Secp256k1Error) -> CurveSignature {
    try Curve.checkDigest(digest)
    var signature = secp256k1_ecdsa_recoverable_signature()
    let made = unsafe Curve.withPointer(digest) { digest in
      unsafe secp256k1_ecdsa_sign_recoverable(context, &signature, digest, key.pointer, nil, nil)
    }
    // The key is verified when it is made, so only an unlucky RFC 6979 nonce (1 in 2^128) ends here.
    guard made == 1 else { throw Secp256k1Error(.badSecretKey, "the key made no signature") }
    var recoveryID: Int32 = 0
    var bytes = [UInt8](repeating: 0, count: 64)
    unsafe secp256k1_ecdsa_recoverable_signature_serialize_compact(context, &bytes, &recoveryID, &signature)
    return CurveSignature(bytes: bytes, recoveryID: UInt8(truncatingIfNeeded: recoveryID))
  }

  /// The public key whose signature this is, uncompressed.
  ///
  /// Throws `secp256k1.bad_signature` for r or s out of range, `secp256k1.not_recoverable` when no key fits.
  package func recover(_ signature: CurveSignature, digest: Span<UInt8>) throws(Secp256k1Error) -> [UInt8] {
    var point = try recoverPoint(signature, digest: digest)
    return uncompressed(&point)
  }

  /// Whether `r || s` is a low-s signature of the digest by the public key. False for anything malformed.
  package func verify(_ bytes: [UInt8], digest: Span<UInt8>, publicKey: [UInt8]) -> Bool {
    guard digest.count == 32, var point = try? parsed(publicKey), var signature = try? compact(bytes) else {
      return false
    }
    return unsafe Curve.withPointer(digest) { digest in
      unsafe secp256k1_ecdsa_verify(context, &signature, digest, &point)
    } == 1
  }

  static func checkDigest(_ digest: Span<UInt8>) throws(Secp256k1Error) {
    guard digest.count == 32 else { throw Secp256k1Error(.badDigest, "a digest has 32 bytes, not \(digest.count)") }
  }

  /// Lends the digest to a C call; 0, the library's "no", where there are no bytes to lend.
  private static func withPointer(_ digest: Span<UInt8>, _ call: (UnsafePointer<UInt8>) -> Int32) -> Int32 {
    unsafe digest.withUnsafeBufferPointer { bytes in
      guard let start = bytes.baseAddress else { return 0 }
      return unsafe call(start)
    }
  }

  private func recoverPoint(
    _ signature: CurveSignature, digest: Span<UInt8>
  ) throws(Secp256k1Error) -> secp256k1_pubkey {
    try Curve.checkDigest(digest)
    var parsed = secp256k1_ecdsa_recoverable_signature()
    guard signature.bytes.count == 64, signature.recoveryID < 4,
      unsafe secp256k1_ecdsa_recoverable_signature_parse_compact(
        context, &parsed, signature.bytes, Int32(signature.recoveryID)) == 1
    else { throw Curve.badSignature }
    var point = secp256k1_pubkey()
    let found = unsafe Curve.withPointer(digest) { digest in
      unsafe secp256k1_ecdsa_recover(context, &point, &parsed, digest)
    }
    guard found == 1 else { throw Secp256k1Error(.notRecoverable, "no public key fits the signature") }
    return point
  }
}
