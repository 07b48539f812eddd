/// A provider whose calls move money and take no idempotency key.
package struct CustodialRules: Hashable, Sendable {
  /// Refusals that are checked before anything else is looked at, word for word: only these prove that nothing happened.
  /// "Not enough balance" has been answered to executed requests, and is in the list only when a provider's contract says
  /// so.
  package let harmlessRefusals: Set<String>
  /// Whether the provider has a history in which an attempt can be found. Without one only the chain or two people settle.
  package let hasHistory: Bool

  package init(harmlessRefusals: Set<String>, hasHistory: Bool) {
    self.harmlessRefusals = harmlessRefusals
    self.hasHistory = hasHistory
  }

  /// Key missing or wrong, address or method not permitted: the four refusals that both providers document.
  package static let documented: Set<String> = [
    "Not Found API Key", "Invalid API Key", "Invalid access from an unauthorized IP Address", "No API Permission",
  ]
}

/// The right to make one call, once. It is durable before the request leaves, and never used a second time.
package struct CustodialPermit: Hashable, Sendable {
  package let id: Int64
  package let fence: UInt64
  package let worker: String

  package init(id: Int64, fence: UInt64, worker: String) {
    self.id = id
    self.fence = fence
    self.worker = worker
  }
}

/// How an attempt ended without payment.
package enum CustodialDeath: Hashable, Sendable {
  /// A refusal of the provider's list, seen by the worker that sent the call under its fence.
  case refused(code: String)
  /// The provider's own row says canceled or failed.
  case providerRow(id: String)
  case people
}

/// One row of a provider's history.
package struct ProviderRow: Hashable, Sendable {
  package enum Status: Hashable, Sendable { case pending, completed, canceled }
  package let id: String
  package let status: Status

  package init(id: String, status: Status) {
    self.id = id
    self.status = status
  }
}

/// What one of two people said, looking at the provider's full record.
package struct PersonAnswer: Hashable, Sendable {
  package let person: String
  package let isPaid: Bool

  package init(person: String, isPaid: Bool) {
    self.person = person
    self.isPaid = isPaid
  }
}
