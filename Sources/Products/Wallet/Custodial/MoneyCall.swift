package import Codecs

/// A call that moves money at a custodian, with its log row and the notices of its failures.
///
/// Only a refusal that is proven harmless is tried again, as a new call. After anything else nobody sends again: the row
/// keeps the status of a call that was sent, and its fate is unknown.
package enum MoneyCall: String, CaseIterable, Sendable {
  case transfer = "Transfer"
  case transit = "Transit"
  case withdrawal = "Withdrawal"

  /// What the log says of a call: id of the custodian, status, and whether its fate is unknown.
  package struct Row: Hashable, Sendable {
    package let reference: String?
    package let status: String
    package let isUnknown: Bool

    package init(reference: String?, status: String, isUnknown: Bool) {
      self.reference = reference
      self.status = status
      self.isUnknown = isUnknown
    }
  }

  /// A call with its end. `error` is nil only when it was accepted.
  package struct Ended: Hashable, Sendable {
    package let row: Row
    package let error: String?
  }

  /// Stored words of a call that was accepted, and of one that failed for certain.
  package var statuses: (sent: String, failed: String) {
    switch self {
    case .transfer, .withdrawal: ("submitted", "failed")
    case .transit: ("pending-transit", "failed-transit")
    }
  }

  package func notice(attempt: Int, error: String) -> Notice {
    Notice(
      subject: self == .withdrawal ? "Mining operation failure" : "Wallet operation failure",
      body: "\(rawValue) attempt \(attempt) failed: \(error)")
  }

  /// Makes the call under a schedule. `call` returns the custodian's id. A notifier that fails stops nothing.
  package func run(
    _ schedule: RetrySchedule, _ call: () -> RetriedCall<String, String>, notify: (Notice) -> Void,
    pause: (Int64) -> Void
  ) -> Ended {
    let outcome = schedule.run(
      call, onFailure: { error, attempt in notify(notice(attempt: attempt, error: error)) }, pause: pause)
    switch outcome {
    case .answered(let id): return Ended(row: Row(reference: id, status: statuses.sent, isUnknown: false), error: nil)
    case .unknown(let error):
      return Ended(row: Row(reference: nil, status: statuses.sent, isUnknown: true), error: error)
    case .refused(let error):
      return Ended(row: Row(reference: nil, status: statuses.failed, isUnknown: false), error: error)
    case nil:
      return Ended(
        row: Row(reference: nil, status: statuses.failed, isUnknown: false), error: "Retry exceeded attempts")
    }
  }
}

/// Settings of a transit as they go out. The fee is decimal text, written as a JSON number.
package struct TransitSettings: Hashable, Sendable {
  package let fee: String?
  package let feeWalletKey: String?
  package let callback: String?

  package init(fee: String? = nil, feeWalletKey: String? = nil, callback: String? = nil) {
    self.fee = fee
    self.feeWalletKey = feeWalletKey
    self.callback = callback
  }

  /// Members of the call's own win one by one; nil when there is nothing to send. A fee of zero is sent.
  package func merged(over own: JSONObject?) -> JSONObject? {
    var base = JSONObject()
    if let fee { _ = base.append("fee", .number(fee)) }
    if let feeWalletKey, !feeWalletKey.isEmpty { _ = base.append("feeWalletKey", .string(feeWalletKey)) }
    if let callback, !callback.isEmpty { _ = base.append("callback", .string(callback)) }
    let all = joined(base, own ?? JSONObject())
    return all.members.isEmpty ? nil : all
  }
}

private func joined(_ base: JSONObject, _ own: JSONObject) -> JSONObject { merged(base, over: own) }
