import Chains
import Codecs
import Money
import Payouts
import Signing

// Lease and recovery. Source: docs/internals/protocol.md 2.4 and 3.3.
extension LaneWorker {
  func acquire(_ now: Timestamp) throws {
    let highest = try signer.highestFence(account)
    let lane = try store.acquireLane(
      chain, account, holder: holder, session: session, leaseMilliseconds: settings.leaseMilliseconds,
      signerHighest: highest, at: now)
    // The signer hears of the fence before anything is done under it.
    try signer.announce(account, fence: lane.fence)
    held = LaneGuard(lane: lane.id, fence: lane.fence, session: session, epoch: lane.epoch)
    adopt(lane, now)
    observer?.observe(.laneAcquired(lane.id, fence: lane.fence))
    phase = .recover
  }

  private func adopt(_ lane: Lane, _ now: Timestamp) {
    mode = lane.mode
    modeReason = lane.modeReason
    nextSlot = lane.nextSlot
    nextSequence = lane.nextSequence
    durableSlot = nextSlot
    durableSequence = nextSequence
    renewAt = now.advanced(byMilliseconds: settings.leaseMilliseconds / 3)
    readAt = now
  }

  /// Loads what is live, compares the store with the signer's log and the chain, and prepares repairs.
  func recover(_ now: Timestamp) throws {
    guard let held else { return phase = .acquire }
    live = [:]
    for batch in try store.liveBatches(held.lane) {
      let payees = batch.campaign == nil ? [] : try store.payees(batch.id)
      live[batch.id] = Live(batch: batch, payees: payees, sendAt: now)
    }
    let view = try rail.account(account)
    let isNew = nextSlot == 0 && live.isEmpty && nextSequence == 0
    // Somebody used the account before us: until that is final, nobody can say which slot is the next free one.
    guard !isNew || view.latestCount <= view.finalCount else {
      throw EngineError(
        code: EngineError.Code.laneUnsettled.rawValue,
        message: "the account has \(view.latestCount - view.finalCount) earlier transactions that are not final yet",
        hint: "wait; the lane opens when they are final", isPassing: true)
    }
    if let doubt = try doubt(view, isNew: isNew) {
      if mode == .open {
        try drain(held, doubt, now)
      }
    } else if isNew || view.finalCount > nextSlot {
      nextSlot = max(nextSlot, view.finalCount)
      durableSlot = nextSlot
    }
    repairGaps(from: view.finalCount, now)
    toSign = []
    for id in live.keys.sorted() {
      guard let entry = live[id] else { continue }
      for attempt in entry.batch.attempts where attempt.state == .intended { toSign.append((id, attempt.id)) }
    }
    phase = .read
    didWork = true
  }

  /// Why the store cannot be trusted: the signer or the chain knows of more. Nil when all agree.
  private func doubt(_ view: AccountView, isNew: Bool) throws -> String? {
    #if ALMONER_MUTANTS
      if Mutant.restoreUnchecked.isActive { return nil }
    #endif
    let doubts = try RestoreDoubt.all(chain, store: store, log: signer.witness)
    if let doubt = doubts.first(where: { $0.account == account }) { return doubt.reason }
    // What another lane has forgotten to have paid, this one would pay again.
    if let doubt = doubts.first { return "\(doubt.reason)_of_\(signer.codec.text(doubt.account))" }
    return !isNew && view.finalCount > nextSlot ? "chain_knows_slot_\(view.finalCount - 1)" : nil
  }

  private func drain(_ held: LaneGuard, _ reason: String, _ now: Timestamp) throws {
    try store.commit(
      Commit(
        guardedBy: held, actor: actor, at: now,
        writes: [.changeLane(LaneChange(lane: held.lane, mode: .draining, reason: reason, nextSlot: nil))]))
    mode = .draining
    modeReason = reason
    observer?.observe(
      .alarm(
        EngineError(
          code: EngineError.Code.laneDraining.rawValue, message: "lane \(held.lane) plans nothing more: \(reason)",
          hint: "the store is older than its signer or chain: almoner lanes adopt, then almoner lanes reopen",
          isPassing: false)))
  }

  /// A free slot below a used one would hold back everything behind it: a void transaction fills it.
  private func repairGaps(from finalCount: UInt64, _ now: Timestamp) {
    guard mode == .open, finalCount < nextSlot else { return }
    let used = Set(live.values.map(\.batch.slot))
    gaps = (finalCount..<nextSlot).filter { !used.contains($0) }
  }
}
