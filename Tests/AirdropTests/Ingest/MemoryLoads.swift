import Airdrop
import Codecs
import Engine
import Money
import Synchronization

/// Loads in memory, by the words of `LoadStore`; it can break off like a process that is killed.
final class MemoryLoads: LoadStore {
  struct Row: Hashable {
    let ordinal: UInt32
    let address: [UInt8]
    let units: UInt256
    let rowNumber: Int64
    let payoutKey: String?
    let metadata: String
    let load: Int64
  }
  private struct State {
    var loads: [Load] = []
    var rows: [Row] = []
    var ready: UInt32 = 0
    var insertsLeft = Int.max
    var inserts = 0
    /// Ids of other campaigns' finished loads.
    var foreignKeys: Set<String> = []
  }
  private let state = Mutex(State())

  /// What planning would see.
  var visible: [Row] { state.withLock { state in state.rows.filter { $0.ordinal < state.ready } } }
  var stored: [Row] { state.withLock { $0.rows } }
  var inserts: Int { state.withLock { $0.inserts } }
  var ready: UInt32 { state.withLock { $0.ready } }
  var loads: [Load] { state.withLock { $0.loads } }

  /// After so many more inserts every further one fails.
  func breakOff(after inserts: Int) { state.withLock { $0.insertsLeft = inserts } }
  func takeKeysElsewhere(_ keys: Set<String>) { state.withLock { $0.foreignKeys.formUnion(keys) } }

  func load(_ campaign: CampaignID, contentHash: Hash32) throws(StoreError) -> Load? {
    state.withLock { $0.loads.first { $0.contentHash == contentHash } }
  }

  func begin(_ campaign: CampaignID, contentHash: Hash32, settings: String) throws(StoreError) -> Load {
    try state.withLock { state throws(StoreError) in
      if let known = state.loads.first(where: { $0.contentHash == contentHash }) {
        if known.settings == settings { return known }
        if known.state == .loaded { throw StoreError(.conflict, "known under other settings") }
      }
      let gone = Set(state.loads.filter { $0.state == .loading }.map(\.number))
      state.loads.removeAll { gone.contains($0.number) }
      state.rows.removeAll { gone.contains($0.load) }
      let load = Load(
        number: (state.loads.map(\.number).max() ?? 0) + 1, campaign: campaign, contentHash: contentHash,
        settings: settings, state: .loading, firstOrdinal: state.ready, nextOrdinal: state.ready, summary: nil)
      state.loads.append(load)
      return load
    }
  }

  func addresses(
    _ campaign: CampaignID, addressLength: Int, after address: [UInt8]?, limit: Int
  ) throws(StoreError) -> [UInt8] {
    let known = visible.map(\.address).sorted { $0.lexicographicallyPrecedes($1) }
    let later = known.filter { known in address.map { $0.lexicographicallyPrecedes(known) } ?? true }
    return Array(later.prefix(limit).joined())
  }

  func takenKeys(_ keys: [String]) throws(StoreError) -> Set<String> {
    let known = Set(visible.compactMap(\.payoutKey)).union(state.withLock { $0.foreignKeys })
    return known.intersection(keys)
  }

  func insert(_ chunk: LoadChunk, into load: Load) throws(StoreError) -> Load {
    try state.withLock { state throws(StoreError) in
      guard state.insertsLeft > 0 else { throw StoreError(.io, "broken off") }
      state.insertsLeft -= 1
      state.inserts += 1
      guard let place = state.loads.firstIndex(where: { $0.number == load.number && $0.state == .loading }),
        state.loads[place].nextOrdinal == load.nextOrdinal
      else { throw StoreError(.staleState, "the load has moved on") }
      var next = load.nextOrdinal
      for index in 0..<chunk.count {
        let address = Array(chunk.addresses[(index * chunk.addressLength)..<((index + 1) * chunk.addressLength)])
        guard !state.rows.contains(where: { $0.address == address }) else {
          throw StoreError(.conflict, "a recipient stands twice")
        }
        state.rows.append(
          Row(
            ordinal: next, address: address,
            units: UInt256(bigEndian: chunk.units[(index * 32)..<((index + 1) * 32)]) ?? .zero,
            rowNumber: chunk.rowNumbers[index], payoutKey: chunk.payoutKeys[index],
            metadata: String(decoding: chunk.metadata[index], as: UTF8.self), load: load.number))
        next += 1
      }
      let moved = Load(
        number: load.number, campaign: load.campaign, contentHash: load.contentHash, settings: load.settings,
        state: .loading, firstOrdinal: load.firstOrdinal, nextOrdinal: next, summary: nil)
      state.loads[place] = moved
      return moved
    }
  }

  /// What a store does with the `order` of a commit.
  func commit(_ commit: Commit) throws(StoreError) {
    try state.withLock { state throws(StoreError) in
      guard state.insertsLeft > 0 else { throw StoreError(.io, "broken off") }
      for write in commit.writes {
        guard case .order(let order) = write,
          let place = state.loads.firstIndex(where: { $0.number == order.load && $0.state == .loading }),
          state.loads[place].nextOrdinal == order.readyOrdinal
        else { throw StoreError(.staleState, "no such load") }
        let load = state.loads[place]
        state.loads[place] = Load(
          number: load.number, campaign: load.campaign, contentHash: load.contentHash, settings: load.settings,
          state: .loaded, firstOrdinal: load.firstOrdinal, nextOrdinal: load.nextOrdinal, summary: order.summary)
        state.ready = order.readyOrdinal
      }
    }
  }
}
