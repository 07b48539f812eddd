package import Audit
package import Codecs
package import Curves

/// Everything that a stranger needs to look at a draw again: docs/reference/draw-bundle.md. Nothing of it is believed
/// before `DrawVerifier` has looked.
package struct DrawBundle: Equatable, Sendable {
  /// What the file calls itself.
  package static let format = "almoner/draw/1"

  /// What is particular to one commitment; the rest stands in the bundle once.
  package struct Closing: Hashable, Sendable {
    package let closedAt: UInt64
    package let committedAt: UInt64
    package let attempt: UInt8
    package let payload: [UInt8]
    package let schedule: RandomnessPlan.Schedule
  }

  /// A purchase, in order.
  package struct Purchase: Hashable, Sendable {
    package let buyer: LotteryAddress
    package let tickets: UInt64
  }

  /// A winner as the organiser says; `proof` is nil when the whole list is there, or in schema 1.
  package struct Winner: Hashable, Sendable {
    package let record: WinnerRecord
    package let proof: TicketProof?
    /// In the smallest unit of the coin; nil when the prize is not in coin, or not settled yet.
    package let prize: UInt64?
  }

  /// What shows that the commitment came before the value.
  package enum Witness: Hashable, Sendable {
    /// Records of one audit chain, the first of which holds the commitment, up to one that a signed checkpoint covers.
    case checkpoint(Checkpoint, records: [AuditDraftPlace], previous: Hash32)
    /// A transaction that carries the commitment's hash: to be looked up on its chain.
    case transaction(chain: String, hash: Hash32)
  }

  /// An audit record without its hash, which follows.
  package struct AuditDraftPlace: Hashable, Sendable {
    package let chain: Int64
    package let sequence: Int64
    package let at: Int64
    package let draft: AuditDraft

    package init(chain: Int64, sequence: Int64, at: Int64, draft: AuditDraft) {
      self.chain = chain
      self.sequence = sequence
      self.at = at
      self.draft = draft
    }
  }

  package var schema: Schema
  package var lotteryId: UInt64
  package var config: Config
  package var plan: RandomnessPlan
  /// The attempts, oldest first; the last one was drawn.
  package var closings: [Closing]
  package var basis: SnapshotBasis
  /// All purchases in order, or nil.
  package var purchases: [Purchase]?
  package var proven: ProvenRandomness
  package var isFallback: Bool
  package var winners: [Winner]
  package var winnersBatchHash: Hash32
  package var checksumAfterBatch: Hash32
  package var witness: Witness?

  /// Bounds of a file: a list of a million purchases is about 90 MB.
  package static let mostBytes = 160 << 20
  package static let mostPurchases = 1_000_000
  package static let mostWinners = 100_000
  package static let mostSteps = 64
  package static let mostRecords = 10_000
}

extension DrawBundle {
  /// The commitments of all attempts, each tied to the one before.
  package var commitments: [ClosingCommitment] {
    let terms = config.terms(lottery: lotteryId, schema: schema, plan: plan)
    let slots = config.prizePlanChecksum
    let snapshot = basis.hash(lottery: lotteryId, schema: schema, configHash: config.hash)
    var previous = Hash32.zero
    return closings.map { closing in
      let commitment = ClosingCommitment(
        schema: schema, lotteryId: lotteryId, terms: terms, snapshotHash: snapshot, slotsChecksum: slots,
        ticketsSold: basis.ticketsSold, closedAt: closing.closedAt, committedAt: closing.committedAt,
        attempt: closing.attempt, previous: previous, payload: closing.payload, schedule: closing.schedule)
      previous = commitment.hash
      return commitment
    }
  }
}

// MARK: From the engine

extension LotteryEngine {
  /// The bundle of a lottery whose winners are all computed. `prizes` holds what each winner got, by ordinal.
  ///
  /// With `wholeList` all purchases are in it, otherwise the winners' proofs (schema 2); schema 1 has no proofs, so its
  /// bundle has the list in any case. Throws `draw.out_of_order`, `draw.bundle_too_large`.
  package func drawBundle(
    of course: DrawCourse, prizes: [UInt64?] = [], witness: DrawBundle.Witness? = nil, wholeList: Bool = false
  ) throws(DrawProofError) -> DrawBundle {
    guard let attempt = course.attempts.last, let value = attempt.value,
      let tickets = sales?.states[course.lotteryId]?.tickets, let state = payouts?.states[course.lotteryId],
      state.totalAssigned == state.totalRequired, let batch = state.winnersBatchHash,
      let checksum = state.checksumAfterBatch
    else { throw DrawProofError(.outOfOrder, "the winners of lottery \(course.lotteryId) are not all computed") }
    let count = Int(clamping: state.totalRequired)
    guard count <= DrawBundle.mostWinners else {
      throw DrawProofError(.bundleTooLarge, "\(count) winners, at most \(DrawBundle.mostWinners) go into a bundle")
    }
    let hasList = wholeList || course.schema == .v1
    guard !hasList || tickets.purchases.count <= DrawBundle.mostPurchases else {
      throw DrawProofError(.bundleTooLarge, "\(tickets.purchases.count) purchases do not go into a bundle")
    }
    var prover = hasList ? nil : TicketProver(tickets)
    var winners: [DrawBundle.Winner] = []
    for (ordinal, winner) in self.winners(course.lotteryId, from: 0, limit: count).enumerated() {
      do throws(LotteryError) {
        winners.append(
          DrawBundle.Winner(
            record: winner, proof: try prover?.proof(of: winner.ticketIndex),
            prize: ordinal < prizes.count ? prizes[ordinal] : nil))
      } catch { throw DrawProofError(.outOfOrder, error.message) }
    }
    return DrawBundle(
      schema: course.schema, lotteryId: course.lotteryId, config: attempt.config, plan: course.plan,
      closings: course.attempts.map { DrawBundle.Closing($0.commitment) }, basis: attempt.basis,
      purchases: hasList ? tickets.list : nil, proven: value.proven, isFallback: value.isFallback, winners: winners,
      winnersBatchHash: batch, checksumAfterBatch: checksum, witness: witness)
  }
}

extension DrawBundle.Closing {
  package init(_ commitment: ClosingCommitment) {
    closedAt = commitment.closedAt
    committedAt = commitment.committedAt
    attempt = commitment.attempt
    payload = commitment.payload
    schedule = commitment.schedule
  }
}

extension TicketRegister {
  /// All purchases, in order.
  package var list: [DrawBundle.Purchase] {
    (0..<purchases.count).map { run in
      let start = purchases.start(at: run) ?? 0
      let next = purchases.start(at: run + 1) ?? count
      return DrawBundle.Purchase(buyer: buyers[purchases.buyer(at: run)].address, tickets: next - start)
    }
  }
}
