extension Tags {
  /// Throws `tagPrimaryType` for an unknown type, then `tagUnknownBit` for a bit without meaning.
  package static func validate(primaryType: UInt8, tagsMask: UInt64) throws(LotteryError) {
    guard PrimaryType(rawValue: primaryType) != nil else {
      throw LotteryError(.tagPrimaryType, "\(primaryType) is no primary type", hint: "Types are 0 to 3.")
    }
    guard tagsMask & ~Tags.known.rawValue == 0 else {
      throw LotteryError(.tagUnknownBit, "mask \(tagsMask) has a bit without meaning")
    }
  }

  /// How many tags are set.
  package static func countActive(_ mask: UInt64) -> UInt8 { UInt8(mask.nonzeroBitCount) }

  /// Throws `tagBudgetExceeded` above 16 tags, whether or not their bits have a meaning.
  package static func requireBudget(_ mask: UInt64) throws(LotteryError) {
    guard mask.nonzeroBitCount <= Limits.activeTags else {
      throw LotteryError(.tagBudgetExceeded, "\(mask.nonzeroBitCount) tags, at most \(Limits.activeTags)")
    }
  }
}
