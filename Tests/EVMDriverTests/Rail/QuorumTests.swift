import Chains
import Codecs
@testable import EVMDriver
import Money
import Testing
import Transport

/// Three chains from one seed and a fixed clock: given the same transactions in the same order, their blocks are equal.
@Suite("Three nodes, some of them bad", .serialized)
struct QuorumTests {
  static let shared = Result { try (0..<3).map { _ in try TestChain(seed: "quorum") } }
  let chains: [TestChain]

  init() throws { chains = try QuorumTests.shared.get() }

  private func desk(_ nodes: any NodePort = HTTPNodes(), quorum: Int? = nil, _ endpoints: [EVMEndpoint]? = nil) throws
    -> TestDesk
  {
    try TestDesk(endpoints ?? chains.map(\.endpoint), nodes: nodes, quorum: quorum)
  }

  private func mine(_ count: Int = 1, at these: [TestChain]? = nil) throws {
    for chain in these ?? chains { try chain.mine(count) }
  }

  /// Three names, each served by a chain of its own; the test bends the answers of some.
  private func bent() throws -> (nodes: RoutedNodes, endpoints: [EVMEndpoint]) {
    let endpoints = try ["a", "b", "c"].map { try EVMEndpoint(url: "http://\($0)") }
    return (RoutedNodes(Dictionary(uniqueKeysWithValues: zip(endpoints, chains.map(\.endpoint)))), endpoints)
  }

  private func pay(_ desk: TestDesk, _ lane: TestLane, salt: String) throws -> TestDesk.Attempt {
    try desk.attempt(
      .pay(asset: TestDesk.native, payees: payees(1, salt: salt)), lane: lane, slot: try chains[0].nonce(of: lane))
  }

  @Test func `nodes that follow one chain agree on every word`() throws {
    let desk = try desk()
    let attempt = try pay(desk, try chains[0].lane(1), salt: "agree")
    try desk.submit([attempt])
    try mine(4)
    let statements = try desk.statements([attempt])
    #expect(statements.count == 3 && Set(statements.map(\.subject)).count == 1)
    #expect(desk.rail.health.allSatisfy { !$0.isDemoted })
  }

  @Test func `with one node on a fork and one that stalls, nothing is paid until two agree`() throws {
    let desk = try desk()
    let marks = try chains.map { try $0.call("evm_snapshot") }
    defer { for (chain, mark) in zip(chains, marks) { _ = try? chain.call("evm_revert", [mark]) } }
    let attempt = try pay(desk, try chains[0].lane(2), salt: "fork")
    try desk.submit([attempt])
    try mine(at: [chains[0], chains[1]])
    // Node 1 goes another way without the transaction; node 2 stands still with it in its pool.
    try chains[1].call("dev_reorg", [["depth": .integer(1), "blocks": .integer(5), "drop": "all"]])
    try chains[0].mine(3)
    #expect(try desk.statements([attempt]).map(\.endpoint) == [chains[0].endpoint.id])
    #expect(try desk.evidence([attempt]) == nil)
    let view = try desk.rail.account(try chains[0].lane(2).address)
    #expect(view.finalCount == attempt.request.slot)
    try mine(4, at: [chains[2]])
    let evidence = try #require(try desk.evidence([attempt]))
    #expect(
      evidence.verdict == .paid
        && evidence.statements.map(\.endpoint) == [chains[0].endpoint.id, chains[2].endpoint.id].sorted())
  }

  @Test func `two nodes that lie in agreement convince no quorum of three`() throws {
    let (nodes, endpoints) = try bent()
    let desk = try desk(nodes, quorum: 3, endpoints)
    let lane = try chains[0].lane(3)
    let attempt = try pay(desk, lane, salt: "liars")
    // They claim, consistently, that the transaction is in a final block. It was never mined.
    let block = try #require(try chains[0].call("eth_getBlockByNumber", ["finalized", false])["hash"]?.hash)
    let number = try #require(try chains[0].call("eth_getBlockByNumber", ["finalized", false])["number"]?.quantity)
    let lie: RoutedNodes.Lie = { call, answer in
      switch call.method {
      case "eth_getTransactionCount": return .success(.quantity(attempt.request.slot + 1))
      case "eth_getTransactionReceipt":
        return .success([
          "transactionHash": .data(attempt.signed.hash.bytes), "blockNumber": .quantity(number),
          "blockHash": .data(block.bytes), "from": .data(lane.account.bytes), "status": "0x1", "gasUsed": "0x5208",
          "effectiveGasPrice": "0x1", "logs": [],
        ])
      default: return answer
      }
    }
    nodes.lie(at: endpoints[0], lie)
    nodes.lie(at: endpoints[1], lie)
    let statements = try desk.statements([attempt])
    #expect(statements.map(\.verdict) == [.paid, .paid])
    #expect(desk.rail.quorum.evidence(in: statements) == nil)
    #expect(try desk.rail.account(lane.address).finalCount == attempt.request.slot)
    // The same two would be believed by a quorum of two: that is what the size is for.
    let two = try self.desk(nodes, endpoints)
    #expect(try two.evidence([attempt])?.verdict == .paid)
  }

  @Test func `a liar against two honest nodes is outvoted and remembered`() throws {
    let (nodes, endpoints) = try bent()
    let desk = try desk(nodes, endpoints)
    let lane = try chains[0].lane(4)
    let attempt = try pay(desk, lane, salt: "outvoted")
    try desk.submit([attempt])
    try mine(4)
    nodes.lie(at: endpoints[2]) { call, answer in
      guard call.method == "eth_getTransactionReceipt", case .success(let receipt) = answer else { return answer }
      return .success(receipt.with("status", "0x0"))
    }
    #expect(try desk.evidence([attempt])?.verdict == .paid)
    let last = try #require(desk.rail.health.last)
    #expect(last.endpoint == endpoints[2].id && last.isDemoted && last.disagreements == 1)
    // Demoted, it is asked again, and its honest word counts.
    nodes.lie(at: endpoints[2], nil)
    #expect(try desk.statements([attempt]).count == 3)
  }

  @Test(arguments: [
    ("transactionHash", "0x" + String(repeating: "11", count: 32)), ("from", "0x" + String(repeating: "11", count: 20)),
    ("blockHash", "0x" + String(repeating: "11", count: 32)), ("status", "0x2"), ("status", "paid"),
    ("effectiveGasPrice", "0x" + String(repeating: "f", count: 64)), ("logs", ""),
    ("blockNumber", "0xffffffffffffffff"),
  ])
  func `a receipt that contradicts itself is no statement`(key: String, value: String) throws {
    let (nodes, endpoints) = try bent()
    let desk = try desk(nodes, endpoints)
    let lane = try chains[0].lane(5)
    let attempt = try pay(desk, lane, salt: "garbled \(key) \(value.prefix(6))")
    try desk.submit([attempt])
    try mine(4)
    nodes.lie(at: endpoints[0]) { call, answer in
      guard call.method == "eth_getTransactionReceipt", case .success(let receipt) = answer else { return answer }
      return .success(receipt.with(key, .string(value)))
    }
    let statements = try desk.statements([attempt])
    #expect(statements.map(\.endpoint) == [endpoints[1].id, endpoints[2].id])
    #expect(desk.rail.quorum.evidence(in: statements)?.verdict == .paid)
  }

  @Test func `a silent node costs the others only a moment`() throws {
    let (nodes, endpoints) = try bent()
    let limits = RPCLimits(timeoutMilliseconds: 3_000, conversationMilliseconds: 6_000, graceMilliseconds: 100)
    let desk = try TestDesk(endpoints, nodes: nodes, limits: limits)
    let attempt = try pay(desk, try chains[0].lane(6), salt: "slow")
    try desk.submit([attempt])
    try mine(4)
    try chains[1].fault([
      "kind": "delay", "ms": .integer(2_500), "methods": ["eth_getBlockByNumber"], "count": .integer(1),
    ])
    let start = ContinuousClock.now
    #expect(try desk.evidence([attempt])?.verdict == .paid)
    #expect(start.duration(to: .now) < .milliseconds(1_500))
  }

  @Test func `a slow honest node is waited for while the others disagree`() throws {
    let (nodes, endpoints) = try bent()
    let limits = RPCLimits(timeoutMilliseconds: 5_000, conversationMilliseconds: 9_000, graceMilliseconds: 50)
    let desk = try TestDesk(endpoints, nodes: nodes, limits: limits)
    let attempt = try pay(desk, try chains[0].lane(7), salt: "patient")
    try desk.submit([attempt])
    try mine(4)
    nodes.lie(at: endpoints[0]) { call, answer in
      guard call.method == "eth_getTransactionReceipt", case .success(let receipt) = answer else { return answer }
      return .success(receipt.with("status", "0x0"))
    }
    try chains[1].fault([
      "kind": "delay", "ms": .integer(1_000), "methods": ["eth_getTransactionReceipt"], "count": .integer(1),
    ])
    #expect(try desk.evidence([attempt])?.verdict == .paid)
  }

  @Test func `a node of another chain has no vote, and preflight names it`() throws {
    let (nodes, endpoints) = try bent()
    let desk = try desk(nodes, endpoints)
    let attempt = try pay(desk, try chains[0].lane(8), salt: "elsewhere")
    try desk.submit([attempt])
    try mine(4)
    nodes.lie(at: endpoints[1]) { call, answer in call.method == "eth_chainId" ? .success("0x1") : answer }
    #expect(try desk.statements([attempt]).map(\.endpoint) == [endpoints[0].id, endpoints[2].id])
    do {
      try desk.rail.preflight(TestDesk.native)
      Issue.record("a node of another chain passed")
    } catch {
      #expect(error.code == .wrongChain && error.message.contains(endpoints[1].id.name))
    }
  }

  @Test func `one node alone is believed, and the quorum says that it is unprotected`() throws {
    #expect(try desk([chains[0].endpoint]).rail.quorum.isUnprotected)
    #expect(try !desk().rail.quorum.isUnprotected)
  }

  private func desk(_ endpoints: [EVMEndpoint]) throws -> TestDesk { try TestDesk(endpoints) }
}
