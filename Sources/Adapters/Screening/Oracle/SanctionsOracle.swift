package import Codecs
package import Policy
package import Transport

/// A contract that knows which addresses are sanctioned, asked by `eth_call` of `isSanctioned(address)`, as Chainalysis
/// publishes one on many chains.
///
/// It knows EVM addresses and no names: a subject without such an address gets an answer without a source, which clears
/// nobody. Every node is asked: one that says yes is enough for a hit, and a majority of all must say no.
/// Source: https://go.chainalysis.com/chainalysis-oracle-docs.html
package struct SanctionsOracle: SanctionsProvider {
  package let name = "oracle"
  private let nodes: [URLText]
  private let contract: EVMAddress
  private let chain: UInt64
  private let rpc: JSONRPCClient
  private let limits: ProviderLimits

  /// `nodes` of the chain, the more the better: each is believed a little. `chain` is their EIP-155 id.
  package init(
    _ contract: EVMAddress, chain: UInt64, nodes: [URLText], http: HTTPClient, limits: ProviderLimits = ProviderLimits()
  ) {
    self.contract = contract
    self.chain = chain
    self.nodes = nodes
    self.limits = limits
    rpc = JSONRPCClient(
      http: http,
      limits: HTTPLimits(
        connectTimeoutMilliseconds: min(5_000, limits.timeoutMilliseconds),
        totalTimeoutMilliseconds: limits.timeoutMilliseconds, responseBytes: limits.answerBytes))
  }

  /// Of a node's newest block. The list on the chain is as old as that.
  private static let mostLag: Int64 = 3_600_000

  /// What one node says of all addresses, at one head.
  private struct View {
    let block: UInt64
    let time: Int64
    let verdicts: [Bool]
  }

  package func screen(_ subjects: [ScreeningSubject], at now: Int64) throws(ListError) -> [ProviderAnswer] {
    var asked: [EVMAddress: Int] = [:]
    var addresses: [EVMAddress] = []
    for case .evm(let address) in subjects.lazy.flatMap(\.addresses).map(\.key) where asked[address] == nil {
      asked[address] = addresses.count
      addresses.append(address)
    }
    guard !addresses.isEmpty else { return subjects.map { _ in ProviderAnswer(hits: [], sources: []) } }
    let views = try views(of: addresses, at: now)
    let oldest = views.map(\.time).min() ?? now
    let source = ListSource(
      name: "oracle/\(contract.lowercase)", version: "chain \(chain) block \(views.map(\.block).min() ?? 0)",
      ageMilliseconds: max(0, now.subtractingReportingOverflow(oldest).partialValue))
    return subjects.map { subject in
      let places = subject.addresses.compactMap { place -> (ScreeningSubject.Place, Int)? in
        guard case .evm(let address) = place.key, let index = asked[address] else { return nil }
        return (place, index)
      }
      let hits = places.filter { found in views.contains { $0.verdicts[found.1] } }.map { found in
        ListHit(
          list: source.name, entry: found.0.key.text, title: found.0.key.text, programs: [],
          reason: .address(asset: found.0.asset, text: found.0.key.text), score: NameQuery.most)
      }
      return ProviderAnswer(hits: hits, sources: places.isEmpty ? [] : [source])
    }
  }

  /// Of every node that answered well: a majority of all, or it throws.
  private func views(of addresses: [EVMAddress], at now: Int64) throws(ListError) -> [View] {
    let head = [RPCCall("eth_chainId"), RPCCall("eth_getBlockByNumber", ["latest", false])]
    let rows = rpc.call(endpoints: nodes, batch: head + addresses.map(question))
    var views: [View] = []
    var last: ListError?
    for row in rows {
      do throws(ListError) { views.append(try view(row, addresses.count, now)) } catch { last = error }
    }
    guard views.count * 2 > nodes.count else {
      throw last ?? ListError(.unreachable, "no node was asked", hint: "check AM_EVM_RPC")
    }
    return views
  }

  private func question(_ address: EVMAddress) -> RPCCall {
    let word = [UInt8](repeating: 0, count: 12) + address.bytes
    let data = ABI.selector("isSanctioned(address)") + word
    return RPCCall(
      "eth_call",
      [["to": .string(contract.lowercase), "data": .string(Hex.prefixed(data))], "latest"])
  }

  private func view(_ row: [Result<JSON, RPCError>], _ count: Int, _ now: Int64) throws(ListError) -> View {
    var values: [JSON] = []
    for result in row {
      switch result {
      case .success(let value): values.append(value)
      case .failure(let error):
        throw ListError(
          .unreachable, "a node does not answer for the oracle: \(error.message)", hint: error.transport?.hint,
          isPassing: true)
      }
    }
    guard values.count == count + 2, SanctionsOracle.quantity(values[0]) == chain else {
      throw ListError(.badAnswer, "a node is not on chain \(chain)", hint: "check AM_EVM_RPC and AM_EVM_CHAIN_ID")
    }
    guard let block = SanctionsOracle.quantity(values[1]["number"]),
      let seconds = SanctionsOracle.quantity(values[1]["timestamp"]), seconds < UInt64(Int64.max / 1_000)
    else { throw ListError(.badAnswer, "a node's newest block has no number or time") }
    let time = Int64(seconds) * 1_000
    guard now.subtractingReportingOverflow(time).partialValue <= min(limits.mostAge, SanctionsOracle.mostLag) else {
      throw ListError(.stale, "a node's newest block is too old", hint: "the node lags behind its chain")
    }
    var verdicts: [Bool] = []
    for value in values.dropFirst(2) { verdicts.append(try SanctionsOracle.verdict(value)) }
    return View(block: block, time: time, verdicts: verdicts)
  }

  /// Exactly one word, 0 or 1: no contract answers nothing at all, and another contract anything else.
  private static func verdict(_ value: JSON) throws(ListError) -> Bool {
    guard let bytes = value.string.flatMap({ Hex.bytes($0) }), bytes.count == 32,
      bytes.dropLast().allSatisfy({ $0 == 0 }), let last = bytes.last, last <= 1
    else {
      throw ListError(
        .badAnswer, "the contract does not answer isSanctioned(address)", hint: "check AM_SANCTIONS_ORACLE")
    }
    return last == 1
  }

  private static func quantity(_ value: JSON?) -> UInt64? {
    guard let text = value?.string, text.hasPrefix("0x"), (3...18).contains(text.utf8.count) else { return nil }
    return UInt64(text.dropFirst(2), radix: 16)
  }
}
