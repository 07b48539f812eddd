import Airdrop
import Codecs
import Engine
import Money

extension WatchedStore: LoadStore {
  func load(_ campaign: CampaignID, contentHash: Hash32) throws(StoreError) -> Load? {
    try look { () throws(StoreError) in try inner.load(campaign, contentHash: contentHash) }
  }

  func begin(_ campaign: CampaignID, contentHash: Hash32, settings: String) throws(StoreError) -> Load {
    try change("begin load") { () throws(StoreError) in
      try inner.begin(campaign, contentHash: contentHash, settings: settings)
    }
  }

  func addresses(
    _ campaign: CampaignID, addressLength: Int, after address: [UInt8]?, limit: Int
  ) throws(StoreError) -> [UInt8] {
    try look { () throws(StoreError) in
      try inner.addresses(campaign, addressLength: addressLength, after: address, limit: limit)
    }
  }

  func takenKeys(_ keys: [String]) throws(StoreError) -> Set<String> {
    try look { () throws(StoreError) in try inner.takenKeys(keys) }
  }

  func insert(_ chunk: LoadChunk, into load: Load) throws(StoreError) -> Load {
    try change("insert load") { () throws(StoreError) in try inner.insert(chunk, into: load) }
  }

  func place(_ keys: LoadKeys, of load: Load) throws(StoreError) {
    try change("place load") { () throws(StoreError) in try inner.place(keys, of: load) }
  }
}
