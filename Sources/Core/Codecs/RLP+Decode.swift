package import Money

/// Why bytes are not RLP. Codes are stable: docs/errors.md.
package struct RLPError: Error, Hashable, Sendable {
  /// Stable across releases. Add cases freely; never rename or reuse one.
  package enum Code: String, CaseIterable, Sendable {
    case truncated = "rlp.truncated"
    case trailingBytes = "rlp.trailing_bytes"
    case notCanonical = "rlp.not_canonical"
    case tooDeep = "rlp.too_deep"
    case tooLarge = "rlp.too_large"
    case wrongShape = "rlp.wrong_shape"
  }
  package let code: Code
  package let message: String

  package init(_ code: Code, _ message: String) {
    self.code = code
    self.message = message
  }
}

extension RLP {
  /// Reads one item that fills `bytes` to the end. Only the one encoding of each item is accepted.
  ///
  /// Linear in time. Throws `rlp.truncated`, `rlp.trailing_bytes`, `rlp.not_canonical`, `rlp.too_deep`,
  /// `rlp.too_large`.
  package static func decode(
    _ bytes: some Collection<UInt8>, mostBytes: Int = 1 << 20, mostDepth: Int = 32
  ) throws(RLPError) -> Item {
    guard bytes.count <= mostBytes else {
      throw RLPError(.tooLarge, "\(bytes.count) bytes, but at most \(mostBytes) are read")
    }
    let input = Array(bytes)
    var rest = input[...]
    let item = try decodeItem(&rest, depthLeft: mostDepth)
    guard rest.isEmpty else { throw RLPError(.trailingBytes, "\(rest.count) bytes follow the item") }
    return item
  }

  private static func decodeItem(_ rest: inout ArraySlice<UInt8>, depthLeft: Int) throws(RLPError) -> Item {
    guard let prefix = rest.popFirst() else { throw RLPError(.truncated, "an item was expected") }
    switch prefix {
    case ..<0x80: return .bytes([prefix])
    case ..<0xc0:
      let body = try take(try length(prefix &- 0x80, &rest), from: &rest)
      if body.count == 1, let only = body.first, only < 0x80 {
        throw RLPError(.notCanonical, "a single byte below 0x80 is its own encoding")
      }
      return .bytes(Array(body))
    default:
      guard depthLeft > 0 else { throw RLPError(.tooDeep, "too many lists inside one another") }
      var body = try take(try length(prefix &- 0xc0, &rest), from: &rest)
      var items: [Item] = []
      while !body.isEmpty { items.append(try decodeItem(&body, depthLeft: depthLeft - 1)) }
      return .list(items)
    }
  }

  /// The payload length that a prefix announces: itself below 56, else a number of `form - 55` bytes.
  private static func length(_ form: UInt8, _ rest: inout ArraySlice<UInt8>) throws(RLPError) -> Int {
    guard form > 55 else { return Int(form) }
    let digits = try take(Int(form) - 55, from: &rest)
    guard digits.first != 0 else { throw RLPError(.notCanonical, "a length begins with a zero byte") }
    guard let long = BigEndian.uint64(digits), let length = Int(exactly: long) else {
      throw RLPError(.truncated, "a length past the end")
    }
    guard length > 55 else { throw RLPError(.notCanonical, "a length below 56 has a short form") }
    return length
  }

  private static func take(_ count: Int, from rest: inout ArraySlice<UInt8>) throws(RLPError) -> ArraySlice<UInt8> {
    guard count <= rest.count else { throw RLPError(.truncated, "\(count) bytes announced, \(rest.count) left") }
    defer { rest = rest.dropFirst(count) }
    return rest.prefix(count)
  }
}

// MARK: Looking inside

extension RLP.Item {
  /// The items of a list. Throws `rlp.wrong_shape` for a byte string.
  package func list() throws(RLPError) -> [RLP.Item] {
    guard case .list(let items) = self else { throw RLPError(.wrongShape, "a list was expected") }
    return items
  }

  /// The bytes of a byte string. Throws `rlp.wrong_shape` for a list.
  package func bytes() throws(RLPError) -> [UInt8] {
    guard case .bytes(let bytes) = self else { throw RLPError(.wrongShape, "a byte string was expected") }
    return bytes
  }

  /// A whole number without leading zero bytes. Throws `rlp.wrong_shape` or `rlp.not_canonical`.
  package func uint256() throws(RLPError) -> UInt256 {
    let bytes = try bytes()
    guard bytes.first != 0 else { throw RLPError(.notCanonical, "a number begins with a zero byte") }
    guard let value = UInt256(bigEndian: bytes) else { throw RLPError(.wrongShape, "a number above 256 bits") }
    return value
  }

  /// As `uint256`, below 2^64.
  package func uint64() throws(RLPError) -> UInt64 {
    guard let value = try uint256().uint64 else { throw RLPError(.wrongShape, "a number above 64 bits") }
    return value
  }
}
