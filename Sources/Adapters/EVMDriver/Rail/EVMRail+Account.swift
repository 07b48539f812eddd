package import Chains
import Codecs
package import Money
import Transport

/// What a lane has. Where nodes differ, the largest value that a quorum reaches counts: with fewer liars than that, one
/// honest node reaches it, so neither a count nor a balance is ever overstated by a minority.
extension EVMRail {
  package func account(_ account: Address) throws(RailError) -> AccountView {
    let account = try evmCodec.evm(account)
    let finality = configuration.finality
    let views = try ask("the account") { conversation throws(EndpointFailure) -> AccountSight in
      let final = try conversation.finalBlock(finality)
      let replies = try conversation.ask([
        .count(account, .quantity(final.number)), .count(account, "latest"), .count(account, "pending"),
      ])
      var counts: [UInt64] = []
      for reply in replies {
        guard let count = try reply.get().quantity else { throw EndpointFailure(.malformed, "a count is a quantity") }
        counts.append(count)
      }
      guard counts.count == 3, counts[0] <= counts[1] else {
        throw EndpointFailure(.inconsistent, "more slots spent in final blocks than in all")
      }
      return AccountSight(final: counts[0], latest: max(counts[1], counts[2]), block: final.number)
    }
    guard let final = quorum.reached(views.mapValues(\.final)), let latest = quorum.reached(views.mapValues(\.latest)),
      let block = quorum.reached(views.mapValues(\.block))
    else { throw noQuorum("the account") }
    return AccountView(finalCount: final, latestCount: latest, finalBlock: block)
  }

  private struct AccountSight: Hashable, Sendable {
    let final: UInt64
    let latest: UInt64
    let block: UInt64
  }

  package func funds(_ asset: AssetID, account: Address) throws(RailError) -> Funds {
    let owner = try evmCodec.evm(account)
    let token = try evmCodec.token(of: asset)
    let balances = try ask("the balance") { conversation throws(EndpointFailure) -> Balances in
      var calls: [RPCCall] = [.balance(owner, "latest")]
      if let token { calls.append(.view(token, ERC20.balance(of: owner), "latest")) }
      let replies = try conversation.begin(calls)
      guard let native = try conversation.first(replies).quantity256 else {
        throw EndpointFailure(.malformed, "a balance is a quantity")
      }
      guard token != nil else { return Balances(native: native, token: .zero) }
      guard let units = try replies.last.orMalformed().get().data.flatMap({ ERC20.word($0) }) else {
        throw EndpointFailure(.malformed, "the token does not tell a balance")
      }
      return Balances(native: native, token: units)
    }
    guard let native = quorum.reached(balances.mapValues(\.native)),
      let units = quorum.reached(balances.mapValues(\.token))
    else { throw noQuorum("the balance") }
    let allowance: UInt256? =
      if let token, let spender = configuration.batchContract { try allowance(token, owner, spender) } else { nil }
    return Funds(native: native, token: token == nil ? nil : units, allowance: allowance)
  }

  private struct Balances: Hashable, Sendable {
    let native: UInt256
    let token: UInt256
  }

  package func setup(_ asset: AssetID, account: Address, total: UInt256) throws(RailError) -> Purpose? {
    guard let token = try evmCodec.token(of: asset), let spender = configuration.batchContract else { return nil }
    let owner = try evmCodec.evm(account)
    let current = try allowance(token, owner, spender)
    guard current < total else { return nil }
    let wanted = Purpose.allowance(asset: asset, spender: Address(spender.bytes), units: total)
    guard !current.isZero else { return wanted }
    // Some tokens (the oldest USD tokens) change an allowance only from or to zero. The chain is asked what it would do.
    let probe = ERC20.approve(spender, total)
    let answers = try ask("changing the allowance") { conversation throws(EndpointFailure) -> Bool in
      let replies = try conversation.begin([.view(token, probe, from: owner, "latest")])
      switch try replies.first.orMalformed() {
      case .success(let value): return value.data.map { ERC20.answer($0) } == .accepted
      case .failure: return false
      }
    }
    guard let accepted = quorum.agreed(answers) else { throw noQuorum("changing the allowance") }
    return accepted ? wanted : .allowance(asset: asset, spender: Address(spender.bytes), units: .zero)
  }

  /// What the batch contract may surely draw: the smaller of the final and the newest state, since payments in flight
  /// have used some of the one, and an approval may still vanish from the other.
  private func allowance(_ token: EVMAddress, _ owner: EVMAddress, _ spender: EVMAddress) throws(RailError) -> UInt256 {
    let finality = configuration.finality
    let call = ERC20.allowance(of: owner, to: spender)
    let answers = try ask("the allowance") { conversation throws(EndpointFailure) -> UInt256 in
      let final = try conversation.finalBlock(finality)
      var least = UInt256.max
      for reply in try conversation.ask([
        .view(token, call, .quantity(final.number)), .view(token, call, "latest"),
      ]) {
        guard let word = try reply.get().data.flatMap({ ERC20.word($0) }) else {
          throw EndpointFailure(.malformed, "the token does not tell an allowance")
        }
        least = min(least, word)
      }
      return least
    }
    guard let allowance = quorum.reached(answers) else { throw noQuorum("the allowance") }
    return allowance
  }
}
