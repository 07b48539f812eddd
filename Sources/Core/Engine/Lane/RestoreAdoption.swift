package import Chains
import Codecs
import Money
package import Payouts
package import Signing

/// After a restore the store is older than what was acted upon. The signer's log is the witness: what it signed and
/// the store does not know is taken back into the store as live batches, so that evidence ends them like any other.
/// Source: docs/internals/protocol.md 3.3, step 2.
package struct RestoreAdoption {
  package struct Report: Hashable, Sendable {
    package var adoptedBatches = 0
    package var adoptedAttempts = 0
    /// Slots whose bytes pay somebody that no queued payout of the store explains.
    package var unexplainedSlots: [UInt64] = []
    package init() {}
  }

  private let store: any PayoutStore
  private let signer: SigningGuard
  private let clock: any EngineClock
  private let actor: String

  package init(store: any PayoutStore, signer: SigningGuard, clock: any EngineClock, actor: String) {
    self.store = store
    self.signer = signer
    self.clock = clock
    self.actor = actor
  }

  /// Adopts everything the signer knows beyond the store, under a lease that the caller holds. Again is nothing.
  package func adopt(_ lane: Lane, _ held: LaneGuard) throws -> Report {
    var report = Report()
    var writes: [Write] = []
    var sequence = lane.nextSequence
    func number() -> Int64 {
      sequence += 1
      return Lane.number(lane.id, sequence: sequence)
    }
    let live = try store.liveBatches(lane.id)
    for batch in live {
      let known = Set(batch.attempts.map(\.unsigned.signingHash))
      for record in try signer.log.records(lane.chain, lane.account, slots: [batch.slot])
      where !known.contains(record.signingHash) {
        let draft = try draft(record, AttemptID(number()))
        writes.append(.addAttempt(AddedAttempt(batch: batch.id, campaign: batch.campaign, attempt: draft)))
        append(record, batch.id, draft.id, to: &writes)
        report.adoptedAttempts += 1
      }
    }
    var taken: Set<PayoutID> = []
    for (slot, records) in try recordsBySlot(lane, from: lane.nextSlot) {
      guard let first = records.first(where: { $0.kind != .void }) ?? records.first,
        let intent = try intent(first, BatchID(number()), AttemptID(number()), lane, taken)
      else {
        report.unexplainedSlots.append(slot)
        continue
      }
      taken.formUnion(intent.payouts)
      writes.append(.intend(intent.intent.adopted))
      append(first, intent.intent.batch, intent.intent.attempt.id, to: &writes)
      for other in records where other.signingHash != first.signingHash {
        let draft = try draft(other, AttemptID(number()))
        writes.append(
          .addAttempt(AddedAttempt(batch: intent.intent.batch, campaign: intent.intent.campaign, attempt: draft)))
        append(other, intent.intent.batch, draft.id, to: &writes)
        report.adoptedAttempts += 1
      }
      report.adoptedBatches += 1
    }
    guard !writes.isEmpty else { return report }
    try store.commit(Commit(guardedBy: held, actor: actor, at: clock.now(), writes: writes))
    return report
  }

  /// Opens a lane again: everything the signer or the chain knows is in the store, or two people take the rest upon
  /// them (`evenUnexplained`). Throws `store.conflict` while slots are unexplained.
  package func reopen(
    _ lane: Lane, _ held: LaneGuard, view: AccountView, evenUnexplained: Bool
  ) throws {
    let beyond = try signer.log.records(lane.chain, lane.account, from: lane.nextSlot, limit: 1)
    guard beyond.isEmpty || evenUnexplained else {
      throw StoreError(
        .conflict, "the signer knows slots from \(lane.nextSlot) on that the store does not",
        hint: "run almoner lanes adopt first")
    }
    let highest = try recordsBySlot(lane, from: lane.nextSlot).last?.slot
    let next = max(lane.nextSlot, view.finalCount, highest.map { $0 + 1 } ?? 0)
    let change = LaneChange(lane: lane.id, mode: .open, reason: nil, nextSlot: next)
    try store.commit(Commit(guardedBy: held, actor: actor, at: clock.now(), writes: [.changeLane(change)]))
  }

  private func recordsBySlot(_ lane: Lane, from slot: UInt64) throws -> [(slot: UInt64, records: [SlotRecord])] {
    var all: [SlotRecord] = []
    var from = slot
    while true {
      let page = try signer.log.records(lane.chain, lane.account, from: from, limit: 500)
      all += page.filter { record in !all.contains { $0.signingHash == record.signingHash } }
      guard page.count == 500, let last = page.last, last.slot > from else { break }
      from = last.slot
    }
    return Dictionary(grouping: all, by: \.slot).sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
  }

  private func draft(_ record: SlotRecord, _ id: AttemptID) throws -> AttemptDraft {
    let request = try signer.codec.inspect(record.unsigned, account: record.account)
    return AttemptDraft(
      id: id, kind: record.kind, unsigned: UnsignedTransaction(bytes: record.unsigned, signingHash: record.signingHash),
      payloadDigest: record.payloadDigest, fee: request.fee)
  }

  private func append(_ record: SlotRecord, _ batch: BatchID, _ attempt: AttemptID, to writes: inout [Write]) {
    guard let signed = record.signed else { return }
    writes.append(.recordBytes(RecordedBytes(batch: batch, attempt: attempt, signed: signed)))
  }

  /// The batch these bytes were made for: one campaign whose queued payouts are exactly the payees.
  private func intent(
    _ record: SlotRecord, _ batch: BatchID, _ attempt: AttemptID, _ lane: Lane, _ taken: Set<PayoutID>
  ) throws -> (intent: Intent, payouts: Set<PayoutID>)? {
    let request = try signer.codec.inspect(record.unsigned, account: record.account)
    let composer = Composer(signer.codec)
    guard case .pay(let asset, let payees) = request.purpose else {
      let native = AssetID(chain: lane.chain.description, token: nil)
      let intent = try composer.service(
        batch, attempt: attempt, purpose: request.purpose, asset: native, account: record.account, slot: record.slot,
        fee: request.fee)
      return (intent, [])
    }
    var after: CampaignID?
    while true {
      let page = try store.campaigns(after: after, limit: 500)
      for campaign in page where campaign.asset == asset {
        guard let matched = try match(payees, campaign, taken) else { continue }
        let intent = try composer.intent(
          batch, attempt: attempt, campaign: campaign.id, asset: asset, payees: matched, account: record.account,
          slot: record.slot, fee: request.fee, halfOf: nil)
        return (intent, Set(matched.map(\.payout)))
      }
      guard page.count == 500, let last = page.last else { return nil }
      after = last.id
    }
  }

  private func match(_ payees: [Payee], _ campaign: Campaign, _ taken: Set<PayoutID>) throws -> [Payee]? {
    var matched: [Payee] = []
    for payee in payees {
      guard let view = try store.payout(campaign.id, address: payee.address), view.status == .queued,
        view.batch == nil, view.units == payee.units, !taken.contains(view.payout)
      else { return nil }
      matched.append(Payee(payout: view.payout, address: view.address, units: view.units))
    }
    return matched
  }
}
