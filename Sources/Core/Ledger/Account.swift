package import Money

/// One account of the ledger: whose value, in which role, of which asset.
///
/// The roles of a campaign tile what was ordered: reserved + in flight + paid + released + compensated = ordered.
/// "In flight" is what is pending on `reserved`.
package struct Account: Hashable, Sendable, Comparable, CustomStringConvertible {
  package enum Role: String, CaseIterable, Sendable {
    /// The world outside: where ordered value comes from. May fall below zero.
    case external
    /// Ordered, and not yet paid, released or compensated.
    case reserved
    /// Credited to recipients, at finality.
    case paid
    /// Given back: canceled or failed payouts.
    case released
    /// Failed or paid payouts that an operator has compensated, with a reason.
    case compensated
  }
  /// `campaign/7`.
  package let owner: String
  package let role: Role
  package let asset: AssetID

  package init(owner: String, role: Role, asset: AssetID) {
    self.owner = owner
    self.role = role
    self.asset = asset
  }

  package init(_ campaign: CampaignID, _ role: Role, _ asset: AssetID) {
    self.init(owner: "campaign/\(campaign)", role: role, asset: asset)
  }

  /// `campaign/7:reserved:evm:1/native`, the key in tables.
  package var description: String { "\(owner):\(role.rawValue):\(asset)" }

  /// Whether its balance may fall below zero.
  package var isExternal: Bool { role == .external }

  package static func < (a: Account, b: Account) -> Bool { a.description < b.description }
}

/// What an account was debited and credited, for good and pending. All in the asset's smallest unit.
package struct Balance: Hashable, Sendable {
  package var postedDebit: UInt256
  package var postedCredit: UInt256
  package var pendingDebit: UInt256
  package var pendingCredit: UInt256

  package init(
    postedDebit: UInt256 = .zero, postedCredit: UInt256 = .zero, pendingDebit: UInt256 = .zero,
    pendingCredit: UInt256 = .zero
  ) {
    self.postedDebit = postedDebit
    self.postedCredit = postedCredit
    self.pendingDebit = pendingDebit
    self.pendingCredit = pendingCredit
  }

  /// Posted credits less posted debits; nil when the account is below zero.
  package var posted: UInt256? {
    let (value, below) = postedCredit.subtractingReportingOverflow(postedDebit)
    return below ? nil : value
  }

  /// What can still be taken: posted less pending debits; nil when below zero.
  package var available: UInt256? {
    guard let posted else { return nil }
    let (value, below) = posted.subtractingReportingOverflow(pendingDebit)
    return below ? nil : value
  }
}
