package import Chains
package import Codecs
package import Money

/// What a person says became of payouts that no quorum of nodes tells of.
package struct Sighting: Hashable, Sendable {
  package let isPaid: Bool
  /// The transaction that spent the slot, and where it is; nil where the person names none.
  package let transaction: Hash32?
  package let blockNumber: UInt64?
  package let blockHash: Hash32?
  /// What the transaction cost, in native units.
  package let feePaid: UInt256

  package init(
    isPaid: Bool, transaction: Hash32?, blockNumber: UInt64?, blockHash: Hash32?, feePaid: UInt256 = .zero
  ) {
    self.isPaid = isPaid
    self.transaction = transaction
    self.blockNumber = blockNumber
    self.blockHash = blockHash
    self.feePaid = feePaid
  }

  /// The word in records and on the command line.
  package var word: String { isPaid ? "paid" : "not_paid" }
}

/// What nodes say of a slot, asked for when people settle it.
package struct NodesWord: Sendable {
  package let statements: [Statement]
  /// What a quorum of them agrees on.
  package let evidence: Evidence?
  /// Slots spent in final blocks, as a quorum says; nil when it says nothing.
  package let finalCount: UInt64?

  package init(statements: [Statement], evidence: Evidence?, finalCount: UInt64?) {
    self.statements = statements
    self.evidence = evidence
    self.finalCount = finalCount
  }

  /// No node answered, or none is configured.
  package static let silence = NodesWord(statements: [], evidence: nil, finalCount: nil)
}
