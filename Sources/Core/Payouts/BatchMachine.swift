package import Chains

/// A batch: the payouts that travel in one transaction, on one slot, with every attempt ever intended there.
/// It lives and dies as one. Source: docs/internals/protocol.md 2.2 ("family").
package enum BatchState: String, CaseIterable, Sendable {
  case live
  /// A pay (or setup) attempt is final with effect.
  case final
  /// The slot is spent and nothing was paid.
  case dead
}

package enum BatchEvent: Hashable, Sendable {
  /// A bump: same payouts, amounts and order, another fee within the approved cap.
  case memberAdded
  case voidAdded
  /// Evidence of a quorum, at finality.
  case ended(Verdict)
}

extension BatchState {
  /// Throws `payout.illegal_transition`.
  package func applying(_ event: BatchEvent) throws(PayoutError) -> BatchState {
    switch (self, event) {
    case (.live, .memberAdded), (.live, .voidAdded): return .live
    case (.live, .ended(.paid)), (.live, .ended(.credited)), (.live, .ended(.settled)): return .final
    case (.live, .ended(.reverted)), (.live, .ended(.voided)), (.live, .ended(.stranger)): return .dead
    case (.final, _), (.dead, _):
      throw PayoutError(.illegalTransition, "a \(rawValue) batch takes no event")
    }
  }
}

/// One transaction for a batch. Source: docs/internals/protocol.md 2.3 ("member").
package enum AttemptState: String, CaseIterable, Sendable {
  /// Unsigned bytes are durable; a signature may exist in memory only.
  case intended
  /// Signed bytes and hash are durable.
  case signed
  /// Handed to at least one endpoint; always the same bytes.
  case broadcast
  /// It is the one that spent the slot, with effect.
  case confirmed
  case dead
}

package enum AttemptEvent: Hashable, Sendable {
  case signatureMade
  case recorded
  case sent
  /// Whatever an endpoint answers: it decides nothing.
  case answered
  /// The batch ended by this attempt, with effect (a payment, a setup or a void).
  case prevailed
  /// The batch ended by another transaction, or by this one without effect.
  case batchEnded
}

extension AttemptState {
  /// Throws `payout.illegal_transition`.
  package func applying(_ event: AttemptEvent) throws(PayoutError) -> AttemptState {
    switch (self, event) {
    case (.intended, .signatureMade): return .intended
    case (.intended, .recorded): return .signed
    case (.signed, .sent), (.broadcast, .sent): return .broadcast
    case (.signed, .answered), (.broadcast, .answered): return self
    // Somebody else may have sent recorded bytes: a signed attempt can prevail without our broadcast on record.
    case (.signed, .prevailed), (.broadcast, .prevailed): return .confirmed
    case (.intended, .batchEnded), (.signed, .batchEnded), (.broadcast, .batchEnded): return .dead
    case (.intended, _), (.signed, _), (.broadcast, _), (.confirmed, _), (.dead, _):
      throw PayoutError(.illegalTransition, "a \(rawValue) attempt cannot take this event")
    }
  }
}
