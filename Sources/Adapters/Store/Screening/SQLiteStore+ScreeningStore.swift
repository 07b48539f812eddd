package import Codecs
package import Engine
package import Money
package import Policy

extension SQLiteStore {
  package func activePolicy() throws(StoreError) -> StoredPolicy? { try policies(limit: 1).first }

  package func safety() throws(StoreError) -> SafetyState? {
    try read { database throws(StoreError) in try database.safety() }
  }

  package func policies(limit: Int) throws(StoreError) -> [StoredPolicy] {
    try read { database throws(StoreError) in try database.policies(limit: limit) }
  }

  package func screening(_ campaign: CampaignID) throws(StoreError) -> CampaignScreening? {
    try read { database throws(StoreError) in try database.screening(campaign) }
  }

  package func screenable(_ campaign: CampaignID, from: UInt32, limit: Int) throws(StoreError) -> [ScreeningSubject] {
    try read { database throws(StoreError) in try database.screenable(campaign, from: from, limit: limit) }
  }

  package func heldPayouts(
    _ campaign: CampaignID, _ kind: VerdictKind?, isWaiting: Bool, after: PayoutID?, limit: Int
  ) throws(StoreError) -> [HeldPayout] {
    try read { database throws(StoreError) in
      try database.heldPayouts(campaign, kind, isWaiting: isWaiting, after: after, limit: limit)
    }
  }

  package func heldPayout(_ payout: PayoutID) throws(StoreError) -> HeldPayout? {
    try read { database throws(StoreError) in try database.heldPayout(payout) }
  }

  package func clearedFingerprints() throws(StoreError) -> Set<Hash32> {
    try read { database throws(StoreError) in try database.clearedFingerprints() }
  }

  package func barred(_ batches: [BatchID], at now: Timestamp) throws(StoreError) -> [BatchID: Bool] {
    try read { database throws(StoreError) in try database.barred(batches, at: now) }
  }
}
