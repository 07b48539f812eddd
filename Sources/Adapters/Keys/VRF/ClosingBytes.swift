package import Codecs

/// A closing commitment as its keeper of a VRF key sees it: bytes whose first fields are a fixed name, the schema and the
/// lottery. Their hash is the key's input, so that nobody can ask about one lottery under the name of another.
///
/// The bytes are those that verifiers hash (docs/reference/draw-bundle.md): name, then u16 schema and u64 lottery, both
/// least significant byte first, then fields that the keeper does not read.
package struct ClosingBytes: Hashable, Sendable {
  package static let name = "lottery_multi::closing_commitment::1"
  /// A commitment has about 400 bytes.
  package static let most = 4_096

  package let bytes: [UInt8]
  package let lottery: UInt64
  /// The input of the key: SHA3-256 of the bytes.
  package let alpha: Hash32

  /// Nil for what is no closing commitment.
  package init?(_ bytes: [UInt8]) {
    let name = Array(ClosingBytes.name.utf8)
    let head = name.count + 10
    guard bytes.count > head + 32, bytes.count <= ClosingBytes.most, bytes.starts(with: name) else { return nil }
    var lottery: UInt64 = 0
    for place in (name.count + 2..<head).reversed() { lottery = lottery << 8 | UInt64(bytes[place]) }
    self.bytes = bytes
    self.lottery = lottery
    alpha = Keccak.sha3(bytes)
  }
}
