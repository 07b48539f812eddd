import Codecs

/// Reads recipients' addresses as a chain writes them. One for each chain family.
package protocol RecipientAddressParsing: Sendable {
  /// Bytes of an address; the same for all addresses of the chain.
  var addressLength: Int { get }
  /// Reads `text[range]`, appends `addressLength` canonical bytes to `bytes`, or nothing when it refuses.
  func append(_ text: Span<UInt8>, _ range: Range<Int>, to bytes: inout [UInt8]) -> AddressReading
  /// The canonical text of `addressLength` bytes, checksum included where the chain has one.
  func text(_ address: ArraySlice<UInt8>) -> String
}

/// What became of an address.
package enum AddressReading: Hashable, Sendable {
  /// A checksum in the text, or the lack of need for one, says that no digit is wrong.
  case verified
  /// Read, but the text had no checksum.
  case unverified
  /// Not a form of the chain's.
  case malformed
  /// The checksum in the text does not match.
  case badChecksum
  /// Zero in every byte.
  case zero
}

/// Addresses of EVM chains: `0x` and 40 hex digits, EIP-55 checked when the letters are of both cases.
package struct EVMRecipientAddresses: RecipientAddressParsing {
  package init() {}

  package var addressLength: Int { 20 }

  package func append(_ text: Span<UInt8>, _ range: Range<Int>, to bytes: inout [UInt8]) -> AddressReading {
    let start = bytes.count
    let checksum: EIP55.Checksum
    do throws(EIP55Error) {
      checksum = try EIP55.append(text.extracting(range), to: &bytes, looksAtOneCase: false)
    } catch {
      return error.code == .badChecksum ? .badChecksum : .malformed
    }
    // A real address begins with a byte other than zero far more often than not.
    if bytes[start] == 0, bytes[start...].allSatisfy({ $0 == 0 }) {
      bytes.removeLast(bytes.count - start)
      return .zero
    }
    return checksum == .verified ? .verified : .unverified
  }

  package func text(_ address: ArraySlice<UInt8>) -> String {
    EVMAddress(address).map { EIP55.text($0) } ?? Hex.prefixed(address)
  }
}
