package import Airdrop
import Chains
package import Codecs
package import Engine
package import Money
import Payouts

extension MemoryStore: LoadStore {
  package func load(_ campaign: CampaignID, contentHash: Hash32) throws(StoreError) -> Load? {
    read { $0.load(campaign, contentHash)?.load }
  }

  package func begin(
    _ campaign: CampaignID, contentHash: Hash32, settings: String
  ) throws(StoreError) -> Load {
    try write { transaction throws(StoreError) in
      guard let ready = transaction.state.campaigns[campaign]?.readyOrdinal else {
        throw StoreError(.notFound, "there is no campaign \(campaign)")
      }
      if let known = transaction.state.load(campaign, contentHash)?.load {
        if known.settings == settings { return known }
        guard known.state == .loading else {
          throw StoreError(.conflict, "this file was loaded with other settings: \(known.settings)")
        }
      }
      if let abandoned = transaction.state.loads.values.first(where: {
        $0.load.campaign == campaign && $0.load.state == .loading
      }) {
        transaction.remove(abandoned.load)
      }
      let load = Load(
        number: transaction.state.lastLoad + 1, campaign: campaign, contentHash: contentHash, settings: settings,
        state: .loading, firstOrdinal: ready, nextOrdinal: ready, summary: nil)
      transaction.set(\.lastLoad, load.number)
      transaction.put(\.loads, load.number, MemoryState.LoadRow(load: load, units: .zero))
      return load
    }
  }

  package func addresses(
    _ campaign: CampaignID, addressLength: Int, after address: [UInt8]?, limit: Int
  ) throws(StoreError) -> [UInt8] {
    read { state in
      let ready = state.readyOrdinal(campaign)
      return (state.addresses[campaign] ?? [:]).filter { entry in
        entry.value < ready && (address.map { $0.lexicographicallyPrecedes(entry.key.bytes) } ?? true)
      }.keys.sorted().prefix(limit).flatMap(\.bytes)
    }
  }

  package func takenKeys(_ keys: [String]) throws(StoreError) -> Set<String> {
    read { state in
      Set(
        keys.filter { key in
          if let known = state.keys[key], known.ordinal < state.readyOrdinal(known.campaign) { return true }
          return DerivedKey(key).map { derived in
            state.campaigns.values.contains { $0.uuid == derived.campaign }
          } ?? false
        })
    }
  }

  package func insert(_ chunk: LoadChunk, into load: Load) throws(StoreError) -> Load {
    guard chunk.count > 0 else { return load }
    guard UInt32(exactly: Int64(load.nextOrdinal) + Int64(chunk.count)) != nil else {
      throw StoreError(.conflict, "a campaign holds at most 2^32 - 1 recipients")
    }
    return try write { transaction throws(StoreError) in
      guard var row = transaction.state.loads[load.number], row.load == load, load.state == .loading else {
        throw .stale("load \(load.number) was moved on or removed by somebody else")
      }
      for place in 0..<chunk.count {
        row.units = try transaction.insert(chunk, place, load, sum: row.units)
      }
      row.keyCount += chunk.keyCount
      row.load = load.moved(to: load.nextOrdinal + UInt32(chunk.count))
      transaction.put(\.loads, load.number, row)
      return row.load
    }
  }

  package func place(_ keys: LoadKeys, of load: Load) throws(StoreError) {
    guard keys.count > 0 else { return }
    try write { transaction throws(StoreError) in
      guard var row = transaction.state.loads[load.number], row.load == load, load.state == .loading else {
        throw .stale("load \(load.number) was moved on or removed by somebody else")
      }
      for ordinal in keys.ordinals where try transaction.place(ordinal, of: load) { row.keysPlaced += 1 }
      transaction.put(\.loads, load.number, row)
    }
  }
}

extension MemoryState {
  fileprivate func load(_ campaign: CampaignID, _ contentHash: Hash32) -> LoadRow? {
    loads.values.first { $0.load.campaign == campaign && $0.load.contentHash == contentHash }
  }
}

extension MemoryTransaction {
  /// Adds one row of a chunk and returns the load's new sum.
  fileprivate mutating func insert(
    _ chunk: LoadChunk, _ place: Int, _ load: Load, sum: UInt256
  ) throws(StoreError) -> UInt256 {
    let width = chunk.addressLength
    let address = Address(Array(chunk.addresses[place * width..<(place + 1) * width]))
    guard let units = UInt256(bigEndian: chunk.units[place * 32..<(place + 1) * 32]) else {
      throw StoreError(.badRow, "an amount is not 32 bytes")
    }
    let payout = PayoutID(campaign: load.campaign, ordinal: load.nextOrdinal + UInt32(place))
    guard state.addresses[load.campaign]?[address] == nil else {
      throw StoreError(.conflict, "a recipient stands in campaign \(load.campaign) already")
    }
    setAddress(load.campaign, address, payout.ordinal)
    let key = chunk.payoutKeys[place]
    append(
      MemoryState.PayoutRow(
        address: address, units: units, key: key.isEmpty ? nil : String(decoding: key, as: UTF8.self),
        rowNumber: chunk.rowNumbers[place],
        metadata: String(decoding: chunk.metadata[place], as: UTF8.self)), load.campaign)
    let (next, over) = sum.addingReportingOverflow(units)
    guard !over else { throw StoreError(.badRow, "the sum of the load does not fit in 256 bits") }
    return next
  }

  /// Gives a row's key to its payout; false when it has it already.
  fileprivate mutating func place(_ ordinal: Int64, of load: Load) throws(StoreError) -> Bool {
    guard let ordinal = UInt32(exactly: ordinal), (load.firstOrdinal..<load.nextOrdinal).contains(ordinal),
      let key = state.row(PayoutID(campaign: load.campaign, ordinal: ordinal))?.key
    else { throw StoreError(.badRow, "a key is placed that no row of load \(load.number) has") }
    let payout = PayoutID(campaign: load.campaign, ordinal: ordinal)
    if let owner = state.keys[key] {
      guard owner == payout else { throw StoreError(.conflict, "a payout key belongs to another payout") }
      return false
    }
    put(\.keys, key, payout)
    return true
  }

  /// Removes an unfinished load and its rows.
  fileprivate mutating func remove(_ load: Load) {
    for _ in load.firstOrdinal..<load.nextOrdinal {
      guard let row = removeLastPayout(load.campaign) else { break }
      setAddress(load.campaign, row.address, nil)
      let payout = PayoutID(campaign: load.campaign, ordinal: UInt32(state.payouts[load.campaign]?.count ?? 0))
      if let key = row.key, state.keys[key] == payout { put(\.keys, key, nil) }
    }
    put(\.loads, load.number, nil)
  }
}
