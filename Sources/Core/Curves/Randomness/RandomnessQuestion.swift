package import Codecs

/// Which random value a draw asks for. It is fixed, and durable, before anybody can know the value.
package enum RandomnessQuestion: Hashable, Sendable {
  /// A round of a drand chain, the chain named by its hash.
  case beacon(chain: Hash32, round: UInt64)
  /// The value of a key, 32 bytes, for an input.
  case vrf(publicKey: [UInt8], alpha: [UInt8])
  /// The value that a network sends back for a request under this nonce over this message.
  case callback(nonce: UInt64, message: [UInt8])
}

/// What shows that a value is the one that was asked for: a draw keeps it, so that everybody can look again.
package enum RandomnessProof: Hashable, Sendable {
  case beacon(Beacon)
  /// 80 bytes: RFC 9381.
  case vrf([UInt8])
  /// What came back over the message, in the network's own form.
  case callback(signature: [UInt8])
}

/// A value with its proof, verified by whoever made this.
package struct ProvenRandomness: Hashable, Sendable {
  package let question: RandomnessQuestion
  package let proof: RandomnessProof
  /// 32 bytes of a beacon, 64 of the verifiable random function.
  package let value: [UInt8]

  package init(_ question: RandomnessQuestion, proof: RandomnessProof, value: [UInt8]) {
    self.question = question
    self.proof = proof
    self.value = value
  }
}

/// Why there is no value. Codes are stable: docs/errors.md.
package struct RandomnessError: Error, Hashable, Sendable {
  package enum Code: String, CaseIterable, Sendable {
    /// The value does not exist yet, or nobody has handed it out; ask again. A deadline ends the asking, not this error.
    case notYet = "randomness.not_yet"
    /// No server that was asked gave the value in time.
    case unreachable = "randomness.unreachable"
    /// Every answer that came was refused: none proves the value.
    case unproven = "randomness.unproven"
    /// This source does not answer such questions, or not for this chain or key.
    case wrongSource = "randomness.wrong_source"
    /// The key could not be used.
    case keyFailed = "randomness.key_failed"
    /// More requests wait for callbacks than one process keeps.
    case tooMany = "randomness.too_many"
    /// The keeper of a VRF key has answered for this lottery under another closing commitment: a second value to choose from
    /// is what it exists to refuse.
    case alreadyAnswered = "randomness.already_answered"
    /// The log of a VRF key's keeper is missing, another key's, or cannot be written; nothing is answered without it.
    case logFailed = "randomness.log_failed"
  }
  package let code: Code
  package let message: String
  package let hint: String?

  package init(_ code: Code, _ message: String, hint: String? = nil) {
    self.code = code
    self.message = message
    self.hint = hint
  }
}

/// Where random values come from. Adapters implement it; what they give is verified already.
package protocol RandomnessSource: Sendable {
  /// The value, which is the same however often it is asked for. Throws `randomness.not_yet` until it exists.
  func value(for question: RandomnessQuestion) throws(RandomnessError) -> ProvenRandomness
}

/// Looks at a proof without a key and without a network: what a player's verifier does.
package protocol RandomnessVerifying: Sendable {
  /// The value that the proof stands for. Throws `randomness.unproven`, `randomness.wrong_source`.
  func value(of proof: RandomnessProof, for question: RandomnessQuestion) throws(RandomnessError) -> [UInt8]
}
