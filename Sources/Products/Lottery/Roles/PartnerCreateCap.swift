package import Codecs

/// What a partner may create. In schema 1 it comes with each call; schema 2 looks it up among those the admin issued.
package struct PartnerCreateCap: Hashable, Sendable, BCSEncodable {
  package let allowedEventSlug: [UInt8]
  package let allowedSeriesCodes: [[UInt8]]
  /// One byte per type.
  package let allowedPrimaryTypes: [UInt8]
  package let allowedTagsMask: UInt64
  package let maxParallel: UInt64
  package let expiresAt: UInt64
  package let payoutCooldownSecs: UInt64

  /// Throws `tagUnknownBit` or `tagBudgetExceeded` for a mask that no partner lottery may have.
  package init(
    allowedEventSlug: [UInt8], allowedSeriesCodes: [[UInt8]], allowedPrimaryTypes: [UInt8], allowedTagsMask: UInt64,
    maxParallel: UInt64, expiresAt: UInt64, payoutCooldownSecs: UInt64
  ) throws(LotteryError) {
    try Tags.validate(primaryType: PrimaryType.partner.rawValue, tagsMask: allowedTagsMask)
    try Tags.requireBudget(allowedTagsMask)
    self.allowedEventSlug = allowedEventSlug
    self.allowedSeriesCodes = allowedSeriesCodes
    self.allowedPrimaryTypes = allowedPrimaryTypes
    self.allowedTagsMask = allowedTagsMask
    self.maxParallel = maxParallel
    self.expiresAt = expiresAt
    self.payoutCooldownSecs = payoutCooldownSecs
  }

  /// Throws `primaryTypeNotAllowed` unless the cap lists the type.
  package func requirePrimaryType(_ type: UInt8) throws(LotteryError) {
    guard allowedPrimaryTypes.contains(type) else {
      throw LotteryError(.primaryTypeNotAllowed, "the cap does not list type \(type)")
    }
  }

  /// Throws `tagMaskNotAllowed` unless every tag is one of the cap's.
  package func requireTags(_ mask: UInt64) throws(LotteryError) {
    guard mask & ~allowedTagsMask == 0 else {
      throw LotteryError(.tagMaskNotAllowed, "tags \(mask) are not all in the cap's \(allowedTagsMask)")
    }
  }

  package func encode(to bytes: inout BCS.Writer) {
    bytes.append(bytes: allowedEventSlug)
    bytes.append(length: allowedSeriesCodes.count)
    for code in allowedSeriesCodes { bytes.append(bytes: code) }
    bytes.append(bytes: allowedPrimaryTypes)
    bytes.append(allowedTagsMask)
    bytes.append(maxParallel)
    bytes.append(expiresAt)
    bytes.append(payoutCooldownSecs)
  }

  /// Reads a cap. Throws `bcsDecode`, and what the plain initializer throws.
  package init(bcs: [UInt8], schema: Schema) throws(LotteryError) {
    var reader = BCS.Reader(bcs, lengths: schema.lengths)
    let slug: [UInt8]
    let series: [[UInt8]]
    let types: [UInt8]
    let rest: (mask: UInt64, parallel: UInt64, expires: UInt64, cooldown: UInt64)
    do throws(BCSError) {
      slug = try reader.byteString()
      series = try reader.list { (reader) throws(BCSError) in try reader.byteString() }
      types = try reader.byteString()
      rest = (try reader.uint64(), try reader.uint64(), try reader.uint64(), try reader.uint64())
      try reader.finish()
    } catch {
      throw LotteryError(config: error)
    }
    try self.init(
      allowedEventSlug: slug, allowedSeriesCodes: series, allowedPrimaryTypes: types, allowedTagsMask: rest.mask,
      maxParallel: rest.parallel, expiresAt: rest.expires, payoutCooldownSecs: rest.cooldown)
  }
}
