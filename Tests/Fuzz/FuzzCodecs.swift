import Codecs
import Money

/// Text and bytes of the core: whatever is read is written back the same.
enum FuzzCodecs {
  static func json(_ input: [UInt8]) {
    guard let value = try? JSON.parse(input) else { return }
    promise((try? JSON.parse(value.utf8)) == value, "JSON changed on the way")
    guard let canonical = try? CanonicalJSON.bytes(value) else { return }
    let again = try? JSON.parse(canonical)
    promise(again != nil, "canonical JSON does not parse")
    promise((try? CanonicalJSON.bytes(again ?? .null)) == canonical, "canonical JSON is not stable")
  }

  static func address(_ input: [UInt8]) {
    guard let (address, _) = try? EIP55.parse(String(decoding: input, as: UTF8.self)) else { return }
    promise((try? EIP55.parse(EIP55.text(address)))?.address == address, "an address changed on the way")
  }

  /// The first byte picks the decimals.
  static func decimal(_ input: [UInt8]) {
    guard let first = input.first else { return }
    let decimals = Int(first % 78)
    guard let units = try? DecimalText.units(input.dropFirst(), decimals: decimals) else { return }
    let text = DecimalText.text(units, decimals: decimals)
    promise((try? DecimalText.units(text.utf8, decimals: decimals)) == units, "an amount changed on the way")
  }

  static func hex(_ input: [UInt8]) {
    guard let bytes = Hex.bytes(String(decoding: input, as: UTF8.self)) else { return }
    promise(Hex.bytes(Hex.prefixed(bytes)) == bytes, "bytes changed on the way")
  }

  static func rlp(_ input: [UInt8]) {
    guard let item = try? RLP.decode(input) else { return }
    promise(RLP.encode(item) == input, "an RLP item has two encodings")
    numbers(item)
  }

  private static func numbers(_ item: RLP.Item) {
    switch item {
    case .list(let items): for inner in items { numbers(inner) }
    case .bytes(let bytes):
      guard let number = try? item.uint256() else { return }
      promise(RLP.Item.integer(number) == .bytes(bytes), "an RLP number has two encodings")
      guard let small = try? item.uint64() else { return }
      promise(RLP.Item.integer(small) == .bytes(bytes), "an RLP number has two encodings")
    }
  }

  /// A line with the type, then the encoded value. The value's bytes are read as a revert too.
  static func abi(_ input: [UInt8]) {
    let end = input.firstIndex(of: UInt8(ascii: "\n")) ?? input.endIndex
    let data = Array(input.dropFirst(end + 1))
    promise(RevertReason(data).data == data, "a revert changed on the way")
    _ = ERC20.symbol(data)
    guard let type = try? ABIType(String(decoding: input[..<end], as: UTF8.self)) else { return }
    promise((try? ABIType(type.description)) == type, "a type changed on the way")
    guard let values = try? ABI.decode(data, as: [type]) else { return }
    promise((try? ABI.encode(values, as: [type])) == data, "an ABI value has two encodings")
  }
}
