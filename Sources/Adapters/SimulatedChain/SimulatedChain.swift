package import Chains
package import Codecs
package import Money
import Synchronization

/// A chain in this process: accounts, a pool, blocks, reorgs, and endpoints that lag, lie and fall silent.
///
/// It keeps the contract of every rail, so the engine above it is the real one. What goes wrong is decided by a
/// `FaultSource`, time comes from a closure, and nothing else is random: one seed and one order of calls give one run.
/// May be used from several threads; calls are one after the other.
package final class SimulatedChain: Rail {
  package let codec: any TransactionCodec
  package let quorum: Quorum
  package let settings: ChainSettings
  let own: SimulatedCodec
  let clock: @Sendable () -> Timestamp
  let world: Mutex<World>

  /// `recover`: the account that made a signature over a digest, or nil (`SimulatedKey.recovery`, or secp256k1's).
  package init(
    _ settings: ChainSettings, faults: any FaultSource = NoFaults(), clock: @escaping @Sendable () -> Timestamp,
    recover: @escaping @Sendable (Hash32, RecoverableSignature) -> Address?
  ) {
    precondition(settings.endpoints > 0, "a chain without endpoints cannot be asked")
    let majority = Quorum(endpoints: settings.endpoints)
    let stated = settings.quorumSize.flatMap { Quorum(endpoints: settings.endpoints, size: $0) }
    guard let quorum = settings.quorumSize == nil ? majority : stated else {
      preconditionFailure("a quorum is a majority of the endpoints")
    }
    self.quorum = quorum
    self.settings = settings
    self.clock = clock
    own = SimulatedCodec(chain: settings.chain)
    codec = own
    world = Mutex(World(settings, quorum: quorum, faults: faults, recover: recover))
  }

  func withWorld<Value: Sendable>(_ body: (inout World) throws(RailError) -> Value) throws(RailError) -> Value {
    let now = clock()
    return try world.withLock { world throws(RailError) in
      world.catchUp(now)
      return try body(&world)
    }
  }

  /// At least the price that replaces `price` in every pool.
  static func raised(_ price: UInt256) -> UInt256 {
    let tenth = price.quotientAndRemainder(dividingBy: 100 / SimulatedFees.bumpPercent)?.quotient ?? .zero
    return (try? price.adding(tenth).adding(.one)) ?? .max
  }
}

// MARK: Rail

extension SimulatedChain {
  package func limits(_ asset: AssetID) -> RailLimits {
    RailLimits(mostPayees: settings.mostPayees, bumpPercent: SimulatedFees.bumpPercent)
  }

  package func preflight(_ asset: AssetID) throws(RailError) {
    _ = try own.token(asset)
    try withWorld { world throws(RailError) in _ = try world.reached(ideal: settings.chain.number) { _ in 0 } }
  }

  package func fee(for purpose: Purpose, account: Address) throws(RailError) -> FeeTerms {
    let price = try withWorld { world throws(RailError) in try world.price() }
    return FeeTerms(
      limit: SimulatedFees.limit(payees: SimulatedFees.payees(purpose)),
      price: try doubled(price, SimulatedFees.tip), tip: SimulatedFees.tip)
  }

  package func expectedCost(of purpose: Purpose, account: Address) throws(RailError) -> UInt256 {
    let price = try withWorld { world throws(RailError) in try world.price() }
    do {
      return try price.adding(SimulatedFees.tip)
        .multiplied(by: UInt256(SimulatedFees.work(payees: SimulatedFees.payees(purpose))))
    } catch { throw RailError(.feeTooHigh, error.message) }
  }

  package func bumped(_ fee: FeeTerms) throws(RailError) -> FeeTerms {
    let price = try withWorld { world throws(RailError) in try world.price() }
    let tip = SimulatedChain.raised(fee.tip)
    return FeeTerms(limit: fee.limit, price: max(SimulatedChain.raised(fee.price), try doubled(price, tip)), tip: tip)
  }

  package func setup(_ asset: AssetID, account: Address, total: UInt256) throws(RailError) -> Purpose? {
    guard settings.needsAllowance, asset.token != nil else { return nil }
    guard let allowed = try funds(asset, account: account).allowance, allowed < total else { return nil }
    return .allowance(asset: asset, spender: Address(SimulatedCodec.batchContract.bytes), units: total)
  }

  package func funds(_ asset: AssetID, account: Address) throws(RailError) -> Funds {
    let token = try own.token(asset)
    return try withWorld { world throws(RailError) in try world.funds(asset, token: token, account) }
  }

  package func account(_ account: Address) throws(RailError) -> AccountView {
    try withWorld { world throws(RailError) in try world.account(account) }
  }

  package func submit(_ transactions: [SignedTransaction]) -> [[SubmitAnswer]] {
    let now = clock()
    return world.withLock { world in
      world.catchUp(now)
      return world.submit(transactions)
    }
  }

  package func statements(_ questions: [SlotQuestion]) -> [[Statement]] {
    let now = clock()
    return world.withLock { world in
      world.catchUp(now)
      if case .eachLook(let blocks) = world.settings.pace { for _ in 0..<blocks { world.mine() } }
      return questions.map { world.statements($0) }
    }
  }

  package func transfers(
    _ asset: AssetID, accounts: [Address], from block: UInt64
  ) throws(RailError) -> TransferPage {
    let token = try own.token(asset)
    return try withWorld { world throws(RailError) in
      try world.transfers(asset, token: token, accounts: accounts, from: block, limit: 10_000)
    }
  }

  private func doubled(_ price: UInt256, _ tip: UInt256) throws(RailError) -> UInt256 {
    do { return try price.adding(price).adding(tip) } catch { throw RailError(.feeTooHigh, error.message) }
  }
}
