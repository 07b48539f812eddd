import Audit
import Chains
import Codecs
import Engine
import Keys
import Money
import Payouts
import SimulatedChain
import Store

/// Compares what the store believes with what the chain did. It alone knows the truth.
struct Oracle {
  let world: World
  private var heads: [Int64: AuditHead] = [:]

  init(_ world: World) { self.world = world }

  private var people: [(asset: AssetID, person: Plan.Person)] {
    world.plan.distributions.flatMap { distribution in distribution.people.map { (distribution.asset, $0) } }
  }

  /// Invariant 1 on the chain itself: nobody is paid twice, not even in a block that may still be replaced.
  func checkChain() {
    for distribution in world.plan.distributions {
      let addresses = distribution.people.map(\.address)
      guard let received = try? world.chain.received(distribution.asset, by: addresses) else { continue }
      for (person, got) in zip(distribution.people, received) where got.times > 1 {
        world.watch.broke(1, "recipient \(Hex.text(person.address.bytes.suffix(2))) was paid \(got.times) times")
      }
    }
  }

  /// Everything in the store, when a commit has changed it. `isFinal`: nothing more will happen.
  mutating func checkStore(isFinal: Bool = false) {
    let commits = world.watch.with { state in
      defer { state.commitsSinceCheck = 0 }
      return state.commitsSinceCheck
    }
    guard commits > 0 || isFinal, let store = world.current.store else { return }
    world.watch.quietly {
      do {
        for sentence in try store.checkInvariants() { world.watch.broke(4, sentence) }
        try checkAudit(store)
        try checkPayouts(store, isFinal: isFinal)
      } catch {
        world.watch.say("   the oracle cannot read: \(error)")
        if isFinal { world.watch.broke(0, "the store cannot be read at the end: \(error)") }
      }
    }
  }

  /// After a restart the chain of records is read from genesis.
  mutating func forget() { heads = [:] }

  private mutating func checkAudit(_ store: SQLiteStore) throws {
    let sha256 = OpenSSLHashing()
    for head in try store.auditHeads() {
      var before = heads[head.chain] ?? .empty(head.chain)
      while before.sequence < head.sequence {
        let page = try store.auditRecords(after: before, limit: 500)
        for record in page where record.chain == head.chain {
          guard record.sequence == before.sequence + 1,
            before.next(record.draft, at: record.at, with: sha256).hash == record.hash
          else {
            world.watch.broke(7, "audit record \(record.chain)/\(record.sequence) does not follow the one before it")
            return
          }
          before = record.head
        }
        guard let last = page.last, last.chain == head.chain else { break }
      }
      if before != head { world.watch.broke(7, "audit chain \(head.chain) does not reach its head") }
      heads[head.chain] = before
    }
  }

  private func checkPayouts(_ store: SQLiteStore, isFinal: Bool) throws {
    for campaign in try store.campaigns(after: nil, limit: 100) {
      let views = try store.payouts(campaign.id, status: nil, after: nil, limit: 1_000)
      let received = try world.chain.received(campaign.asset, by: views.map(\.address))
      for (view, got) in zip(views, received) { check(view, got, isFinal: isFinal) }
    }
  }

  private func check(_ view: PayoutView, _ got: Received, isFinal: Bool) {
    let who = "payout \(view.payout.campaign)/\(view.payout.ordinal)"
    switch view.status {
    case .confirmed:
      let entry = view.transaction.flatMap { world.chain.transaction($0) }
      guard got == Received(units: view.units, times: 1), case .mined(_, true, false)? = entry?.status else {
        return world.watch.broke(
          1, "\(who) is confirmed, the chain says \(got), \(entry.map { "\($0.status)" } ?? "nothing")")
      }
    case .failed:
      if got.times > 0 { world.watch.broke(1, "\(who) has failed (\(view.errorCode ?? "")), and was paid") }
    case .queued:
      // After a restore the store may have forgotten a payment: the lane is drained until that is adopted.
      if got.times > 0, !world.wasPutBack { world.watch.broke(1, "\(who) is queued, and was paid") }
      if isFinal { world.watch.broke(0, "\(who) is still queued at the end") }
    case .submitted:
      guard isFinal else { return }
      if case .unknown(.partial)? = view.fate {
        if got.times != 1 { world.watch.broke(1, "\(who) is partial, the chain says \(got)") }
      } else {
        world.watch.broke(0, "\(who) is still submitted at the end")
      }
    case .compensated: break
    }
  }
}
