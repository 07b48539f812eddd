package import Chains
import Codecs
package import Transport

/// How a Supra chain is reached. Everything here is fixed for its life: nothing at run time lowers the quorum.
package struct SupraConfiguration: Sendable {
  /// The version of the calls that have several: all are shaped alike.
  package enum API: String, CaseIterable, Sendable { case v1, v2, v3 }

  package let chainID: UInt8
  package let endpoints: [SupraEndpoint]
  /// How many nodes must agree; nil is the majority.
  package let quorumSize: Int?
  package let api: API
  package let limits: SupraLimits

  package init(
    chainID: UInt8, endpoints: [SupraEndpoint], quorumSize: Int? = nil, api: API = .v3,
    limits: SupraLimits = SupraLimits()
  ) {
    self.chainID = chainID
    self.endpoints = endpoints
    self.quorumSize = quorumSize
    self.api = api
    self.limits = limits
  }
}

/// A Supra chain, read through several nodes and believed only where a quorum of them says the same.
///
/// Source: specification of the operator tools, section 5.
package final class SupraChain: Sendable {
  package let configuration: SupraConfiguration
  package let quorum: Quorum
  let nodes: SupraNodes

  /// Throws `rail.bad_request` for no node, two with the same host and port, or a quorum that is no majority.
  package init(_ configuration: SupraConfiguration, http: HTTPClient) throws(RailError) {
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
    self.configuration = configuration
    self.quorum = quorum
    nodes = SupraNodes(
      endpoints: configuration.endpoints, quorum: quorum, chainID: configuration.chainID, limits: configuration.limits,
      http: http)
  }

  /// `/rpc/v3/view` and its like.
  func path(_ tail: String) -> String { "/rpc/\(configuration.api.rawValue)/\(tail)" }

  /// The word of a quorum, one answer for one request.
  func agree(_ request: NodeRequest) throws(RailError) -> NodeAnswer {
    guard let result = nodes.agree([request]).first else { throw nodes.noQuorum([]) }
    return try result.get()
  }

  /// As `agree`, for what must be there. Throws `rail.view_refused` for a refusal and for 404.
  func value(_ request: NodeRequest) throws(RailError) -> JSON {
    switch try agree(request) {
    case .value(let json, _): return json
    case .notFound: throw RailError(.viewRefused, "the nodes do not know it")
    case .refused(let status, let message): throw SupraChain.refusal(status, message)
    case .none(let why): throw RailError(.noQuorum, why)
    }
  }

  static func refusal(_ status: Int, _ message: String) -> RailError {
    if status == 410 {
      return RailError(.viewRefused, "the nodes have pruned it: \(message)", hint: "ask a node that keeps old blocks")
    }
    return RailError(.viewRefused, message)
  }

  static func malformed(_ what: String) -> RailError {
    RailError(.viewRefused, "the nodes' answer is no \(what)", hint: "check AM_SUPRA_RPC and the version of the calls")
  }
}
