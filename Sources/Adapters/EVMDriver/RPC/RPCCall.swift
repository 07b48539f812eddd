import Chains
import Codecs
import Money

/// One JSON-RPC request of a batch. Source: JSON-RPC 2.0; ethereum/execution-apis.
struct RPCCall: Sendable {
  let method: String
  let params: [JSON]

  init(_ method: String, _ params: JSON...) {
    self.method = method
    self.params = params
  }
}

/// What a node answered to one call.
enum RPCReply: Sendable {
  case result(JSON)
  case refusal(code: String, message: String, data: JSON?)

  /// The result; throws `rpc.refused` for a JSON-RPC error.
  var value: JSON {
    get throws(RPCFailure) {
      switch self {
      case .result(let value): return value
      case .refusal(let code, let message, _): throw RPCFailure(.refused, "error \(code): \(message)")
      }
    }
  }
}

/// Batches as bytes, and answers taken apart.
enum RPCBatch {
  /// Requests numbered from 0.
  static func body(_ calls: ArraySlice<RPCCall>) -> [UInt8] {
    JSON.array(
      calls.enumerated().map { (number, call) in
        ["jsonrpc": "2.0", "id": .integer(number), "method": .string(call.method), "params": .array(call.params)]
      }
    ).utf8
  }

  /// The replies in order of the requests. Throws `rpc.malformed` unless each request has exactly one, `rpc.refused`
  /// when the node answered the batch as a whole with an error.
  static func replies(_ bytes: [UInt8], count: Int, mostBytes: Int) throws(RPCFailure) -> [RPCReply] {
    let document: JSON
    do { document = try JSON.parse(bytes, limits: .init(bytes: mostBytes)) } catch {
      throw RPCFailure(.malformed, "\(error.code.rawValue) at byte \(error.offset)")
    }
    guard let answers = document.array else {
      if case .refusal(let code, let message, _)? = reply(document) {
        throw RPCFailure(.refused, "error \(code): \(message)")
      }
      throw RPCFailure(.malformed, "a batch was asked, something else was answered")
    }
    var replies = [RPCReply?](repeating: nil, count: count)
    for answer in answers {
      guard let number = answer["id"]?.uint64, number < UInt64(count), replies[Int(number)] == nil,
        let reply = reply(answer)
      else { throw RPCFailure(.malformed, "an answer belongs to no request") }
      replies[Int(number)] = reply
    }
    let complete = replies.compactMap { $0 }
    guard complete.count == count else { throw RPCFailure(.malformed, "an answer is missing") }
    return complete
  }

  private static func reply(_ answer: JSON) -> RPCReply? {
    if let error = answer["error"], !error.isNull {
      return .refusal(
        code: error["code"]?.number ?? "?", message: error["message"]?.string ?? "without a message",
        data: error["data"])
    }
    return answer["result"].map { .result($0) }
  }
}

// MARK: Hex values of the protocol

extension JSON {
  /// A quantity: `0x` and 1 to 64 digits.
  var quantity256: UInt256? {
    guard let text = string, text.hasPrefix("0x") else { return nil }
    let digits = text.utf8.dropFirst(2)
    guard (1...64).contains(digits.count) else { return nil }
    return Hex.bytes(String(repeating: "0", count: digits.count & 1) + text.dropFirst(2)).flatMap {
      UInt256(bigEndian: $0)
    }
  }

  /// As `quantity256`, below 2^64.
  var quantity: UInt64? { quantity256?.uint64 }

  /// Data: `0x` and an even number of digits.
  var data: [UInt8]? {
    guard let text = string, text.hasPrefix("0x") else { return nil }
    return Hex.bytes(text)
  }

  var hash: Hash32? { data.flatMap { Hash32($0) } }

  var evmAddress: EVMAddress? { data.flatMap { EVMAddress($0) } }

  /// A number as a block parameter or value.
  static func quantity(_ value: UInt64) -> JSON { .string("0x" + String(value, radix: 16)) }

  static func data(_ bytes: [UInt8]) -> JSON { .string(Hex.prefixed(bytes)) }
}

/// Fields of an answer whose absence or form makes the whole answer unusable.
struct RPCFields {
  let value: JSON
  let what: String

  init(_ value: JSON, _ what: String) {
    self.value = value
    self.what = what
  }

  func number(_ key: String) throws(RPCFailure) -> UInt64 { try field(key) { $0.quantity } }
  func number256(_ key: String) throws(RPCFailure) -> UInt256 { try field(key) { $0.quantity256 } }
  func hash(_ key: String) throws(RPCFailure) -> Hash32 { try field(key) { $0.hash } }
  func data(_ key: String) throws(RPCFailure) -> [UInt8] { try field(key) { $0.data } }
  func address(_ key: String) throws(RPCFailure) -> EVMAddress { try field(key) { $0.evmAddress } }
  func list(_ key: String) throws(RPCFailure) -> [JSON] { try field(key) { $0.array } }

  private func field<Value>(_ key: String, _ read: (JSON) -> Value?) throws(RPCFailure) -> Value {
    guard let member = value[key], let read = read(member) else {
      throw RPCFailure(.malformed, "\(what) without a usable \(key)")
    }
    return read
  }
}
