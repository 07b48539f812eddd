import Chains
import Codecs
@testable import EVMDriver
import Foundation
import Money
import Secp256k1
import TestSupport
import Testing
import Transport

/// A development chain and its accounts, with blocks mined only when a test says so.
final class TestChain: Sendable {
  static let id: UInt64 = 31337
  static let finality: UInt64 = 3
  let process: DevChain
  let endpoint: EVMEndpoint
  private let nodes = HTTPNodes()

  struct Refusal: Error { let message: String }

  init(seed: String = "dev", arguments: [String] = []) throws {
    process = try DevChain(
      ["--seed", seed, "--clock", "fixed", "--finality", String(TestChain.finality), "--accounts", "40"] + arguments)
    endpoint = try EVMEndpoint(url: process.url)
    try call("evm_setAutomine", [false])
  }

  @discardableResult
  func call(_ method: String, _ params: JSON = []) throws -> JSON {
    let results = nodes.call([RPCCall(method, params)], at: endpoint, timeoutMilliseconds: 30_000, mostBytes: 16 << 20)
    switch results[0] {
    case .success(let value): return value
    case .failure(let error): throw Refusal(message: error.server?.message ?? error.message)
    }
  }

  /// Mines blocks of what is in the pool.
  func mine(_ count: Int = 1) throws { try call("evm_mine", [.integer(count)]) }

  /// Mines until what is mined now is final.
  func finalize() throws { try mine(Int(TestChain.finality) + 1) }

  func fault(_ fields: JSON) throws { try call("dev_fault", [fields]) }

  func lane(_ index: Int) throws -> TestLane {
    guard let account = try call("dev_accounts").array?[index], let key = account["privateKey"]?.data else {
      throw Refusal(message: "no account \(index)")
    }
    return try TestLane(key: key)
  }

  func contract(_ name: String) throws -> EVMAddress {
    guard let text = try call("dev_contracts")[name]?.string else { throw Refusal(message: "no contract \(name)") }
    return try EIP55.parse(text).address
  }

  /// Sends bytes and throws what the node says against them.
  func send(_ raw: [UInt8]) throws { try call("eth_sendRawTransaction", [.data(raw)]) }

  /// Deploys a contract of `tools/devchain/contracts` and mines it.
  func deploy(_ name: String, _ values: [ABIValue], _ types: [ABIType], by lane: TestLane) throws -> EVMAddress {
    let file = VectorFolder.repositoryPath + "/tools/devchain/contracts/\(name).json"
    guard let code = try JSON.parse(Array(Data(contentsOf: URL(filePath: file))))["bytecode"]?.data else {
      throw Refusal(message: "no code in \(file)")
    }
    return try deploy(code + (try ABI.encode(values, as: types)), by: lane)
  }

  func deploy(_ code: [UInt8], by lane: TestLane) throws -> EVMAddress {
    let nonce = try nonce(of: lane)
    try send(try lane.sign(nonce: nonce, to: nil, data: code, gas: 4_000_000).raw)
    try mine()
    return ContractAddress.create(deployer: lane.account, nonce: nonce)
  }

  func nonce(of lane: TestLane) throws -> UInt64 {
    try call("eth_getTransactionCount", [.data(lane.account.bytes), "latest"]).quantity ?? 0
  }

  func balance(_ address: Address) throws -> UInt256 {
    try call("eth_getBalance", [.data(address.bytes), "latest"]).quantity256 ?? .zero
  }

  func balance(_ address: Address, of token: EVMAddress) throws -> UInt256 {
    let call: JSON = [
      "to": .data(token.bytes), "data": .data(ERC20.balance(of: try #require(EVMAddress(address.bytes)))),
    ]
    return try self.call("eth_call", [call, "latest"]).data.flatMap { ERC20.word($0) } ?? .zero
  }

  /// Calls a contract from a lane and mines it.
  func invoke(_ contract: EVMAddress, _ data: [UInt8], by lane: TestLane) throws {
    try send(try lane.sign(nonce: try nonce(of: lane), to: contract, data: data, gas: 500_000).raw)
    try mine()
  }
}

/// A key of the development chain.
final class TestLane: Sendable {
  let key: SecretKey
  let account: EVMAddress
  var address: Address { Address(account.bytes) }

  init(key bytes: [UInt8]) throws {
    key = try SecretKey(bytes.span)
    let point = Curve.shared.publicKey(of: key)
    account = EVMAddress(lastBytesOf: Keccak.hash256(Array(point.dropFirst())))
  }

  func signature(_ digest: Hash32) throws -> RecoverableSignature {
    let raw = try Curve.shared.sign(digest.bytes.span, with: key)
    guard let r = UInt256(bigEndian: raw.bytes.prefix(32)), let s = UInt256(bigEndian: raw.bytes.suffix(32)) else {
      throw TestChain.Refusal(message: "a signature is 64 bytes")
    }
    return RecoverableSignature(r: r, s: s, yParity: raw.recoveryID)
  }

  func sign(
    nonce: UInt64, to: EVMAddress?, value: UInt256 = .zero, data: [UInt8] = [], gas: UInt64 = 100_000,
    price: UInt64 = 50_000_000_000
  ) throws -> EVMSignedTransaction {
    let transaction = try EVMTransaction(
      chainID: TestChain.id, nonce: nonce, gasLimit: gas, to: to, value: value, data: data,
      fees: .dynamic(maxFeePerGas: UInt256(price), maxPriorityFeePerGas: UInt256(price / 10), []))
    let signature = try signature(transaction.signingHash)
    return EVMSignedTransaction(
      transaction, signature: try EVMSignature(r: signature.r, s: signature.s, yParity: signature.yParity))
  }
}
