package import Money

/// A partner's key for one request, within its scope.
package struct IdempotencyKey: Hashable, Sendable {
  /// Raw values are stored.
  package enum Status: String, CaseIterable, Sendable {
    case pending = "PENDING"
    case succeeded = "SUCCEEDED"
    case failed = "FAILED"
    /// A record of its own beside the row that it conflicts with, which stays as it is.
    case failedConflict = "FAILED_CONFLICT"
  }
  package static let lifeMilliseconds: Int64 = 24 * 3_600_000
  /// How long one that works on a request has it; after that another takes over.
  package static let leaseMilliseconds: Int64 = 60_000

  package let scope: String
  package let key: String
  /// SHA-256 of the payload, as hex.
  package let payloadHash: String
  package let status: Status
  package let createdAt: Timestamp
  package let leaseUntil: Timestamp?
  package let resource: String?

  package init(
    scope: String, key: String, payloadHash: String, status: Status, createdAt: Timestamp, leaseUntil: Timestamp?,
    resource: String?
  ) {
    self.scope = scope
    self.key = key
    self.payloadHash = payloadHash
    self.status = status
    self.createdAt = createdAt
    self.leaseUntil = leaseUntil
    self.resource = resource
  }

  package static func scope(user: String) -> String { "aegmall:" + user }

  package var expiresAt: Timestamp { createdAt.advanced(byMilliseconds: IdempotencyKey.lifeMilliseconds) }
}

/// What is to be done with a request under a key.
package enum KeyDecision: Hashable, Sendable {
  /// Write this row, if nobody did meanwhile, and run. It replaces one that failed, expired, or was left behind.
  case run(IdempotencyKey)
  /// It was done already, for this resource.
  case duplicate(String?)
  /// Write this record beside the row, and answer 409.
  case conflict(IdempotencyKey)
  /// Answer 425.
  case inProgress
}

extension IdempotencyKey {
  /// Decides by the stored row. The shell's insert is atomic: when it meets a row of somebody faster, it reads and decides
  /// again.
  package static func decide(
    stored: IdempotencyKey?, scope: String, key: String, payloadHash: String, at now: Timestamp
  ) -> KeyDecision {
    let lease = now.advanced(byMilliseconds: leaseMilliseconds)
    func fresh(createdAt: Timestamp) -> KeyDecision {
      .run(
        IdempotencyKey(
          scope: scope, key: key, payloadHash: payloadHash, status: .pending, createdAt: createdAt, leaseUntil: lease,
          resource: nil))
    }
    guard let stored, now < stored.expiresAt else { return fresh(createdAt: now) }
    guard stored.payloadHash == payloadHash else {
      return .conflict(
        IdempotencyKey(
          scope: scope, key: key, payloadHash: payloadHash, status: .failedConflict, createdAt: now, leaseUntil: nil,
          resource: stored.resource))
    }
    switch stored.status {
    case .succeeded: return .duplicate(stored.resource)
    case .failed, .failedConflict: return fresh(createdAt: stored.createdAt)
    case .pending:
      guard let until = stored.leaseUntil, now < until else { return fresh(createdAt: stored.createdAt) }
      return .inProgress
    }
  }

  /// The row when the work is over. `FAILED` is committed by itself, never rolled back with the work.
  package func finished(_ status: Status, resource: String?) -> IdempotencyKey {
    IdempotencyKey(
      scope: scope, key: key, payloadHash: payloadHash, status: status, createdAt: createdAt, leaseUntil: nil,
      resource: resource)
  }
}
