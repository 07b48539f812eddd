import Chains
import Codecs
@testable import EVMDriver
import Money
import Testing
import Transport

@Suite("Who spent a slot", .serialized)
struct SpenderTests {
  static let shared = Result { try TestChain(seed: "spenders") }
  let chain: TestChain

  init() throws { chain = try SpenderTests.shared.get() }

  @Test func `a stranger's transaction on our slot is named with its block`() throws {
    let lane = try chain.lane(1)
    let desk = try TestDesk([chain.endpoint])
    let slot = try chain.nonce(of: lane)
    let ours = try desk.attempt(.pay(asset: TestDesk.native, payees: payees(1, salt: "late")), lane: lane, slot: slot)
    let other = try lane.sign(nonce: slot, to: lane.account, value: .one)
    try chain.send(other.raw)
    try chain.mine()
    // Not final: neither the count at the head nor the pool decide anything.
    #expect(try desk.statements([ours]).isEmpty)
    try chain.finalize()
    let evidence = try #require(try desk.evidence([ours]))
    #expect(evidence.verdict == .stranger && evidence.spender == other.hash)
    let block = try chain.call("eth_getTransactionByHash", [.data(other.hash.bytes)])["blockHash"]?.hash
    #expect(evidence.blockHash == block)
    #expect(evidence.feePaid > .zero)
  }

  @Test(arguments: [0, 1])
  func `strangers of other transaction types are named too`(type: Int) throws {
    let lane = try chain.lane(2 + type)
    let desk = try TestDesk([chain.endpoint])
    let slot = try chain.nonce(of: lane)
    let fees: EVMTransaction.Fees =
      type == 0 ? .legacy(gasPrice: UInt256(50_000_000_000)) : .accessList(gasPrice: UInt256(50_000_000_000), [])
    let transaction = try EVMTransaction(
      chainID: TestChain.id, nonce: slot, gasLimit: 50_000, to: lane.account, value: .zero, data: [], fees: fees)
    let signature = try lane.signature(transaction.signingHash)
    let other = EVMSignedTransaction(
      transaction, signature: try EVMSignature(r: signature.r, s: signature.s, yParity: signature.yParity))
    try chain.send(other.raw)
    try chain.finalize()
    let ours = try desk.attempt(.void, lane: lane, slot: slot)
    let evidence = try #require(try desk.evidence([ours]))
    #expect(evidence.verdict == .stranger && evidence.spender == other.hash)
  }

  @Test func `the same bytes under a hash we did not record are ours`() throws {
    let lane = try chain.lane(4)
    let desk = try TestDesk([chain.endpoint])
    let ours = try desk.attempt(
      .pay(asset: TestDesk.native, payees: payees(1, salt: "again")), lane: lane, slot: try chain.nonce(of: lane))
    try desk.submit([ours])
    try chain.finalize()
    for hash in [nil, Keccak.hash256([1])] {
      let member = SlotQuestion.Member(kind: .pay, signingHash: ours.unsigned.signingHash, hash: hash)
      let statements = try desk.ask(ours, members: [member])
      #expect(statements.map(\.verdict) == [.paid] && statements.map(\.spender) == [ours.signed.hash])
    }
    let foreign = SlotQuestion.Member(kind: .pay, signingHash: Keccak.hash256([2]), hash: nil)
    #expect(try desk.ask(ours, members: [foreign]).map(\.verdict) == [.stranger])
  }

  @Test func `a slot that was spent long ago is found among many blocks`() throws {
    let lane = try chain.lane(5)
    let desk = try TestDesk([chain.endpoint])
    let first = try chain.nonce(of: lane)
    var strangers: [EVMSignedTransaction] = []
    for step in UInt64(0)..<12 {
      let other = try lane.sign(nonce: first + step, to: lane.account)
      try chain.send(other.raw)
      strangers.append(other)
      try chain.mine(Int(step % 4) + 1)
    }
    try chain.mine(40)
    for (step, other) in strangers.enumerated() {
      let ours = try desk.attempt(.void, lane: lane, slot: first + UInt64(step))
      #expect(try desk.evidence([ours])?.spender == other.hash, "slot \(step)")
    }
  }

  @Test func `a node that keeps no old state still names whoever spends a slot while we watch`() throws {
    let node = try EVMEndpoint(url: "http://pruned")
    let nodes = RoutedNodes([node: chain.endpoint])
    let lane = try chain.lane(6)
    let desk = try TestDesk([node], nodes: nodes)
    let slot = try chain.nonce(of: lane)
    let ours = try desk.attempt(.void, lane: lane, slot: slot)
    let other = try lane.sign(nonce: slot, to: lane.account)
    try chain.send(other.raw)
    try chain.mine()
    let spent = try #require(try chain.call("eth_blockNumber").quantity)
    // Each look keeps the newest final block after which the slot was free: the lower end of a later search.
    for _ in 0..<TestChain.finality {
      #expect(try desk.statements([ours]).isEmpty)
      try chain.mine()
    }
    nodes.lie(at: node, pruned(before: spent))
    #expect(try desk.evidence([ours])?.spender == other.hash)
    // Who has not watched cannot tell, and says nothing rather than guess.
    #expect(try TestDesk([node], nodes: nodes).statements([ours]).isEmpty)
  }

  private func pruned(before block: UInt64) -> RoutedNodes.Lie {
    { call, answer in
      guard call.method == "eth_getTransactionCount", let asked = call.params.array?[1].quantity, asked < block else {
        return answer
      }
      return .failure(RPCError(.server, "refused", server: .init(code: -32000, message: "missing trie node")))
    }
  }

  @Test func `a count without a name is no statement`() throws {
    let node = try EVMEndpoint(url: "http://counting")
    let nodes = RoutedNodes([node: chain.endpoint])
    let lane = try chain.lane(7)
    let desk = try TestDesk([node], nodes: nodes)
    let slot = try chain.nonce(of: lane)
    let ours = try desk.attempt(.void, lane: lane, slot: slot)
    try chain.finalize()
    nodes.lie(at: node) { call, answer in
      call.method == "eth_getTransactionCount" ? .success(.quantity(slot + 1)) : answer
    }
    #expect(try desk.statements([ours]).isEmpty)
  }

  @Test func `a count that runs ahead of finality makes no unfinal receipt count`() throws {
    let node = try EVMEndpoint(url: "http://hasty")
    let nodes = RoutedNodes([node: chain.endpoint])
    let lane = try chain.lane(10)
    let desk = try TestDesk([node], nodes: nodes)
    let slot = try chain.nonce(of: lane)
    let first = try desk.attempt(
      .pay(asset: TestDesk.native, payees: payees(1, salt: "first")), lane: lane, slot: slot)
    try desk.submit([first])
    try chain.finalize()
    let second = try desk.attempt(
      .pay(asset: TestDesk.native, payees: payees(1, salt: "second")), lane: lane, slot: slot + 1)
    try desk.submit([second])
    try chain.mine()
    nodes.lie(at: node) { call, answer in
      call.method == "eth_getTransactionCount" ? .success(.quantity(slot + 2)) : answer
    }
    let answers = desk.rail.statements([try desk.question([first]), try desk.question([second])])
    #expect(answers.map { $0.map(\.verdict) } == [[.paid], []])
  }

  @Test func `a receipt that is late does not turn our payment into a stranger's`() throws {
    let node = try EVMEndpoint(url: "http://lagging")
    let nodes = RoutedNodes([node: chain.endpoint])
    let lane = try chain.lane(8)
    let desk = try TestDesk([node], nodes: nodes)
    let ours = try desk.attempt(
      .pay(asset: TestDesk.native, payees: payees(1, salt: "lagging")), lane: lane, slot: try chain.nonce(of: lane))
    try desk.submit([ours])
    try chain.finalize()
    nodes.lie(at: node) { call, answer in call.method == "eth_getTransactionReceipt" ? .success(.null) : answer }
    #expect(try desk.statements([ours]).isEmpty)
    nodes.lie(at: node, nil)
    #expect(try desk.evidence([ours])?.verdict == .paid)
  }

  @Test func `a body whose transaction does not hash to its name is no statement`() throws {
    let node = try EVMEndpoint(url: "http://forging")
    let nodes = RoutedNodes([node: chain.endpoint])
    let lane = try chain.lane(9)
    let desk = try TestDesk([node], nodes: nodes)
    let slot = try chain.nonce(of: lane)
    let ours = try desk.attempt(.void, lane: lane, slot: slot)
    try chain.send(try lane.sign(nonce: slot, to: lane.account).raw)
    try chain.finalize()
    nodes.lie(at: node) { call, answer in
      guard call.method == "eth_getBlockByNumber", case .success(let block) = answer,
        let transactions = block["transactions"]?.array, transactions.contains(where: { $0["value"] != nil })
      else { return answer }
      return .success(block.with("transactions", .array(transactions.map { $0.with("value", "0x5") })))
    }
    #expect(try desk.statements([ours]).isEmpty)
    #expect(desk.rail.health[0].disagreements > 0 && desk.rail.health[0].isDemoted)
  }
}
