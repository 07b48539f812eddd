package import Money

/// What is known of a withdrawal when it is asked for.
package struct WithdrawalContext: Sendable {
  package let user: String
  package let amount: UInt256
  /// The amount as the person wrote it, for messages.
  package let amountText: String
  /// Nil: rules about it are silent.
  package let ip: String?
  package let device: String?
  package init(user: String, amount: UInt256, amountText: String, ip: String?, device: String?) {
    self.user = user
    self.amount = amount
    self.amountText = amountText
    self.ip = ip
    self.device = device
  }
}

/// Limits of withdrawals, in the same units as their amounts.
package struct WithdrawalLimits: Sendable {
  package struct Limit: Sendable {
    package let units: UInt256
    package let text: String
    package init(units: UInt256, text: String) {
      self.units = units
      self.text = text
    }
  }
  package let review: Limit
  package let block: Limit
  /// From this amount on a device that was never seen is worth a look; nil for never.
  package let deviceReview: UInt256?
  package let blocked: [IPRange]
  /// Empty: every address is trusted.
  package let trusted: [IPRange]

  package init(review: Limit, block: Limit, deviceReview: UInt256?, blocked: [IPRange], trusted: [IPRange]) {
    self.review = review
    self.block = block
    self.deviceReview = deviceReview
    self.blocked = blocked
    self.trusted = trusted
  }
}

/// What a rule found. Source: the withdrawal service's rules, category by category.
package struct RiskFinding: Hashable, Sendable {
  package enum Category: String, CaseIterable, Sendable {
    case amountLimit = "amount_limit"
    case ipReputation = "ip_reputation"
    case deviceNovelty = "device_novelty"
  }
  package enum Severity: String, CaseIterable, Sendable { case review, high, block }
  package let category: Category
  package let severity: Severity
  package let message: String
  /// The value that the rule looked at, under the name it is known by; nil for amounts.
  package let seen: Seen?
  package struct Seen: Hashable, Sendable {
    package let name: String
    package let value: String
  }
}

/// Everything that the rules found, in order. Unlike a policy, which stops at the first rule, a withdrawal shows all of it
/// to the person who decides.
package struct RiskReport: Hashable, Sendable {
  package let findings: [RiskFinding]
  package var isAllowed: Bool { !findings.contains { $0.severity == .block } }
  package var needsReview: Bool { findings.contains { $0.severity != .block } }
  /// Why it is blocked; nil when it is not.
  package var refusal: String? {
    let blocking = findings.filter { $0.severity == .block }
    return blocking.isEmpty
      ? nil : blocking.map { "\($0.category.rawValue): \($0.message)" }.joined(separator: ". ")
  }
}

extension WithdrawalLimits {
  /// `isKnownDevice`: whether this user was seen with the device before. The caller remembers the device, whatever is
  /// found.
  package func report(_ context: WithdrawalContext, isKnownDevice: Bool) -> RiskReport {
    RiskReport(
      findings: [amount(context), ip(context), isKnownDevice ? nil : device(context)].compactMap { $0 })
  }

  private func amount(_ context: WithdrawalContext) -> RiskFinding? {
    let text = context.amountText
    if !(context.amount < block.units) {
      return RiskFinding(
        category: .amountLimit, severity: .block,
        message: "Withdrawal amount \(text) exceeds hard limit \(block.text)", seen: nil)
    }
    guard !(context.amount < review.units) else { return nil }
    return RiskFinding(
      category: .amountLimit, severity: .review,
      message: "Withdrawal amount \(text) exceeds review limit \(review.text)", seen: nil)
  }

  /// A text that is no address is in no range: it is not blocked, and not trusted where somebody is.
  private func ip(_ context: WithdrawalContext) -> RiskFinding? {
    guard let text = context.ip else { return nil }
    let address = IPAddress(text)
    let seen = RiskFinding.Seen(name: "ip", value: text)
    func isIn(_ ranges: [IPRange]) -> Bool { address.map { ip in ranges.contains { $0.contains(ip) } } ?? false }
    if isIn(blocked) {
      return RiskFinding(category: .ipReputation, severity: .block, message: "IP address is blocked", seen: seen)
    }
    guard !trusted.isEmpty, !isIn(trusted) else { return nil }
    return RiskFinding(
      category: .ipReputation, severity: .review, message: "Withdrawal from untrusted IP", seen: seen)
  }

  private func device(_ context: WithdrawalContext) -> RiskFinding? {
    guard let device = context.device, let least = deviceReview, !(context.amount < least) else { return nil }
    return RiskFinding(
      category: .deviceNovelty, severity: .review, message: "High-value withdrawal from new device",
      seen: RiskFinding.Seen(name: "device_id", value: device))
  }
}
