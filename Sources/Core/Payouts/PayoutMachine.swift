package import Money

/// What is known of a submitted payout's money.
package enum Fate: Hashable, Sendable {
  case pending
  /// No evidence, and patience is over; or an effect that was not the promised one. Waits for evidence or two people.
  case unknown(UnknownReason)
}

package enum UnknownReason: String, CaseIterable, Sendable {
  /// No evidence within the patience of the campaign.
  case overdue
  /// The recipient was credited another sum (a fee taken on transfer): value moved.
  case partial
}

/// Why a payout failed. The `error_code` of the table: docs/errors.md.
package enum FailureReason: String, CaseIterable, Sendable {
  case canceled = "payout.canceled"
  case denied = "payout.denied"
  case expired = "payout.expired"
  /// The transaction that carried this payout alone reverted, at finality.
  case reverted = "payout.reverted"
  /// The transaction is final, and this payee was credited nothing (a token that returns false).
  case notCredited = "payout.not_credited"
  /// Another sum was credited than promised, and two people said that it does not count as paid.
  case settledUnpaid = "payout.settled_unpaid"
}

/// What may happen after a proven death.
package enum AfterDeath: Hashable, Sendable {
  case again
  case fail(FailureReason)
}

/// One payout's life. Source: docs/internals/protocol.md 2.1.
package enum PayoutState: Hashable, Sendable {
  /// Nothing on any chain can pay it yet.
  case queued
  /// From the durable intent on: a transaction that pays it may exist.
  case submitted(BatchID, Fate)
  case confirmed
  case failed(FailureReason)
  case compensated

  package var status: PayoutStatus {
    switch self {
    case .queued: .queued
    case .submitted: .submitted
    case .confirmed: .confirmed
    case .failed: .failed
    case .compensated: .compensated
    }
  }
}

/// The five words of tables, API and CLI.
package enum PayoutStatus: String, CaseIterable, Sendable {
  case queued, submitted, confirmed, failed, compensated
}

package enum PayoutEvent: Hashable, Sendable {
  case intended(BatchID)
  case canceled
  case denied
  case expired
  /// A node's error, a time-out, a lost answer.
  case answered
  case patienceOver(BatchID, UnknownReason)
  /// Evidence of this payout's own effect, at finality.
  case paid(BatchID)
  /// Evidence that nothing of this batch can ever pay it.
  case dead(BatchID, AfterDeath)
  /// Evidence that contradicts what was final.
  case contrary
  /// An operator's decision with a reason code.
  case compensated
}

/// What the ledger and the operator hear of a move. Amounts are the caller's.
package enum PayoutEffect: Hashable, Sendable {
  /// reserved -> in flight
  case hold
  /// in flight -> paid
  case settle
  /// in flight -> reserved
  case giveBack
  /// reserved -> released
  case release
  /// released -> compensated
  case compensateReleased
  /// paid -> compensated
  case compensatePaid
  case alarm
}

extension PayoutState {
  /// Decides, and does nothing else: no clock, no database, no network.
  ///
  /// Throws `payout.illegal_transition`. There is no way back from confirmed or failed: trying again after failed is
  /// a new order with a new key.
  package func applying(_ event: PayoutEvent) throws(PayoutError) -> (PayoutState, [PayoutEffect]) {
    switch (self, event) {
    // The intent is durable before a key signs: from here on no planner sees the payout.
    case (.queued, .intended(let batch)): return (.submitted(batch, .pending), [.hold])
    case (.queued, .canceled): return (.failed(.canceled), [.release])
    case (.queued, .denied): return (.failed(.denied), [.release])
    case (.queued, .expired): return (.failed(.expired), [.release])
    // None of these is news about the money.
    case (.submitted, .answered): return (self, [])
    case (.submitted(let batch, _), .patienceOver(let late, let why)) where late == batch:
      return (.submitted(batch, .unknown(why)), [.alarm])
    case (.submitted(let batch, _), .paid(let seen)) where seen == batch: return (.confirmed, [.settle])
    case (.submitted(let batch, _), .dead(let ended, .again)) where ended == batch: return (.queued, [.giveBack])
    case (.submitted(let batch, _), .dead(let ended, .fail(let why))) where ended == batch:
      return (.failed(why), [.giveBack, .release])
    // Indexers repeat themselves after a restart; the second sighting moves no money.
    case (.confirmed, .paid): return (self, [])
    case (.confirmed, .contrary): return (self, [.alarm])
    case (.failed, .compensated): return (.compensated, [.compensateReleased])
    case (.confirmed, .compensated): return (.compensated, [.compensatePaid])
    // Spelled by state, never `default`, so that a new state stops the build here.
    case (.queued, _), (.submitted, _), (.confirmed, _), (.failed, _), (.compensated, _):
      throw PayoutError(.illegalTransition, "a \(status.rawValue) payout cannot take this event")
    }
  }
}
