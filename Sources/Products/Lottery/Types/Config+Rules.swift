package import Codecs

extension Config {
  /// Checks a config in the order of the specification (2.4); schema 2 then asks for more.
  ///
  /// Throws the first failure: tags, window, price, limits, prize plan, algorithm, retry policy.
  package func validate(_ schema: Schema) throws(LotteryError) {
    try validateForViews()
    try vrfRetryPolicy.validate()
    if schema >= .v2 { try validateFurther() }
  }

  /// What the view `validate_config` asks for: all but the retry policy.
  package func validateForViews() throws(LotteryError) {
    try Tags.validate(primaryType: primaryType, tagsMask: tagsMask)
    try Tags.requireBudget(tagsMask)
    try salesWindow.validate()
    guard ticketPrice > 0 else { throw LotteryError(.ticketPriceZero) }
    try ticketLimits.validate()
    try Config.validate(prizePlan)
    guard DrawAlgo(rawValue: drawAlgo) != nil else {
      throw LotteryError(.drawAlgoUnsupported, "\(drawAlgo) is no draw algorithm")
    }
  }

  /// How many winners the plan asks for.
  package var totalWinners: UInt64 { prizePlan.reduce(0) { $0 + UInt64($1.winnersPerSlot) } }

  /// SHA3-256 of the plan's bytes.
  package var prizePlanChecksum: Hash32 {
    var bytes = BCS.Writer()
    bytes.append(prizePlan)
    return Keccak.sha3(bytes.bytes)
  }

  private static func validate(_ plan: [PrizeSlot]) throws(LotteryError) {
    guard !plan.isEmpty else { throw LotteryError(.prizePlanEmpty) }
    for slot in plan {
      guard slot.winnersPerSlot > 0, RewardType(rawValue: slot.rewardType) != nil else {
        throw LotteryError(
          .prizeSlotInvalid, "slot \(slot.slotId): \(slot.winnersPerSlot) winners of type \(slot.rewardType)")
      }
    }
  }

  /// Schema 2: the algorithm says what `winners_dedup` says, the backend exists, and tags fit the type.
  private func validateFurther() throws(LotteryError) {
    switch DrawAlgo(rawValue: drawAlgo) {
    case .stride, nil: throw LotteryError(.drawAlgoUnsupported, "algorithm \(drawAlgo) is not defined")
    case .withoutReplacement where !winnersDedup, .withReplacement where winnersDedup:
      throw LotteryError(
        .drawAlgoMismatch, "algorithm \(drawAlgo) with winners_dedup \(winnersDedup)",
        hint: "0 goes with distinct winners, 1 with winners that may repeat.")
    case .withoutReplacement, .withReplacement: break
    }
    guard RewardBackendType(rawValue: rewardBackend.backendType) != nil else {
      throw LotteryError(.rewardBackendInvalid, "\(rewardBackend.backendType) is no reward backend")
    }
    try requireTagPolicy()
  }

  /// The policy matrix of the handbook (spec 1.3). What only people can decide there is left to them.
  package func requireTagPolicy() throws(LotteryError) {
    guard let type = PrimaryType(rawValue: primaryType) else { return }
    let tags = Tags(rawValue: tagsMask)
    let rewards = Set(prizePlan.compactMap { RewardType(rawValue: $0.rewardType) })
    var refused: Tags = []
    switch type {
    case .basic, .vip: break
    case .partner:
      refused = [.experimental]
      if rewards.isDisjoint(with: [.nftEscrow, .customHook]) { refused.insert(.nft) }
    case .jackpot:
      refused = [.daily, .promo, .experimental]
      if !rewards.contains(.nftEscrow) { refused.insert(.nft) }
    }
    if !winnersDedup { refused.insert(.splitPrize) }
    guard tags.isDisjoint(with: refused) else {
      throw LotteryError(
        .tagNotAllowed, "tags \(tags.intersection(refused).rawValue) may not stand on this lottery",
        hint: "See the matrix of types and tags.")
    }
  }
}

extension SalesWindow {
  /// Throws `salesWindowInvalid` unless the window has a length.
  package func validate() throws(LotteryError) {
    guard salesStart < salesEnd else { throw LotteryError(.salesWindowInvalid, "\(salesStart) to \(salesEnd)") }
  }
}

extension TicketLimits {
  /// Throws `ticketLimitInvalid` for no tickets, or more per address than there are.
  package func validate() throws(LotteryError) {
    guard maxTicketsTotal > 0, maxTicketsPerAddress <= maxTicketsTotal else {
      throw LotteryError(.ticketLimitInvalid, "\(maxTicketsPerAddress) of \(maxTicketsTotal)")
    }
  }
}

extension RetryPolicy {
  /// Throws `vrfRetryPolicyInvalid`. The delays of a manual policy do not matter.
  package func validate() throws(LotteryError) {
    guard let strategy = RetryStrategy(rawValue: strategy) else {
      throw LotteryError(.vrfRetryPolicyInvalid, "\(strategy) is no retry strategy")
    }
    guard strategy == .manual || (baseDelaySecs > 0 && maxDelaySecs >= baseDelaySecs) else {
      throw LotteryError(.vrfRetryPolicyInvalid, "delays \(baseDelaySecs) to \(maxDelaySecs)")
    }
  }

  /// When the request after `attempt` (from 1) may be made. 0: by hand. Throws `arithmetic`.
  package func retryAfter(attempt: UInt8, now: UInt64) throws(LotteryError) -> UInt64 {
    switch RetryStrategy(rawValue: strategy) {
    case .manual, nil: return 0
    case .fixed: return try now.adding(baseDelaySecs)
    case .exponential:
      var delay = baseDelaySecs
      for _ in 1..<max(1, attempt) {
        delay = delay >= maxDelaySecs || delay > maxDelaySecs / 2 ? maxDelaySecs : delay * 2
      }
      #if ALMONER_MUTANTS
        if LotteryMutant.delayUncapped.isActive { delay = baseDelaySecs &<< UInt64(attempt) }
      #endif
      return try now.adding(delay)
    }
  }
}
