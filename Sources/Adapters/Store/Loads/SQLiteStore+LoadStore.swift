package import Airdrop
package import Codecs
package import Engine
package import Money

extension SQLiteStore: LoadStore {
  /// Rows that one transaction removes from an abandoned load.
  private static let removalChunk: Int64 = 50_000

  package func load(_ campaign: CampaignID, contentHash: Hash32) throws(StoreError) -> Load? {
    try read { database throws(StoreError) in try database.loadRow(campaign, contentHash: contentHash)?.load }
  }

  package func begin(
    _ campaign: CampaignID, contentHash: Hash32, settings: String
  ) throws(StoreError) -> Load {
    let digest = digest
    while true {
      let load: Load? = try write { database throws(StoreError) in
        _ = try database.existingCampaign(campaign)
        if let known = try database.loadRow(campaign, contentHash: contentHash) {
          if known.settings == settings { return known.load }
          guard known.isUnfinished else {
            throw StoreError(
              .conflict, "this file was loaded with other settings: \(known.settings)",
              hint: "the same file is loaded once per campaign")
          }
        }
        if let abandoned = try database.unfinishedLoad(campaign) {
          // One bounded transaction at a time, so that the log does not grow with the load.
          guard try database.removeEnd(of: abandoned, limit: SQLiteStore.removalChunk, digest: digest) else {
            return nil
          }
        }
        try database.insertLoad(campaign, contentHash: contentHash, settings: settings)
        return try database.loadRow(campaign, contentHash: contentHash)?.load
      }
      if let load { return load }
    }
  }

  package func addresses(
    _ campaign: CampaignID, addressLength: Int, after address: [UInt8]?, limit: Int
  ) throws(StoreError) -> [UInt8] {
    try read { database throws(StoreError) in
      try database.addresses(campaign, addressLength: addressLength, after: address, limit: limit)
    }
  }

  package func takenKeys(_ keys: [String]) throws(StoreError) -> Set<String> {
    let digest = digest
    return try read { database throws(StoreError) in
      var taken: Set<String> = []
      // The first load of a store asks about every key of its file: one question answers them all.
      let isAsked = try database.hasKeys()
      for key in keys {
        if isAsked, let known = try database.payoutID(key: key, digest: digest(key)), known.isReady {
          taken.insert(key)
        } else if let derived = DerivedKey(key), try database.campaign(uuid: derived.campaign) != nil {
          // The store's own name for a payout that is there, or may come.
          taken.insert(key)
        }
      }
      return taken
    }
  }

  package func insert(_ chunk: LoadChunk, into load: Load) throws(StoreError) -> Load {
    guard chunk.count > 0 else { return load }
    guard UInt32(exactly: Int64(load.nextOrdinal) + Int64(chunk.count)) != nil else {
      throw StoreError(.conflict, "a campaign holds at most 2^32 - 1 recipients")
    }
    return try writeBulk { database throws(StoreError) in
      try database.insert(chunk, into: try database.unfinished(load))
      guard let moved = try database.loadRow(load.number)?.load else { throw .stale("load \(load.number) is gone") }
      return moved
    }
  }

  package func place(_ keys: LoadKeys, of load: Load) throws(StoreError) {
    guard keys.count > 0 else { return }
    let rows = Int64(load.firstOrdinal)..<Int64(load.nextOrdinal)
    guard keys.ordinals.allSatisfy(rows.contains) else {
      throw StoreError(.badRow, "a key is placed that no row of load \(load.number) has")
    }
    try writeBulk { database throws(StoreError) in try database.place(keys, of: try database.unfinished(load)) }
  }

  /// The place of a caller's key in `payout_keys`: the first 16 bytes of its SHA-256, as in `LoadKeys`.
  var digest: @Sendable (String) -> [UInt8] {
    { [sha256] key in Array(sha256.sha256(Array(key.utf8)).bytes.prefix(16)) }
  }
}
