package import Airdrop
import Chains
package import Codecs
package import Engine
package import Lottery
package import Money
import Payouts

/// Payouts of lotteries as a load of their campaign: the same path as a file's recipients.
package struct LotteryLoads: LotteryPayoutLoading {
  package typealias Store = Engine.PayoutStore & LoadStore
  private let store: any Store
  private let sha256: any SHA256Hashing
  private let clock: any EngineClock
  private let actor: String

  private static let settings = "{\"source\":\"lottery\"}"
  private static let chunkRows = 4_096

  package init(store: any Store, sha256: any SHA256Hashing, clock: any EngineClock, actor: String) {
    self.store = store
    self.sha256 = sha256
    self.clock = clock
    self.actor = actor
  }

  package func load(_ payees: [LotteryPayee], content: Hash32, into campaign: CampaignID) throws {
    var load = try store.begin(campaign, contentHash: content, settings: LotteryLoads.settings)
    guard load.state == .loading else { return }
    // What an earlier try has inserted stands in the same order.
    var place = Int(load.nextOrdinal) - Int(load.firstOrdinal)
    while place < payees.count {
      let end = min(payees.count, place + LotteryLoads.chunkRows)
      load = try store.insert(chunk(payees, place..<end), into: load)
      place = end
    }
    try store.place(keys(payees, from: load.firstOrdinal), of: load)
    let total = try payees.reduce(UInt256.zero) { try $0.adding($1.units) }
    let count = Int64(payees.count)
    let order = Order(
      campaign: campaign, asset: try asset(of: campaign), load: load.number, contentHash: content,
      settings: LotteryLoads.settings,
      summary: LoadSummary(rows: count, accepted: count, rejected: 0, duplicates: 0, total: total),
      readyOrdinal: load.nextOrdinal)
    try store.commit(Commit(guardedBy: nil, actor: actor, at: clock.now(), writes: [.order(order)]))
  }

  private func asset(of campaign: CampaignID) throws -> AssetID {
    guard let found = try store.campaign(campaign) else {
      throw StoreError(.notFound, "there is no campaign \(campaign)")
    }
    return found.asset
  }

  private func chunk(_ payees: [LotteryPayee], _ range: Range<Int>) -> LoadChunk {
    var chunk = LoadChunk(addressLength: payees[range.lowerBound].address.bytes.count)
    for place in range {
      var units: [UInt8] = []
      payees[place].units.appendBigEndian(to: &units)
      chunk.append(
        address: payees[place].address.bytes[...], units: units[...], rowNumber: Int64(place) + 1,
        payoutKey: Array(payees[place].key.utf8)[...], metadata: [])
    }
    return chunk
  }

  /// In the order of their digests.
  private func keys(_ payees: [LotteryPayee], from first: UInt32) -> LoadKeys {
    let digests = payees.enumerated().map { place, payee in
      (Array(sha256.sha256(Array(payee.key.utf8)).bytes.prefix(LoadKeys.digestLength)), first + UInt32(place))
    }.sorted { $0.0.lexicographicallyPrecedes($1.0) }
    var keys = LoadKeys()
    for (digest, ordinal) in digests { keys.append(digest: digest[...], ordinal: ordinal) }
    return keys
  }
}
