/// How a drand chain signs its rounds, by drand's own names.
/// Source: https://docs.drand.love/docs/cryptography/, "schemes".
package enum BeaconScheme: String, CaseIterable, Sendable {
  /// Signatures in G1 over the round alone: quicknet.
  case unchainedG1 = "bls-unchained-g1-rfc9380"
  /// Signatures in G2 over the previous signature and the round: the default chain.
  case chainedG2 = "pedersen-bls-chained"

  /// Keeps these hashes apart from all others: RFC 9380, 3.1.
  var tag: [UInt8] {
    switch self {
    case .unchainedG1: Array("BLS_SIG_BLS12381G1_XMD:SHA-256_SSWU_RO_NUL_".utf8)
    case .chainedG2: Array("BLS_SIG_BLS12381G2_XMD:SHA-256_SSWU_RO_NUL_".utf8)
    }
  }

  package var signatureByteCount: Int {
    switch self {
    case .unchainedG1: AffinePoint<G1>.compressedByteCount
    case .chainedG2: AffinePoint<G2>.compressedByteCount
    }
  }

  /// Whether a signature of this length may stand before a round: the first round follows the 32 bytes of its group's
  /// hash.
  func takes(previous count: Int, round: UInt64) -> Bool {
    switch self {
    case .unchainedG1: count == 0
    case .chainedG2: count == (round == 1 ? 32 : signatureByteCount)
    }
  }
}
