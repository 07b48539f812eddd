import Chains
import Codecs
import Money
import Payouts

/// Follows the final transfers of an asset out of our accounts into the store, from a checkpoint on.
///
/// A checkpoint is a final block and its hash. Before anything is read after it, the chain must still show that hash:
/// also in a new process, since the checkpoint is in the store.
struct TransferIndex {
  let name: String
  private let asset: AssetID
  private let store: any PayoutStore
  private let rail: any Rail
  private let clock: any EngineClock
  private let actor: String

  init(_ asset: AssetID, store: any PayoutStore, rail: any Rail, clock: any EngineClock, actor: String) {
    name = "\(asset)"
    self.asset = asset
    self.store = store
    self.rail = rail
    self.clock = clock
    self.actor = actor
  }

  /// Reads everything from `start` through the newest final block that was not read before; the last block read.
  ///
  /// Throws `rail.finality_violated` when the block of the checkpoint has another hash now. By then the trail says so,
  /// and the index has forgotten every block that the chain does not show any more.
  func follow(from start: UInt64) throws -> UInt64 {
    let accounts = try store.lanes().filter { $0.chain == rail.codec.chain }.map(\.account)
    let known = try store.indexCheckpoint(name)
    var last = try known.flatMap { try isGapless($0, from: start) ? $0 : nil }
    if last == nil {
      if let known { try check(known, accounts) }
      // Until the first page is stored, nothing is without a gap: who breaks off in between reads all of it again.
      try noteStart(UInt64(Int64.max))
    }
    var next = last.map { $0.block + 1 } ?? start
    while true {
      let page = try rail.transfers(asset, accounts: accounts, from: next)
      if let last, let now = page.before, now != last.hash { try violated(last, now, accounts) }
      guard page.through >= next else { return last?.block ?? max(1, next) - 1 }
      let reached = IndexCheckpoint(block: page.through, hash: page.throughHash)
      try store.index(name, page.transfers, checkpoint: reached, rollBackTo: nil)
      if next == start { try noteStart(start) }
      if page.through >= page.finalBlock { return page.through }
      last = reached
      next = page.through + 1
    }
  }

  /// Where the block is noted from which on the index has no gap.
  private var startName: String { "\(name)#start" }

  private func noteStart(_ block: UInt64) throws {
    try store.index(startName, [], checkpoint: IndexCheckpoint(block: block, hash: .zero), rollBackTo: nil)
  }

  /// Whether everything from `start` through the checkpoint was read. If not, everything is read again.
  private func isGapless(_ known: IndexCheckpoint, from start: UInt64) throws -> Bool {
    guard known.block >= start, known.block < .max, let first = try store.indexCheckpoint(startName) else {
      return false
    }
    return first.block <= start
  }

  // MARK: Finality

  /// The hash of a final block as the chain shows it now; nil when nodes do not call it final.
  private func hash(_ block: UInt64, _ accounts: [Address]) throws -> Hash32? {
    guard block < .max else { return nil }
    return try rail.transfers(asset, accounts: accounts, from: block + 1).before
  }

  /// Nodes that lag behind the checkpoint have nothing to say about it.
  private func check(_ known: IndexCheckpoint, _ accounts: [Address]) throws {
    guard let now = try hash(known.block, accounts), now != known.hash else { return }
    try violated(known, now, accounts)
  }

  /// First the record that cannot be taken back, then the index: a crash in between only tells it once more.
  private func violated(_ known: IndexCheckpoint, _ now: Hash32, _ accounts: [Address]) throws -> Never {
    let agreed = try lastAgreed(below: known.block, accounts)
    let note = Note(
      action: "chain.finality_violated", entity: "chain", entityID: rail.codec.chain.description,
      details: [
        "asset": .string(name), "block": .integer(known.block), "block_hash": .string(known.hash.description),
        "block_hash_now": .string(now.description), "agreed_block": .integer(agreed.block),
      ], isPublic: true)
    try store.commit(Commit(guardedBy: nil, actor: actor, at: clock.now(), writes: [.note(note)]))
    try store.index(name, [], checkpoint: agreed, rollBackTo: agreed.block)
    throw RailError(
      .finalityViolated,
      "block \(known.block) was final with another hash than nodes show now; they agree up to block \(agreed.block)",
      hint: "the chain broke its finality, or a quorum of nodes lies: pay nobody until people have looked; the next "
        + "reconcile reads the new blocks and lists the payouts that they lack")
  }

  /// The newest block with transfers that the chain still shows as it was read; block 0 when there is none.
  private func lastAgreed(below block: UInt64, _ accounts: [Address]) throws -> IndexCheckpoint {
    let marks = try marks(below: block)
    var (low, high) = (0, marks.count)
    while low < high {
      let middle = (low + high) / 2
      if try hash(marks[middle].block, accounts) == marks[middle].hash { low = middle + 1 } else { high = middle }
    }
    if low > 0 { return marks[low - 1] }
    return IndexCheckpoint(block: 0, hash: try hash(0, accounts) ?? .zero)
  }

  /// Every block that transfers were read from, ascending.
  private func marks(below block: UInt64) throws -> [IndexCheckpoint] {
    var marks: [IndexCheckpoint] = []
    var after: (block: UInt64, index: UInt64, transaction: Hash32)?
    while true {
      let page = try store.indexedTransfers(name, after: after, limit: 2_000)
      for transfer in page where transfer.blockNumber < block && transfer.blockNumber != marks.last?.block {
        marks.append(IndexCheckpoint(block: transfer.blockNumber, hash: transfer.blockHash))
      }
      guard let last = page.last, page.count == 2_000 else { return marks }
      after = (last.blockNumber, last.index, last.transaction)
    }
  }
}
