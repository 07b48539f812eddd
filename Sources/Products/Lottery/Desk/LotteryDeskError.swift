import Codecs

/// Why the desk of lotteries refused a request, or stopped. Codes are stable: docs/errors.md.
package struct LotteryDeskError: Error, Hashable, Sendable {
  /// Stable across releases. Add cases freely; never rename or reuse one.
  package enum Code: String, CaseIterable, Sendable {
    /// Bytes are not the command or entry that was expected.
    case badBytes = "lottery_desk.bad_bytes"
    /// No operation has this name.
    case unknownOperation = "lottery_desk.unknown_operation"
    /// An argument is missing, stands twice, or is not of its kind.
    case badArgument = "lottery_desk.bad_argument"
    /// A request's key is empty, too long or has other characters than printable ASCII.
    case badKey = "lottery_desk.bad_key"
    /// The key stands for another request.
    case keyReused = "lottery_desk.key_reused"
    /// The address is none that the person may act as, or may not do this.
    case notAllowed = "lottery_desk.not_allowed"
    /// A lottery's configuration as JSON has not the members that it needs.
    case badConfig = "lottery_desk.bad_config"
    /// No view has this name.
    case unknownView = "lottery_desk.unknown_view"
    /// A buyer's or partner's address is none of the paying chain.
    case notPayable = "lottery_desk.not_payable"
    /// The journal belongs to a desk of another admin, chain or asset.
    case settingsDiffer = "lottery_desk.settings_differ"
    /// An entry of the journal, done again, ends otherwise than it did: this program has other rules.
    case replayDiffers = "lottery_desk.replay_differs"
    /// The pot of a lottery has not what the operation takes.
    case potTooLow = "lottery_desk.pot_too_low"
    /// A batch of prizes names no winner, or more money or fewer units than winners.
    case badBatch = "lottery_desk.bad_batch"
    /// A plan, a draw or a value is not as the lottery's plan has it; the message begins with the `draw.` code.
    case drawRefused = "lottery_desk.draw_refused"
    /// Others kept writing first; nothing of the request was done.
    case busy = "lottery_desk.busy"
  }
  package let code: Code
  package let message: String
  /// The operator's next step.
  package let hint: String?

  package init(_ code: Code, _ message: String, hint: String? = nil) {
    self.code = code
    self.message = message
    self.hint = hint
  }

  init(bytes error: BCSError, _ name: String) { self.init(.badBytes, "\(name): \(error.message)") }
}
