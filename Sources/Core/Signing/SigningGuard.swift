package import Chains
import Codecs
import Money

/// One request to a signer: sign these bytes, for this lane, under this fence.
package struct SigningRequest: Hashable, Sendable {
  package let account: Address
  package let fence: Int64
  package let slot: UInt64
  package let unsigned: [UInt8]
  /// Why payees may be paid; nil for what pays nobody, and for a signer that does not ask.
  package let grounds: SigningGrounds?

  package init(
    account: Address, fence: Int64, slot: UInt64, unsigned: [UInt8], grounds: SigningGrounds? = nil
  ) {
    self.grounds = grounds
    self.account = account
    self.fence = fence
    self.slot = slot
    self.unsigned = unsigned
  }
}

/// Stands between the engine and the keys, and believes the bytes alone.
///
/// It decodes what it is asked to sign, checks it against its own policy, and per slot signs only one payload - the
/// same payees, amounts and order at another fee - or a void. Permissions are durable before a key is asked, so that
/// after a restore of the engine's store the log still knows every slot that may be spent.
/// Source: PROTOCOL.md 3.2.
package struct SigningGuard: Signer {
  package let codec: any TransactionCodec
  package let policy: SigningPolicy
  package let log: any SigningLog
  private let keys: [Address: any SigningKey]
  /// Nil in the engine's own process, where the engine's gate stands before it.
  private let gate: ContentGate?
  private let deaths: any DeathWitness
  /// Signs nothing, whoever asks.
  private let isSafe: Bool

  package init(
    codec: any TransactionCodec, policy: SigningPolicy, log: any SigningLog, keys: [any SigningKey],
    gate: ContentGate? = nil, deaths: any DeathWitness = NoDeathWitness(), isSafe: Bool = false
  ) {
    self.isSafe = isSafe
    self.gate = gate
    self.deaths = deaths
    self.codec = codec
    self.policy = policy
    self.log = log
    self.keys = Dictionary(keys.map { ($0.account, $0) }, uniquingKeysWith: { first, _ in first })
  }

  /// The accounts it can sign for, in order.
  package var accounts: [Address] { keys.keys.sorted() }

  package var witness: any SigningWitness { log }
  package var wantsGrounds: Bool { gate != nil }

  /// Tells the signer of a new lease, before anything is asked under it.
  package func announce(_ account: Address, fence: Int64) throws(SigningError) {
    let highest = try log.highestFence(codec.chain, account)
    guard fence >= highest else { throw staleFence(fence, highest) }
    try log.raiseFence(codec.chain, account, to: fence)
  }

  /// Signs all requests or none; results in the same order.
  ///
  /// Throws `signing.safe_mode`, `signing.stale_fence`, `signing.slot_taken`, `signing.wrong_content`, `signing.over_cap`,
  /// `signing.forbidden`, `signing.key_not_found`, what key and log throw, and with a gate `signing.not_approved`,
  /// `signing.not_in_approval`, `signing.payout_taken`.
  package func sign(_ requests: [SigningRequest]) throws(SigningError) -> [SignedTransaction] {
    guard !isSafe else {
      throw SigningError(.safeMode, "this signer is in safe mode", hint: "set AM_SAFE_MODE=no where the keys are")
    }
    var signed: [SignedTransaction?] = Array(repeating: nil, count: requests.count)
    for account in Set(requests.map(\.account)).sorted() {
      guard let key = keys[account] else {
        throw SigningError(.keyNotFound, "no key for \(codec.text(account)) is configured")
      }
      let mine = requests.indices.filter { requests[$0].account == account }
      let permits = try permits(for: mine.map { requests[$0] }, account: account)
      try log.permit(codec.chain, permits)
      let signatures = try key.sign(permits.map { SigningMessage(bytes: $0.unsigned, digest: $0.signingHash) })
      guard signatures.count == permits.count else {
        throw SigningError(.badSignature, "the key returned \(signatures.count) signatures for \(permits.count)")
      }
      var completed: [SlotRecord] = []
      for (position, index) in mine.enumerated() {
        let transaction = try assembled(permits[position], signatures[position])
        signed[index] = transaction
        completed.append(permits[position].with(transaction))
      }
      try log.complete(codec.chain, completed)
    }
    return signed.compactMap { $0 }
  }

  private func permits(for requests: [SigningRequest], account: Address) throws(SigningError) -> [SlotRecord] {
    let highest = try log.highestFence(codec.chain, account)
    // What each slot is bound to; a void binds nothing. A call brings thousands of slots: looked up, not searched.
    var bound: [UInt64: Hash32] = [:]
    for record in try log.records(codec.chain, account, slots: Array(Set(requests.map(\.slot))).sorted())
    where record.kind != .void {
      bound[record.slot] = record.payloadDigest
    }
    var permits: [SlotRecord] = []
    permits.reserveCapacity(requests.count)
    for request in requests {
      guard request.fence >= highest else { throw staleFence(request.fence, highest) }
      let permit = try inspected(request)
      if permit.kind != .void {
        if let other = bound[permit.slot], other != permit.payloadDigest {
          throw SigningError(
            .slotTaken, "slot \(permit.slot) of \(codec.text(account)) was signed for other content (\(other))",
            hint: "only the same payees at another fee, or a void, can be signed for this slot; run reconcile")
        }
        bound[permit.slot] = permit.payloadDigest
      }
      try releaseDead(before: permit)
      permits.append(permit)
    }
    return permits
  }

  private func inspected(_ request: SigningRequest) throws(SigningError) -> SlotRecord {
    let decoded: TransactionRequest
    let again: UnsignedTransaction
    do {
      decoded = try codec.inspect(request.unsigned, account: request.account)
      again = try codec.prepare(decoded)
    } catch {
      throw SigningError(.wrongContent, "the bytes to sign cannot be read: \(error.message)")
    }
    guard decoded.slot == request.slot, again.bytes == request.unsigned else {
      throw SigningError(.wrongContent, "the bytes to sign are not those of slot \(request.slot)")
    }
    try policy.check(decoded)
    var claim: PayoutClaim?
    if let gate, case .pay(let asset, let payees) = decoded.purpose {
      claim = try gate.check(decoded, asset: asset, payees: payees, chain: codec.chain, request.grounds)
    }
    return SlotRecord(
      account: request.account, slot: decoded.slot, kind: decoded.purpose.kind, payloadDigest: decoded.payloadDigest,
      signingHash: again.signingHash, fence: request.fence, unsigned: request.unsigned, signed: nil, claim: claim)
  }

  /// A payout that stands in another slot may be paid again only once that slot is known to be dead. The log refuses what
  /// is not released, whatever happens here.
  private func releaseDead(before permit: SlotRecord) throws(SigningError) {
    guard let claim = permit.claim else { return }
    let mine = SlotPlace(account: permit.account, slot: permit.slot)
    for place in try log.holders(codec.chain, claim) where place != mine {
      let records = try log.records(codec.chain, place.account, slots: [place.slot])
      guard let evidence = deaths.evidence(ofDeath: place, records) else {
        throw SigningError(
          .payoutTaken,
          "a payout of slot \(permit.slot) was permitted in slot \(place.slot) of \(codec.text(place.account))",
          hint: "the signer must see by its own nodes that this slot is dead: set AM_EVM_RPC at the signer")
      }
      try log.release(codec.chain, place, evidence: evidence)
    }
  }

  private func assembled(
    _ permit: SlotRecord, _ signature: RecoverableSignature
  ) throws(SigningError) -> SignedTransaction {
    do { return try codec.assemble(permit.unsigned, signature) } catch {
      throw SigningError(.badSignature, error.message)
    }
  }

  private func staleFence(_ fence: Int64, _ highest: Int64) -> SigningError {
    SigningError(
      .staleFence, "fence \(fence) is behind \(highest)",
      hint: "another worker holds the lane now; nothing was signed")
  }
}

extension SlotRecord {
  func with(_ signed: SignedTransaction) -> SlotRecord {
    SlotRecord(
      account: account, slot: slot, kind: kind, payloadDigest: payloadDigest, signingHash: signingHash, fence: fence,
      unsigned: unsigned, signed: signed, claim: claim)
  }
}
