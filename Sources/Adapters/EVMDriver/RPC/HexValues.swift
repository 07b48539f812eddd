import Codecs
import Money

/// Values as Ethereum's JSON-RPC writes them. Source: ethereum/execution-apis, "Hex value encoding".
extension JSON {
  /// A quantity: `0x` and 1 to 64 digits.
  var quantity256: UInt256? {
    guard let text = string, text.hasPrefix("0x") else { return nil }
    let digits = text.dropFirst(2)
    guard (1...64).contains(digits.utf8.count), !digits.hasPrefix("0x") else { return nil }
    let padding = digits.utf8.count.isMultiple(of: 2) ? "" : "0"
    return Hex.bytes(padding + digits).flatMap { UInt256(bigEndian: $0) }
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
struct AnswerFields {
  let value: JSON
  let what: String

  init(_ value: JSON, _ what: String) {
    self.value = value
    self.what = what
  }

  func number(_ key: String) throws(EndpointFailure) -> UInt64 { try field(key) { $0.quantity } }
  func number256(_ key: String) throws(EndpointFailure) -> UInt256 { try field(key) { $0.quantity256 } }
  func hash(_ key: String) throws(EndpointFailure) -> Hash32 { try field(key) { $0.hash } }
  func data(_ key: String) throws(EndpointFailure) -> [UInt8] { try field(key) { $0.data } }
  func address(_ key: String) throws(EndpointFailure) -> EVMAddress { try field(key) { $0.evmAddress } }
  func list(_ key: String) throws(EndpointFailure) -> [JSON] { try field(key) { $0.array } }

  private func field<Value>(_ key: String, _ read: (JSON) -> Value?) throws(EndpointFailure) -> Value {
    guard let member = value[key], let read = read(member) else {
      throw EndpointFailure(.malformed, "\(what) without a usable \(key)")
    }
    return read
  }
}
