package import Chains
import Codecs
import Money
package import Payouts
package import Signing

/// After a restore the store is older than what was acted upon. The signer's log is the witness: what it signed and
/// the store does not know is taken back into the store as live batches, so that evidence ends them like any other.
///
/// Slots are taken in the order in which they were signed, and the first that cannot be explained yet holds back those
/// behind it: a payout that was tried on several slots, or several lanes, is taken back to the later one only when
/// evidence has ended the earlier one.
/// Source: docs/internals/protocol.md 3.3, step 2.
package struct RestoreAdoption {
  package struct Report: Hashable, Sendable {
    package var adoptedBatches = 0
    package var adoptedAttempts = 0
    /// The slot whose payees were tried elsewhere before: once that is adopted, and evidence has ended it, adopt again.
    package var waitingSlot: UInt64?
    /// The slot whose bytes pay somebody that no payout of the store explains.
    package var unexplainedSlot: UInt64?
    package var isComplete: Bool { waitingSlot == nil && unexplainedSlot == nil }
    package init() {}
  }

  private let store: any PayoutStore
  private let signer: any Signer
  private let clock: any EngineClock
  private let actor: String

  package init(store: any PayoutStore, signer: any Signer, clock: any EngineClock, actor: String) {
    self.store = store
    self.signer = signer
    self.clock = clock
    self.actor = actor
  }

  /// Adopts everything that the signer knows beyond the store and that can be explained now, under a lease that the
  /// caller holds. The lane is drained if it was not. Again is nothing.
  package func adopt(_ lane: Lane, _ held: LaneGuard) throws -> Report {
    var report = Report()
    var numbers = Numbers(lane)
    var writes: [Write] = []
    for batch in try store.liveBatches(lane.id) {
      let known = Set(batch.attempts.map(\.unsigned.signingHash))
      let others = try signer.witness.records(lane.chain, lane.account, slots: [batch.slot])
        .filter { !known.contains($0.signingHash) }
      try append(others, to: batch.id, batch.campaign, &writes, &numbers)
      report.adoptedAttempts += others.count
    }
    try adoptSlots(lane, &writes, &numbers, &report)
    guard !writes.isEmpty else { return report }
    if lane.mode == .open {
      writes.insert(
        .changeLane(LaneChange(lane: lane.id, mode: .draining, reason: "adopting", nextSlot: nil)), at: 0)
    }
    try store.commit(Commit(guardedBy: held, actor: actor, at: clock.now(), writes: writes))
    return report
  }

  private func adoptSlots(
    _ lane: Lane, _ writes: inout [Write], _ numbers: inout Numbers, _ report: inout Report
  ) throws {
    var taken: Set<PayoutID> = []
    let others = try unadopted(besides: lane)
    var from = lane.nextSlot
    // As many as one commit may carry; the rest is taken by the next call.
    while report.adoptedBatches < 500,
      let next = try signer.witness.records(lane.chain, lane.account, from: from, limit: 1).first
    {
      let records = try signer.witness.records(lane.chain, lane.account, slots: [next.slot])
      guard let first = records.first(where: { $0.kind != .void }) ?? records.first else { return }
      let order = try signer.witness.order(lane.chain, lane.account, slots: [next.slot])[next.slot] ?? 0
      let before = others.filter { $0.order < order }
      switch try explained(first, taken, before: before) {
      case .waiting: report.waitingSlot = next.slot
      case .unexplained: report.unexplainedSlot = next.slot
      case .by(let content):
        let intent = try intent(first, content, BatchID(numbers.next()), AttemptID(numbers.next()))
        taken.formUnion(content.payees.map(\.payout))
        writes.append(.intend(intent))
        append(first.signed, intent.batch, intent.attempt.id, to: &writes)
        let others = records.filter { $0.signingHash != first.signingHash }
        try append(others, to: intent.batch, intent.campaign, &writes, &numbers)
        report.adoptedBatches += 1
        report.adoptedAttempts += others.count
        from = next.slot + 1
        continue
      }
      return
    }
  }

  /// Opens a lane again: everything that the signer knows of any lane of the chain is in the store, or two people take
  /// the rest upon them (`evenUnexplained`). Throws `store.conflict` while the signer knows more.
  package func reopen(_ lane: Lane, _ held: LaneGuard, view: AccountView, evenUnexplained: Bool) throws {
    if !evenUnexplained, let doubt = try RestoreDoubt.all(lane.chain, store: store, log: signer.witness).first {
      throw StoreError(
        .conflict, "the signer knows slot \(doubt.slot) of \(signer.codec.text(doubt.account)), the store does not",
        hint: "run almoner lanes adopt first, and again when what it adopted has ended")
    }
    var next = max(lane.nextSlot, view.finalCount)
    // Whatever two people have let go, its slots are used.
    while let beyond = try signer.witness.records(lane.chain, lane.account, from: next, limit: 500).last {
      next = beyond.slot + 1
    }
    let change = LaneChange(lane: lane.id, mode: .open, reason: nil, nextSlot: next)
    try store.commit(Commit(guardedBy: held, actor: actor, at: clock.now(), writes: [.changeLane(change)]))
  }

  // MARK: Other lanes

  /// A slot of another lane that the store does not know yet.
  private struct Unadopted {
    let order: Int64
    let asset: AssetID
    let addresses: Set<Address>
    func pays(_ payees: [Payee], of asset: AssetID) -> Bool {
      asset == self.asset && payees.contains { addresses.contains($0.address) }
    }
  }

  private func unadopted(besides lane: Lane) throws -> [Unadopted] {
    var found: [Unadopted] = []
    let lanes = try store.lanes()
    for account in try signer.witness.accounts(lane.chain) where account != lane.account {
      var from = lanes.first { $0.chain == lane.chain && $0.account == account }?.nextSlot ?? 0
      while true {
        let page = try signer.witness.records(lane.chain, account, from: from, limit: 500)
        let order = try signer.witness.order(lane.chain, account, slots: page.map(\.slot))
        for record in page where record.kind == .pay {
          let request = try signer.codec.inspect(record.unsigned, account: account)
          guard case .pay(let asset, let payees) = request.purpose else { continue }
          found.append(
            Unadopted(order: order[record.slot] ?? 0, asset: asset, addresses: Set(payees.map(\.address))))
        }
        guard page.count == 500, let last = page.last, last.slot > from else { break }
        from = last.slot
      }
    }
    return found
  }

  // MARK: What bytes were made for

  private struct Content {
    let campaign: Campaign?
    let payees: [Payee]
    let halfOf: BatchID?
  }

  private enum Explanation {
    case by(Content)
    case waiting
    case unexplained
  }

  /// One campaign of which every payee is a payout: queued, it was made for them; in a live batch, it was made after
  /// that one ended, which the store has still to learn.
  private func explained(
    _ record: SlotRecord, _ taken: Set<PayoutID>, before: [Unadopted]
  ) throws -> Explanation {
    let request = try signer.codec.inspect(record.unsigned, account: record.account)
    guard case .pay(let asset, let payees) = request.purpose else {
      return .by(Content(campaign: nil, payees: [], halfOf: nil))
    }
    guard !before.contains(where: { $0.pays(payees, of: asset) }) else { return .waiting }
    var best = Explanation.unexplained
    var after: CampaignID?
    while true {
      let page = try store.campaigns(after: after, limit: 500)
      for campaign in page where campaign.asset == asset {
        switch try match(payees, campaign, taken) {
        case .by(let content): return .by(content)
        case .waiting: best = .waiting
        case .unexplained: break
        }
      }
      guard page.count == 500, let last = page.last else { return best }
      after = last.id
    }
  }

  private func match(_ payees: [Payee], _ campaign: Campaign, _ taken: Set<PayoutID>) throws -> Explanation {
    var matched: [Payee] = []
    var parents: Set<BatchID?> = []
    var isWaiting = false
    for payee in payees {
      guard let view = try store.payout(campaign.id, address: payee.address), view.units == payee.units else {
        return .unexplained
      }
      switch view.status {
      case .queued where !taken.contains(view.payout):
        matched.append(Payee(payout: view.payout, address: view.address, units: view.units))
        parents.insert(view.batch)
      case .queued, .submitted: isWaiting = true
      case .confirmed, .failed, .compensated: return .unexplained
      }
    }
    if isWaiting { return .waiting }
    // The order of payees is part of what was signed, and payouts of a batch ascend.
    guard parents.count == 1, let parent = parents.first,
      zip(matched, matched.dropFirst()).allSatisfy({ $0.payout < $1.payout })
    else { return .unexplained }
    return .by(Content(campaign: campaign, payees: matched, halfOf: parent))
  }

  private func intent(
    _ record: SlotRecord, _ content: Content, _ batch: BatchID, _ attempt: AttemptID
  ) throws -> Intent {
    let request = try signer.codec.inspect(record.unsigned, account: record.account)
    let composer = Composer(signer.codec)
    guard let campaign = content.campaign else {
      var asset = AssetID(chain: signer.codec.chain.description, token: nil)
      if case .allowance(let allowed, _, _) = request.purpose { asset = allowed }
      return try composer.service(
        batch, attempt: attempt, purpose: request.purpose, asset: asset, account: record.account, slot: record.slot,
        fee: request.fee, isAdopted: true)
    }
    return try composer.intent(
      batch, attempt: attempt, campaign: campaign.id, asset: campaign.asset, payees: content.payees,
      account: record.account, slot: record.slot, fee: request.fee, halfOf: content.halfOf, isAdopted: true)
  }

  // MARK: Writes

  private struct Numbers {
    let lane: LaneID
    var sequence: Int64
    init(_ lane: Lane) {
      self.lane = lane.id
      sequence = lane.nextSequence
    }
    mutating func next() -> Int64 {
      sequence += 1
      return Lane.number(lane, sequence: sequence)
    }
  }

  private func append(
    _ records: [SlotRecord], to batch: BatchID, _ campaign: CampaignID?, _ writes: inout [Write],
    _ numbers: inout Numbers
  ) throws {
    for record in records {
      let request = try signer.codec.inspect(record.unsigned, account: record.account)
      let draft = AttemptDraft(
        id: AttemptID(numbers.next()), kind: record.kind,
        unsigned: UnsignedTransaction(bytes: record.unsigned, signingHash: record.signingHash),
        payloadDigest: record.payloadDigest, fee: request.fee)
      writes.append(.addAttempt(AddedAttempt(batch: batch, campaign: campaign, attempt: draft, isAdopted: true)))
      append(record.signed, batch, draft.id, to: &writes)
    }
  }

  private func append(
    _ signed: SignedTransaction?, _ batch: BatchID, _ attempt: AttemptID, to writes: inout [Write]
  ) {
    guard let signed else { return }
    writes.append(.recordBytes(RecordedBytes(batch: batch, attempt: attempt, signed: signed)))
  }
}
