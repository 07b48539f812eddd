/// The id of a payout whose file gave none: the campaign's uuid and the ordinal (`Campaign.payoutKey`), taken apart.
package struct DerivedKey: Hashable, Sendable {
  package let campaign: String
  package let ordinal: UInt32

  /// Nil for text of another form.
  package init?(_ key: String) {
    guard let dash = key.lastIndex(of: "-") else { return nil }
    let digits = key[key.index(after: dash)...]
    guard let ordinal = UInt32(digits), String(ordinal) == digits else { return nil }
    campaign = String(key[..<dash])
    self.ordinal = ordinal
  }
}
