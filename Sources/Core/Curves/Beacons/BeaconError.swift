/// Why a beacon was refused. Codes are stable: docs/errors.md.
package struct BeaconError: Error, Hashable, Sendable {
  package enum Code: String, CaseIterable, Sendable {
    /// A beacon server's answer is not the JSON of a beacon.
    case malformed = "beacon.malformed"
    /// Rounds are counted from one.
    case badRound = "beacon.bad_round"
    /// The chain's scheme asks for the previous signature, or has none; or it is of a length that no signature has.
    case badPreviousSignature = "beacon.bad_previous_signature"
    /// The signature is no point that the chain's key could have made.
    case badSignature = "beacon.bad_signature"
    /// The chain's key did not make this signature for this round.
    case wrongSignature = "beacon.wrong_signature"
    /// The randomness beside the signature is not the signature's SHA-256.
    case wrongRandomness = "beacon.wrong_randomness"
    /// A chain's public key is no point of its group.
    case badPublicKey = "beacon.bad_public_key"
    /// A time before the chain's first round, or past what the count of rounds can hold.
    case timeOutOfRange = "beacon.time_out_of_range"
  }
  package let code: Code
  package let message: String
  package let hint: String?

  init(_ code: Code, _ message: String, hint: String? = "ask another server for the round; this answer proves nothing")
  {
    self.code = code
    self.message = message
    self.hint = hint
  }
}
