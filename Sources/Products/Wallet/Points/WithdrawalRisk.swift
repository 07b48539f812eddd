package import Codecs
package import Money

/// What a withdrawal is judged by. Amounts are points in units of 10^-8; a limit that is nil is no limit.
package struct RiskSettings: Hashable, Sendable {
  package let reviewLimit: UInt256?
  package let blockLimit: UInt256?
  package let blockedAddresses: Set<String>
  /// Empty: every address is trusted.
  package let trustedAddresses: Set<String>
  package let newDeviceLimit: UInt256?

  package init(
    reviewLimit: UInt256? = nil, blockLimit: UInt256? = nil, blockedAddresses: Set<String> = [],
    trustedAddresses: Set<String> = [], newDeviceLimit: UInt256? = nil
  ) {
    self.reviewLimit = reviewLimit
    self.blockLimit = blockLimit
    self.blockedAddresses = blockedAddresses
    self.trustedAddresses = trustedAddresses
    self.newDeviceLimit = newDeviceLimit
  }
}

/// Where a request comes from. What is not known is silent.
package struct RiskContext: Hashable, Sendable {
  package let request: String
  package let user: String
  package let amount: UInt256
  package let address: String?
  package let device: String?
  package let place: String?

  package init(
    request: String, user: String, amount: UInt256, address: String? = nil, device: String? = nil, place: String? = nil
  ) {
    self.request = request
    self.user = user
    self.amount = amount
    self.address = address
    self.device = device
    self.place = place
  }
}

/// One reason for care.
package struct RiskFinding: Hashable, Sendable {
  /// Raw values are stored.
  package enum Rule: String, CaseIterable, Sendable {
    case amountLimit = "amount_limit"
    case ipReputation = "ip_reputation"
    case deviceNovelty = "device_novelty"
  }
  /// Raw values are stored. `high` is reserved, and asks for a review too.
  package enum Severity: String, CaseIterable, Sendable { case review, high, block }

  package let rule: Rule
  package let severity: Severity
  package let message: String
  /// Name and value of what was found.
  package let detail: [String: String]
}

/// All findings about one request, in the order of the rules.
package struct RiskVerdict: Hashable, Sendable {
  package let context: RiskContext
  package let findings: [RiskFinding]
  /// A device that is to be remembered from now on, also when the request is blocked.
  package let newDevice: String?

  package var isAllowed: Bool { !findings.contains { $0.severity == .block } }
  package var needsReview: Bool { findings.contains { $0.severity != .block } }

  /// Blocking findings in one text.
  package var reason: String {
    findings.filter { $0.severity == .block }.map { "\($0.rule.rawValue): \($0.message)" }.joined(separator: ". ")
  }

  /// Attributes of the stored event of one finding.
  package func attributes(_ finding: RiskFinding) -> JSONObject {
    let base: [(String, String?)] = [
      ("request_id", context.request), ("amount", Points.text(context.amount)), ("ip", context.address),
      ("device_id", context.device), ("geo", context.place),
    ]
    var object = JSONObject()
    for (key, value) in base { _ = object.append(key, (finding.detail[key] ?? value).map { JSON.string($0) } ?? .null) }
    for (key, value) in finding.detail.sorted(by: { $0.key < $1.key }) { _ = object.append(key, .string(value)) }
    return object
  }

  /// One per finding.
  package var notices: [Notice] {
    findings.map { finding in
      Notice(
        subject: "Withdrawal risk detected (\(finding.severity.rawValue))",
        body: """
          Rule: \(finding.rule.rawValue)
          Severity: \(finding.severity.rawValue)
          User: \(context.user)
          Amount: \(Points.text(context.amount))
          IP: \(context.address ?? "None")
          Device: \(context.device ?? "None")
          Details: \(finding.message)
          """)
    }
  }
}

extension RiskSettings {
  /// Judges a request. `isKnown`: whether the person has used this device before.
  package func judge(_ context: RiskContext, isKnown: (String) -> Bool) -> RiskVerdict {
    let isNew = context.device.map { !isKnown($0) } ?? false
    let findings = [amount(context), address(context), isNew ? device(context) : nil].compactMap(\.self)
    return RiskVerdict(context: context, findings: findings, newDevice: isNew ? context.device : nil)
  }

  private func amount(_ context: RiskContext) -> RiskFinding? {
    let said = "Withdrawal amount \(Points.text(context.amount)) exceeds"
    if let blockLimit, !(context.amount < blockLimit) {
      return RiskFinding(
        rule: .amountLimit, severity: .block, message: "\(said) hard limit \(Points.text(blockLimit))", detail: [:])
    }
    guard let reviewLimit, !(context.amount < reviewLimit) else { return nil }
    return RiskFinding(
      rule: .amountLimit, severity: .review, message: "\(said) review limit \(Points.text(reviewLimit))", detail: [:])
  }

  private func address(_ context: RiskContext) -> RiskFinding? {
    guard let address = context.address else { return nil }
    if blockedAddresses.contains(address) {
      return RiskFinding(
        rule: .ipReputation, severity: .block, message: "IP address is blocked", detail: ["ip": address])
    }
    guard !trustedAddresses.isEmpty, !trustedAddresses.contains(address) else { return nil }
    return RiskFinding(
      rule: .ipReputation, severity: .review, message: "Withdrawal from untrusted IP", detail: ["ip": address])
  }

  private func device(_ context: RiskContext) -> RiskFinding? {
    guard let device = context.device, let newDeviceLimit, !(context.amount < newDeviceLimit) else { return nil }
    return RiskFinding(
      rule: .deviceNovelty, severity: .review, message: "High-value withdrawal from new device",
      detail: ["device_id": device])
  }
}
