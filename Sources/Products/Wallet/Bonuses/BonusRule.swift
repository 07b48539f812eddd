package import Codecs
package import Money

/// What a bonus is for. Raw values are stored.
package enum BonusType: String, CaseIterable, Sendable {
  case recommend, sponsor, share, center
  case centerReferral = "center_referral"
}

/// A paid order, as bonuses see it. Amounts keep the text that was supplied beside their value.
package struct BonusOrder: Sendable {
  package let id: String
  package let buyer: String
  package let pointValue: ExactDecimal
  package let pointValueText: String
  package let total: ExactDecimal
  package let metadata: JSONObject

  package init(
    id: String, buyer: String, pointValueText: String, totalText: String, metadata: JSONObject
  ) throws(MoneyError) {
    self.id = id
    self.buyer = buyer
    self.pointValue = try ExactDecimal(pointValueText)
    self.pointValueText = pointValueText
    self.total = try ExactDecimal(totalText)
    self.metadata = metadata
  }
}

/// A share of the point value for each level above the buyer, in one tree. Each rule follows its own tree.
package struct BonusRule: Sendable {
  package let type: BonusType
  package let tree: TreeType
  /// Fractions; the first is for the direct parent. Zero makes no entry and still uses up its level.
  package let fractions: [ExactDecimal]

  package init(type: BonusType, tree: TreeType, fractions: [ExactDecimal]) {
    self.type = type
    self.tree = tree
    self.fractions = fractions
  }

  /// 4 decimals, ties to even; stored in units of 10^-8. Throws `money.overflow`, `money.too_precise`.
  package static func amount(_ base: ExactDecimal, _ fraction: ExactDecimal) throws(MoneyError) -> UInt256 {
    let rounded = try base.multiplied(by: fraction).rounded(places: levelPlaces, .halfEven)
    return try rounded.multiplied(by: UInt256(10_000))
  }

  package static let levelPlaces = 4

  /// The same where both factors are 64-bit: `pointValue` in units of 0.0001, `rate` of 10,000; the result in units of
  /// 0.0001. For long runs. Nil when it does not fit.
  package static func amount(pointValue: UInt64, rate: UInt64) -> UInt64? {
    let wide = pointValue.multipliedFullWidth(by: rate)
    guard wide.high < 10_000 else { return nil }
    let (quotient, rest) = UInt64(10_000).dividingFullWidth(wide)
    let isUp = rest > 5000 || (rest == 5000 && quotient & 1 == 1)
    let (sum, overflow) = quotient.addingReportingOverflow(isUp ? 1 : 0)
    return overflow ? nil : sum
  }
}

/// A share of the order's total for one person, whom the order names.
package struct DirectBonus: Sendable {
  /// Who receives it.
  package enum Recipient: Hashable, Sendable {
    case buyer
    /// The user that the order's metadata names under this key; nobody without it.
    case named(String)
  }
  package let type: BonusType
  package let fraction: ExactDecimal
  package let recipient: Recipient

  package init(type: BonusType, fraction: ExactDecimal, recipient: Recipient) {
    self.type = type
    self.fraction = fraction
    self.recipient = recipient
  }

  /// 8 decimals, never up; in units of 10^-8.
  package static func amount(_ base: ExactDecimal, _ fraction: ExactDecimal) throws(MoneyError) -> UInt256 {
    try base.multiplied(by: fraction).rounded(places: BonusEntry.places, .towardZero)
  }
}

/// All bonuses of an order, in the order in which they are made.
package struct BonusPlan: Sendable {
  package let levels: [BonusRule]
  package let direct: [DirectBonus]

  package init(levels: [BonusRule], direct: [DirectBonus]) {
    self.levels = levels
    self.direct = direct
  }

  /// The documented plan: 50 % of the point value over 10 unilevel levels, 20 % over 20 binary ones; of the total 5 %
  /// for the buyer, 8 % for the center, 2 % for its referrer. `share` may be set apart.
  package static func standard(share: ExactDecimal? = nil) throws(MoneyError) -> BonusPlan {
    var recommend: [ExactDecimal] = []
    for percent: UInt64 in [30, 5, 5, 3, 2, 1, 1, 1, 1, 1] {
      recommend.append(try ExactDecimal(UInt256(percent), scale: 2))
    }
    let one = try ExactDecimal(.one, scale: 2)
    let standardShare = try ExactDecimal(UInt256(5), scale: 2)
    return BonusPlan(
      levels: [
        BonusRule(type: .recommend, tree: .unilevel, fractions: recommend),
        BonusRule(type: .sponsor, tree: .binary, fractions: Array(repeating: one, count: 20)),
      ],
      direct: [
        DirectBonus(type: .share, fraction: share ?? standardShare, recipient: .buyer),
        DirectBonus(
          type: .center, fraction: try ExactDecimal(UInt256(8), scale: 2), recipient: .named("center_user_id")),
        DirectBonus(
          type: .centerReferral, fraction: try ExactDecimal(UInt256(2), scale: 2),
          recipient: .named("center_referrer_user_id")),
      ])
  }
}
