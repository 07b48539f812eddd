import Chains
import Codecs
import Money

/// The chain itself: one canonical history, its pool, and what endpoints make of it. Used behind one lock.
///
/// Nothing here iterates a dictionary where order could show: one seed gives one run.
struct World {
  struct Holding: Hashable {
    /// Nil is the native coin.
    let token: EVMAddress?
    let owner: EVMAddress
  }

  /// What an address owns of an asset, and what payments of ours brought it.
  struct Purse: Hashable {
    var units = UInt256.zero
    var received = UInt256.zero
    var times = 0
  }

  struct Slot: Hashable {
    let account: EVMAddress
    let number: UInt64
  }

  /// A transaction that the network has heard of.
  struct Known {
    let transaction: SimulatedTransaction
    let signingHash: Hash32
    /// Emptied once the slot is final: nothing can bring it back then.
    var bytes: [UInt8]
    /// The how-manieth the network heard of.
    let order: Int
    var slot: Slot { Slot(account: transaction.account, number: transaction.slot) }
  }

  /// What became of a slot on the canonical chain.
  struct Spent {
    enum Outcome {
      /// Nil: every payee in full.
      case paid([Credit]?)
      case reverted
      case voided
      case settled
      case stranger
    }
    let hash: Hash32
    let block: UInt64
    let outcome: Outcome
    let fee: UInt256
    /// The fault that made it so, until the engine has seen it.
    var cause: ChainFault?
  }

  enum Undo {
    case purse(Holding, Purse)
    case allowance(Holding, UInt256)
    case spent(Slot)
  }

  /// A fault has kept a slot from a statement that it would have had once this block is final.
  struct Delay {
    let fault: ChainFault
    let block: UInt64
  }

  let settings: ChainSettings
  let quorum: Quorum
  let recover: @Sendable (Hash32, RecoverableSignature) -> Address?
  var faults: any FaultSource

  var head: UInt64 = 0
  var nextBlockAt: Timestamp?
  /// How often the block at a height was replaced.
  var revisions: [UInt64: UInt64] = [:]
  /// Transactions by height; heights without any are absent.
  var contents: [UInt64: [Hash32]] = [:]
  /// How to take back what is not final.
  var journals: [UInt64: [Undo]] = [:]
  /// Final heights that hold transactions, ascending.
  var filled: [UInt64] = []
  var settledThrough: UInt64 = 0

  var purses: [Holding: Purse] = [:]
  var allowances: [Holding: UInt256] = [:]
  var nonces: [EVMAddress: UInt64] = [:]
  var spent: [Slot: Spent] = [:]
  var known: [Hash32: Known] = [:]
  /// Every hash the network has heard of whose slot is not final.
  var heard: [Hash32] = []
  var heardCount = 0
  /// Of those, the ones that came back by a fault.
  var returned: Set<Hash32> = []
  var pool: [EVMAddress: [UInt64: [Hash32]]] = [:]

  var behaviors: [EVMAddress: PayeeBehavior] = [:]
  var endpoints: [Endpoint]
  var spikeUntil: UInt64 = 0
  var spikeFactor: UInt64 = 1
  var poorUntil: [EVMAddress: UInt64] = [:]
  var blindUntil: [Slot: UInt64] = [:]
  var delays: [Slot: [Delay]] = [:]
  /// Blocks that are still to be left out, and that were left out since the last slot became final.
  var stallLeft: UInt64 = 0
  var stalled: UInt64 = 0
  /// How many transactions of strangers there were: gives each its name.
  var strangers: UInt64 = 0

  init(
    _ settings: ChainSettings, quorum: Quorum, faults: any FaultSource,
    recover: @escaping @Sendable (Hash32, RecoverableSignature) -> Address?
  ) {
    self.settings = settings
    self.quorum = quorum
    self.faults = faults
    self.recover = recover
    endpoints = (1...quorum.endpoints).map { Endpoint(id: EndpointID("sim-\($0)")) }
  }

  var finalHead: UInt64 { head - min(head, settings.finalityDepth) }

  /// The name of the canonical block at a height.
  func blockHash(_ number: UInt64) -> Hash32 {
    World.name(settings.seed, number, revisions[number] ?? 0, 0x626c_6f63_6b)
  }

  /// A hash-like name made of four words. Not a digest: it is only ever compared.
  static func name(_ a: UInt64, _ b: UInt64, _ c: UInt64, _ d: UInt64) -> Hash32 {
    let first = SplitMix.mixed(a &+ SplitMix.mixed(b &+ SplitMix.mixed(c &+ SplitMix.mixed(d))))
    let second = SplitMix.mixed(first &+ 1)
    let third = SplitMix.mixed(first &+ 2)
    return Hash32(words: (first, second, third, SplitMix.mixed(first &+ 3)))
  }

  var basePrice: UInt256 {
    guard head < spikeUntil else { return settings.basePrice }
    let (price, over) = settings.basePrice.multipliedReportingOverflow(by: UInt256(spikeFactor))
    return over ? settings.basePrice : price
  }

  func isPoor(_ account: EVMAddress) -> Bool { (poorUntil[account] ?? 0) > head }

  func units(_ token: EVMAddress?, _ owner: EVMAddress) -> UInt256 {
    purses[Holding(token: token, owner: owner)]?.units ?? .zero
  }

  mutating func delay(_ slot: Slot, _ fault: ChainFault, at block: UInt64) {
    delays[slot, default: []].append(Delay(fault: fault, block: block))
  }

  /// Ends everything that is wrong at the moment.
  mutating func calm() {
    for index in endpoints.indices { endpoints[index].recover() }
    spikeUntil = 0
    poorUntil = [:]
    blindUntil = [:]
    stallLeft = 0
  }
}

/// One endpoint's condition. Durations are heads of the chain, so that they end when the chain goes on.
struct Endpoint {
  let id: EndpointID
  private(set) var lag: UInt64 = 0
  private(set) var lagUntil: UInt64 = 0
  private(set) var stuckAt: UInt64 = 0
  private(set) var stuckUntil: UInt64 = 0
  private(set) var lieUntil: UInt64 = 0

  init(id: EndpointID) { self.id = id }

  /// The newest block it knows.
  func head(_ head: UInt64) -> UInt64 {
    var seen = head
    if lagUntil > head { seen -= min(seen, lag) }
    if stuckUntil > head { seen = min(seen, stuckAt) }
    return seen
  }

  func isLying(_ head: UInt64) -> Bool { lieUntil > head }

  /// Why it does not know the newest blocks, if so.
  func reason(_ head: UInt64) -> ChainFault? {
    if stuckUntil > head { return .stuck }
    return lagUntil > head && lag > 0 ? .lag : nil
  }

  mutating func fallBehind(by blocks: UInt64, until: UInt64) { (lag, lagUntil) = (blocks, until) }
  mutating func stick(at head: UInt64, until: UInt64) { (stuckAt, stuckUntil) = (head, until) }
  mutating func lie(until: UInt64) { lieUntil = until }
  mutating func recover() { (lagUntil, stuckUntil, lieUntil) = (0, 0, 0) }
}
