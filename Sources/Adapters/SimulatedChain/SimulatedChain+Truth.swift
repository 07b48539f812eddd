package import Chains
package import Codecs
package import Money
import Synchronization

/// What payments of ours brought an address on the canonical chain, final or not.
package struct Received: Hashable, Sendable {
  package var units: UInt256
  /// How many transfers had effect.
  package var times: Int
  package init(units: UInt256 = .zero, times: Int = 0) {
    self.units = units
    self.times = times
  }
}

/// What an explorer shows of a transaction.
package struct ExplorerEntry: Hashable, Sendable {
  package enum Status: Hashable, Sendable {
    /// Heard of, in no block of the canonical chain.
    case waiting
    /// In a block; final or not.
    case mined(block: UInt64, isFinal: Bool, isReverted: Bool)
  }
  package let hash: Hash32
  package let account: Address
  package let slot: UInt64
  package let status: Status
}

// The truth, for oracles and demos: nothing of this goes through endpoints, and no fault touches it.
extension SimulatedChain {
  private func look<Value: Sendable>(_ body: (inout World) -> Value) -> Value {
    let now = clock()
    return world.withLock { world in
      world.catchUp(now)
      return body(&world)
    }
  }

  /// Gives an address units of an asset out of nothing. Throws `rail.bad_request` for an asset of another chain.
  package func credit(_ units: UInt256, of asset: AssetID, to address: Address) throws(RailError) {
    let token = try own.token(asset)
    guard let owner = EVMAddress(address.bytes) else { throw RailError(.badAddress, "an address has 20 bytes") }
    try withWorld { world throws(RailError) in
      let holding = World.Holding(token: token, owner: owner)
      let (sum, over) = world.units(token, owner).addingReportingOverflow(units)
      guard !over else { throw RailError(.badRequest, "a balance past 2^256 - 1") }
      world.purses[holding, default: World.Purse()].units = sum
    }
  }

  /// How a recipient answers payments from now on; nil takes them in full.
  package func setBehavior(_ behavior: PayeeBehavior?, of address: Address) {
    guard let owner = EVMAddress(address.bytes) else { return }
    look { $0.behaviors[owner] = behavior }
  }

  package func balance(_ asset: AssetID, of address: Address) throws(RailError) -> UInt256 {
    let token = try own.token(asset)
    guard let owner = EVMAddress(address.bytes) else { throw RailError(.badAddress, "an address has 20 bytes") }
    return look { $0.units(token, owner) }
  }

  /// What payments brought these addresses, in their order.
  package func received(_ asset: AssetID, by addresses: [Address]) throws(RailError) -> [Received] {
    let token = try own.token(asset)
    return look { world in
      addresses.map { address in
        guard let owner = EVMAddress(address.bytes),
          let purse = world.purses[World.Holding(token: token, owner: owner)]
        else { return Received() }
        return Received(units: purse.received, times: purse.times)
      }
    }
  }

  /// Makes blocks now, whatever the pace.
  package func mine(_ blocks: Int = 1) {
    look { world in for _ in 0..<max(0, blocks) { world.mine() } }
  }

  package var head: UInt64 { look { $0.head } }
  package var finalHead: UInt64 { look { $0.finalHead } }

  /// Replaces the source of faults and ends everything that is wrong at the moment.
  package func calm(_ faults: any FaultSource = NoFaults()) {
    look { world in
      world.faults = faults
      world.calm()
    }
  }

  /// Whether nothing waits in the pool and nothing could still be taken back.
  package var isQuiet: Bool { look { !$0.isBusy } }

  package func transaction(_ hash: Hash32) -> ExplorerEntry? { look { $0.entry(hash) } }

  /// What spent a slot on the canonical chain; nil while nothing has.
  package func spender(_ account: Address, slot: UInt64) -> ExplorerEntry? {
    guard let owner = EVMAddress(account.bytes) else { return nil }
    return look { world in
      world.spent[World.Slot(account: owner, number: slot)].flatMap { world.entry($0.hash) }
    }
  }

  /// Hashes that the network has heard of and whose slot is not final, oldest first.
  package var heard: [Hash32] { look { $0.heard } }
}

extension World {
  func entry(_ hash: Hash32) -> ExplorerEntry? {
    guard let entry = known[hash] else { return nil }
    var status = ExplorerEntry.Status.waiting
    if let mined = spent[entry.slot], mined.hash == hash {
      var isReverted = false
      if case .reverted = mined.outcome { isReverted = true }
      status = .mined(block: mined.block, isFinal: mined.block <= finalHead, isReverted: isReverted)
    }
    return ExplorerEntry(
      hash: hash, account: Address(entry.transaction.account.bytes), slot: entry.transaction.slot, status: status)
  }
}
