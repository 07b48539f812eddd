package import Codecs

/// A chain's public key with everything that verifying needs, made once: about 20 KiB. Any thread.
package struct BeaconKey: Sendable {
  package let scheme: BeaconScheme
  /// The compressed point: 96 bytes for quicknet's scheme, 48 for the default chain's.
  package let bytes: [UInt8]
  private let form: Form

  private enum Form: Sendable {
    /// Signatures in G1: the key's lines, and the generator's.
    case g2(PreparedG2, generator: PreparedG2)
    /// Signatures in G2: minus the key, since its pairing stands on the other side of the equation.
    case g1(negated: AffinePoint<G1>)
  }

  /// Throws `beacon.bad_public_key`.
  package init(_ scheme: BeaconScheme, _ bytes: [UInt8]) throws(BeaconError) {
    self.scheme = scheme
    self.bytes = bytes
    do throws(CurveError) {
      switch scheme {
      case .unchainedG1:
        form = .g2(PreparedG2(try AffinePoint<G2>(compressed: bytes)), generator: PreparedG2(-G2.generator))
      case .chainedG2:
        form = .g1(negated: -(try AffinePoint<G1>(compressed: bytes)))
      }
    } catch {
      throw BeaconError(
        .badPublicKey, "the chain's public key: \(error.message)", hint: "compare it with the chain's page")
    }
  }

  /// The round's randomness, which is the signature's SHA-256. It is proven to be this chain's for this round.
  ///
  /// Throws `beacon.bad_round`, `.bad_previous_signature`, `.bad_signature`, `.wrong_signature`, `.wrong_randomness`.
  package func verify(_ beacon: Beacon, with sha256: some SHA256Hashing) throws(BeaconError) -> Hash32 {
    guard beacon.round > 0 else { throw BeaconError(.badRound, "rounds are counted from 1") }
    guard scheme.takes(previous: beacon.previousSignature.count, round: beacon.round) else {
      throw BeaconError(
        .badPreviousSignature,
        "\(scheme.rawValue): round \(beacon.round) cannot follow \(beacon.previousSignature.count) bytes")
    }
    guard try isSigned(beacon, with: sha256) else {
      throw BeaconError(.wrongSignature, "round \(beacon.round) was not signed by this chain's key")
    }
    let randomness = sha256.sha256(beacon.signature)
    if let claimed = beacon.claimedRandomness, claimed != randomness {
      throw BeaconError(.wrongRandomness, "the randomness of round \(beacon.round) is not its signature's SHA-256")
    }
    return randomness
  }

  private func isSigned(_ beacon: Beacon, with sha256: some SHA256Hashing) throws(BeaconError) -> Bool {
    var message = beacon.previousSignature
    BigEndian.append(beacon.round, to: &message)
    let digest = sha256.sha256(message).bytes
    do throws(CurveError) {
      switch form {
      case .g2(let key, let generator):
        let signature = try AffinePoint<G1>(compressed: beacon.signature)
        guard let hash = HashToCurve.point(of: digest, tag: scheme.tag, in: G1.self, with: sha256) else { return false }
        return Pairing.productIsOne([.init(signature, generator), .init(hash, key)])
      case .g1(let negated):
        let signature = try AffinePoint<G2>(compressed: beacon.signature)
        guard let hash = HashToCurve.point(of: digest, tag: scheme.tag, in: G2.self, with: sha256) else { return false }
        return Pairing.productIsOne([.init(G1.generator, PreparedG2(signature)), .init(negated, PreparedG2(hash))])
      }
    } catch {
      throw BeaconError(.badSignature, "the signature of round \(beacon.round): \(error.message)")
    }
  }
}
