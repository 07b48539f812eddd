/// Twenty bytes that name an account or contract on an EVM chain.
package struct EVMAddress: Hashable, Sendable, Comparable {
  package let bytes: [UInt8]

  /// Takes exactly 20 bytes; nil for any other length.
  package init?(_ bytes: some Collection<UInt8>) {
    guard bytes.count == 20 else { return nil }
    self.bytes = Array(bytes)
  }

  /// Lower-case hex with `0x`: the canonical text in tables and audit records.
  package var lowercase: String { Hex.prefixed(bytes) }

  package static func < (a: EVMAddress, b: EVMAddress) -> Bool { a.bytes.lexicographicallyPrecedes(b.bytes) }
}
