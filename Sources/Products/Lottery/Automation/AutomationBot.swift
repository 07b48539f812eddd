package import Codecs

/// What an operator holds: who it is, and its schedule. Source: spec 1.7.
package struct AutomationCap: Hashable, Sendable {
  package let botOperator: LotteryAddress
  package let cronSpec: [UInt8]

  package init(botOperator: LotteryAddress, cronSpec: [UInt8]) {
    self.botOperator = botOperator
    self.cronSpec = cronSpec
  }
}

/// The bounds that the admin gives a bot. Source: spec 2.15.
package struct AutomationTerms: Hashable, Sendable {
  /// Opaque bytes in schema 1; empty or a cron line in schema 2.
  package let cronSpec: [UInt8]
  package let allowedActions: [UInt64]
  /// Seconds between an announcement and the action; 0 asks for no announcement.
  package let timelockSecs: UInt64
  package let maxFailures: UInt64
  package let expiresAt: UInt64

  package init(
    cronSpec: [UInt8], allowedActions: [UInt64], timelockSecs: UInt64, maxFailures: UInt64, expiresAt: UInt64
  ) {
    self.cronSpec = cronSpec
    self.allowedActions = allowedActions
    self.timelockSecs = timelockSecs
    self.maxFailures = maxFailures
    self.expiresAt = expiresAt
  }

  /// SHA3-256 of the schedule's bytes.
  package var scheduleHash: Hash32 { Keccak.sha3(cronSpec) }

  /// Checks list, failure limit, end, time-lock, and in schema 2 the schedule, in this order.
  package func check(_ schema: Schema) throws(LotteryError) {
    guard !allowedActions.isEmpty else { throw LotteryError(.autobotForbiddenTarget, "the bot is allowed nothing") }
    guard maxFailures > 0 else { throw LotteryError(.autobotFailureLimit, "a bot needs room for one failure") }
    guard expiresAt > 0 else { throw LotteryError(.autobotExpired, "a bot needs an end") }
    let isSensitive = allowedActions.contains { AutomationAction(rawValue: $0)?.isSensitive ?? false }
    guard !isSensitive || timelockSecs >= Limits.sensitiveTimelockSeconds else {
      throw LotteryError(
        .autobotTimelock, "unpausing, paying and cancelling need \(Limits.sensitiveTimelockSeconds) seconds of notice")
    }
    guard schema == .v1 || cronSpec.isEmpty || CronSpec(cronSpec) != nil else {
      throw LotteryError(.cronInvalid, "the schedule is no cron line of five fields")
    }
  }
}

/// One bot and its record. Source: spec 1.7, `AutomationState`.
package struct AutomationBot: Hashable, Sendable {
  /// What was announced.
  package struct Pending: Hashable, Sendable {
    /// Bound to the announcement in schema 2 only (GAP 20).
    package let action: UInt64
    package let actionHash: [UInt8]
    package let executeAfter: UInt64

    package init(action: UInt64, actionHash: [UInt8], executeAfter: UInt64) {
      self.action = action
      self.actionHash = actionHash
      self.executeAfter = executeAfter
    }
  }

  package internal(set) var terms: AutomationTerms
  package internal(set) var failureCount: UInt64 = 0
  package internal(set) var successStreak: UInt64 = 0
  package internal(set) var reputationScore: UInt64 = 0
  package internal(set) var pending: Pending?
  package internal(set) var lastActionTs: UInt64 = 0
  package internal(set) var lastActionHash: [UInt8] = []

  package init(terms: AutomationTerms) { self.terms = terms }

  package var isAtFailureLimit: Bool {
    #if ALMONER_MUTANTS
      if LotteryMutant.failuresUncounted.isActive { return false }
    #endif
    return failureCount >= terms.maxFailures
  }

  /// Throws E_AUTOBOT_EXPIRED, then E_AUTOBOT_FAILURE_LIMIT.
  package func requireUsable(at now: UInt64) throws(LotteryError) {
    try requireUnexpired(at: now)
    guard !isAtFailureLimit else {
      throw LotteryError(
        .autobotFailureLimit, "\(failureCount) failures of at most \(terms.maxFailures)",
        hint: "Find out why it failed, then rotate the bot.")
    }
  }

  package func requireUnexpired(at now: UInt64) throws(LotteryError) {
    guard now <= terms.expiresAt else { throw LotteryError(.autobotExpired, "the bot ended at \(terms.expiresAt)") }
  }

  package func requireAllowed(_ action: UInt64) throws(LotteryError) {
    guard terms.allowedActions.contains(action) else {
      throw LotteryError(.autobotForbiddenTarget, "the bot may not do action \(action)")
    }
  }

  /// Whether the action was announced and its time has come. A bot without time-lock announces nothing.
  package func requireAnnounced(
    _ action: UInt64, _ actionHash: [UInt8], at now: UInt64, schema: Schema
  ) throws(LotteryError) {
    guard terms.timelockSecs != 0 else { return }
    guard let pending else { throw LotteryError(.autobotPendingRequired, hint: "Announce the action first.") }
    guard pending.actionHash == actionHash, schema == .v1 || pending.action == action else {
      throw LotteryError(.autobotPendingMismatch, "something else was announced")
    }
    #if ALMONER_MUTANTS
      if LotteryMutant.announcementSkipped.isActive { return }
    #endif
    guard now >= pending.executeAfter else {
      throw LotteryError(.autobotTimelock, "not before \(pending.executeAfter)")
    }
  }
}
