import Codecs

extension LotteryEngine {
  /// Changes the type of a draft. Throws `notAuthorized`, `registryMissing`, `lotteryNotFound`, `primaryTypeLocked`, and
  /// what the tags throw for the new type.
  package mutating func setPrimaryType(
    _ id: UInt64, _ type: UInt8, _ context: Context
  ) throws(LotteryError) -> [LotteryEvent] {
    try requireAdmin(context)
    var changed = try lottery(id)
    guard changed.status == .draft else { throw LotteryError(.primaryTypeLocked, "lottery \(id) is \(changed.status)") }
    guard type != changed.config.primaryType else { return [] }
    try Tags.validate(primaryType: type, tagsMask: changed.config.tagsMask)
    changed.config.primaryType = type
    return try replace(changed)
  }

  /// Changes the tags of a lottery before sales close. Throws `notAuthorized`, `registryMissing`, `lotteryNotFound`,
  /// `tagsLocked`, and what the tags throw. Schema 2 also keeps a partner's lottery inside the partner's cap.
  package mutating func setTagsMask(
    _ id: UInt64, _ mask: UInt64, _ context: Context
  ) throws(LotteryError) -> [LotteryEvent] {
    try requireAdmin(context)
    var changed = try lottery(id)
    guard changed.status <= .active, !changed.snapshotFrozen else {
      throw LotteryError(.tagsLocked, "lottery \(id) is \(changed.status)")
    }
    try Tags.validate(primaryType: changed.config.primaryType, tagsMask: mask)
    try Tags.requireBudget(mask)
    if let partner = changed.partner, let cap = roles?.partnerCreateCaps[partner] { try cap.requireTags(mask) }
    changed.config.tagsMask = mask
    return try replace(changed)
  }

  /// Moves a lottery on. Throws `notAuthorized`, `registryMissing`, `lotteryNotFound`, `statusTransitionNotAllowed`,
  /// `snapshotFrozen`.
  ///
  /// In schema 2 it opens sales and closes them, nothing else: every other move belongs to the operation that does the
  /// work (GAP 17).
  package mutating func advanceStatus(
    _ id: UInt64, to next: LotteryStatus, _ context: Context
  ) throws(LotteryError) -> [LotteryEvent] {
    try requireAdmin(context)
    let now = try lottery(id)
    try now.requireTransition(to: next)
    if now.schema >= .v2 {
      guard next == .active || next == .closing else {
        throw LotteryError(.statusTransitionNotAllowed, "another operation makes a lottery \(next)")
      }
      if next == .closing { try requireFeature(.close, premium: false) }
    }
    return try advance(now, to: next)
  }

  /// Closes a lottery whose sales have ended, by whoever asks. Schema 2 alone.
  ///
  /// Throws `statusTransitionNotAllowed` before the end of sales and the policy's grace, or when the policy is off.
  package mutating func autoClose(_ id: UInt64, _ context: Context) throws(LotteryError) -> [LotteryEvent] {
    let now = try lottery(id)
    let policy = now.config.autoClosePolicy
    let due = try now.config.salesWindow.salesEnd.adding(policy.gracePeriodSecs)
    guard now.schema >= .v2, policy.enabled, now.status == .active, context.now >= due else {
      throw LotteryError(.statusTransitionNotAllowed, "lottery \(id) closes by itself from \(due), if at all")
    }
    try requireFeature(.close, premium: false)
    return try advance(now, to: .closing)
  }

  private mutating func advance(_ now: Lottery, to next: LotteryStatus) throws(LotteryError) -> [LotteryEvent] {
    var changed = now
    if next == .closing {
      guard !now.snapshotFrozen else { throw LotteryError(.snapshotFrozen) }
      changed.snapshotFrozen = true
    }
    #if ALMONER_MUTANTS
      if LotteryMutant.frozenEarly.isActive { changed.snapshotFrozen = true }
    #endif
    changed.status = next
    return try replace(changed)
  }

  /// Writes a changed lottery. Schema 2 checks its config again and says what it is now (REC 3).
  private mutating func replace(_ changed: Lottery) throws(LotteryError) -> [LotteryEvent] {
    guard changed.schema >= .v2 else {
      registry?.lotteries[changed.id] = changed
      return []
    }
    try changed.config.requireTagPolicy()
    registry?.lotteries[changed.id] = changed
    return [
      .lotteryChanged(
        LotteryChangedEvent(
          id: changed.id, status: changed.status.rawValue, primaryType: changed.config.primaryType,
          tagsMask: changed.config.tagsMask, cfgHash: changed.config.hash.bytes))
    ]
  }

  /// Sets a status that an operation of another module has earned, after its checks. Cannot fail.
  mutating func mark(_ id: UInt64, _ status: LotteryStatus) {
    registry?.lotteries[id]?.status = status
    if status == .finalized || status == .canceled, let partner = registry?.lotteries[id]?.partner {
      registry?.openByPartner[partner, default: 1] -= 1
    }
  }
}
