import Codecs
import Money
import Transport

/// When a block counts as final.
package enum Finality: Hashable, Sendable {
  /// The node's `finalized` tag.
  case tag
  /// This many blocks below the head: at least the deepest reorganisation that is assumed.
  case depth(UInt64)

  /// Reads `finalized` or a depth of 1 and more; nil for anything else.
  package init?(_ text: String) {
    if text == "finalized" {
      self = .tag
    } else if let depth = UInt64(text), depth > 0, String(depth) == text {
      self = .depth(depth)
    } else {
      return nil
    }
  }
}

extension Conversation {
  /// The node's newest final block.
  func finalBlock(_ finality: Finality) throws(EndpointFailure) -> BlockHeader {
    switch finality {
    case .tag:
      let answer = try begin([RPCCall("eth_getBlockByNumber", ["finalized", false])])
      return try BlockHeader(try first(answer))
    case .depth(let depth):
      let head = try BlockHeader(try first(try begin([RPCCall("eth_getBlockByNumber", ["latest", false])])))
      guard head.number >= depth else {
        throw EndpointFailure(.refused, "the chain is younger than the depth of finality")
      }
      return try header(head.number - depth)
    }
  }

  /// The canonical block at a number.
  func header(_ number: UInt64) throws(EndpointFailure) -> BlockHeader { try headers([number])[number].orMalformed() }

  /// The canonical blocks at these numbers. Throws `rpc.malformed` when one is missing, `rpc.inconsistent` for another.
  func headers(_ numbers: some Collection<UInt64>) throws(EndpointFailure) -> [UInt64: BlockHeader] {
    let replies = try ask(numbers.map { RPCCall("eth_getBlockByNumber", [.quantity($0), false]) })
    var out: [UInt64: BlockHeader] = [:]
    for (number, reply) in zip(numbers, replies) {
      let header = try BlockHeader(try reply.get())
      guard header.number == number else { throw EndpointFailure(.inconsistent, "another block than asked") }
      out[number] = header
    }
    return out
  }

  /// The canonical block at a number, with its transactions.
  func block(_ number: UInt64) throws(EndpointFailure) -> FullBlock {
    let block = try FullBlock(try first(try ask([RPCCall("eth_getBlockByNumber", [.quantity(number), true])])))
    guard block.header.number == number else { throw EndpointFailure(.inconsistent, "another block than asked") }
    return block
  }

  /// Receipts by hash; nil for a transaction that the node does not know as mined.
  func receipts(_ hashes: [Hash32]) throws(EndpointFailure) -> [Hash32: Receipt] {
    let replies = try ask(hashes.map { RPCCall("eth_getTransactionReceipt", [.data($0.bytes)]) })
    var out: [Hash32: Receipt] = [:]
    for (hash, reply) in zip(hashes, replies) {
      let value = try reply.get()
      if value.isNull { continue }
      let receipt = try Receipt(value)
      guard receipt.transaction == hash else {
        throw EndpointFailure(.inconsistent, "the receipt of another transaction")
      }
      out[hash] = receipt
    }
    return out
  }

  /// The account's count of spent slots after each block; nil where the node no longer keeps the state.
  func counts(_ account: EVMAddress, after numbers: [UInt64]) throws(EndpointFailure) -> [UInt64?] {
    let replies = try ask(numbers.map { .count(account, .quantity($0)) })
    var out: [UInt64?] = []
    for reply in replies {
      guard case .success(let value) = reply else {
        out.append(nil)
        continue
      }
      guard let count = value.quantity else { throw EndpointFailure(.malformed, "a count is a quantity") }
      out.append(count)
    }
    return out
  }
}

extension RPCCall {
  /// `eth_getTransactionCount`: how many slots the account has spent.
  static func count(_ account: EVMAddress, _ block: JSON) -> RPCCall {
    RPCCall("eth_getTransactionCount", [.data(account.bytes), block])
  }

  static func balance(_ account: EVMAddress, _ block: JSON) -> RPCCall {
    RPCCall("eth_getBalance", [.data(account.bytes), block])
  }

  static func code(_ account: EVMAddress, _ block: JSON) -> RPCCall {
    RPCCall("eth_getCode", [.data(account.bytes), block])
  }

  static func view(_ contract: EVMAddress, _ data: [UInt8], from: EVMAddress? = nil, _ block: JSON) -> RPCCall {
    var call = JSONObject()
    if let from { _ = call.append("from", .data(from.bytes)) }
    _ = call.append("to", .data(contract.bytes))
    // Nodes differ in which of the two names they know.
    _ = call.append("data", .data(data))
    return RPCCall("eth_call", [.object(call), block])
  }
}
