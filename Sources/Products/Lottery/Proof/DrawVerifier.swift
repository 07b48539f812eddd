package import Audit
package import Codecs
package import Curves

/// What a look at a bundle came to: every statement is proved, or taken on trust and then says from whom.
package struct DrawVerdict: Hashable, Sendable {
  package enum Statement: String, CaseIterable, Sendable {
    /// Config, plan and prize slots are those of the commitment.
    case terms
    /// The rounds follow from close, margin and deadline by the rule.
    case rounds
    /// The snapshot hash is the one of the commitment and of the draw's payload.
    case snapshot
    /// The owners of all winning tickets lie in the snapshot.
    case owners
    /// The value is the one that was asked for, and nobody chose it.
    case randomness
    /// The winners follow from snapshot, commitment and value.
    case winners
    /// No more is paid in prizes than was set aside for them.
    case prizes
    /// The commitment was made before anybody could know the value.
    case order
    /// The fallback was due: the source gave nothing until the deadline. Only of draws by the fallback.
    case fallback
    /// Attempts before this one had no value. Only of draws with more than one.
    case attempts
    /// What was paid for is what the list says: that each purchase was paid, and none left out.
    case sales
  }

  package struct Finding: Hashable, Sendable {
    package let statement: Statement
    package let isProved: Bool
    /// One sentence: what was proved, or who must be believed, and for what.
    package let detail: String
  }

  package let commitment: Hash32
  package let snapshotHash: Hash32
  package let findings: [Finding]

  package var proved: [Finding] { findings.filter(\.isProved) }
  package var takenOnTrust: [Finding] { findings.filter { !$0.isProved } }
}

/// Whether a checkpoint's signature is by the key that it names: Ed25519.
package protocol CheckpointVerifying: Sendable {
  func isSigned(_ checkpoint: Checkpoint) -> Bool
}

/// Looks at a bundle with nothing but the bundle: no store, no network, no clock.
package struct DrawVerifier<Hashing: SHA256Hashing>: Sendable {
  private let randomness: any RandomnessVerifying
  private let checkpoints: any CheckpointVerifying
  private let sha256: Hashing
  private let chains: [DrandChain]
  /// The key that the reader knows from elsewhere; nil when the bundle's own word has to do.
  private let witnessKey: [UInt8]?

  package init(
    randomness: any RandomnessVerifying, checkpoints: any CheckpointVerifying, sha256: Hashing,
    chains: [DrandChain] = DrandChain.known, witnessKey: [UInt8]? = nil
  ) {
    self.randomness = randomness
    self.checkpoints = checkpoints
    self.sha256 = sha256
    self.chains = chains
    self.witnessKey = witnessKey
  }

  /// Throws `draw.refuted` for the first false statement.
  package func verify(_ bundle: DrawBundle) throws(DrawProofError) -> DrawVerdict {
    var findings: [DrawVerdict.Finding] = []
    func note(_ statement: DrawVerdict.Statement, _ isProved: Bool, _ detail: String) {
      findings.append(DrawVerdict.Finding(statement: statement, isProved: isProved, detail: detail))
    }
    let commitments = bundle.commitments
    guard let last = commitments.last else { throw DrawVerifier.refuted("there is no closing commitment") }
    guard Limits.randomNumbers.contains(bundle.config.prizePlan.count),
      bundle.config.prizePlan.allSatisfy({ $0.winnersPerSlot > 0 })
    else { throw DrawVerifier.refuted("a prize plan has 1 to 255 slots, each with winners") }
    try checkCourse(bundle, commitments)
    note(.terms, true, "config, prize plan and plan of randomness are those under \(last.terms)")
    note(.rounds, true, "rounds and deadline follow from close and margin")
    try checkPayload(bundle, last)
    note(.snapshot, true, "\(last.ticketsSold) tickets under \(last.snapshotHash)")
    let seed = try checkRandomness(bundle, last)
    note(.randomness, seed.isProved, seed.detail)
    let register = try checkList(bundle)
    try checkWinners(bundle, last)
    note(.winners, true, "\(bundle.winners.count) winners follow from snapshot, commitment and value")
    let owners = try checkOwners(bundle, register)
    note(.owners, owners.isProved, owners.detail)
    note(.prizes, true, try checkPrizes(bundle))
    let order = try checkOrder(bundle, commitments)
    note(.order, order.isProved, order.detail)
    if bundle.isFallback {
      note(.fallback, false, "the organiser's word: the source gave no value until \(last.schedule.deadline)")
    }
    if commitments.count > 1 {
      note(.attempts, false, "the organiser's word: the \(commitments.count - 1) attempts before gave no value")
    }
    note(.sales, false, "the organiser's word: every purchase in the snapshot was paid for, and none was left out")
    return DrawVerdict(commitment: last.hash, snapshotHash: last.snapshotHash, findings: findings)
  }

  private typealias Outcome = (isProved: Bool, detail: String)

  private static func refuted(_ message: String) -> DrawProofError { DrawProofError(.refuted, message) }

  private func checkCourse(
    _ bundle: DrawBundle, _ commitments: [ClosingCommitment]
  ) throws(DrawProofError) {
    var before: ClosingCommitment?
    for commitment in commitments {
      guard commitment.closedAt <= commitment.committedAt, commitment.attempt > before?.attempt ?? 0,
        commitment.committedAt >= before?.committedAt ?? 0, commitment.closedAt == before?.closedAt ?? commitment.closedAt
      else { throw DrawVerifier.refuted("attempt \(commitment.attempt) is out of order") }
      let schedule = try bundle.plan.schedule(
        closedAt: commitment.closedAt, committedAt: commitment.committedAt, chains: chains)
      guard schedule == commitment.schedule else {
        throw DrawVerifier.refuted("the rounds of attempt \(commitment.attempt) are not the ones of the rule")
      }
      before = commitment
    }
  }

  /// The payload is the one of this snapshot, plan and attempt.
  private func checkPayload(_ bundle: DrawBundle, _ commitment: ClosingCommitment) throws(DrawProofError) {
    var reader = BCS.Reader(commitment.payload)
    let config = bundle.config
    do throws(BCSError) {
      let id = try reader.uint64()
      let version = try reader.uint64()
      let snapshot = try reader.byteString()
      let slots = try reader.byteString()
      let count = try reader.uint8()
      _ = try reader.uint64()
      let attempt = try reader.uint8()
      _ = try reader.uint64()
      _ = try reader.uint8()
      try reader.finish()
      guard id == bundle.lotteryId, version == config.configVersion, snapshot == commitment.snapshotHash.bytes,
        slots == commitment.slotsChecksum.bytes, Int(count) == config.prizePlan.count, attempt == commitment.attempt
      else { throw BCSError(.truncated, at: 0) }
    } catch { throw DrawVerifier.refuted("the payload is not the one of this snapshot, plan and attempt") }
  }

  private func checkRandomness(
    _ bundle: DrawBundle, _ commitment: ClosingCommitment
  ) throws(DrawProofError) -> Outcome {
    guard let source = bundle.isFallback ? bundle.plan.fallback : bundle.plan.source else {
      throw DrawVerifier.refuted("the plan has no fallback")
    }
    var nonce: UInt64 = 0
    if case .callback(let named, _) = bundle.proven.question { nonce = named }
    let question = commitment.question(to: source, isFallback: bundle.isFallback, nonce: nonce)
    guard bundle.proven.question == question else {
      throw DrawVerifier.refuted("the value answers another question than the commitment asks")
    }
    if case .callback = source {
      return (false, "the network's word: its callback can only be checked on its chain")
    }
    let value: [UInt8]
    do throws(RandomnessError) { value = try randomness.value(of: bundle.proven.proof, for: question) } catch {
      throw DrawProofError(.refuted, error.message, hint: error.hint)
    }
    guard value == bundle.proven.value else { throw DrawVerifier.refuted("the proof stands for another value") }
    switch question {
    case .beacon(let chain, let round): return (true, "round \(round) of the chain \(chain) is signed by the chain's key")
    case .vrf: return (true, "the value is the only one that the declared key can make for this commitment")
    case .callback: return (false, "")
    }
  }

  /// The list, when there is one, leads to the root.
  private func checkList(_ bundle: DrawBundle) throws(DrawProofError) -> TicketRegister? {
    guard let list = bundle.purchases else { return nil }
    var register = TicketRegister(schema: bundle.schema)
    for purchase in list {
      guard (1...Limits.ticketsPerPurchase).contains(purchase.tickets) else {
        throw DrawVerifier.refuted("a purchase of \(purchase.tickets) tickets")
      }
      register.append(quantity: purchase.tickets, buyer: register.buyers.admit(purchase.buyer))
    }
    let root = bundle.schema == .v1 ? register.chainDigest : register.tree.root?.hash ?? .zero
    guard root == bundle.basis.root, register.count == bundle.basis.ticketsSold,
      UInt64(list.count) == bundle.basis.purchases
    else { throw DrawVerifier.refuted("the purchases are not those of the snapshot") }
    return register
  }

  private func checkWinners(_ bundle: DrawBundle, _ commitment: ClosingCommitment) throws(DrawProofError) {
    let config = bundle.config
    guard UInt64(bundle.winners.count) == config.totalWinners else {
      throw DrawVerifier.refuted("the prize plan has \(config.totalWinners) winners, the bundle \(bundle.winners.count)")
    }
    let derivation = WinnerDerivation(
      schema: bundle.schema, lotteryId: bundle.lotteryId, plan: config.prizePlan, winnersDedup: config.winnersDedup,
      randomNumbers: commitment.numbers(
        from: bundle.proven.value, isFallback: bundle.isFallback, count: config.prizePlan.count),
      snapshotHash: commitment.snapshotHash, payloadHash: Keccak.sha3(commitment.payload), attempt: commitment.attempt,
      totalTickets: commitment.ticketsSold)
    let derived: [DerivedWinner]
    do throws(LotteryError) {
      derived = try derivation.winners(from: 0, count: config.totalWinners, taken: TakenTickets()).winners
    } catch { throw DrawVerifier.refuted("no winners can be drawn: \(error.message)") }
    var chain = WinnerChain()
    for (winner, claimed) in zip(derived, bundle.winners) {
      guard winner.slotId == claimed.record.slotId, winner.ticketIndex == claimed.record.ticketIndex,
        winner.winnerHash == claimed.record.winnerHash
      else { throw DrawVerifier.refuted("winner \(winner.ordinal) is ticket \(winner.ticketIndex)") }
      chain.append(winner)
    }
    guard chain.batchHash == bundle.winnersBatchHash, chain.checksum == bundle.checksumAfterBatch else {
      throw DrawVerifier.refuted("the hashes over all winners are others")
    }
  }

  private func checkOwners(
    _ bundle: DrawBundle, _ register: TicketRegister?
  ) throws(DrawProofError) -> Outcome {
    let root = PurchaseTree.Node(tickets: bundle.basis.ticketsSold, hash: bundle.basis.root)
    for winner in bundle.winners {
      let ticket = winner.record.ticketIndex
      if let register {
        guard (try? register.owner(of: ticket)) == winner.record.winner else {
          throw DrawVerifier.refuted("ticket \(ticket) is not \(winner.record.winner)'s")
        }
      } else if bundle.schema >= .v2 {
        guard let proof = winner.proof, proof.buyer == winner.record.winner, proof.proves(ticket, under: root) else {
          throw DrawVerifier.refuted("nothing proves that ticket \(ticket) is \(winner.record.winner)'s")
        }
      }
    }
    if let register {
      let open = bundle.schema == .v1 ? register.count % Limits.ticketChunk : 0
      return open == 0
        ? (true, "each winning ticket's owner stands in the list under the snapshot")
        : (false, "the organiser's word for the last \(open) tickets: schema 1 commits to full chunks of 256 owners")
    }
    return bundle.schema >= .v2
      ? (true, "each winning ticket's owner has a proof under the snapshot")
      : (false, "the organiser's word: without the list schema 1 shows no owner")
  }

  private func checkPrizes(_ bundle: DrawBundle) throws(DrawProofError) -> String {
    var total: UInt64 = 0
    var settled = 0
    for prize in bundle.winners.compactMap(\.prize) {
      let (sum, over) = total.addingReportingOverflow(prize)
      guard !over else { throw DrawVerifier.refuted("the prizes do not fit 64 bits") }
      (total, settled) = (sum, settled + 1)
    }
    guard total <= bundle.basis.accounting.totalAllocated else {
      throw DrawVerifier.refuted("prizes of \(total), but \(bundle.basis.accounting.totalAllocated) were set aside")
    }
    return "\(settled) prizes of \(total) in all, of \(bundle.basis.accounting.totalAllocated) set aside"
  }
}

// MARK: The commitment came first

extension DrawVerifier {
  private func checkOrder(
    _ bundle: DrawBundle, _ commitments: [ClosingCommitment]
  ) throws(DrawProofError) -> Outcome {
    guard let last = commitments.last else { return (false, "") }
    switch bundle.witness {
    case nil: return (false, "the organiser's word: the bundle has no witness for the commitment's time")
    case .transaction(let chain, let hash):
      return (false, "look up transaction \(hash) on \(chain): it must carry \(last.hash), and be older than the value")
    case .checkpoint(let checkpoint, let records, let previous):
      try checkRecords(checkpoint, records, previous, holding: last.hash)
      let seconds = UInt64(clamping: checkpoint.at / 1000)
      guard let known = try knownAt(bundle, last) else {
        return (false, "a signed checkpoint covers the commitment, but when the value was known is its maker's word")
      }
      guard checkpoint.at >= 0, seconds < known else {
        throw DrawVerifier.refuted("the checkpoint is of \(seconds), the value of \(known)")
      }
      guard let witnessKey else {
        return (false, "checkpoint \(checkpoint.number) is older than the value; that its key is the organiser's, and its clock right, is its holder's word")
      }
      guard witnessKey == checkpoint.publicKey else {
        throw DrawVerifier.refuted("the checkpoint is signed by another key than the one given")
      }
      return (true, "checkpoint \(checkpoint.number), signed by the given key, is older than the value by \(known - seconds) s")
    }
  }

  /// When a value could first be known; nil when its maker could know it at any time.
  private func knownAt(_ bundle: DrawBundle, _ commitment: ClosingCommitment) throws(DrawProofError) -> UInt64? {
    guard case .beacon(let hash, let round) = bundle.proven.question,
      let chain = chains.first(where: { $0.hash == hash })
    else { return nil }
    do throws(BeaconError) { return try chain.seconds(ofRound: round) } catch {
      throw DrawVerifier.refuted(error.message)
    }
  }

  private func checkRecords(
    _ checkpoint: Checkpoint, _ records: [DrawBundle.AuditDraftPlace], _ previous: Hash32, holding commitment: Hash32
  ) throws(DrawProofError) {
    guard let first = records.first, first.draft.root == commitment else {
      throw DrawVerifier.refuted("the first audit record does not hold the commitment")
    }
    guard first.sequence > 0 else { throw DrawVerifier.refuted("audit records are counted from 1") }
    var head = AuditHead(chain: first.chain, sequence: first.sequence - 1, hash: previous)
    for record in records {
      guard record.chain == head.chain, head.sequence < .max, record.sequence == head.sequence + 1 else {
        throw DrawVerifier.refuted("the audit records do not follow one another")
      }
      head = head.next(record.draft, at: record.at, with: sha256).head
    }
    guard checkpoint.heads.contains(head) else {
      throw DrawVerifier.refuted("the checkpoint does not cover the audit records")
    }
    guard checkpoints.isSigned(checkpoint) else { throw DrawVerifier.refuted("the checkpoint's signature is wrong") }
  }
}
