import Codecs
import Money

/// The header of a block, as a node shows it.
struct BlockHeader: Hashable, Sendable {
  let number: UInt64
  let hash: Hash32
  let parentHash: Hash32
  /// Nil on chains without EIP-1559.
  let baseFee: UInt256?

  init(_ json: JSON) throws(EndpointFailure) {
    let fields = AnswerFields(json, "a block")
    number = try fields.number("number")
    hash = try fields.hash("hash")
    parentHash = try fields.hash("parentHash")
    baseFee = json["baseFeePerGas"].flatMap { $0.quantity256 }
  }
}

/// What a transaction did, as a node shows it. Source: ethereum/execution-apis, `ReceiptInfo`.
struct Receipt: Sendable {
  let transaction: Hash32
  let blockNumber: UInt64
  let blockHash: Hash32
  let from: EVMAddress
  let succeeded: Bool
  /// Wei: gas used at the effective price.
  let fee: UInt256
  let logs: [ReceiptLog]

  init(_ json: JSON) throws(EndpointFailure) {
    let fields = AnswerFields(json, "a receipt")
    transaction = try fields.hash("transactionHash")
    blockNumber = try fields.number("blockNumber")
    blockHash = try fields.hash("blockHash")
    from = try fields.address("from")
    switch try fields.number("status") {
    case 0: succeeded = false
    case 1: succeeded = true
    default: throw EndpointFailure(.malformed, "a receipt with another status than 0 and 1")
    }
    let price = try fields.number256("effectiveGasPrice")
    let (fee, overflow) = price.multipliedReportingOverflow(by: UInt256(try fields.number("gasUsed")))
    guard !overflow else { throw EndpointFailure(.malformed, "a fee past 256 bits") }
    self.fee = fee
    var logs: [ReceiptLog] = []
    for entry in try fields.list("logs") { logs.append(try ReceiptLog(entry)) }
    self.logs = logs
  }
}

/// An event of a transaction.
struct ReceiptLog: Hashable, Sendable {
  let address: EVMAddress
  let topics: [Hash32]
  let data: [UInt8]
  let index: UInt64
  let transaction: Hash32
  let blockNumber: UInt64
  let blockHash: Hash32

  init(_ json: JSON) throws(EndpointFailure) {
    let fields = AnswerFields(json, "a log")
    address = try fields.address("address")
    data = try fields.data("data")
    index = try fields.number("logIndex")
    transaction = try fields.hash("transactionHash")
    blockNumber = try fields.number("blockNumber")
    blockHash = try fields.hash("blockHash")
    var topics: [Hash32] = []
    for entry in try fields.list("topics") {
      guard let topic = entry.hash else { throw EndpointFailure(.malformed, "a topic is 32 bytes") }
      topics.append(topic)
    }
    self.topics = topics
    guard json["removed"]?.bool != true else { throw EndpointFailure(.inconsistent, "a removed log in a final block") }
  }

  var transfer: ERC20.Transfer? { ERC20.Transfer(topics: topics, data: data) }
}

/// A transaction in the body of a block.
struct MinedTransaction: Sendable {
  let hash: Hash32
  let from: EVMAddress
  let nonce: UInt64
  let to: EVMAddress?
  let value: UInt256
  let data: [UInt8]
  private let json: JSON

  init(_ json: JSON) throws(EndpointFailure) {
    let fields = AnswerFields(json, "a transaction")
    hash = try fields.hash("hash")
    from = try fields.address("from")
    nonce = try fields.number("nonce")
    to = json["to"].flatMap { $0.evmAddress }
    value = try fields.number256("value")
    data = try fields.data("input")
    self.json = json
  }

  /// What was signed, recomputed from the fields that the node shows; nil for types that are never made here.
  ///
  /// Throws `rpc.inconsistent` when the fields are not those of the hash.
  func signingHash(chainID: UInt64) throws(EndpointFailure) -> Hash32? {
    let fields = AnswerFields(json, "a transaction")
    let price: EVMTransaction.Fees
    switch json["type"]?.quantity ?? 0 {
    case 0: price = .legacy(gasPrice: try fields.number256("gasPrice"))
    case 2:
      price = .dynamic(
        maxFeePerGas: try fields.number256("maxFeePerGas"),
        maxPriorityFeePerGas: try fields.number256("maxPriorityFeePerGas"), try accessList())
    // Types 1, 3 and 4 hash under prefixes of their own: they cannot be members of ours.
    default: return nil
    }
    let v = try fields.number("v")
    // A legacy transaction from before EIP-155 names no chain: its signed bytes differ from ours by that alone.
    if case .legacy = price, v < 35 { return nil }
    do {
      let transaction = try EVMTransaction(
        chainID: chainID, nonce: nonce, gasLimit: try fields.number("gas"), to: to, value: value, data: data,
        fees: price)
      let parity: UInt64
      if case .legacy = price { parity = (v &- 35) & 1 } else { parity = v }
      let signature = try EVMSignature(
        r: try fields.number256("r"), s: try fields.number256("s"), yParity: UInt8(truncatingIfNeeded: parity & 0xff))
      guard EVMSignedTransaction(transaction, signature: signature).hash == hash else {
        throw EndpointFailure(.inconsistent, "a transaction whose fields are not those of its hash")
      }
      return transaction.signingHash
    } catch let failure as EndpointFailure {
      throw failure
    } catch {
      throw EndpointFailure(.inconsistent, "a mined transaction that no chain accepts")
    }
  }

  private func accessList() throws(EndpointFailure) -> [EVMAccess] {
    var out: [EVMAccess] = []
    for entry in json["accessList"]?.array ?? [] {
      let fields = AnswerFields(entry, "an access list")
      var keys: [Hash32] = []
      for key in try fields.list("storageKeys") {
        guard let key = key.hash else { throw EndpointFailure(.malformed, "a storage key is 32 bytes") }
        keys.append(key)
      }
      out.append(EVMAccess(address: try fields.address("address"), storageKeys: keys))
    }
    return out
  }
}

/// A block with its transactions in full.
struct FullBlock: Sendable {
  let header: BlockHeader
  let transactions: [MinedTransaction]

  init(_ json: JSON) throws(EndpointFailure) {
    header = try BlockHeader(json)
    var transactions: [MinedTransaction] = []
    for entry in try AnswerFields(json, "a block").list("transactions") {
      transactions.append(try MinedTransaction(entry))
    }
    self.transactions = transactions
  }
}
