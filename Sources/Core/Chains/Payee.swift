package import Money

/// An account on a chain, as the chain's canonical bytes (20 on EVM). Parsed once at the edge.
package struct Address: Hashable, Sendable, Comparable {
  package let bytes: [UInt8]

  package init(_ bytes: [UInt8]) { self.bytes = bytes }

  package static func < (a: Address, b: Address) -> Bool { a.bytes.lexicographicallyPrecedes(b.bytes) }
}

/// One recipient of one batch: who is owed how much, under which payout.
package struct Payee: Hashable, Sendable {
  package let payout: PayoutID
  package let address: Address
  /// In the asset's smallest unit.
  package let units: UInt256

  package init(payout: PayoutID, address: Address, units: UInt256) {
    self.payout = payout
    self.address = address
    self.units = units
  }
}
