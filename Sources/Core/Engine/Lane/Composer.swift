package import Chains
import Codecs
package import Money
import Payouts

/// Puts one attempt together: the request, its unsigned bytes and digests. Used by live runs and dry runs alike, so
/// that both give the same bytes.
package struct Composer: Sendable {
  package let codec: any TransactionCodec
  package init(_ codec: any TransactionCodec) { self.codec = codec }

  /// Throws what the codec throws.
  package func draft(
    _ id: AttemptID, _ request: TransactionRequest
  ) throws(RailError) -> AttemptDraft {
    let unsigned = try codec.prepare(request)
    return AttemptDraft(
      id: id, kind: request.purpose.kind, unsigned: unsigned, payloadDigest: request.payloadDigest, fee: request.fee)
  }

  /// A batch of payees on a slot.
  package func intent(
    _ batch: BatchID, attempt: AttemptID, campaign: CampaignID, asset: AssetID, payees: [Payee], account: Address,
    slot: UInt64, fee: FeeTerms, halfOf: BatchID?, isAdopted: Bool = false, rates: IntentRates = .none
  ) throws -> Intent {
    var total = UInt256.zero
    for payee in payees { total = try total.adding(payee.units) }
    let request = TransactionRequest(
      account: account, slot: slot, purpose: .pay(asset: asset, payees: payees), fee: fee)
    return Intent(
      batch: batch, campaign: campaign, slot: slot, asset: asset, runs: PayoutRun.of(payees.map(\.payout)),
      count: payees.count, total: total, root: try ContentRoot.of(payees, asset), attempt: try draft(attempt, request),
      halfOf: halfOf, isAdopted: isAdopted, rates: rates)
  }

  /// A slot that pays nobody: a gap repair or a setup transaction.
  package func service(
    _ batch: BatchID, attempt: AttemptID, purpose: Purpose, asset: AssetID, account: Address, slot: UInt64,
    fee: FeeTerms, isAdopted: Bool = false
  ) throws(RailError) -> Intent {
    let request = TransactionRequest(account: account, slot: slot, purpose: purpose, fee: fee)
    return Intent(
      batch: batch, campaign: nil, slot: slot, asset: asset, runs: [], count: 0, total: .zero, root: .zero,
      attempt: try draft(attempt, request), halfOf: nil, isAdopted: isAdopted)
  }
}
