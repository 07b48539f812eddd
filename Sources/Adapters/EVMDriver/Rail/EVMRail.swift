package import Chains
package import Codecs
package import Money
import Synchronization

/// How a rail of an EVM chain is set up. Everything here is fixed for its life: nothing at run time lowers the quorum.
package struct EVMRailConfiguration: Sendable {
  package let chainID: UInt64
  package let endpoints: [EVMEndpoint]
  /// How many endpoints must agree; nil is the majority.
  package let quorumSize: Int?
  package let finality: Finality
  package let batchContract: EVMAddress?
  package let feeForm: EVMCodec.FeeForm
  /// Most that one transaction may cost in fees, in wei.
  package let mostFee: UInt256
  /// Most gas one transaction may ask for; blocks, and chains since EIP-7825, set a bound of their own.
  package let mostGas: UInt64
  /// Most payees in one batch.
  package let mostPayees: Int
  /// What is offered above today's base fee, in percent of it.
  package let headroomPercent: UInt64
  package let limits: RPCLimits

  package init(
    chainID: UInt64, endpoints: [EVMEndpoint], quorumSize: Int? = nil, finality: Finality = .tag,
    batchContract: EVMAddress? = nil, feeForm: EVMCodec.FeeForm = .dynamic, mostFee: UInt256,
    mostGas: UInt64 = 16_000_000, mostPayees: Int = 500, headroomPercent: UInt64 = 100, limits: RPCLimits = RPCLimits()
  ) {
    self.chainID = chainID
    self.endpoints = endpoints
    self.quorumSize = quorumSize
    self.finality = finality
    self.batchContract = batchContract
    self.feeForm = feeForm
    self.mostFee = mostFee
    self.mostGas = mostGas
    self.mostPayees = mostPayees
    self.headroomPercent = headroomPercent
    self.limits = limits
  }
}

/// The driver of EVM chains: several nodes of one chain, believed only where a quorum of them says the same.
///
/// Source: PROTOCOL.md 4 (EVM rows).
package final class EVMRail: Rail {
  package let quorum: Quorum
  let configuration: EVMRailConfiguration
  let evmCodec: EVMCodec
  let fleet: Fleet
  let gas: GasTable
  /// Where each node has seen each account's count before: the lower end of a search for a spender.
  let floors = Mutex(CountFloors())
  let pages = Mutex(PageMemory())
  let marketMemory = Mutex(MarketMemory())

  package var codec: any TransactionCodec { evmCodec }

  /// Throws `rail.bad_request` for no endpoint, two with the same host and port, a quorum that is no majority, or a
  /// chain id that no transaction can carry.
  package init(_ configuration: EVMRailConfiguration, nodes: any NodePort) throws(RailError) {
    let ids = configuration.endpoints.map(\.id)
    guard Set(ids).count == ids.count else {
      throw RailError(
        .badRequest, "two of the configured nodes have the same host and port",
        hint: "nodes count by operator: a second address of one host adds no vote")
    }
    guard
      let quorum = configuration.quorumSize.map({ Quorum(endpoints: ids.count, size: $0) })
        ?? Quorum(endpoints: ids.count)
    else {
      throw RailError(
        .badRequest, "\(ids.count) nodes cannot have a quorum of \(configuration.quorumSize ?? 0)",
        hint: "name at least one node, and a quorum of more than half of them")
    }
    guard (1...EVMTransaction.largestChainID).contains(configuration.chainID) else {
      throw RailError(.badRequest, "\(configuration.chainID) is no chain id")
    }
    self.quorum = quorum
    self.configuration = configuration
    evmCodec = EVMCodec(
      chainID: configuration.chainID, batchContract: configuration.batchContract, feeForm: configuration.feeForm)
    fleet = Fleet(
      endpoints: configuration.endpoints, nodes: nodes, limits: configuration.limits,
      chainID: configuration.chainID)
    gas = GasTable(mostGas: configuration.mostGas)
  }

  /// How each node has behaved, the well-behaved first.
  package var health: [EndpointHealth] { fleet.health }

  package func limits(_ asset: AssetID) -> RailLimits {
    let most = configuration.batchContract == nil ? 1 : gas.mostPayees(native: asset.token == nil)
    return RailLimits(mostPayees: max(1, min(most, configuration.mostPayees)), bumpPercent: EVMRail.bumpPercent)
  }

  /// Geth asks for 10 percent more, others for 12.5: this passes all.
  static let bumpPercent: UInt64 = 13

  /// Asks all nodes; throws `rail.no_quorum` when fewer than a quorum answered.
  ///
  /// Waiting ends early once a quorum gave the same answer; until then every node is heard, however slow.
  func ask<Value: Hashable & Sendable>(
    _ what: String, _ talk: @escaping @Sendable (Conversation) throws(EndpointFailure) -> Value
  ) throws(RailError) -> [EndpointID: Value] {
    let (answers, failures) = fleet.ask(settled: { self.quorum.agreed($0) != nil }, talk)
    guard answers.count >= quorum.size else { throw noQuorum(what, failures) }
    return answers
  }

  func noQuorum(_ what: String, _ failures: [EndpointID: EndpointFailure] = [:]) -> RailError {
    let why = failures.sorted { $0.key < $1.key }.map { "\($0.key): \($0.value.message)" }.joined(separator: "; ")
    return RailError(
      .noQuorum, "no \(quorum.size) of \(quorum.endpoints) nodes agree on \(what)" + (why.isEmpty ? "" : " (\(why))"),
      hint: "the same call may succeed later; see the health of the nodes")
  }
}
