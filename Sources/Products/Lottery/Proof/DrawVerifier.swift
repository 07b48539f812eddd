package import Audit
package import Codecs
package import Curves

/// Whether a checkpoint's signature is by the key that it names: Ed25519.
package protocol CheckpointVerifying: Sendable {
  func isSigned(_ checkpoint: Checkpoint) -> Bool
}

/// Looks at a bundle with nothing but the bundle: no store, no network, no clock.
package struct DrawVerifier<Hashing: SHA256Hashing>: Sendable {
  private let randomness: any RandomnessVerifying
  let checkpoints: any CheckpointVerifying
  let sha256: Hashing
  let chains: [DrandChain]
  /// The key that the reader knows from elsewhere; nil when the bundle's own word has to do.
  let witnessKey: [UInt8]?

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

  typealias Outcome = (isProved: Bool, detail: String)

  static func refuted(_ message: String) -> DrawProofError { DrawProofError(.refuted, message) }

  private func checkCourse(
    _ bundle: DrawBundle, _ commitments: [ClosingCommitment]
  ) throws(DrawProofError) {
    var before: ClosingCommitment?
    for commitment in commitments {
      guard commitment.closedAt <= commitment.committedAt, commitment.attempt > before?.attempt ?? 0,
        commitment.committedAt >= before?.committedAt ?? 0,
        commitment.closedAt == before?.closedAt ?? commitment.closedAt
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
    case .beacon(let chain, let round):
      return (true, "round \(round) of the chain \(chain) is signed by the chain's key")
    case .vrf: return (true, "the value is the only one that the declared key can make for this commitment")
    case .callback: return (false, "")
    }
  }
}
