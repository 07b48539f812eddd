// The reading operations of the module `views`. They work while the emergency stop is set. Source: spec 2.17.
extension LotteryEngine {
  // MARK: One lottery

  /// `get_lottery`. Throws `registryMissing`, `lotteryNotFound`.
  package func getLottery(_ id: UInt64) throws(LotteryError) -> Config { try lottery(id).config }

  package func getLotteryStatus(_ id: UInt64) throws(LotteryError) -> LotteryStatusView {
    let lottery = try lottery(id)
    return LotteryStatusView(
      status: lottery.status.rawValue, snapshotFrozen: lottery.snapshotFrozen,
      primaryType: lottery.config.primaryType, tagsMask: lottery.config.tagsMask)
  }

  package func getLotteryBadges(_ id: UInt64) throws(LotteryError) -> (primaryType: UInt8, tagsMask: UInt64) {
    let config = try lottery(id).config
    return (config.primaryType, config.tagsMask)
  }

  package func getBadgeMetadata(primaryType: UInt8, tagsMask: UInt64) -> BadgeMetadata {
    BadgeMetadata(primaryType: primaryType, tagsMask: tagsMask)
  }

  /// nil for a lottery that was not canceled. Throws `registryMissing`.
  package func getCancellation(_ id: UInt64) throws(LotteryError) -> CancellationRecord? {
    try requireRegistry().cancellations[id]
  }

  /// `get_lottery_summary`, from the archive.
  package func getLotterySummary(_ id: UInt64) throws(LotteryError) -> LotterySummary { try summary(of: id) }

  /// `list_finalized_ids`.
  package func listFinalizedIds(from: UInt64, limit: UInt64) throws(LotteryError) -> [UInt64] {
    try listFinalized(from: from, limit: limit)
  }

  // MARK: Lists, newest created first; `from` counts matching entries to skip

  package func listActive(from: UInt64, limit: UInt64) throws(LotteryError) -> [UInt64] {
    try list(from: from, limit: limit) { $0.status == .active }
  }

  package func listByPrimaryType(_ type: UInt8, from: UInt64, limit: UInt64) throws(LotteryError) -> [UInt64] {
    try list(from: from, limit: limit) { $0.config.primaryType == type }
  }

  /// Lotteries with at least one of the tags.
  package func listByTagMask(_ mask: UInt64, from: UInt64, limit: UInt64) throws(LotteryError) -> [UInt64] {
    try list(from: from, limit: limit) { $0.config.tagsMask & mask != 0 }
  }

  /// Lotteries with all of the tags; 0 asks for none, so that all match.
  package func listByAllTags(_ mask: UInt64, from: UInt64, limit: UInt64) throws(LotteryError) -> [UInt64] {
    try list(from: from, limit: limit) { $0.config.tagsMask & mask == mask }
  }

  private func list(
    from: UInt64, limit: UInt64, _ matches: (Lottery) -> Bool
  ) throws(LotteryError) -> [UInt64] {
    try requirePage(limit)
    let registry = try requireRegistry()
    var page = Page(from: from, limit: limit)
    for id in registry.orderedIds.reversed() {
      guard !page.isFull else { break }
      if let lottery = registry.lotteries[id], matches(lottery) { page.take(id) }
    }
    return page.ids
  }

  // MARK: Bots and balances

  /// In table order; empty when automation was not initialised.
  package func listAutomationBots() -> [AutomationBotView] {
    (automation?.operators ?? []).compactMap(getAutomationBot)
  }

  /// nil for an unknown operator.
  package func getAutomationBot(_ botOperator: LotteryAddress) -> AutomationBotView? {
    automation?.bot(of: botOperator).map { AutomationBotView(botOperator: botOperator, bot: $0) }
  }

  package func getVrfDepositStatus() -> VrfDeposit.Status { vrfDepositStatus }

  private func requireRegistry() throws(LotteryError) -> Registry {
    guard let registry else { throw LotteryError(.registryMissing, "the registry was not initialised") }
    return registry
  }
}

extension LotteryEngine {
  /// `validate_config`: runs the validation again over what is stored, but for the retry policy.
  ///
  /// Throws `registryMissing`, `lotteryNotFound`, and what validation throws.
  package func validateConfig(_ id: UInt64) throws(LotteryError) { try lottery(id).config.validateForViews() }

  /// `get_refund_progress`: all zero when nothing was sold.
  package func getRefundProgress(_ id: UInt64) -> RefundProgressView { refundProgress(id) }
}
