package import Chains
import Codecs
package import Money
package import Payouts

/// What a campaign will cost in fees, before it starts. Native units.
package struct Quote: Hashable, Sendable {
  package let payouts: Int64
  package let total: UInt256
  package let batches: Int64
  package let setupTransactions: Int64
  /// If every transaction took its whole limit at the highest price.
  package let worstFee: UInt256
  /// At today's price for the work that such transactions usually take.
  package let expectedFee: UInt256
  package let payeesPerBatch: Int
  package let funds: Funds

  /// What the sending account lacks of the native coin in the worst case; zero when it suffices.
  package let nativeShortfall: UInt256
  package let tokenShortfall: UInt256

  /// Asks the chain for today's price with the campaign's own first batch, and scales it up.
  package static func of(
    _ campaign: Campaign, store: any PayoutStore, rail: any Rail, account: Address
  ) throws -> Quote {
    try rail.preflight(campaign.asset)
    let tally = try store.tally(campaign.id)
    let most = min(campaign.maxBatch, rail.limits(campaign.asset).mostPayees)
    let sample = try store.queued(campaign.id, after: nil, limit: most)
    let count = tally[.queued].count
    let batches = (count + Int64(most) - 1) / Int64(most)
    var worst = UInt256.zero
    var expected = UInt256.zero
    if !sample.isEmpty {
      let purpose = Purpose.pay(asset: campaign.asset, payees: sample)
      let fee = try rail.fee(for: purpose, account: account)
      worst = try fee.most.multiplied(by: UInt256(UInt64(batches)))
      expected = try rail.expectedCost(of: purpose, account: account).multiplied(by: UInt256(UInt64(batches)))
    }
    let setup = count == 0 ? nil : try rail.setup(campaign.asset, account: account, total: tally[.queued].units)
    if let setup {
      worst = try worst.adding(try rail.fee(for: setup, account: account).most)
      expected = try expected.adding(try rail.expectedCost(of: setup, account: account))
    }
    let funds = try rail.funds(campaign.asset, account: account)
    let isNative = campaign.asset.token == nil
    let native = isNative ? try worst.adding(tally[.queued].units) : worst
    return Quote(
      payouts: count, total: tally[.queued].units, batches: batches, setupTransactions: setup == nil ? 0 : 1,
      worstFee: worst, expectedFee: expected, payeesPerBatch: most, funds: funds,
      nativeShortfall: shortfall(native, funds.native),
      tokenShortfall: isNative ? .zero : shortfall(tally[.queued].units, funds.token ?? .zero))
  }

  private static func shortfall(_ needed: UInt256, _ there: UInt256) -> UInt256 {
    let (rest, none) = needed.subtractingReportingOverflow(there)
    return none ? .zero : rest
  }
}
