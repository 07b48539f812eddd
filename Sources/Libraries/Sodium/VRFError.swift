/// Why a value was not made or not believed. Codes are stable: docs/errors.md.
package struct VRFError: Error, Hashable, Sendable {
  package enum Code: String, CaseIterable, Sendable {
    /// The public key is no point, is written in another way than the one that every point has, or is of small order.
    case badPublicKey = "vrf.bad_public_key"
    /// The proof is not of 80 bytes, its point is none, or its numbers are out of range.
    case badProof = "vrf.bad_proof"
    /// The proof is well formed and was not made by this key for this input.
    case wrongProof = "vrf.wrong_proof"
    /// A secret key is a seed of 32 bytes.
    case badSecretKey = "vrf.bad_secret_key"
    /// No memory that can be wiped and kept out of swap.
    case outOfMemory = "vrf.out_of_memory"
    /// libsodium refused; on a working machine it does not.
    case failed = "vrf.failed"
  }
  package let code: Code
  package let message: String
  package let hint: String?

  init(_ code: Code, _ message: String, hint: String? = nil) {
    self.code = code
    self.message = message
    self.hint = hint
  }

  static func failed(_ what: String) -> VRFError { VRFError(.failed, "libsodium failed: \(what)") }
}
