/// What one node says of a transaction, read in this order: its newest block, the sender's next number, the transaction.
package struct SupraLook: Hashable, Sendable {
  package enum Sight: Hashable, Sendable {
    /// 404, or a status that is no end: nothing follows from it.
    case none
    /// Executed with effect, in a block.
    case success(status: String, gasUsed: UInt64?)
    /// Executed and rolled back, in a block.
    case failure(status: String, gasUsed: UInt64?)
  }
  /// Of the newest block, in whole seconds.
  package let blockSeconds: UInt64
  package let sequenceNumber: UInt64
  package let sight: Sight

  package init(blockSeconds: UInt64, sequenceNumber: UInt64, sight: Sight) {
    self.blockSeconds = blockSeconds
    self.sequenceNumber = sequenceNumber
    self.sight = sight
  }
}

/// What follows from a look. Only positive facts end a transaction: a 404 is not death.
///
/// Source: PROTOCOL.md 4.2 and 4.3 (Supra rows): dead once block seconds >= expiration and then, at the same node, the
/// number is unused.
package enum SupraFate: Hashable, Sendable {
  case executed(status: String, gasUsed: UInt64?)
  case failed(status: String, gasUsed: UInt64?)
  case expired
  /// The number is spent, and not by a transaction of this hash that the node would show.
  case spentElsewhere
  case open

  package init(_ look: SupraLook, sequenceNumber: UInt64, expiration: UInt64) {
    switch look.sight {
    case .success(let status, let gas): self = .executed(status: status, gasUsed: gas)
    case .failure(let status, let gas): self = .failed(status: status, gasUsed: gas)
    case .none:
      if look.sequenceNumber > sequenceNumber {
        self = .spentElsewhere
      } else {
        self = look.blockSeconds >= expiration ? .expired : .open
      }
    }
  }

  /// Whether the wait is over. A number that is spent without our transaction in sight is not: nodes index late.
  package var isFinal: Bool {
    switch self {
    case .executed, .failed, .expired: true
    case .spentElsewhere, .open: false
    }
  }
}
