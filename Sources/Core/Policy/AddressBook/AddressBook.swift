package import Chains
package import Money

/// One change to the address book; the newest of a chain and address counts.
package struct BookChange: Hashable, Sendable {
  package let chain: ChainID
  package let address: Address
  /// A name for people; empty for a removal.
  package let label: String
  /// From when on the entry may be paid; nil for a removal, which counts at once.
  package let usableAt: Timestamp?
  package let by: String
  package let at: Timestamp

  package init(
    chain: ChainID, address: Address, label: String, usableAt: Timestamp?, by: String, at: Timestamp
  ) {
    self.chain = chain
    self.address = address
    self.label = label
    self.usableAt = usableAt
    self.by = by
    self.at = at
  }

  package var isRemoval: Bool { usableAt == nil }
}

/// The delays and texts of the address book.
package enum AddressBook {
  /// Two days.
  package static let standardDelay: Int64 = 172_800_000
  /// 90 days.
  package static let longestDelay: Int64 = 7_776_000_000

  /// A new or changed entry, which counts after the delay.
  ///
  /// `newest` is the latest time that the store knows of: a clock that went back makes no entry older than it is.
  /// Throws `policy.bad_text` for a label that is not 1 to 100 bytes of printable text on one line.
  package static func entry(
    _ chain: ChainID, _ address: Address, label: String, delay: Int64, by: String, now: Timestamp, newest: Timestamp?
  ) throws(PolicyError) -> BookChange {
    guard (1...100).contains(label.utf8.count),
      label.unicodeScalars.allSatisfy({ $0.value >= 0x20 && $0.value != 0x7f })
    else { throw PolicyError(.badText, "a label is 1 to 100 bytes of text on one line") }
    let at = max(now, newest ?? now)
    return BookChange(
      chain: chain, address: address, label: label, usableAt: at.advanced(byMilliseconds: max(0, delay)), by: by,
      at: at)
  }

  package static func removal(
    _ chain: ChainID, _ address: Address, by: String, now: Timestamp, newest: Timestamp?
  ) -> BookChange {
    BookChange(chain: chain, address: address, label: "", usableAt: nil, by: by, at: max(now, newest ?? now))
  }
}

extension BookChange {
  /// Milliseconds for which the entry has been usable at `now`; nil while it is not, or was removed.
  package func age(at now: Timestamp) -> Int64? {
    guard let usableAt, usableAt <= now else { return nil }
    return now.milliseconds - usableAt.milliseconds
  }
}
