import CSecp256k1

/// Public keys are plain bytes: `04 || x || y`, 65 of them (SEC 1, 2.3.3).
extension Curve {
  /// The public key of a private one, uncompressed.
  package func publicKey(of key: SecretKey) -> [UInt8] {
    var point = secp256k1_pubkey()
    // It fails for a key out of range only, and no such key can be made.
    let made = unsafe secp256k1_ec_pubkey_create(context, &point, key.pointer)
    precondition(made == 1, "a private key has no public key")
    return uncompressed(&point)
  }

  /// The uncompressed form of a public key of 33 or 65 bytes. Throws `secp256k1.bad_public_key` off the curve.
  package func publicKey(parsing bytes: [UInt8]) throws(Secp256k1Error) -> [UInt8] {
    var point = try parsed(bytes)
    return uncompressed(&point)
  }

  func parsed(_ publicKey: [UInt8]) throws(Secp256k1Error) -> secp256k1_pubkey {
    var point = secp256k1_pubkey()
    guard unsafe secp256k1_ec_pubkey_parse(context, &point, publicKey, publicKey.count) == 1 else {
      throw Secp256k1Error(.badPublicKey, "the bytes are no point of the curve")
    }
    return point
  }

  func uncompressed(_ point: inout secp256k1_pubkey) -> [UInt8] {
    var out = [UInt8](repeating: 0, count: 65)
    var length = out.count
    unsafe secp256k1_ec_pubkey_serialize(context, &out, &length, &point, UInt32(SECP256K1_EC_UNCOMPRESSED))
    return out
  }
}
