import CSecp256k1

/// A signature as the curve gives it: `r || s` big-endian, 64 bytes, with the id (0 to 3) that finds the public key again.
package struct CurveSignature: Hashable, Sendable {
  package let bytes: [UInt8]
  /// Bit 0: the nonce point's y is odd. Bit 1: its x was not below the group order (never seen in practice).
  package let recoveryID: UInt8

  package init(bytes: [UInt8], recoveryID: UInt8) {
    self.bytes = bytes
    self.recoveryID = recoveryID
  }
}

extension Curve {
  /// The one low-s form of `r || s` (64 bytes). Throws `secp256k1.bad_signature` for zero or values past the order.
  package func normalized(_ bytes: [UInt8]) throws(Secp256k1Error) -> [UInt8] {
    var signature = try compact(bytes)
    var low = secp256k1_ecdsa_signature()
    unsafe secp256k1_ecdsa_signature_normalize(context, &low, &signature)
    var out = [UInt8](repeating: 0, count: 64)
    unsafe secp256k1_ecdsa_signature_serialize_compact(context, &out, &low)
    return out
  }

  /// Completes what a device returns: low s, and the recovery id that leads back to `publicKey` (65 bytes).
  ///
  /// Throws `secp256k1.bad_signature`, or `secp256k1.not_recoverable` when the signature is not by that key.
  package func completed(
    _ bytes: [UInt8], digest: Span<UInt8>, publicKey: [UInt8]
  ) throws(Secp256k1Error) -> CurveSignature {
    let low = try normalized(bytes)
    for id: UInt8 in 0..<4 {
      let candidate = CurveSignature(bytes: low, recoveryID: id)
      if let found = try? recover(candidate, digest: digest), found == publicKey { return candidate }
    }
    throw Secp256k1Error(.notRecoverable, "the signature does not lead back to the key's public key")
  }

  static let badSignature = Secp256k1Error(.badSignature, "r or s is missing, zero or not below the group order")

  func compact(_ bytes: [UInt8]) throws(Secp256k1Error) -> secp256k1_ecdsa_signature {
    // The library's parser takes zero for r or s, which no signature has.
    guard bytes.count == 64, bytes[..<32].contains(where: { $0 != 0 }), bytes[32...].contains(where: { $0 != 0 })
    else { throw Curve.badSignature }
    var signature = secp256k1_ecdsa_signature()
    guard unsafe secp256k1_ecdsa_signature_parse_compact(context, &signature, bytes) == 1 else {
      throw Curve.badSignature
    }
    return signature
  }
}
