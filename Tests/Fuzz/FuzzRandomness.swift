import Codecs
import Curves
import OpenSSL
import Sodium

/// Beacons, points and proofs, as strangers send them: refused or accepted, and what is accepted has one form of bytes.
enum FuzzRandomness {
  private struct Hashing: SHA256Hashing {
    func sha256(_ bytes: [UInt8]) -> Hash32 { (try? SHA256.hash(bytes)).map { Hash32(words: $0.words) } ?? .zero }
  }

  private static let keys = DrandChain.known.compactMap { try? $0.key() }

  /// A beacon server's answer. Nobody can sign but the two chains, so a round is accepted only as one of them printed it.
  static func beacon(_ input: [UInt8]) {
    guard let beacon = try? Beacon(json: input) else { return }
    promise((try? Beacon(json: beacon.json.utf8)) == beacon, "a beacon changed on the way")
    for key in keys {
      guard let randomness = try? key.verify(beacon, with: Hashing()) else { continue }
      promise(randomness == Hashing().sha256(beacon.signature), "the randomness is not the signature's")
      let next = Beacon(
        round: beacon.round &+ 1, signature: beacon.signature, previousSignature: beacon.previousSignature)
      promise((try? key.verify(next, with: Hashing())) == nil, "a signature holds for two rounds")
    }
  }

  /// A compressed point of either group.
  static func point(_ input: [UInt8]) {
    if let point = try? AffinePoint<G1>(compressed: input) {
      promise(point.isOnCurve && point.compressed == input, "a point of G1 has two forms")
    }
    if let point = try? AffinePoint<G2>(compressed: input) {
      promise(point.isOnCurve && point.compressed == input, "a point of G2 has two forms")
    }
  }

  /// A public key, a proof, and the rest as the input.
  static func proof(_ input: [UInt8]) {
    let key = Array(input.prefix(32))
    let proof = Array(input.dropFirst(32).prefix(ECVRF.proofByteCount))
    let alpha = Array(input.dropFirst(32 + ECVRF.proofByteCount))
    let value = try? ECVRF.value(ofUnverified: proof)
    guard let verified = try? ECVRF.verify(publicKey: key, alpha: alpha, proof: proof) else { return }
    promise(verified == value, "a proof stands for two values")
    promise(
      (try? ECVRF.verify(publicKey: key, alpha: alpha + [0], proof: proof)) == nil, "a proof holds for two inputs")
  }
}
