package import Codecs
package import Curves
import Sodium

/// Verifies beacons of known chains and proofs of the verifiable random function, offline. Any thread.
package struct ProofVerifier<Hashing: SHA256Hashing>: RandomnessVerifying {
  private let keys: [Hash32: BeaconKey]
  private let sha256: Hashing

  /// `chains`: those whose rounds count. Throws `randomness.wrong_source` for one whose hash is not of its own key,
  /// times and group, or whose key is no point.
  package init(chains: [DrandChain] = DrandChain.known, sha256: Hashing) throws(RandomnessError) {
    var keys: [Hash32: BeaconKey] = [:]
    for chain in chains {
      guard chain.isSound(with: sha256) else {
        throw RandomnessError(.wrongSource, "the chain \(chain.name) has another hash than its parameters give")
      }
      do throws(BeaconError) { keys[chain.hash] = try chain.key() } catch {
        throw RandomnessError(.wrongSource, "the chain \(chain.name): \(error.message)", hint: error.hint)
      }
    }
    self.keys = keys
    self.sha256 = sha256
  }

  package func value(
    of proof: RandomnessProof, for question: RandomnessQuestion
  ) throws(RandomnessError) -> [UInt8] {
    switch (question, proof) {
    case (.beacon(let chain, let round), .beacon(let beacon)):
      guard let key = keys[chain] else {
        throw RandomnessError(.wrongSource, "nobody here knows the chain \(chain)")
      }
      guard beacon.round == round else {
        throw RandomnessError(.unproven, "the proof is of round \(beacon.round), not of round \(round)")
      }
      do throws(BeaconError) { return try key.verify(beacon, with: sha256).bytes } catch {
        throw RandomnessError(.unproven, "\(error.code.rawValue): \(error.message)", hint: error.hint)
      }
    case (.vrf(let publicKey, let alpha), .vrf(let proof)):
      do throws(VRFError) { return try ECVRF.verify(publicKey: publicKey, alpha: alpha, proof: proof) } catch {
        throw RandomnessError(.unproven, "\(error.code.rawValue): \(error.message)", hint: error.hint)
      }
    case (.callback, .callback):
      throw RandomnessError(.wrongSource, "what a network's callback proves is decided on its chain")
    case (.beacon, _), (.vrf, _), (.callback, _):
      throw RandomnessError(.unproven, "the proof is of another source than the question")
    }
  }
}
