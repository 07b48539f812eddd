package import Curves
package import Sodium

/// The verifiable random function by a key of this process, which should have nothing else to do: its holder knows every
/// value before anybody else, and can keep it back.
package struct VRFSource: RandomnessSource {
  private let key: VRFSecretKey

  package init(_ key: VRFSecretKey) { self.key = key }

  package func value(for question: RandomnessQuestion) throws(RandomnessError) -> ProvenRandomness {
    guard case .vrf(let publicKey, let alpha) = question, publicKey == key.publicKey else {
      throw RandomnessError(.wrongSource, "this key does not answer the question")
    }
    do throws(VRFError) {
      let (value, proof) = try key.prove(alpha)
      return ProvenRandomness(question, proof: .vrf(proof), value: value)
    } catch {
      throw RandomnessError(.keyFailed, "\(error.code.rawValue): \(error.message)", hint: error.hint)
    }
  }
}
