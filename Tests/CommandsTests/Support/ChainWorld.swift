import Chains
import Codecs
@testable import EVMDriver
import Foundation
import Keys
import Money
import Secp256k1
import Signing
import TestSupport
import Testing
import Transport

/// One development chain for a suite: a block every fifth of a second, final after two more.
///
/// Account 0 owns the tokens and hands them out; the batch contract is deployed by the program itself. Every test takes
/// an account of its own, so that tests share nothing but the chain.
final class ChainWorld: Sendable {
  static let id: UInt64 = 31337
  private let chain: DevChain
  private let node: URLText
  private let client = JSONRPCClient(http: HTTPClient())
  let seed: String
  let token: EVMAddress
  let batchContract: String

  struct Refusal: Error { let message: String }

  init(seed: String) throws {
    self.seed = seed
    chain = try DevChain([
      "--seed", seed, "--block-time", "0.2", "--finality", "2", "--accounts", "40", "--chain-id", String(Self.id),
    ])
    node = try URLText(parsing: chain.url)
    let contracts = try client.call(node, RPCCall("dev_contracts", []))
    token = try EIP55.parse(try #require(contracts["usd6"]?.string)).address
    // The first desk has no batch contract yet: it deploys it.
    let desk = try Desk(seed: seed, url: chain.url, account: 1, batchContract: nil)
    let deployed = try desk.run(["evm", "deploy-batch-contract", "--yes", "--json"]).succeeded()
    batchContract = try #require(try deployed.events(named: "deployed").first?["address"]?.string)
  }

  /// A desk of its own on this chain; `account` must be nobody else's.
  func desk(_ account: Int, batchContract: Bool = true, store: String? = nil) throws -> Desk {
    try Desk(
      seed: seed, url: chain.url, account: account, batchContract: batchContract ? self.batchContract : nil,
      store: store)
  }

  /// A desk whose account has some of the usual token.
  func funded(_ account: Int, units: UInt64 = 1_000_000_000, batchContract: Bool = true) throws -> Desk {
    let desk = try desk(account, batchContract: batchContract)
    try mint(token, to: try address(account), units)
    return desk
  }

  @discardableResult
  func call(_ method: String, _ params: JSON = []) throws -> JSON { try client.call(node, RPCCall(method, params)) }

  /// Stops and starts blocks: what is sent in between stays in the pool.
  func stall(_ on: Bool) throws { try call("dev_stall", [.bool(on)]) }

  // MARK: Accounts

  func key(_ account: Int) throws -> KeystoreKey {
    let text = "\(seed):evm:\(account)"
    return try KeystoreKey(
      SecretKey(OpenSSLHashing().sha256(Array(text.utf8)).bytes.span), chain: ChainID(.evm, Self.id))
  }

  func address(_ account: Int) throws -> EVMAddress { try #require(EVMAddress(try key(account).account.bytes)) }

  func balance(_ address: EVMAddress, of token: EVMAddress) throws -> UInt256 {
    let call: JSON = ["to": .data(token.bytes), "data": .data(ERC20.balance(of: address))]
    return try #require(try self.call("eth_call", [call, "latest"]).data.flatMap { ERC20.word($0) })
  }

  func nativeBalance(_ address: EVMAddress) throws -> UInt256 {
    try #require(try call("eth_getBalance", [.data(address.bytes), "latest"]).quantity256)
  }

  /// What the recipients with these numbers hold of a token.
  func balances(_ numbers: [Int], of token: EVMAddress) throws -> [UInt256] {
    try numbers.map { try balance(Recipient.address($0), of: token) }
  }

  /// Transactions of an account that the chain knows, those in the pool included.
  func nonce(_ account: Int) throws -> UInt64 {
    try #require(
      try call("eth_getTransactionCount", [.data(try address(account).bytes), "pending"]).quantity)
  }

  // MARK: Transactions of the tests themselves

  /// Signs with a development account, sends, and waits until it is mined; the address of a deployed contract.
  @discardableResult
  func send(
    from account: Int = 0, to: EVMAddress?, data: [UInt8] = [], value: UInt256 = .zero
  ) throws -> EVMAddress {
    let sender = try address(account)
    let nonce = try nonce(account)
    let price = UInt256(50_000_000_000)
    let transaction = try EVMTransaction(
      chainID: Self.id, nonce: nonce, gasLimit: to == nil ? 4_000_000 : 300_000, to: to, value: value, data: data,
      fees: .dynamic(maxFeePerGas: price, maxPriorityFeePerGas: UInt256(1_000_000_000), []))
    let made = try #require(try key(account).sign([transaction.signingHash]).first)
    let signed = EVMSignedTransaction(
      transaction, signature: try EVMSignature(r: made.r, s: made.s, yParity: made.yParity))
    let hash = try call("eth_sendRawTransaction", [.data(signed.raw)])
    for _ in 0..<500 {
      if let status = try call("eth_getTransactionReceipt", [hash])["status"]?.quantity {
        guard status == 1 else { throw Refusal(message: "the transaction of a test reverted") }
        return ContractAddress.create(deployer: sender, nonce: nonce)
      }
      Thread.sleep(forTimeInterval: 0.02)
    }
    throw Refusal(message: "the transaction of a test was not mined")
  }

  func mint(_ token: EVMAddress, to: EVMAddress, _ units: UInt64) throws {
    try invoke(token, "mint(address,uint256)", [.address(to), .uint(UInt256(units))], [.address, .uint(bits: 256)])
  }

  func invoke(
    _ contract: EVMAddress, _ signature: String, _ values: [ABIValue], _ types: [ABIType], from account: Int = 0
  ) throws {
    let selector = Keccak.hash256(Array(signature.utf8)).bytes.prefix(4)
    try send(from: account, to: contract, data: Array(selector) + (try ABI.encode(values, as: types)))
  }

  /// Deploys a contract of `tools/devchain/contracts` from account 0.
  func deploy(_ name: String, _ values: [ABIValue], _ types: [ABIType]) throws -> EVMAddress {
    let file = VectorFolder.repositoryPath + "/tools/devchain/contracts/\(name).json"
    let code = try #require(try JSON.parse(Array(Data(contentsOf: URL(filePath: file))))["bytecode"]?.data)
    return try send(to: nil, data: code + (try ABI.encode(values, as: types)))
  }

  /// A token of its own: `FalseToken`, `FeeToken` and the like.
  func deployToken(_ name: String, more: [(ABIValue, ABIType)] = []) throws -> EVMAddress {
    let usual: [(ABIValue, ABIType)] = [
      (.string("Test"), .string), (.string("TST"), .string), (.uint(UInt256(6)), .uint(bits: 8)),
      (.uint(UInt256(1_000_000_000_000)), .uint(bits: 256)),
    ]
    return try deploy(name, (usual + more).map(\.0), (usual + more).map(\.1))
  }

  /// Whether every block up to the newest is final now.
  func settle() throws {
    let newest = try #require(try call("eth_blockNumber").quantity)
    for _ in 0..<500 {
      if let final = try call("eth_getBlockByNumber", ["finalized", false])["number"]?.quantity, final >= newest {
        return
      }
      Thread.sleep(forTimeInterval: 0.02)
    }
    throw Refusal(message: "the chain does not move")
  }
}

/// People to pay: addresses that nobody has a key for.
enum Recipient {
  static func address(_ number: Int) -> EVMAddress {
    EVMAddress(lastBytesOf: Keccak.hash256(Array("recipient \(number)".utf8)))
  }

  static func text(_ number: Int) -> String { EIP55.text(address(number)) }

  /// A recipients file: every number gets its own number plus 1,000 units.
  static func file(_ numbers: [Int]) -> String {
    "address,amount,payout_id\n"
      + numbers.map { "\(text($0)),\(units($0)),\(id($0))\n" }.joined()
  }

  static func units(_ number: Int) -> Int { 1_000 + number }
  static func id(_ number: Int) -> String { "pay-\(number)" }
  static func expected(_ numbers: [Int]) -> [UInt256] { numbers.map { UInt256(UInt64(units($0))) } }
}
