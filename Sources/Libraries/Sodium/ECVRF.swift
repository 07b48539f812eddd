/// The verifiable random function ECVRF-EDWARDS25519-SHA512-TAI: RFC 9381, suite 3.
///
/// For an input `alpha` the holder of a key makes exactly one value `beta`, and a proof by which anybody who knows the
/// public key sees that it is that one. The holder can keep a value back, and can make no other.
///
/// Stricter than the RFC where it leaves a choice: keys are always validated, and a point of a key or proof must be in
/// the prime-order group, as every honest one is. Any thread.
package enum ECVRF {
  static let suite: UInt8 = 3
  /// Bytes of the challenge.
  static let challengeByteCount = 16
  /// The point, the challenge and a scalar.
  package static let proofByteCount = 80

  /// The value that a proof stands for, 64 bytes, once `proof` was made by `publicKey` for `alpha`.
  ///
  /// Throws `vrf.bad_public_key`, `vrf.bad_proof`, `vrf.wrong_proof`.
  package static func verify(publicKey: [UInt8], alpha: [UInt8], proof: [UInt8]) throws(VRFError) -> [UInt8] {
    let steps = try Steps(publicKey: publicKey, alpha: alpha, proof: proof)
    guard steps.isValid else { throw wrongProof }
    return try value(of: steps.gamma)
  }

  private static var wrongProof: VRFError {
    VRFError(.wrongProof, "the proof was not made by this key for this input")
  }

  /// What a verification computes on its way, for comparing with other implementations.
  package struct Steps {
    /// How many digests were tried until one was a point.
    package let tries: Int
    /// The input as a point: `H`.
    package let input: [UInt8]
    /// What the prover committed to: U = sB - cY and V = sH - cGamma.
    package let u: [UInt8]
    package let v: [UInt8]
    /// Whether the challenge is the one of these points.
    package let isValid: Bool
    /// What the proof stands for if it is valid.
    let gamma: EdwardsPoint

    /// Throws `vrf.bad_public_key`, `vrf.bad_proof`, and `vrf.wrong_proof` where a step has no result.
    package init(publicKey: [UInt8], alpha: [UInt8], proof: [UInt8]) throws(VRFError) {
      guard Sodium.isReady else { throw .failed("sodium_init") }
      guard let key = EdwardsPoint(publicKey) else {
        throw VRFError(
          .badPublicKey, "a VRF public key is 32 bytes of a point of large order, written canonically",
          hint: "compare the key with the one that was published before the draw")
      }
      let proof = try VRFProof(proof)
      let (input, tries) = try encodeToCurve(alpha, key: key)
      let challenge = proof.challenge + [UInt8](repeating: 0, count: 16)
      guard let sB = EdwardsPoint.base(times: proof.scalar), let cY = key.times(challenge),
        let sH = input.times(proof.scalar), let cGamma = proof.gamma.times(challenge),
        let u = sB.subtracting(cY), let v = sH.subtracting(cGamma)
      else { throw wrongProof }
      (self.gamma, self.tries, self.input) = (proof.gamma, tries, input.bytes)
      (self.u, self.v) = (u, v)
      isValid = ECVRF.challenge(key, input, proof.gamma, u, v) == proof.challenge
    }
  }

  /// The value that a proof would stand for; it proves nothing by itself. Throws `vrf.bad_proof`.
  package static func value(ofUnverified proof: [UInt8]) throws(VRFError) -> [UInt8] {
    guard Sodium.isReady else { throw .failed("sodium_init") }
    return try value(of: try VRFProof(proof).gamma)
  }

  // MARK: RFC 9381, section 5

  /// 5.2, `proof_to_hash`.
  static func value(of gamma: EdwardsPoint) throws(VRFError) -> [UInt8] {
    guard let cleared = gamma.timesCofactor else { throw VRFError(.badProof, "the proof's point is of small order") }
    return SHA512.hash([suite, 3], cleared, [0])
  }

  /// 5.4.1.1, `encode_to_curve_try_and_increment`: about two tries; 256 fail with a chance of 2^-256.
  static func encodeToCurve(
    _ alpha: [UInt8], key: EdwardsPoint
  ) throws(VRFError) -> (point: EdwardsPoint, tries: Int) {
    for counter in UInt8.min...UInt8.max {
      let digest = SHA512.hash([suite, 1], key.bytes, alpha, [counter, 0])
      if let point = EdwardsPoint(clearingCofactorOf: Array(digest.prefix(32))) {
        return (point, Int(counter) + 1)
      }
    }
    throw .failed("no point for this input")
  }

  /// 5.4.3, `challenge_generation`.
  static func challenge(
    _ key: EdwardsPoint, _ input: EdwardsPoint, _ gamma: EdwardsPoint, _ u: [UInt8], _ v: [UInt8]
  ) -> [UInt8] {
    Array(
      SHA512.hash([suite, 2], key.bytes, input.bytes, gamma.bytes, u, v, [0]).prefix(challengeByteCount))
  }
}

/// 80 bytes taken apart: RFC 9381, 5.4.4.
struct VRFProof {
  let gamma: EdwardsPoint
  /// 16 bytes, least significant first.
  let challenge: [UInt8]
  /// 32 bytes, least significant first, below the group's order.
  let scalar: [UInt8]

  /// Throws `vrf.bad_proof`.
  init(_ bytes: [UInt8]) throws(VRFError) {
    guard bytes.count == ECVRF.proofByteCount else {
      throw VRFError(.badProof, "a VRF proof has \(ECVRF.proofByteCount) bytes, not \(bytes.count)")
    }
    guard let gamma = EdwardsPoint(Array(bytes[..<32])) else {
      throw VRFError(.badProof, "the proof's point is not one of the group, or is not written canonically")
    }
    let scalar = Array(bytes[48...])
    guard VRFProof.isBelowOrder(scalar) else {
      throw VRFError(.badProof, "the proof's scalar is not below the group's order: it has another, shorter name")
    }
    self.gamma = gamma
    challenge = Array(bytes[32..<48])
    self.scalar = scalar
  }

  /// 2^252 + 27742317777372353535851937790883648493, least significant byte first.
  private static let order: [UInt8] = [
    0xed, 0xd3, 0xf5, 0x5c, 0x1a, 0x63, 0x12, 0x58, 0xd6, 0x9c, 0xf7, 0xa2, 0xde, 0xf9, 0xde, 0x14,
    0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x10,
  ]

  private static func isBelowOrder(_ scalar: [UInt8]) -> Bool {
    for (digit, limit) in zip(scalar, order).reversed() where digit != limit { return digit < limit }
    return false
  }
}
