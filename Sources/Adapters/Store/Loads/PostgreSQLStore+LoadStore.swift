package import Airdrop
package import Codecs
package import Engine
package import Money

extension PostgreSQLStore: LoadStore {
  /// Rows that one transaction removes from an abandoned load.
  private static let removalChunk: Int64 = 50_000
  /// Keys that one question asks about.
  private static let keyChunk = 20_000

  package func load(_ campaign: CampaignID, contentHash: Hash32) throws(StoreError) -> Load? {
    try read { session throws(StoreError) in try session.loadRow(campaign, contentHash: contentHash)?.load }
  }

  package func begin(
    _ campaign: CampaignID, contentHash: Hash32, settings: String
  ) throws(StoreError) -> Load {
    let digest = digest
    while true {
      let load: Load? = try write { session throws(StoreError) in
        // Two that begin at once go one after the other.
        guard try session.lockCampaign(campaign) else {
          throw StoreError(.notFound, "there is no campaign \(campaign)")
        }
        if let known = try session.loadRow(campaign, contentHash: contentHash) {
          if known.settings == settings { return known.load }
          guard known.isUnfinished else {
            throw StoreError(
              .conflict, "this file was loaded with other settings: \(known.settings)",
              hint: "the same file is loaded once per campaign")
          }
        }
        if let abandoned = try session.unfinishedLoad(campaign) {
          // One bounded transaction at a time.
          guard try session.removeEnd(of: abandoned, limit: PostgreSQLStore.removalChunk, digest: digest) else {
            return nil
          }
        }
        return try session.insertLoad(campaign, contentHash: contentHash, settings: settings)
      }
      if let load { return load }
    }
  }

  package func addresses(
    _ campaign: CampaignID, addressLength: Int, after address: [UInt8]?, limit: Int
  ) throws(StoreError) -> [UInt8] {
    try read { session throws(StoreError) in
      try session.addresses(campaign, addressLength: addressLength, after: address, limit: limit)
    }
  }

  package func takenKeys(_ keys: [String]) throws(StoreError) -> Set<String> {
    let digest = digest
    return try read { session throws(StoreError) in
      // The first load of a store asks about every key of its file: one question answers them all.
      let isAsked = try session.hasKeys()
      var taken: Set<String> = []
      var rest = keys[...]
      while !rest.isEmpty {
        let part = Array(rest.prefix(PostgreSQLStore.keyChunk))
        rest = rest.dropFirst(part.count)
        // The store's own names for payouts are taken whether or not a caller's key stands.
        let asked = isAsked ? part : part.filter { DerivedKey($0) != nil }
        if !asked.isEmpty { taken.formUnion(try session.takenKeys(asked, digest: digest)) }
      }
      return taken
    }
  }

  package func insert(_ chunk: LoadChunk, into load: Load) throws(StoreError) -> Load {
    guard chunk.count > 0 else { return load }
    guard UInt32(exactly: Int64(load.nextOrdinal) + Int64(chunk.count)) != nil else {
      throw StoreError(.conflict, "a campaign holds at most 2^32 - 1 recipients")
    }
    return try write { session throws(StoreError) in
      try session.leaveFlushToOrder()
      let row = try session.unfinished(load)
      let side = try session.side { () throws(StoreError) in try self.open(.side) }
      return try session.insert(chunk, into: row, beside: side)
    }
  }

  package func place(_ keys: LoadKeys, of load: Load) throws(StoreError) {
    guard keys.count > 0 else { return }
    let rows = Int64(load.firstOrdinal)..<Int64(load.nextOrdinal)
    guard keys.ordinals.allSatisfy(rows.contains) else {
      throw StoreError(.badRow, "a key is placed that no row of load \(load.number) has")
    }
    try write { session throws(StoreError) in
      try session.leaveFlushToOrder()
      try session.place(keys, of: try session.unfinished(load))
    }
  }

  /// The place of a caller's key in `payout_keys`: the first 16 bytes of its SHA-256, as in `LoadKeys`.
  var digest: @Sendable (String) -> [UInt8] {
    { [sha256] key in Array(sha256.sha256(Array(key.utf8)).bytes.prefix(16)) }
  }
}
