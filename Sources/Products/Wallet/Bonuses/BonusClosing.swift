package import Money

/// What crediting a bonus to its wallet came to. The credit is known by the bonus: a second one is no second credit.
package enum BonusCredit: Hashable, Sendable {
  case credited
  case refused(String)
}

/// A row of the queue of credits to try again.
package struct BonusRetryRow: Hashable, Sendable {
  package enum Status: String, CaseIterable, Sendable {
    case pending = "PENDING"
    case processing = "PROCESSING"
    case completed = "COMPLETED"
    case failed = "FAILED"
  }
  package let bonus: BonusKey
  package var status = Status.pending
  package var retryCount: Int
  package var retryAfter: Timestamp?
  package var failureReason: String?
  /// Until when the one that took the row has it; then it is pending again.
  package var leaseUntil: Timestamp?

  package init(bonus: BonusKey, retryCount: Int, retryAfter: Timestamp?, failureReason: String?) {
    self.bonus = bonus
    self.retryCount = retryCount
    self.retryAfter = retryAfter
    self.failureReason = failureReason
  }

  /// Whether a worker may take it now. A row whose lease is over counts as pending: its worker is gone.
  package func isDue(at now: Timestamp) -> Bool {
    switch status {
    case .pending: retryAfter.map { !(now < $0) } ?? true
    case .processing: leaseUntil.map { !(now < $0) } ?? false
    case .completed, .failed: false
    }
  }

  /// Takes the row. Throws `wallet.bonus_state` when it is not due.
  package func taken(at now: Timestamp, leaseMilliseconds: Int64) throws(WalletError) -> BonusRetryRow {
    guard isDue(at: now) else { throw WalletError(.bonusState, "the row waits, is worked on, or is over") }
    var row = self
    row.status = .processing
    row.leaseUntil = now.advanced(byMilliseconds: leaseMilliseconds)
    return row
  }
}

/// A run that credits pending bonuses.
package struct BonusClosing: Hashable, Sendable {
  package static let mostEntries = 500
  package let maxRetries: Int
  package let backoffMinutes: Int64
  /// Entries younger than this wait: their order may still be refunded.
  package let refundLagDays: Int64

  package init(maxRetries: Int = 5, backoffMinutes: Int64 = 10, refundLagDays: Int64 = 2) {
    self.maxRetries = maxRetries
    self.backoffMinutes = backoffMinutes
    self.refundLagDays = refundLagDays
  }

  /// Whether a run takes the entry. `isOrderPaid` is false for a cancelled or refunded order.
  package func takes(_ entry: BonusEntry, isOrderPaid: Bool, at now: Timestamp) -> Bool {
    guard entry.status == .pending, isOrderPaid else { return false }
    let (lag, overflow) = refundLagDays.multipliedReportingOverflow(by: 86_400_000)
    return !overflow && !(now < entry.createdAt.advanced(byMilliseconds: lag))
  }

  /// Entries of one run, oldest first.
  package func selected(_ entries: [BonusEntry], isPaid: (String) -> Bool, at now: Timestamp) -> [BonusEntry] {
    let open = entries.filter { takes($0, isOrderPaid: isPaid($0.key.order), at: now) }
    // A stable order: what was made at the same time stays as it was.
    let sorted = open.enumerated().sorted { a, b in
      a.element.createdAt == b.element.createdAt ? a.offset < b.offset : a.element.createdAt < b.element.createdAt
    }
    return sorted.prefix(BonusClosing.mostEntries).map(\.element)
  }

  /// The entry after its credit, and the row of the queue when it is to be tried again. Credit and confirmation are one
  /// commit. Throws `wallet.bonus_state` for an entry that is not pending.
  package func closed(
    _ entry: BonusEntry, _ credit: BonusCredit, at now: Timestamp
  ) throws(WalletError) -> (entry: BonusEntry, row: BonusRetryRow?) {
    guard entry.status == .pending else { throw WalletError(.bonusState, "the bonus is \(entry.status.rawValue)") }
    var entry = entry
    switch credit {
    case .credited:
      entry.status = .confirmed
      entry.confirmedAt = now
      return (entry, nil)
    case .refused(let why):
      entry.retryCount += 1
      entry.lastError = why
      guard entry.retryCount < maxRetries else {
        entry.status = .failed
        return (entry, nil)
      }
      let after = now.advanced(byMilliseconds: backoffMinutes.multipliedReportingOverflow(by: 60_000).partialValue)
      entry.status = .retry
      entry.holdUntil = after
      return (
        entry,
        BonusRetryRow(bonus: entry.key, retryCount: entry.retryCount, retryAfter: after, failureReason: why)
      )
    }
  }
}

/// What a run came to: an exhausted entry counts as failed.
package struct BonusClosingCount: Hashable, Sendable {
  package private(set) var confirmed = 0
  package private(set) var retry = 0
  package private(set) var failed = 0
  package var total: Int { confirmed + retry + failed }

  package init() {}

  /// The id of a run: `closing-20250101130000`.
  package static func runID(at now: Timestamp) -> String { "closing-" + CivilTime.digits(now) }

  package mutating func count(_ status: BonusStatus) {
    switch status {
    case .confirmed: confirmed += 1
    case .retry: retry += 1
    case .failed: failed += 1
    case .pending: break
    }
  }
}

/// Trying refused credits again, later each time.
package struct BonusRetrying: Hashable, Sendable {
  package static let mostRows = 100
  package let maxRetries: Int
  package let baseMinutes: Int64
  /// Below 1 it acts as 1.
  package let factor: Int64

  package init(maxRetries: Int = 5, baseMinutes: Int64 = 15, factor: Int64 = 2) {
    self.maxRetries = maxRetries
    self.baseMinutes = baseMinutes
    self.factor = factor
  }

  /// The pause after failure `count`: base x factor^(count - 1), at most a year.
  package func pauseMinutes(after count: Int) -> Int64 {
    let most: Int64 = 366 * 24 * 60
    var pause = min(max(0, baseMinutes), most)
    for _ in 1..<max(1, min(count, 64)) {
      let (next, overflow) = pause.multipliedReportingOverflow(by: max(1, factor))
      pause = overflow ? most : min(next, most)
    }
    return pause
  }

  /// Entry and row after a credit. Throws `wallet.bonus_state` for an entry that is over already.
  package func finished(
    _ entry: BonusEntry, _ row: BonusRetryRow, _ credit: BonusCredit, at now: Timestamp
  ) throws(WalletError) -> (entry: BonusEntry, row: BonusRetryRow) {
    guard entry.status == .retry, row.bonus == entry.key, row.status == .processing else {
      throw WalletError(.bonusState, "the bonus is \(entry.status.rawValue), its row \(row.status.rawValue)")
    }
    var (entry, row) = (entry, row)
    row.leaseUntil = nil
    switch credit {
    case .credited:
      entry.status = .confirmed
      entry.confirmedAt = now
      row.status = .completed
    case .refused(let why):
      let count = max(row.retryCount, entry.retryCount) + 1
      entry.retryCount = count
      entry.lastError = why
      row.failureReason = why
      guard count < maxRetries else {
        // The queue keeps its count: what it says is how often it was planned, not tried.
        entry.status = .failed
        row.status = .failed
        return (entry, row)
      }
      let after = now.advanced(byMilliseconds: pauseMinutes(after: count) * 60_000)
      entry.holdUntil = after
      row.status = .pending
      row.retryCount = count
      row.retryAfter = after
    }
    return (entry, row)
  }

  /// A row whose bonus is not there.
  package func withoutEntry(_ row: BonusRetryRow) -> BonusRetryRow {
    var row = row
    row.status = .failed
    row.failureReason = "bonus_entry_missing"
    row.leaseUntil = nil
    return row
  }
}
