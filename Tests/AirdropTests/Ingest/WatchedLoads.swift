import Airdrop
import Codecs
import Engine
import MemoryStore
import Money
import Synchronization

/// The loads of a store in memory. It counts calls, and breaks off when told to, like a process that is killed.
final class WatchedLoads: LoadStore {
  let store: MemoryStore
  private struct State {
    var begun = 0
    var inserted: [Int] = []
    var placed: [LoadKeys] = []
    var left = Int.max
    var commitAnswers = true
  }
  private let state = Mutex(State())

  init(_ store: MemoryStore) { self.store = store }

  var begun: Int { state.withLock { $0.begun } }
  /// Rows of each insert.
  var inserted: [Int] { state.withLock { $0.inserted } }

  /// The keys of each call.
  var placed: [LoadKeys] { state.withLock { $0.placed } }

  /// After so many more writes every further one fails.
  func breakOff(after writes: Int) { state.withLock { $0.left = writes } }
  /// The next commits are done, but say that nobody knows.
  func loseAnswers(_ lost: Bool) { state.withLock { $0.commitAnswers = !lost } }

  private func spend() throws(StoreError) {
    let isAlive = state.withLock { state in
      state.left -= 1
      return state.left >= 0
    }
    guard isAlive else { throw StoreError(.io, "broken off") }
  }

  func load(_ campaign: CampaignID, contentHash: Hash32) throws(StoreError) -> Load? {
    try store.load(campaign, contentHash: contentHash)
  }

  func begin(_ campaign: CampaignID, contentHash: Hash32, settings: String) throws(StoreError) -> Load {
    state.withLock { $0.begun += 1 }
    return try store.begin(campaign, contentHash: contentHash, settings: settings)
  }

  func addresses(
    _ campaign: CampaignID, addressLength: Int, after address: [UInt8]?, limit: Int
  ) throws(StoreError) -> [UInt8] {
    try store.addresses(campaign, addressLength: addressLength, after: address, limit: limit)
  }

  func takenKeys(_ keys: [String]) throws(StoreError) -> Set<String> { try store.takenKeys(keys) }

  func insert(_ chunk: LoadChunk, into load: Load) throws(StoreError) -> Load {
    try spend()
    state.withLock { $0.inserted.append(chunk.count) }
    return try store.insert(chunk, into: load)
  }

  func place(_ keys: LoadKeys, of load: Load) throws(StoreError) {
    try spend()
    state.withLock { $0.placed.append(keys) }
    try store.place(keys, of: load)
  }

  func commit(_ commit: Commit) throws(StoreError) {
    try spend()
    try store.commit(commit)
    guard state.withLock({ $0.commitAnswers }) else { throw StoreError(.commitUnknown, "the answer was lost") }
  }
}
