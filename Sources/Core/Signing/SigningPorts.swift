package import Chains
package import Codecs
package import Payouts

/// A secp256k1 key that signs hashes. It knows nothing of money: `SigningGuard` stands before it.
///
/// One key may be used by several threads at once; an implementation that cannot (a PKCS#11 session) pools inside.
package protocol SigningKey: Sendable {
  /// The account that the key controls.
  var account: Address { get }
  /// The uncompressed public key: `04 || x || y`, 65 bytes.
  var publicKey: [UInt8] { get }
  /// Where the key lives, for reports: `keystore`, `pkcs11:token=...`. No secret.
  var origin: String { get }
  /// Signs 32-byte digests; results in the same order, low-s, with recovery id.
  ///
  /// Throws `signing.key_unavailable` when the device cannot be reached, `signing.bad_signature` when what it
  /// returned does not recover to `account`.
  func sign(_ digests: [Hash32]) throws(SigningError) -> [RecoverableSignature]
  /// The same for messages, for services that insist on hashing themselves. What is signed is the digest of each.
  func sign(_ messages: [SigningMessage]) throws(SigningError) -> [RecoverableSignature]
}

extension SigningKey {
  package func sign(_ messages: [SigningMessage]) throws(SigningError) -> [RecoverableSignature] {
    try sign(messages.map(\.digest))
  }
}

/// Bytes to be signed, and the digest of them that the chain wants signed (Keccak-256 on EVM chains).
package struct SigningMessage: Hashable, Sendable {
  package let bytes: [UInt8]
  package let digest: Hash32

  package init(bytes: [UInt8], digest: Hash32) {
    self.bytes = bytes
    self.digest = digest
  }
}

/// What the signer remembers of one slot. It outlives the engine's store and is never restored together with it.
package struct SlotRecord: Hashable, Sendable {
  package let account: Address
  package let slot: UInt64
  package let kind: AttemptKind
  package let payloadDigest: Hash32
  package let signingHash: Hash32
  package let fence: Int64
  package let unsigned: [UInt8]
  /// Nil between the permission and the signature.
  package let signed: SignedTransaction?
  /// Which payouts the slot is for, as a signer with a gate knows it; not read back.
  package let claim: PayoutClaim?

  package init(
    account: Address, slot: UInt64, kind: AttemptKind, payloadDigest: Hash32, signingHash: Hash32, fence: Int64,
    unsigned: [UInt8], signed: SignedTransaction?, claim: PayoutClaim? = nil
  ) {
    self.claim = claim
    self.account = account
    self.slot = slot
    self.kind = kind
    self.payloadDigest = payloadDigest
    self.signingHash = signingHash
    self.fence = fence
    self.unsigned = unsigned
    self.signed = signed
  }
}

/// Payouts of a campaign that a slot is permitted for.
package struct PayoutClaim: Hashable, Sendable {
  /// The campaign's public id, as the approvers signed it.
  package let campaign: String
  package let runs: [PayoutRun]

  package init(campaign: String, runs: [PayoutRun]) {
    self.campaign = campaign
    self.runs = runs
  }

  package func overlaps(_ other: PayoutClaim) -> Bool {
    campaign == other.campaign
      && runs.contains { run in other.runs.contains { run.first <= $0.last && $0.first <= run.last } }
  }
}

/// A slot of an account.
package struct SlotPlace: Hashable, Sendable {
  package let account: Address
  package let slot: UInt64

  package init(account: Address, slot: UInt64) {
    self.account = account
    self.slot = slot
  }
}

/// What a signer's log tells whoever asks: the witness after a restore (PROTOCOL.md 3.2, 3.3).
package protocol SigningWitness: Sendable {
  /// Every account of the chain that was ever announced or signed for, in order.
  func accounts(_ chain: ChainID) throws(SigningError) -> [Address]
  /// The highest fence ever announced for the account; 0 when it is new.
  func highestFence(_ chain: ChainID, _ account: Address) throws(SigningError) -> Int64
  /// What is recorded for these slots, every signing hash of each.
  func records(_ chain: ChainID, _ account: Address, slots: [UInt64]) throws(SigningError) -> [SlotRecord]
  /// Everything recorded from a slot on, for the comparison after a restore; in order of slot.
  func records(_ chain: ChainID, _ account: Address, from slot: UInt64, limit: Int) throws(SigningError) -> [SlotRecord]
  /// The place of each slot's first permission among all permissions of the log, of every lane: which came before which.
  func order(_ chain: ChainID, _ account: Address, slots: [UInt64]) throws(SigningError) -> [UInt64: Int64]
}

/// The signer's own durable log of fences, slots, payouts and bytes.
///
/// Every write is durable when the call returns. `chain` is part of the key everywhere: one log may serve several.
package protocol SigningLog: SigningWitness {
  /// Raises the fence; lower or equal values change nothing.
  func raiseFence(_ chain: ChainID, _ account: Address, to fence: Int64) throws(SigningError)
  /// Appends permissions before any key is asked, all or none. A record that is already there is left alone. Throws
  /// `signing.payout_taken` when a payout of a claim stands in another slot that was not released.
  func permit(_ chain: ChainID, _ records: [SlotRecord]) throws(SigningError)
  /// Adds the signed bytes to permitted records (by account, slot and signing hash), all or none.
  func complete(_ chain: ChainID, _ records: [SlotRecord]) throws(SigningError)
  /// Slots that hold a payout of the claim and were not released.
  func holders(_ chain: ChainID, _ claim: PayoutClaim) throws(SigningError) -> [SlotPlace]
  /// Notes that what was permitted on the slot can never pay, and why the signer knows. For ever.
  func release(_ chain: ChainID, _ place: SlotPlace, evidence: String) throws(SigningError)
}
