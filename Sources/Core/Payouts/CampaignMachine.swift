/// The six words of a campaign's life.
package enum CampaignStatus: String, CaseIterable, Sendable {
  case pending, running, paused, completed, canceled, failed

  /// Whether new intents may be written.
  package var mayPlan: Bool { self == .running }
}

package enum CampaignEvent: String, CaseIterable, Sendable {
  case start, pause, resume, cancel
  /// Every payout is confirmed, failed or compensated, and at least one was paid (or there was none to pay).
  case finish
  /// Every payout has failed.
  case fail
}

extension CampaignStatus {
  /// Leaving `running` stops new signatures, never the watch over old ones. The same request again changes nothing.
  ///
  /// Throws `campaign.illegal_transition`.
  package func applying(_ event: CampaignEvent) throws(CampaignError) -> CampaignStatus {
    switch (self, event) {
    case (.pending, .start), (.running, .start): return .running
    case (.running, .pause), (.paused, .pause): return .paused
    case (.paused, .resume), (.running, .resume), (.paused, .start): return .running
    case (.pending, .cancel), (.running, .cancel), (.paused, .cancel), (.canceled, .cancel): return .canceled
    case (.running, .finish), (.completed, .finish): return .completed
    case (.running, .fail), (.failed, .fail): return .failed
    // More recipients may arrive after everything before them was paid.
    case (.completed, .start), (.failed, .start): return .running
    case (.pending, _), (.running, _), (.paused, _), (.completed, _), (.canceled, _), (.failed, _):
      throw CampaignError(
        .illegalTransition, "a \(rawValue) campaign cannot take \(event.rawValue)",
        hint: "see the campaign's state with: airdrop campaigns show")
    }
  }
}

/// Why a campaign operation was refused. Codes are stable: docs/errors.md.
package struct CampaignError: Error, Hashable, Sendable {
  package enum Code: String, CaseIterable, Sendable {
    case illegalTransition = "campaign.illegal_transition"
    case notFound = "campaign.not_found"
    case nameTaken = "campaign.name_taken"
    case badName = "campaign.bad_name"
    case badWindow = "campaign.bad_window"
    case notApproved = "campaign.not_approved"
    case empty = "campaign.empty"
    case loading = "campaign.loading"
  }
  package let code: Code
  package let message: String
  package let hint: String?

  package init(_ code: Code, _ message: String, hint: String? = nil) {
    self.code = code
    self.message = message
    self.hint = hint
  }
}
