package import Money
package import Payouts

/// Something that happened in a worker, after it was committed (or when it failed).
package enum EngineEvent: Sendable {
  case laneAcquired(LaneID, fence: Int64)
  case laneLost(LaneID, EngineError)
  /// Counts of one commit: new batches and payouts, ended batches, confirmed and failed payouts.
  case committed(CommitCounts)
  case sent(batches: Int, refused: Int)
  /// An endpoint said something else than the quorum.
  case dissent(endpoint: String, batch: BatchID)
  case alarm(EngineError)
  case campaign(CampaignID, CampaignStatus, reason: String?)
}

package struct CommitCounts: Hashable, Sendable {
  package var intendedBatches = 0
  package var intendedPayouts = 0
  package var signedBatches = 0
  package var endedBatches = 0
  package var confirmedPayouts = 0
  package var failedPayouts = 0
  package var requeuedPayouts = 0
  package init() {}
}

/// Any subsystem's error on its way to the edge: code, sentence, next step, and whether trying again may help.
package struct EngineError: Error, Hashable, Sendable {
  /// The engine's own codes; every other code is that of the subsystem the error comes from.
  package enum Code: String, CaseIterable, Sendable {
    /// The lane plans nothing more: the signer or the chain knows of more than the store.
    case laneDraining = "lane.draining"
    /// Earlier transactions of a new lane's account are not final yet.
    case laneUnsettled = "lane.unsettled"
    /// The lane's account cannot pay another batch beside those on their way.
    case insufficientFunds = "lane.insufficient_funds"
    /// The campaign's window is closed; it opens by itself.
    case windowClosed = "campaign.window_closed"
    /// A limit has no room for the campaign's next payouts; they go on by themselves.
    case rateLimited = "campaign.rate_limited"
    /// An operator stopped every signature (almoner safety stop).
    case signingStopped = "lane.signing_stopped"
    /// An error that no subsystem names: a fault of the program.
    case unexpected = "engine.unexpected"
  }
  package let code: String
  package let message: String
  package let hint: String?
  package let isPassing: Bool

  package init(code: String, message: String, hint: String?, isPassing: Bool) {
    self.code = code
    self.message = message
    self.hint = hint
    self.isPassing = isPassing
  }
}
