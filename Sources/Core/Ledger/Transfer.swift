package import Money

/// An immutable movement between two accounts. Two-phase: `hold`, then `post` and `void` parts of the hold until it
/// is used up. `move` is both at once.
package enum Transfer: Hashable, Sendable {
  case move(debit: Account, credit: Account, units: UInt256)
  /// Sets units aside under a name that is used once, for ever.
  case hold(HoldID, debit: Account, credit: Account, units: UInt256)
  /// Makes a part of a hold final.
  case post(HoldID, units: UInt256)
  /// Gives a part of a hold back.
  case void(HoldID, units: UInt256)

  /// The word in the `transfers` table.
  package var kind: String {
    switch self {
    case .move: "move"
    case .hold: "hold"
    case .post: "post"
    case .void: "void"
    }
  }

  package var units: UInt256 {
    switch self {
    case .move(_, _, let units), .hold(_, _, _, let units), .post(_, let units), .void(_, let units): units
    }
  }
}

/// The name of a hold: the batch it serves.
package typealias HoldID = BatchID

/// What is left of a hold, and between which accounts it stands.
package struct Hold: Hashable, Sendable {
  package let debit: Account
  package let credit: Account
  package var remaining: UInt256

  package init(debit: Account, credit: Account, remaining: UInt256) {
    self.debit = debit
    self.credit = credit
    self.remaining = remaining
  }
}
