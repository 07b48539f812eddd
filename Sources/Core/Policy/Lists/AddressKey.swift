package import Chains
package import Codecs

/// An address in the one form that addresses are compared in.
///
/// An EVM address is its 20 bytes, whatever the letter case. Bech32 text (BIP-173) and `0x` hex of other lengths are
/// lower-cased, because both cases mean the same. Anything else - base58 above all - counts letter by letter. The asset is no part of it: a
/// listed ETH address is listed on every EVM chain.
package enum AddressKey: Hashable, Sendable {
  case evm(EVMAddress)
  case text([UInt8])

  /// The longest text that is an address on any chain we know of, with room.
  package static let mostBytes = 256

  /// Reads an address as a list or a person writes it; blanks around it are dropped. Throws `lists.bad_query`.
  package init(_ text: some StringProtocol) throws(ListError) {
    var bytes = Array(text.utf8)[...]
    while let last = bytes.last, last <= 0x20 { bytes.removeLast() }
    while let first = bytes.first, first <= 0x20 { bytes.removeFirst() }
    guard let key = AddressKey(trimmed: bytes) else {
      throw ListError(.badQuery, "an address is 1 to \(AddressKey.mostBytes) printable ASCII characters without blanks")
    }
    self = key
  }

  /// The canonical bytes of an account, as the engine keeps it.
  package init(_ address: Address) {
    self = EVMAddress(address.bytes).map { .evm($0) } ?? .text(address.bytes)
  }

  /// The address as text; an EVM address with its checksum.
  package var text: String {
    switch self {
    case .evm(let address): EIP55.text(address)
    case .text(let bytes): String(decoding: bytes, as: UTF8.self)
    }
  }

  /// Bytes without blanks around them; nil for what is no address.
  package init?(trimmed bytes: ArraySlice<UInt8>) {
    guard !bytes.isEmpty, bytes.count <= AddressKey.mostBytes, bytes.allSatisfy({ $0 > 0x20 && $0 < 0x7f }) else {
      return nil
    }
    if let address = EIP55.addressOfAnyCase(bytes.span) {
      self = .evm(address)
    } else if AddressKey.isCaseless(bytes) {
      self = .text(bytes.map(AddressKey.lowercase))
    } else {
      self = .text(Array(bytes))
    }
  }

  private static func lowercase(_ byte: UInt8) -> UInt8 { (0x41...0x5a).contains(byte) ? byte | 0x20 : byte }

  /// Hex with `0x`, or one case only with the separator `1` and no other letter than bech32 has behind it.
  private static func isCaseless(_ bytes: ArraySlice<UInt8>) -> Bool {
    if bytes.starts(with: [0x30, 0x78]) || bytes.starts(with: [0x30, 0x58]) {
      return bytes.dropFirst(2).allSatisfy { Hex.value(ofDigit: $0) != nil }
    }
    let hasLower = bytes.contains { (0x61...0x7a).contains($0) }
    let hasUpper = bytes.contains { (0x41...0x5a).contains($0) }
    guard hasLower != hasUpper, let separator = bytes.lastIndex(of: 0x31), separator > bytes.startIndex else {
      return false
    }
    let data = bytes[(separator + 1)...]
    return data.count >= 6 && data.allSatisfy { "qpzry9x8gf2tvdw0s3jn54khce6mua7l".utf8.contains(lowercase($0)) }
  }
}
