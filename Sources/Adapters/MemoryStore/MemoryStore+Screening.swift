package import Codecs
package import Engine
package import Money
import Payouts
package import Policy

extension MemoryStore {
  package func activePolicy() throws(StoreError) -> StoredPolicy? { read { $0.policies.last } }

  package func safety() throws(StoreError) -> SafetyState? { read { $0.safety.last } }

  package func policies(limit: Int) throws(StoreError) -> [StoredPolicy] {
    read { Array($0.policies.reversed().prefix(limit)) }
  }

  package func screening(_ campaign: CampaignID) throws(StoreError) -> CampaignScreening? {
    read { $0.screenings[campaign] }
  }

  package func screenable(_ campaign: CampaignID, from: UInt32, limit: Int) throws(StoreError) -> [ScreeningSubject] {
    read { state in
      let after = PayoutID(PayoutID(campaign: campaign, ordinal: from).raw - 1)
      let all = state.ready(campaign, after: after).lazy.compactMap { payout -> ScreeningSubject? in
        guard let row = state.row(payout) else { return nil }
        let isLive = row.status == .submitted && row.batch.map { state.live[$0] != nil } ?? false
        guard row.status == .queued || isLive else { return nil }
        return ScreeningSubject(payout: payout, address: row.address, units: row.units, metadata: row.metadata)
      }
      return Array(all.prefix(limit))
    }
  }

  package func heldPayouts(
    _ campaign: CampaignID, _ kind: VerdictKind?, isWaiting: Bool, after: PayoutID?, limit: Int
  ) throws(StoreError) -> [HeldPayout] {
    read { state in
      Array(
        state.held.values.filter {
          $0.payout.campaign == campaign && $0.payout > after ?? PayoutID(0)
            && (kind ?? $0.verdict.kind) == $0.verdict.kind
            && (!isWaiting || state.row($0.payout)?.status == .queued)
        }.sorted { $0.payout < $1.payout }.prefix(limit))
    }
  }

  package func heldPayout(_ payout: PayoutID) throws(StoreError) -> HeldPayout? { read { $0.held[payout] } }

  package func clearedFingerprints() throws(StoreError) -> Set<Hash32> { read { Set($0.cleared.keys) } }

  package func barred(_ batches: [BatchID], at now: Timestamp) throws(StoreError) -> [BatchID: Bool] {
    read { state in
      guard let active = state.policies.last?.digest else { return [:] }
      var barred: [BatchID: Bool] = [:]
      for id in batches {
        guard let row = state.batches[id], let campaign = row.batch.campaign else { continue }
        if !row.runs.allSatisfy({ state.mayPay($0) }) {
          barred[id] = true
        } else if state.screenings[campaign]?.counts(for: row.runs, under: active, at: now) != true {
          barred[id] = false
        }
      }
      return barred
    }
  }
}

extension MemoryState {
  func mayPay(_ payout: PayoutID) -> Bool { held[payout]?.verdict.kind.maySend ?? true }

  func mayPay(_ run: PayoutRun) -> Bool { held.isEmpty || MemoryState.members([run]).allSatisfy { mayPay($0) } }
}

extension MemoryTransaction {
  mutating func apply(_ activation: PolicyActivation, at: Timestamp) throws(StoreError) {
    try activation.check(active: state.policies.last?.digest)
    append(\.policies, activation.stored(number: Int64(state.policies.count) + 1, at: at))
  }

  mutating func apply(_ part: ScreenedPart, _ campaign: Campaign) throws(StoreError) {
    try part.check(campaign, active: state.policies.last?.digest, before: state.screenings[campaign.id])
    if let range = part.range {
      let known = state.held.keys.filter { $0 >= range.first && $0 <= range.last }
      for payout in known where [.queued, .submitted].contains(state.row(payout)?.status) { put(\.held, payout, nil) }
    }
    for held in part.held { put(\.held, held.payout, held) }
    put(\.screenings, campaign.id, part.screening)
  }

  mutating func apply(_ change: SafetyChange, at: Timestamp) throws(StoreError) {
    try change.check(state.safety.last)
    append(\.safety, change.state(at: at))
  }

  mutating func apply(_ decision: ReviewDecision) throws(StoreError) {
    let isQueued = state.row(decision.payout)?.status == .queued
    put(\.held, decision.payout, try decision.applied(to: state.held[decision.payout], isQueued: isQueued))
    if decision.isCleared, let print = decision.fingerprint, state.cleared[print] == nil {
      put(\.cleared, print, decision)
    }
  }

  func checkScreening(_ intent: Intent, at: Timestamp) throws(StoreError) {
    try intent.checkSafety(state.safety.last)
    try intent.checkScreening(
      active: state.policies.last?.digest, intent.campaign.flatMap { state.screenings[$0] },
      isBarred: !intent.runs.allSatisfy { state.mayPay($0) }, at: at)
  }
}
