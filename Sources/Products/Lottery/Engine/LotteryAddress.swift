package import Codecs

/// A buyer, partner, operator or admin: 32 bytes.
///
/// Shown as `0x` and 64 digits; short forms such as `0x1` are padded on the left.
package struct LotteryAddress: Hashable, Comparable, Sendable, CustomStringConvertible, BCSEncodable {
  package let raw: Hash32

  package init(_ raw: Hash32) { self.raw = raw }

  /// The address `0x…` of a small number, as `0x1`.
  package init(_ number: UInt64) { raw = Hash32(words: (0, 0, 0, number)) }

  /// Reads `0x` and one to 64 digits; nil for anything else.
  package init?(parsing text: String) {
    let digits = text.hasPrefix("0x") ? text.dropFirst(2) : text[...]
    guard !digits.isEmpty, digits.utf8.count <= 64 else { return nil }
    let padded = String(repeating: "0", count: 64 - digits.utf8.count) + digits
    guard let bytes = Hex.bytes(padded), let raw = Hash32(bytes) else { return nil }
    self.raw = raw
  }

  package var description: String { raw.description }

  package func encode(to bytes: inout BCS.Writer) { bytes.append(raw) }

  package static func < (a: LotteryAddress, b: LotteryAddress) -> Bool { a.raw < b.raw }
}
