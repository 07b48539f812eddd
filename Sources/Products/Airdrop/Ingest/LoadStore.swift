package import Codecs
package import Engine
package import Money

/// A file on its way into a campaign, or arrived there.
package struct Load: Hashable, Sendable {
  package enum State: String, CaseIterable, Sendable {
    /// Rows may stand in the tables, but nothing sees them yet.
    case loading
    /// All rows stand, the sum is ordered in the ledger, planning may take them.
    case loaded
  }
  package let number: Int64
  package let campaign: CampaignID
  /// SHA-256 of the bytes of the source, which names the load: the same file again is the same load.
  package let contentHash: Hash32
  /// Choices that change what the bytes mean (duplicate policy, decimals, format), as canonical JSON text.
  package let settings: String
  package let state: State
  /// Ordinal of the next row to insert: a resume skips the rows of this load below it.
  package let nextOrdinal: UInt32
  /// Ordinal of the first row of this load.
  package let firstOrdinal: UInt32
  package let summary: LoadSummary?

  package init(
    number: Int64, campaign: CampaignID, contentHash: Hash32, settings: String, state: State, firstOrdinal: UInt32,
    nextOrdinal: UInt32, summary: LoadSummary?
  ) {
    self.number = number
    self.campaign = campaign
    self.contentHash = contentHash
    self.settings = settings
    self.state = state
    self.firstOrdinal = firstOrdinal
    self.nextOrdinal = nextOrdinal
    self.summary = summary
  }
}

/// Where recipients go. One load at a time per campaign; what is not finished is seen by nobody.
///
/// Implemented by every store and checked by one contract suite.
package protocol LoadStore: Sendable {
  /// The load of this content, if the campaign knows it.
  func load(_ campaign: CampaignID, contentHash: Hash32) throws(StoreError) -> Load?
  /// Starts a load, or returns the one of the same content and settings to go on with. Rows of an unfinished load of
  /// other content, or of the same content under other settings, are removed first. Throws `store.conflict` when a
  /// finished load has the content under other settings.
  func begin(
    _ campaign: CampaignID, contentHash: Hash32, settings: String
  ) throws(StoreError) -> Load
  /// Addresses of finished loads of the campaign after `address`, in order; to merge against. Concatenated bytes.
  func addresses(
    _ campaign: CampaignID, addressLength: Int, after address: [UInt8]?, limit: Int
  ) throws(StoreError) -> [UInt8]
  /// Which of these payout keys stand in any finished load of the store. Keys are given in order of their digest.
  func takenKeys(_ keys: [String]) throws(StoreError) -> Set<String>
  /// Inserts rows in one transaction, with ordinals from `load.nextOrdinal` on, and returns the load moved on. A power
  /// cut may take the last transactions back, until the load is ordered: the order makes all of them durable.
  /// Their payout keys are kept with them, but belong to nobody before `place`.
  func insert(_ chunk: LoadChunk, into load: Load) throws(StoreError) -> Load
  /// Gives payout keys of inserted rows to their payouts, in one transaction like `insert`. Keys come in the order of their
  /// digests, call after call, so that an index by digest is swept once for a whole load. What this load has placed
  /// already is stepped over: a try that broke off is repeated from its first key. Throws `store.conflict` when a key
  /// belongs to another payout of the store.
  func place(_ keys: LoadKeys, of load: Load) throws(StoreError)
  // A load is finished by a `Commit` with `.order`, so that rows, ledger, audit and outbox move together. The order is
  // refused as stale while a key of the load is not placed.
}
