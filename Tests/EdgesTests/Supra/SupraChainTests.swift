import Chains
import Codecs
import Foundation
import OpenSSL
import Operations
@testable import SupraDriver
import TestSupport
import Testing
import Transport

/// The driver against the development node, a process of its own whose BCS and signatures are aptos-sdk's.
@Suite("Supra driver")
struct SupraChainTests {
  static func chain(_ nodes: [String], chainID: UInt8 = 6, quorum: Int? = nil) throws -> SupraChain {
    try SupraChain(
      SupraConfiguration(
        chainID: chainID, endpoints: try nodes.map { try SupraEndpoint(url: $0) }, quorumSize: quorum,
        limits: SupraLimits(timeoutMilliseconds: 2_000, pauseMilliseconds: 20)), http: HTTPClient())
  }

  static func key(_ index: Int) throws -> SupraKey {
    var seed = try SHA256.hash(Array("dev:supra:\(index)".utf8)).bytes
    return try SupraKey(seed: try SecretBytes(wiping: &seed))
  }

  static func sender(_ chain: SupraChain, key index: Int, patience: UInt64 = 20) throws -> SupraSender {
    var terms = SupraSender.Terms()
    terms.pollMilliseconds = 30
    terms.patienceSeconds = patience
    terms.maxGas = 5_000
    return SupraSender(chain, key: try key(index), terms: terms)
  }

  static let transfer = MoveCall("0x1::supra_account::transfer", [.address(recipient), .u64(1_000)])
  static let recipient = MoveAddress(Hash32(words: (0, 0, 7, 7)))

  static func balance(_ chain: SupraChain, _ address: MoveAddress) throws -> MoveValue? {
    try chain.view(MoveCall("0x1::coin::balance", [.address(address)]), returns: [.u64]).first
  }

  // MARK: Reading

  @Test func `views are decoded by what they return, and an unknown one is refused`() throws {
    let node = try SupraNode()
    let chain = try Self.chain([node.url])
    #expect(try chain.view(MoveCall("0xa1::hub::lottery_count"), returns: [.u64]) == [.u64(1)])
    let pending = MoveCall("0xa1::rounds::pending_request_id", [.u64(1)])
    #expect(try chain.view(pending, returns: [.option(.u64)]) == [.option(nil)])
    let players = MoveCall("0xa1::operators::list_operators", [.u64(1)])
    let refused = chain.views([players, MoveCall("0xa1::hub::nope")])
    #expect(ViewForm.optionalList.read(try refused[0].get()) == ["0xop1", "0xop2"])
    let error = #expect(throws: RailError.self) { try refused[1].get() }
    #expect(error?.code == .viewRefused && error?.message.contains("FUNCTION_RESOLUTION_FAILURE") == true)
    // Two values were declared, one came.
    #expect(throws: RailError.self) { try chain.view(pending, returns: [.u64, .u64]) }
  }

  @Test func `the report of a node is the report of the recording`() throws {
    let node = try SupraNode()
    let settings = MonitorSettings(
      profile: "ops", addresses: MonitorSettings.Addresses(lottery: "0xa1", deposit: "0xd1"),
      terms: .given(
        .gas(
          price: try ChainAmount(parsing: "1000", ""), limit: try ChainAmount(parsing: "500000", ""),
          verification: try ChainAmount(parsing: "25000", ""))), meaning: .legacy)
    let report = try ReportReader(settings).read(try Self.chain([node.url]), timestamp: "now")
    let file = try JSON.parse(try VectorFolder.current.bytes(of: .opsReports))
    let recorded = try #require(file["cases"]?.array?.first?["report_without_timestamp"])
    for key in recorded.object?.keys ?? [] where key != "deposit" {
      #expect(report.json[key] == recorded[key], "\(key)")
    }
    #expect(report.json["deposit"]?["balance"] == recorded["deposit"]?["balance"])
    #expect(report.json["deposit"]?["whitelisted_contracts"] == recorded["deposit"]?["whitelisted_contracts"])
    #expect(report.problems.isEmpty)
  }

  @Test func `accounts, prices, resources and blocks are read`() throws {
    let node = try SupraNode()
    let chain = try Self.chain([node.url])
    let address = try Self.key(0).address
    #expect(try chain.account(address)?.sequenceNumber == 0)
    #expect(try chain.account(Self.recipient) == nil)
    #expect(try chain.gasPrice() == 100)
    #expect(try chain.longestLife() == 600)
    let coin = "0x1::coin::CoinStore<0x1::supra_coin::SupraCoin>"
    #expect(try chain.resource(coin, of: address)?["coin"]?["value"] == "1000000000000")
    #expect(try chain.resource("0x1::nothing::Here", of: address) == nil)
    let head = try chain.head()
    #expect(abs(Double(head.seconds) - Date().timeIntervalSince1970) < 60)
    try chain.checkIdentity()
  }

  // MARK: Sending

  @Test func `a transfer is signed under Supra's domain, taken by aptos-sdk and executed once`() throws {
    let node = try SupraNode()
    let chain = try Self.chain([node.url])
    let outcome = try Self.sender(chain, key: 1).send(Self.transfer)
    guard case .executed(let hash, let gas, _) = outcome else {
      Issue.record("\(outcome)")
      return
    }
    #expect(hash.count == 66 && gas == 500)
    #expect(try Self.balance(chain, Self.recipient) == .u64(1_000))
    #expect(try chain.account(try Self.key(1).address)?.sequenceNumber == 1)
    // The next one takes the next number.
    #expect(try Self.sender(chain, key: 1).send(Self.transfer).isExecuted)
    #expect(try Self.balance(chain, Self.recipient) == .u64(2_000))
  }

  @Test func `bytes signed under another domain or by another key are refused by the node`() throws {
    let node = try SupraNode()
    let chain = try Self.chain([node.url])
    let key = try Self.key(2)
    let transaction = SupraTransaction(
      sender: key.address, sequenceNumber: 0, entry: try MoveEntry(Self.transfer), maxGasAmount: 5_000,
      gasUnitPrice: 100, expiration: try chain.head().seconds + 60, chainID: 6)
    var seed = try SHA256.hash(Array("dev:supra:2".utf8)).bytes
    let raw = try Ed25519.PrivateKey(seed: try SecretBytes(wiping: &seed))
    let other = Keccak.sha3(Array("APTOS::RawTransaction".utf8)).bytes + transaction.bcs
    let wrong = SupraSignedTransaction(transaction, publicKey: raw.publicKey, signature: try raw.sign(other))
    #expect(chain.submit(wrong).words.first?.contains("INVALID_SIGNATURE") == true)
    let stranger = try Self.key(3).sign(transaction)
    #expect(chain.submit(stranger).words.first?.contains("INVALID_AUTH_KEY") == true)
    let signed = try key.sign(transaction)
    let first = chain.submit(signed).hash
    // The same bytes again have the same name, and no second effect.
    #expect(first != nil && chain.submit(signed).hash == first)
  }

  @Test func `nothing is signed for another chain`() throws {
    let node = try SupraNode(["--chain-id", "8"])
    let chain = try Self.chain([node.url])
    let error = #expect(throws: RailError.self) { try Self.sender(chain, key: 0).send(Self.transfer) }
    #expect(error?.code == .noQuorum || error?.code == .wrongChain)
    #expect(try node.control(["do": "stats"])["/rpc/v3/transactions/submit"] == nil)
  }

  @Test func `Move code that stops is seen in simulation, and nothing is sent`() throws {
    let node = try SupraNode()
    let chain = try Self.chain([node.url])
    let outcome = try Self.sender(chain, key: 4).send(MoveCall("0xa1::main_v2::broken_draw"))
    guard case .dead(nil, let reason) = outcome else {
      Issue.record("\(outcome)")
      return
    }
    #expect(MoveAbort(parsing: reason)?.name == "E_NOT_READY" && MoveAbort(parsing: reason)?.code == 7)
    #expect(try node.control(["do": "stats"])["/rpc/v3/transactions/submit"] == nil)
    #expect(try chain.account(try Self.key(4).address)?.sequenceNumber == 0)
  }

  @Test func `an answer that got lost is found by the same bytes`() throws {
    let node = try SupraNode(["--block-ms", "2000"])
    let chain = try Self.chain([node.url])
    try node.control(["do": "fault", "kind": "drop_after", "path": "submit", "count": .integer(1)])
    let outcome = try Self.sender(chain, key: 5).send(Self.transfer)
    #expect(outcome.isExecuted, "\(outcome)")
    #expect(try Self.balance(chain, Self.recipient) == .u64(1_000))
  }

  @Test func `a transaction whose name nobody told is unknown once its number is spent, never dead`() throws {
    let node = try SupraNode()
    let chain = try Self.chain([node.url])
    try node.control(["do": "fault", "kind": "drop_after", "path": "submit", "count": .integer(1_000)])
    let outcome = try Self.sender(chain, key: 5, patience: 1).send(Self.transfer)
    guard case .unknown(nil, _) = outcome else {
      Issue.record("\(outcome)")
      return
    }
    #expect(outcome.exitCode == OperationsExit.fateUnknown && !outcome.isProvenWithoutEffect)
    #expect(try Self.balance(chain, Self.recipient) == .u64(1_000))
  }

  @Test func `a 404 is not death: a hidden transaction stays unknown, and is seen later`() throws {
    let node = try SupraNode()
    let chain = try Self.chain([node.url])
    try node.control(["do": "fault", "kind": "hide", "path": "transactions/0x", "count": .integer(1_000_000)])
    let outcome = try Self.sender(chain, key: 6, patience: 1).send(Self.transfer)
    guard case .unknown(let hash?, _) = outcome else {
      Issue.record("\(outcome)")
      return
    }
    try node.control(["do": "clear-faults"])
    let sender = try Self.key(6).address
    let look = try #require(chain.looks(hash, sender: sender).values.first)
    #expect(
      SupraFate(look, sequenceNumber: 0, expiration: 1) == .executed(status: "Executed successfully", gasUsed: 500))
  }

  @Test func `a lost transaction is dead once blocks have passed its expiry and its number is free`() throws {
    let node = try SupraNode()
    let chain = try Self.chain([node.url])
    try node.control(["do": "fault", "kind": "lose", "path": "submit", "count": .integer(1_000)])
    let key = try Self.key(7)
    let transaction = SupraTransaction(
      sender: key.address, sequenceNumber: 0, entry: try MoveEntry(Self.transfer), maxGasAmount: 5_000,
      gasUnitPrice: 100, expiration: try chain.head().seconds + 60, chainID: 6)
    let hash = try #require(chain.submit(try key.sign(transaction)).hash)
    #expect(chain.fate(hash, of: transaction) == .open)
    try node.control(["do": "skew", "seconds": .integer(61)])
    try node.control(["do": "mine", "blocks": .integer(1)])
    #expect(chain.fate(hash, of: transaction) == .expired)
    #expect(try Self.balance(chain, Self.recipient) == .u64(0))
  }

  // MARK: Nodes

  @Test func `busy nodes are asked again, a few times`() throws {
    let node = try SupraNode()
    let chain = try Self.chain([node.url])
    try node.control(["do": "fault", "kind": "status", "status": .integer(503), "path": "view", "count": .integer(1)])
    try node.control(["do": "fault", "kind": "status", "status": .integer(429), "path": "view", "count": .integer(1)])
    #expect(try chain.view(MoveCall("0xa1::hub::lottery_count"), returns: [.u64]) == [.u64(1)])
  }

  @Test func `a liar among three changes nothing, and two of them are no quorum`() throws {
    let nodes = try (0..<3).map { _ in try SupraNode() }
    let chain = try Self.chain(nodes.map(\.url))
    let call = MoveCall("0xa1::hub::lottery_count")
    for node in nodes.prefix(1) {
      try node.control(["do": "set-view", "call": "0xa1::hub::lottery_count", "result": ["999"]])
    }
    #expect(try chain.view(call, returns: [.u64]) == [.u64(1)])
    try nodes[1].control(["do": "set-view", "call": "0xa1::hub::lottery_count", "result": ["998"]])
    let error = #expect(throws: RailError.self) { try chain.view(call, returns: [.u64]) }
    #expect(error?.code == .noQuorum)
  }

  @Test func `a node of another chain has no vote`() throws {
    let (good, other) = (try SupraNode(), try SupraNode(["--chain-id", "8"]))
    let chain = try Self.chain([good.url, other.url])
    let error = #expect(throws: RailError.self) {
      try chain.view(MoveCall("0xa1::hub::lottery_count"), returns: [.u64])
    }
    #expect(error?.code == .noQuorum && error?.message.contains("serves chain 8") == true)
  }

  @Test func `two addresses of one host and port are refused, and so is a quorum of less than half`() throws {
    #expect(throws: RailError.self) { try Self.chain(["http://a:1/x", "http://A:1/y"]) }
    #expect(throws: RailError.self) { try Self.chain(["http://a:1", "http://b:1"], quorum: 1) }
    #expect(throws: RailError.self) { try Self.chain([]) }
    #expect(try SupraEndpoint(url: "https://[::1]/").id.name == "[::1]:443")
    #expect(try SupraEndpoint(url: "http://node.example/key").id.name == "node.example:80")
  }

  // MARK: Events

  @Test func `events come by type and height, page by page, and the cursor goes on`() throws {
    let node = try SupraNode()
    let chain = try Self.chain([node.url])
    let sender = try Self.sender(chain, key: 8)
    let type = "0x1::coin::TransferEvent"
    for _ in 0..<3 { #expect(try sender.send(Self.transfer).isExecuted) }
    let head = try chain.head().height
    let events = try chain.events(type, from: 0, to: head + 1)
    #expect(events.count == 3 && events.map(\.height) == events.map(\.height).sorted())
    #expect(events[0].data["amount"] == "1000")
    let half = try chain.events(type, from: events[1].height, to: events[2].height)
    #expect(half == [events[1]])
    try node.control(["do": "mine", "blocks": .integer(5)])
    let first = try chain.events(after: EventCursor(type: type))
    #expect(first.events == events)
    #expect(try chain.events(after: first.next).events.isEmpty)
    #expect(throws: RailError.self) { try chain.events(type, from: 0, to: head + 1, most: 2) }
  }
}

@Suite("Fate of a Supra transaction")
struct SupraFateTests {
  static func look(_ seconds: UInt64, _ number: UInt64, _ sight: SupraLook.Sight = .none) -> SupraFate {
    SupraFate(
      SupraLook(blockSeconds: seconds, sequenceNumber: number, sight: sight), sequenceNumber: 5, expiration: 1_000)
  }

  @Test func `absence counts only past the expiry, with the number free`() {
    #expect(Self.look(999, 5) == .open)
    #expect(Self.look(1_000, 5) == .expired)
    #expect(Self.look(1_000, 4) == .expired)
    // The number is spent: by ours that is not indexed yet, or by another. Nobody can say.
    #expect(Self.look(1_000, 6) == .spentElsewhere)
    #expect(Self.look(999, 6) == .spentElsewhere)
    #expect(!Self.look(1_000, 6).isFinal && !Self.look(999, 5).isFinal)
  }

  @Test func `what a block holds is its own evidence`() {
    #expect(Self.look(1, 5, .success(status: "ok", gasUsed: 1)).isFinal)
    #expect(Self.look(1, 5, .failure(status: "no", gasUsed: 1)) == .failed(status: "no", gasUsed: 1))
  }

  @Test(
    arguments: [
      (#"{"hash":"0xAB","status":"Success","block_header":{"height":1}}"#, true),
      (#"{"hash":"0xab","status":"Success","block_header":null}"#, false),
      (#"{"hash":"0xcd","status":"Success","block_header":{"height":1}}"#, false),
      (#"{"hash":"0xab","status":"Pending","block_header":{"height":1}}"#, false),
      (#"{"hash":"0xab","status":"Invalid","block_header":{"height":1}}"#, false),
      (#"{"hash":"0xab","status":"PendingAfterExecution","block_header":null}"#, false),
      (#"{"status":"Success","block_header":{"height":1}}"#, false),
      (#"{"hash":"0xab","status":"Fail","block_header":{"height":1}}"#, true),
    ])
  func `only success and failure in a block are seen`(json: String, isSeen: Bool) throws {
    let sight = SupraLook.Sight(try JSON.parse(json), hash: "0xab")
    #expect((sight != .none) == isSeen)
  }
}
