package import Chains
package import Codecs

/// A Move account: whose turn it is, and which key opens it.
package struct SupraAccount: Hashable, Sendable {
  /// The number of the next transaction.
  package let sequenceNumber: UInt64
  package let authenticationKey: String
}

/// The newest block of a chain.
package struct SupraHead: Hashable, Sendable {
  package let height: UInt64
  /// Since 1970. What transactions expire by.
  package let microseconds: UInt64
  package var seconds: UInt64 { microseconds / 1_000_000 }
}

extension SupraChain {
  /// Throws `rail.wrong_chain` unless the nodes serve the configured chain. Asked before anything is signed.
  package func checkIdentity() throws(RailError) {
    guard let served = try value(NodeRequest("/rpc/v1/transactions/chain_id")).uint64 else {
      throw SupraChain.malformed("chain id")
    }
    guard served == UInt64(configuration.chainID) else {
      throw RailError(
        .wrongChain, "the nodes serve chain \(served), not \(configuration.chainID)",
        hint: "check AM_SUPRA_RPC and AM_SUPRA_CHAIN_ID")
    }
  }

  /// Nil for an account that the chain has not seen.
  package func account(_ address: MoveAddress) throws(RailError) -> SupraAccount? {
    switch try agree(NodeRequest(path("accounts/\(address.long)"))) {
    case .notFound: return nil
    case .value(.null, _): return nil
    case .value(let json, _):
      guard let account = SupraAccount(json) else { throw SupraChain.malformed("account") }
      return account
    case .refused(let status, let message): throw SupraChain.refusal(status, message)
    case .none(let why): throw RailError(.noQuorum, why)
    }
  }

  /// One resource of an account as the nodes show it; nil when it is not there.
  package func resource(_ type: String, of address: MoveAddress) throws(RailError) -> JSON? {
    let tail = "accounts/\(address.long)/resources/\(PlainWords.encoded(type))"
    switch try agree(NodeRequest(path(tail))) {
    case .value(let json, _): return json["data"] ?? json
    case .notFound: return nil
    case .refused(let status, let message): throw SupraChain.refusal(status, message)
    case .none(let why): throw RailError(.noQuorum, why)
    }
  }

  /// Quants for a unit of gas: the larger of what nodes want at least and what is usual; of several nodes, the lower
  /// median, so that a minority cannot raise it.
  package func gasPrice() throws(RailError) -> UInt64 {
    let words = nodes.ask([NodeRequest(path("transactions/estimate_gas_price"))]).map { $0[0] }
    let prices = words.compactMap { word -> UInt64? in
      guard case .value(let json, _) = word else { return nil }
      let least = json["min_configured_gas_price"].flatMap(MoveAnswer.digits).flatMap { UInt64($0) } ?? 0
      return json["median"].flatMap(MoveAnswer.digits).flatMap { UInt64($0) }.map { max($0, least) }
    }.sorted()
    guard prices.count >= quorum.size else { throw nodes.noQuorum(words) }
    return prices[(prices.count - 1) / 2]
  }

  /// The longest that a transaction may be on its way, in seconds; nil when the nodes do not say.
  package func longestLife() throws(RailError) -> UInt64? {
    let answer = try agree(NodeRequest("/rpc/v1/transactions/parameters"))
    guard case .value(let json, _) = answer else { return nil }
    return json["max_transaction_time_to_live_seconds"].flatMap(MoveAnswer.digits).flatMap { UInt64($0) }
  }

  /// The newest block that a quorum of nodes has reached: the largest that fewer liars than a quorum cannot overstate.
  package func head() throws(RailError) -> SupraHead {
    let words = nodes.ask([NodeRequest(path("block"))]).map { $0[0] }
    let heads = words.compactMap { word -> SupraHead? in
      if case .value(let json, _) = word { SupraHead(json) } else { nil }
    }.sorted { $0.height > $1.height }
    guard heads.count >= quorum.size else { throw nodes.noQuorum(words) }
    return heads[quorum.size - 1]
  }
}

extension SupraAccount {
  init?(_ json: JSON) {
    guard let number = json["sequence_number"].flatMap(MoveAnswer.digits).flatMap({ UInt64($0) }) else { return nil }
    self.init(sequenceNumber: number, authenticationKey: json["authentication_key"]?.string ?? "")
  }
}

extension SupraHead {
  /// `{"height":1,"timestamp":..}`, the fields in a header or alone, microseconds plain or under a name.
  init?(_ json: JSON) {
    let header = json["header"] ?? json["block_header"] ?? json
    let stamp = header["timestamp"]
    guard let height = header["height"].flatMap(MoveAnswer.digits).flatMap({ UInt64($0) }),
      let time = (stamp?["microseconds_since_unix_epoch"] ?? stamp).flatMap(MoveAnswer.digits).flatMap({ UInt64($0) })
    else { return nil }
    self.init(height: height, microseconds: time)
  }
}
