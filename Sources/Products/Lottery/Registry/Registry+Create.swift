import Codecs

extension LotteryEngine {
  /// Creates a draft of the admin's from the config's bytes.
  ///
  /// Throws what decoding and validation throw, then `registryMissing`, `lotteryExists`. Schema 2 asks for the admin
  /// first (`notAuthorized`); in schema 1 anybody may (GAP 4).
  package mutating func createDraftAdmin(
    _ id: UInt64, config bytes: [UInt8], schema: Schema = .v2, _ context: Context
  ) throws(LotteryError) -> [LotteryEvent] {
    if schema >= .v2 { try requireAdmin(context) }
    return try createDraftAdmin(id, config: try Config(bcs: bytes, schema: schema), schema: schema, context)
  }

  /// As above, with the config itself.
  package mutating func createDraftAdmin(
    _ id: UInt64, config: Config, schema: Schema = .v2, _ context: Context
  ) throws(LotteryError) -> [LotteryEvent] {
    if schema >= .v2 { try requireAdmin(context) }
    try config.validate(schema)
    return try create(id, config, schema, partner: nil, context)
  }

  /// Creates a draft of a partner's. In schema 1 the cap comes as bytes, from anybody, and only its types and tags are
  /// looked at; schema 2 takes no bytes but looks up the cap that the admin issued to the caller.
  ///
  /// Throws `bcsDecode`, what validation throws, `partnerCapRefused` (schema 2), `primaryTypeNotAllowed`,
  /// `tagMaskNotAllowed`, `registryMissing`, `lotteryExists`.
  package mutating func createDraftPartner(
    cap capBytes: [UInt8], _ id: UInt64, config bytes: [UInt8], schema: Schema = .v2, _ context: Context
  ) throws(LotteryError) -> [LotteryEvent] {
    let config = try Config(bcs: bytes, schema: schema)
    switch schema {
    case .v1:
      let cap = try PartnerCreateCap(bcs: capBytes, schema: schema)
      return try createDraftPartner(cap: cap, id, config: config, context)
    case .v2:
      return try createDraftPartner(id, config: config, context)
    }
  }

  /// Schema 1, with cap and config themselves.
  package mutating func createDraftPartner(
    cap: PartnerCreateCap, _ id: UInt64, config: Config, _ context: Context
  ) throws(LotteryError) -> [LotteryEvent] {
    try config.validate(.v1)
    try cap.requirePrimaryType(config.primaryType)
    try cap.requireTags(config.tagsMask)
    return try create(id, config, .v1, partner: nil, context)
  }

  /// Schema 2, by the cap issued to the caller.
  package mutating func createDraftPartner(
    _ id: UInt64, config: Config, _ context: Context
  ) throws(LotteryError) -> [LotteryEvent] {
    try config.validate(.v2)
    let partner = context.actor
    guard let cap = roles?.partnerCreateCaps[partner] else {
      throw LotteryError(.partnerCapRefused, "\(partner) has no cap", hint: "The admin issues one.")
    }
    guard context.now <= cap.expiresAt else {
      throw LotteryError(.partnerCapRefused, "the cap of \(partner) ended at \(cap.expiresAt)")
    }
    guard config.primaryType == PrimaryType.partner.rawValue else {
      throw LotteryError(.primaryTypeNotAllowed, "a partner creates partner lotteries only")
    }
    try cap.requirePrimaryType(config.primaryType)
    try cap.requireTags(config.tagsMask)
    guard cap.allowedEventSlug == config.eventSlug, cap.allowedSeriesCodes.contains(config.seriesCode) else {
      throw LotteryError(.partnerCapRefused, "the cap is for another event or series")
    }
    guard registry?.openByPartner[partner] ?? 0 < cap.maxParallel else {
      throw LotteryError(.partnerCapRefused, "\(cap.maxParallel) lotteries of \(partner) are open already")
    }
    return try create(id, config, .v2, partner: partner, context)
  }

  private mutating func create(
    _ id: UInt64, _ config: Config, _ schema: Schema, partner: LotteryAddress?, _ context: Context
  ) throws(LotteryError) -> [LotteryEvent] {
    guard registry != nil else { throw LotteryError(.registryMissing) }
    guard registry?.lotteries[id] == nil else { throw LotteryError(.lotteryExists, "lottery \(id) exists") }
    let checksum = config.prizePlanChecksum
    registry?.lotteries[id] = Lottery(
      id: id, schema: schema, config: config, partner: partner, slotsChecksum: checksum)
    registry?.orderedIds.append(id)
    if let partner { registry?.openByPartner[partner, default: 0] += 1 }
    return [
      .lotteryCreated(
        LotteryCreatedEvent(
          id: id, cfgHash: config.hash.bytes, configVersion: config.configVersion, creator: context.actor,
          eventSlug: config.eventSlug, seriesCode: config.seriesCode, runId: config.runId,
          primaryType: config.primaryType, tagsMask: config.tagsMask, slotsChecksum: checksum.bytes))
    ]
  }
}
