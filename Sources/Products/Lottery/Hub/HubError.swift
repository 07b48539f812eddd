/// A refusal of the VRF hub, which has an error space of its own. Codes are stable: docs/errors.md.
package struct HubError: Error, Hashable, Sendable {
  package enum Code: String, CaseIterable, Sendable {
    /// The caller is not the hub's admin, nor the account it belongs to.
    case notAuthorized = "lottery.hub_not_authorized"
    /// The hub was initialised before.
    case alreadyInitialized = "lottery.hub_already_initialized"
    /// No registration has this id.
    case unknownLottery = "lottery.hub_unknown_lottery"
    /// No pending request has this id.
    case unknownRequest = "lottery.hub_unknown_request"
    /// Nobody was named who may call back.
    case callbackNotConfigured = "lottery.hub_callback_not_configured"
    /// Somebody else than the one named calls back.
    case callbackNotAllowed = "lottery.hub_callback_not_allowed"
    /// The registration is switched off.
    case inactiveLottery = "lottery.hub_inactive_lottery"
    /// The hub was not initialised.
    case notInitialized = "lottery.hub_not_initialized"
    /// The next id does not fit 64 bits.
    case arithmetic = "lottery.hub_arithmetic"

    /// The number of the original, spec 1.9; nil for what has none there.
    package var number: UInt64? {
      switch self {
      case .notAuthorized: 1
      case .alreadyInitialized: 2
      case .unknownLottery: 3
      case .unknownRequest: 4
      case .callbackNotConfigured: 5
      case .callbackNotAllowed: 6
      case .inactiveLottery: 7
      case .notInitialized: 8
      case .arithmetic: nil
      }
    }
  }
  package let code: Code
  package let message: String
  /// The operator's next step.
  package let hint: String?

  package init(_ code: Code, _ message: String = "", hint: String? = nil) {
    self.code = code
    self.message = message.isEmpty ? code.rawValue : message
    self.hint = hint
  }
}
