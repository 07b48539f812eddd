import Chains
import Codecs
@testable import EVMDriver
import Money
import Testing
import Transport

/// Every fault switch of the development chain, at every step of a payment: nothing is lost, nothing is decided by it.
@Suite("Faults of a node", .serialized)
struct FaultTests {
  static let shared = Result { try TestChain(seed: "faults") }
  let chain: TestChain

  init() throws {
    chain = try FaultTests.shared.get()
    try chain.call("dev_clearFaults")
  }

  static let kinds: [(String, JSON)] = [
    ("drop", ["kind": "drop"]),
    ("drop_after", ["kind": "drop_after"]),
    ("delay", ["kind": "delay", "ms": .integer(700)]),
    ("delay_after", ["kind": "delay_after", "ms": .integer(700)]),
    ("429", ["kind": "http", "status": .integer(429)]),
    ("503", ["kind": "http", "status": .integer(503)]),
    ("rpc_error", ["kind": "rpc_error", "message": "nonce too low"]),
    ("rpc_error_after", ["kind": "rpc_error_after", "message": "insufficient funds"]),
    ("garbage", ["kind": "garbage"]),
    ("duplicate", ["kind": "duplicate"]),
  ]

  /// A call takes at most 300 ms here, so that a delay is a time-out.
  private func desk() throws -> TestDesk {
    try TestDesk(
      [chain.endpoint],
      limits: RPCLimits(timeoutMilliseconds: 300, conversationMilliseconds: 900, graceMilliseconds: 100))
  }

  @Test func `a fault that has hit as often as it may is counted still`() throws {
    let chain = try TestChain(seed: "hits")
    try chain.fault(["kind": "delay", "ms": .integer(1), "methods": ["eth_blockNumber"], "count": .integer(2)])
    try chain.fault(["kind": "delay", "ms": .integer(1), "methods": ["eth_gasPrice"]])
    for method in ["eth_blockNumber", "eth_blockNumber", "eth_blockNumber", "eth_gasPrice"] { try chain.call(method) }
    #expect(try chain.call("dev_faults").array?.count == 1)
    #expect(try chain.call("dev_faultHits") == ["delay": .integer(3)])
    try chain.call("dev_clearFaults")
    #expect(try chain.call("dev_faultHits") == ["delay": .integer(3)])
  }

  @Test(arguments: kinds.indices)
  func `whatever the answer to a broadcast is, sending the same bytes again pays once`(kind: Int) throws {
    let (name, fault) = FaultTests.kinds[kind]
    let lane = try chain.lane(1 + kind)
    let desk = try desk()
    let payee = payees(1, salt: "send \(name)")
    let attempt = try desk.attempt(
      .pay(asset: TestDesk.native, payees: payee), lane: lane, slot: try chain.nonce(of: lane))
    try chain.fault(fault.with("methods", ["eth_sendRawTransaction"]))
    let answers = desk.rail.submit([attempt.signed])
    try chain.call("dev_clearFaults")
    #expect(answers.count == 1 && answers[0].count == 1)
    // Executed twice, the second answer says that the bytes are known: taken, all the same. The HTTP client asks once
    // more when a kept connection breaks, so a dropped answer may end the same way.
    if name != "drop_after" {
      #expect(answers[0][0].taken == (name == "duplicate"), "\(name): \(answers[0][0].text)")
    }
    _ = desk.rail.submit([attempt.signed])
    try chain.finalize()
    #expect(try desk.evidence([attempt])?.verdict == .paid)
    #expect(try chain.balance(payee[0].address) == payee[0].units)
  }

  @Test(arguments: kinds.indices)
  func `a reading that is disturbed states nothing false, and the next one states the truth`(kind: Int) throws {
    let (name, fault) = FaultTests.kinds[kind]
    let lane = try chain.lane(15 + kind)
    let desk = try desk()
    let attempt = try desk.attempt(
      .pay(asset: TestDesk.native, payees: payees(1, salt: "read \(name)")), lane: lane,
      slot: try chain.nonce(of: lane))
    try desk.submit([attempt])
    try chain.finalize()
    for method in ["eth_chainId", "eth_getBlockByNumber", "eth_getTransactionCount", "eth_getTransactionReceipt"] {
      try chain.fault(fault.with("methods", [.string(method)]))
      let statements = try desk.statements([attempt])
      #expect(statements.isEmpty || statements.map(\.verdict) == [.paid], "\(name) of \(method)")
      #expect(statements.isEmpty == (name != "duplicate"), "\(name) of \(method)")
      try chain.call("dev_clearFaults")
    }
    #expect(try desk.evidence([attempt])?.verdict == .paid)
    #expect(desk.rail.health[0].failures == (name == "duplicate" ? 0 : 4))
  }

  @Test func `a transaction that the node loses is sent again until it is final`() throws {
    let lane = try chain.lane(30)
    let desk = try desk()
    let attempt = try desk.attempt(
      .pay(asset: TestDesk.native, payees: payees(1, salt: "lost")), lane: lane, slot: try chain.nonce(of: lane))
    try chain.fault(["kind": "lose", "methods": ["eth_sendRawTransaction"], "count": .integer(1)])
    #expect(desk.rail.submit([attempt.signed])[0][0].taken)
    try chain.finalize()
    #expect(try desk.statements([attempt]).isEmpty)
    #expect(desk.rail.submit([attempt.signed])[0][0].taken)
    try chain.finalize()
    #expect(try desk.evidence([attempt])?.verdict == .paid)
  }

  @Test(arguments: kinds.indices)
  func `questions to a disturbed node fail with no quorum, never with a number`(kind: Int) throws {
    let (name, fault) = FaultTests.kinds[kind]
    guard name != "duplicate" else { return }
    let lane = try chain.lane(31)
    let rail = try desk().rail
    let methods: [(String, (EVMRail) throws(RailError) -> Void)] = [
      ("eth_getTransactionCount", { rail throws(RailError) in _ = try rail.account(lane.address) }),
      ("eth_getBalance", { rail throws(RailError) in _ = try rail.funds(TestDesk.native, account: lane.address) }),
      ("eth_gasPrice", { rail throws(RailError) in _ = try rail.fee(for: .void, account: lane.address) }),
      ("eth_chainId", { rail throws(RailError) in try rail.preflight(TestDesk.native) }),
      (
        "eth_getBlockByNumber",
        { rail throws(RailError) in
          _ = try rail.transfers(TestDesk.native, accounts: [lane.address], from: 0)
        }
      ),
    ]
    for (method, ask) in methods {
      try chain.fault(fault.with("methods", [.string(method)]))
      #expect(code { () throws(RailError) in try ask(rail) } == .noQuorum, "\(name) of \(method)")
      try chain.call("dev_clearFaults")
      #expect(code { () throws(RailError) in try ask(rail) } == nil, "\(name) of \(method)")
    }
  }

  @Test(arguments: [true, false])
  func `a reorganisation before finality changes nothing but the time`(isDropped: Bool) throws {
    let lane = try chain.lane(isDropped ? 32 : 33)
    let desk = try desk()
    let attempt = try desk.attempt(
      .pay(asset: TestDesk.native, payees: payees(1, salt: "reorg \(isDropped)")), lane: lane,
      slot: try chain.nonce(of: lane))
    try desk.submit([attempt])
    try chain.mine(2)
    try chain.call(
      "dev_reorg",
      [["depth": .integer(2), "blocks": .integer(4), "drop": isDropped ? "all" : [], "hold": .bool(isDropped)]])
    if isDropped {
      try chain.finalize()
      #expect(try desk.statements([attempt]).isEmpty)
      try desk.submit([attempt])
    }
    try chain.finalize()
    #expect(try desk.evidence([attempt])?.verdict == .paid)
  }

  @Test func `a replaced transaction that comes back by a reorganisation is still one payment`() throws {
    let lane = try chain.lane(34)
    let desk = try desk()
    let slot = try chain.nonce(of: lane)
    let payee = payees(1, salt: "comes back")
    let purpose = Purpose.pay(asset: TestDesk.native, payees: payee)
    let first = try desk.attempt(purpose, lane: lane, slot: slot)
    let second = try desk.attempt(purpose, lane: lane, slot: slot, fee: try desk.rail.bumped(first.request.fee))
    try desk.submit([first])
    try chain.mine()
    try chain.call("dev_reorg", [["depth": .integer(1), "blocks": .integer(2), "drop": "all"]])
    try desk.submit([second])
    try chain.finalize()
    let evidence = try #require(try desk.evidence([first, second]))
    #expect(evidence.verdict == .paid && evidence.spender == second.signed.hash)
    #expect(try chain.balance(payee[0].address) == payee[0].units)
  }
}
