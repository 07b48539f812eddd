/// The id of a payout whose file gave none: the campaign's uuid and the ordinal (`Campaign.payoutKey`), taken apart.
package struct DerivedKey: Hashable, Sendable {
  package let campaign: String
  package let ordinal: UInt32

  /// Nil for text of another form.
  package init?(_ key: String) {
    // In bytes: a load asks this of every key, and most are refused by their first digit.
    guard let dash = key.utf8.lastIndex(of: 0x2d) else { return nil }
    let digits = key[key.utf8.index(after: dash)...]
    guard digits.utf8.count == 1 || digits.utf8.first != 0x30, let ordinal = UInt32(digits),
      digits.utf8.first != 0x2b
    else { return nil }
    campaign = String(key[..<dash])
    self.ordinal = ordinal
  }
}
