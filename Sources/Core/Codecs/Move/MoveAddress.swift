/// An account of a Move chain: 32 bytes, `0x` and 64 hex digits.
///
/// Source: AIP-40: only the special addresses 0x0 to 0xf have a short form.
package struct MoveAddress: Hashable, Sendable, Comparable, CustomStringConvertible {
  package let bytes: Hash32

  package init(_ bytes: Hash32) { self.bytes = bytes }

  /// Reads what a person writes. Throws `move.bad_address` for a digit too few: it would be another account.
  package init(parsing text: String) throws(MoveError) {
    guard let read = MoveAddress.read(text) else { throw MoveAddress.refusal("is no account") }
    guard read.digits == 64 || (read.digits == 1 && read.address.isSpecial) else {
      throw MoveAddress.refusal("has \(read.digits) digits")
    }
    self = read.address
  }

  /// Reads what a node writes: leading zeros may be missing. Throws `move.bad_address`.
  package init(shortened text: String) throws(MoveError) {
    guard let read = MoveAddress.read(text) else { throw MoveAddress.refusal("is no account") }
    self = read.address
  }

  /// The account that a single Ed25519 key opens. Source: SHA3-256(public key, 0x00).
  package init(ed25519 publicKey: [UInt8]) { bytes = Keccak.sha3(publicKey + [0]) }

  package var isSpecial: Bool {
    bytes.words.0 == 0 && bytes.words.1 == 0 && bytes.words.2 == 0 && bytes.words.3 < 16
  }

  /// `0x` and 64 digits.
  package var long: String { bytes.description }

  /// As AIP-40 shows it: short for 0x0 to 0xf alone.
  package var description: String {
    guard isSpecial else { return long }
    return "0x" + String(bytes.words.3, radix: 16)
  }

  package static func < (a: MoveAddress, b: MoveAddress) -> Bool { a.bytes < b.bytes }

  private static func read(_ text: String) -> (address: MoveAddress, digits: Int)? {
    guard text.hasPrefix("0x") else { return nil }
    let digits = text.dropFirst(2)
    guard (1...64).contains(digits.utf8.count), digits.utf8.allSatisfy({ Hex.value(ofDigit: $0) != nil }),
      let hash = Hex.bytes(String(repeating: "0", count: 64 - digits.utf8.count) + digits).flatMap({ Hash32($0) })
    else { return nil }
    return (MoveAddress(hash), digits.utf8.count)
  }

  private static func refusal(_ why: String) -> MoveError {
    MoveError(.badAddress, "the address \(why)", hint: "an account is 0x and 64 hex digits; only 0x0 to 0xf are short")
  }
}
