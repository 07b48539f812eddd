/// Messages signed by a person: the prefix keeps them from being transactions.
/// Source: EIP-191, version 0x45 (`personal_sign`).
package enum EIP191 {
  /// The digest to sign: `"\x19Ethereum Signed Message:\n"`, the length in decimal, then the message.
  package static func digest(_ message: [UInt8]) -> Hash32 {
    Keccak.hash256(Array("\u{19}Ethereum Signed Message:\n\(message.count)".utf8), message)
  }
}
