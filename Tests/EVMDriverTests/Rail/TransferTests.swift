import Chains
import Codecs
@testable import EVMDriver
import Money
import Testing
import Transport

@Suite("Transfers of final blocks", .serialized)
struct TransferTests {
  static let shared = Result { try TokenTests.Setting() }
  let setting: TokenTests.Setting
  var chain: TestChain { setting.chain }

  init() throws { setting = try TransferTests.shared.get() }

  private func head() throws -> UInt64 { try #require(try chain.call("eth_blockNumber").quantity) }

  /// All pages from a block on; fails the test when they do not end.
  private func pages(_ rail: EVMRail, _ asset: AssetID, _ lanes: [TestLane], from block: UInt64) throws
    -> [TransferPage]
  {
    var pages: [TransferPage] = []
    var next = block
    while pages.count < 200 {
      let page = try rail.transfers(asset, accounts: lanes.map(\.address), from: next)
      pages.append(page)
      if page.through >= page.finalBlock { return pages }
      next = page.through + 1
    }
    Issue.record("the pages do not end")
    return pages
  }

  @Test func `token payments are listed as they arrived, single and batched, and nothing of strangers`() throws {
    let lane = try chain.lane(0)
    let token = try chain.contract("usd6")
    let asset = TestDesk.asset(token)
    let desk = try TestDesk([chain.endpoint], batchContract: setting.contract)
    let start = try head() + 1
    let stranger = try chain.lane(1)
    try chain.invoke(token, ERC20.transfer(to: stranger.account, UInt256(1_000_000)), by: lane)
    for owner in [lane, stranger] {
      try chain.invoke(token, ERC20.approve(setting.contract, UInt256(1_000_000)), by: owner)
    }
    try chain.finalize()
    let list = payees(5, salt: "listed")
    let slot = try chain.nonce(of: lane)
    let batch = try desk.attempt(.pay(asset: asset, payees: list), lane: lane, slot: slot)
    let single = try desk.attempt(.pay(asset: asset, payees: payees(1, salt: "one")), lane: lane, slot: slot + 1)
    let foreign = try desk.attempt(
      .pay(asset: asset, payees: payees(3, salt: "foreign")), lane: stranger, slot: try chain.nonce(of: stranger))
    try desk.submit([batch, single, foreign])
    try chain.finalize()
    let found = try pages(desk.rail, asset, [lane], from: start).flatMap(\.transfers)
    #expect(found.filter { $0.transaction == batch.signed.hash }.map(\.to) == list.map(\.address))
    #expect(found.filter { $0.transaction == batch.signed.hash }.allSatisfy { $0.from.bytes == setting.contract.bytes })
    #expect(found.filter { $0.transaction == single.signed.hash }.map(\.from) == [lane.address])
    #expect(!found.contains { $0.transaction == foreign.signed.hash })
    // The funding of the stranger left our lane: it is seen too.
    #expect(found.count == list.count + 2)
    let evidence = try #require(try desk.evidence([batch], asset: asset))
    #expect(found.filter { $0.transaction == batch.signed.hash }.allSatisfy { $0.blockHash == evidence.blockHash })
  }

  @Test func `native payments are read from the bodies of blocks`() throws {
    let lane = try chain.lane(2)
    let desk = try TestDesk([chain.endpoint], batchContract: setting.contract)
    let start = try head() + 1
    let list = payees(4, salt: "bodies")
    let slot = try chain.nonce(of: lane)
    let refusing = try chain.deploy("RejectingRecipient", [.uint(.one)], [.uint(bits: 256)], by: try chain.lane(3))
    let bad = Payee(payout: PayoutID(1), address: Address(refusing.bytes), units: .one)
    let attempts = [
      try desk.attempt(.pay(asset: TestDesk.native, payees: list), lane: lane, slot: slot),
      try desk.attempt(.pay(asset: TestDesk.native, payees: [bad]), lane: lane, slot: slot + 1),
      try desk.attempt(.pay(asset: TestDesk.native, payees: payees(1, salt: "body")), lane: lane, slot: slot + 2),
      try desk.attempt(.void, lane: lane, slot: slot + 3),
    ]
    try desk.submit(attempts)
    try chain.finalize()
    let found = try pages(desk.rail, TestDesk.native, [lane], from: start).flatMap(\.transfers)
    #expect(found.map(\.to) == list.map(\.address) + payees(1, salt: "body").map(\.address))
    #expect(found.allSatisfy { $0.from == lane.address && $0.units == UInt256(1_000) })
    #expect(found.prefix(4).map(\.index) == [0, 1, 2, 3])
  }

  @Test func `what is not final yet is not listed, and an empty page says how far it went`() throws {
    let lane = try chain.lane(4)
    let desk = try TestDesk([chain.endpoint])
    try chain.mine(5)
    let start = try head() + 1
    let attempt = try desk.attempt(
      .pay(asset: TestDesk.native, payees: payees(1, salt: "young")), lane: lane, slot: try chain.nonce(of: lane))
    try desk.submit([attempt])
    try chain.mine(Int(TestChain.finality))
    let early = try desk.rail.transfers(TestDesk.native, accounts: [lane.address], from: start)
    #expect(early.transfers.isEmpty && early.through == start - 1 && early.finalBlock == start - 1)
    try chain.mine()
    let page = try desk.rail.transfers(TestDesk.native, accounts: [lane.address], from: early.through + 1)
    #expect(page.transfers.map(\.transaction) == [attempt.signed.hash] && page.through == start)
    let hash = try chain.call("eth_getBlockByNumber", [.quantity(start), false])["hash"]?.hash
    #expect(page.throughHash == hash)
  }

  @Test func `a node that refuses wide spans is asked for smaller ones until all is read`() throws {
    let node = try EVMEndpoint(url: "http://narrow")
    let nodes = RoutedNodes([node: chain.endpoint])
    let lane = try chain.lane(0)
    let asset = TestDesk.asset(try chain.contract("tok18"))
    for index in 0..<6 {
      let payee = payees(1, salt: "narrow \(index)")[0]
      try chain.invoke(
        try chain.contract("tok18"), ERC20.transfer(to: try #require(EVMAddress(payee.address.bytes)), payee.units),
        by: lane)
      try chain.mine(3)
    }
    try chain.finalize()
    let all = try pages(try TestDesk([chain.endpoint]).rail, asset, [lane], from: 0).flatMap(\.transfers)
    #expect(all.count >= 6)
    nodes.lie(at: node) { call, answer in
      guard call.method == "eth_getLogs", let filter = call.params.array?.first,
        let from = filter["fromBlock"]?.quantity,
        let to = filter["toBlock"]?.quantity, to - from >= 7
      else { return answer }
      return .failure(RPCError(.server, "refused", server: .init(code: -32005, message: "query returned too much")))
    }
    let narrow = try TestDesk([node], nodes: nodes)
    let read = try pages(narrow.rail, asset, [lane], from: 0)
    #expect(read.count > 3 && read.flatMap(\.transfers) == all)
    nodes.lie(at: node) { call, answer in
      call.method == "eth_getLogs"
        ? .failure(RPCError(.server, "refused", server: .init(code: -32005, message: "never"))) : answer
    }
    #expect(
      code { () throws(RailError) in _ = try narrow.rail.transfers(asset, accounts: [lane.address], from: 0) }
        == .noQuorum)
  }

  @Test func `logs that only one of two nodes shows are no page`() throws {
    let endpoints = [try EVMEndpoint(url: "http://full"), try EVMEndpoint(url: "http://hiding")]
    let nodes = RoutedNodes([endpoints[0]: chain.endpoint, endpoints[1]: chain.endpoint])
    let lane = try chain.lane(0)
    let token = try chain.contract("tok18")
    let asset = TestDesk.asset(token)
    try chain.invoke(token, ERC20.transfer(to: lane.account, .one), by: lane)
    try chain.finalize()
    let rail = try TestDesk(endpoints, nodes: nodes).rail
    #expect(try !pages(rail, asset, [lane], from: 0).flatMap(\.transfers).isEmpty)
    nodes.lie(at: endpoints[1]) { call, answer in call.method == "eth_getLogs" ? .success([]) : answer }
    #expect(
      code { () throws(RailError) in _ = try rail.transfers(asset, accounts: [lane.address], from: 0) } == .noQuorum)
  }

  @Test func `every page names the block before it, so that a final block which changes shows`() throws {
    let chain = try TestChain(seed: "violated")
    let accounts = [try chain.lane(0).address]
    try chain.mine(8)
    func read(_ block: UInt64) throws -> TransferPage {
      // A new rail remembers nothing: it is the chain that says so.
      try TestDesk([chain.endpoint]).rail.transfers(TestDesk.native, accounts: accounts, from: block)
    }
    let page = try read(0)
    #expect(page.before == .zero && page.through == page.finalBlock)
    #expect(try read(page.through + 1).before == page.throughHash)
    #expect(try read(page.through + 2).before == nil)
    try chain.mine()
    #expect(try read(page.through + 1).before == page.throughHash)
    try chain.call("dev_reorg", [["depth": .integer(6), "blocks": .integer(10)]])
    let after = try read(page.through + 1)
    #expect(after.before != nil && after.before != page.throughHash)
  }
}
