package import Chains

/// The signer as the engine sees it: `SigningGuard` in the same process, or one apart that is asked over a connection.
package protocol Signer: Sendable {
  var codec: any TransactionCodec { get }
  /// The signer's own rules. The engine plans within them; the signer applies them whatever was planned.
  var policy: SigningPolicy { get }
  /// What it remembers, to be compared with the store.
  var witness: any SigningWitness { get }
  /// The accounts it can sign for, in order.
  var accounts: [Address] { get }
  /// Whether payments are signed with an approval and a proof only (`SigningGrounds`).
  var wantsGrounds: Bool { get }
  /// Tells the signer of a new lease, before anything is asked under it. Throws `signing.stale_fence`.
  func announce(_ account: Address, fence: Int64) throws(SigningError)
  /// Signs all requests or none; results in the same order. The same again gives signatures over the same bytes.
  func sign(_ requests: [SigningRequest]) throws(SigningError) -> [SignedTransaction]
}

extension Signer {
  /// The highest fence the signer has seen for the account.
  package func highestFence(_ account: Address) throws(SigningError) -> Int64 {
    try witness.highestFence(codec.chain, account)
  }
}
