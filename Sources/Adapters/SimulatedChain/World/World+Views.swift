import Chains
import Codecs
import Money

// What a quorum of endpoints answers to questions about the chain at large.
extension World {
  /// The value that a quorum of endpoints reaches. Throws `rail.no_quorum` when too few answer.
  func reached<Value: Comparable & Hashable>(
    _ honest: (Endpoint) -> Value, ideal: Value, lie: (Value) -> Value
  ) throws(RailError) -> Value {
    var given: [EndpointID: Value] = [:]
    var blamed: [ChainFault] = []
    for endpoint in endpoints {
      if faults.happens(.silence) {
        blamed.append(.silence)
        continue
      }
      let value = honest(endpoint)
      if endpoint.isLying(head) {
        blamed.append(.lie)
        given[endpoint.id] = lie(value)
      } else {
        if value != ideal, let why = endpoint.reason(head) { blamed.append(why) }
        given[endpoint.id] = value
      }
    }
    let value = quorum.reached(given)
    if value != ideal { for fault in blamed { faults.wasSeen(fault) } }
    guard let value else {
      throw RailError(
        .noQuorum, "\(given.count) of \(quorum.endpoints) endpoints answered, \(quorum.size) must",
        hint: "wait, or look at the endpoints")
    }
    return value
  }

  func reached<Value: Comparable & Hashable>(
    ideal: Value, lie: (Value) -> Value
  ) throws(RailError) -> Value {
    try reached({ _ in ideal }, ideal: ideal, lie: lie)
  }

  func price() throws(RailError) -> UInt256 {
    let spiked = head < spikeUntil
    let price = try reached(ideal: basePrice) { _ in UInt256(1) }
    if spiked { faults.wasSeen(.feeSpike) }
    return price
  }

  func account(_ address: Address) throws(RailError) -> AccountView {
    guard let account = EVMAddress(address.bytes) else { throw RailError(.badAddress, "an address has 20 bytes") }
    let depth = settings.finalityDepth
    let current = head
    let final = try reached(
      { endpoint in
        let seen = endpoint.head(current)
        return self.nonce(account, at: seen - min(seen, depth))
      }, ideal: finalNonce(account)
    ) { $0 + 3 }
    let latest = try reached(
      { endpoint in self.nonce(account, at: endpoint.head(current)) }, ideal: nonce(account, at: head)
    ) { $0 + 3 }
    return AccountView(finalCount: final, latestCount: max(final, latest), finalBlock: finalHead)
  }

  func funds(_ asset: AssetID, token: EVMAddress?, _ address: Address) throws(RailError) -> Funds {
    guard let account = EVMAddress(address.bytes) else { throw RailError(.badAddress, "an address has 20 bytes") }
    let isPoor = isPoor(account)
    if isPoor { faults.wasSeen(.outOfFunds) }
    let native = try reached(ideal: isPoor ? .zero : units(nil, account)) { _ in UInt256.max }
    guard let token else { return Funds(native: native, token: nil, allowance: nil) }
    let held = try reached(ideal: units(token, account)) { _ in UInt256.max }
    guard settings.needsAllowance else { return Funds(native: native, token: held, allowance: nil) }
    let allowed = try reached(ideal: allowances[Holding(token: token, owner: account)] ?? .zero) { _ in UInt256.max }
    return Funds(native: native, token: held, allowance: allowed)
  }

  /// Final transfers of an asset out of accounts, whole blocks from `block` on, at most about `limit`.
  func transfers(
    _ asset: AssetID, token: EVMAddress?, accounts: [Address], from block: UInt64, limit: Int
  ) throws(RailError) -> TransferPage {
    let depth = settings.finalityDepth
    let current = head
    let final = try reached(
      { endpoint in
        let seen = endpoint.head(current)
        return seen - min(seen, depth)
      }, ideal: finalHead
    ) { _ in 0 }
    let owners = Set(accounts.compactMap { EVMAddress($0.bytes) })
    var found: [ChainTransfer] = []
    var place = firstFilled(from: block)
    var through = final
    while place < filled.count, filled[place] <= final {
      if found.count >= limit {
        through = filled[place] - 1
        break
      }
      let number = filled[place]
      for hash in contents[number] ?? [] { append(hash, asset, token, owners, number, to: &found) }
      place += 1
    }
    let before = block == 0 ? .zero : block - 1 <= final ? blockHash(block - 1) : nil
    return TransferPage(
      transfers: found, before: before, through: through, throughHash: blockHash(through), finalBlock: final)
  }

  private func firstFilled(from block: UInt64) -> Int {
    var low = 0
    var high = filled.count
    while low < high {
      let middle = (low + high) / 2
      if filled[middle] < block { low = middle + 1 } else { high = middle }
    }
    return low
  }

  private func append(
    _ hash: Hash32, _ asset: AssetID, _ token: EVMAddress?, _ owners: Set<EVMAddress>, _ number: UInt64,
    to found: inout [ChainTransfer]
  ) {
    guard let entry = known[hash], owners.contains(entry.transaction.account),
      case .pay(token, let legs) = entry.transaction.action, case .paid(let credits)? = spent[entry.slot]?.outcome
    else { return }
    for (place, leg) in legs.enumerated() {
      let units: UInt256
      switch credits?[place] ?? .full {
      case .full: units = leg.units
      case .none: continue
      case .other(let other): units = other
      }
      found.append(
        ChainTransfer(
          asset: asset, transaction: hash, index: UInt64(place), blockNumber: number, blockHash: blockHash(number),
          from: Address(entry.transaction.account.bytes), to: Address(leg.to.bytes), units: units))
    }
  }
}
