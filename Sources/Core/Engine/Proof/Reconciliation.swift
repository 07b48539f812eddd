package import Chains
package import Codecs
package import Money

/// One row that chain, ledger and file do not all agree on, and why.
package struct Mismatch: Hashable, Sendable {
  package enum Kind: String, CaseIterable, Sendable {
    /// The chain shows a transfer of ours that no payout owns.
    case chainOnly = "chain_only"
    /// A payout is confirmed, and the chain's final blocks since the start block do not show its transfer.
    case ledgerOnly = "ledger_only"
    /// The chain paid a payout that is not confirmed here, or that our evidence calls not credited.
    case paidUnconfirmed = "paid_unconfirmed"
    /// The chain moved another sum than the payout's.
    case wrongAmount = "wrong_amount"
    /// The chain paid one payout more than once.
    case paidTwice = "paid_twice"
    /// A recipient of the file was not paid: the payout waits, is on its way, or failed.
    case unpaid
    /// Ledger sums do not fit the payouts.
    case ledgerSum = "ledger_sum"
  }
  package let kind: Kind
  package let payout: PayoutID?
  package let address: Address?
  package let units: UInt256
  package let transaction: Hash32?
  package let explanation: String

  package init(
    kind: Kind, payout: PayoutID?, address: Address?, units: UInt256, transaction: Hash32?, explanation: String
  ) {
    self.kind = kind
    self.payout = payout
    self.address = address
    self.units = units
    self.transaction = transaction
    self.explanation = explanation
  }
}
