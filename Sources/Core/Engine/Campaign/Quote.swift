package import Chains
import Codecs
package import Money
package import Payouts

/// What a campaign will cost in fees, and what its sending accounts must hold, before it starts. Native units.
package struct Quote: Hashable, Sendable {
  package let payouts: Int64
  package let total: UInt256
  package let batches: Int64
  package let payeesPerBatch: Int
  /// If every transaction took its whole limit at the highest price.
  package let worstFee: UInt256
  /// At today's price for the work that such transactions usually take.
  package let expectedFee: UInt256
  /// One for each account that would pay, in the order asked for; never empty.
  package let senders: [Sender]

  /// What one account brings. Lanes share a campaign, and what a lane cannot pay goes to the others: so the accounts
  /// must cover it together, each within what its own fees allow.
  package struct Sender: Hashable, Sendable {
    package let account: Address
    package let funds: Funds
    /// Whether an allowance must be given first.
    package let needsSetup: Bool
    /// Whether it can pay the highest fee of one batch, and of its setup. What an account holds that cannot, counts
    /// for nothing.
    package let maySend: Bool
  }

  /// What all accounts lack together in the worst case; zero when they suffice.
  package let nativeShortfall: UInt256
  package let tokenShortfall: UInt256

  package var setupTransactions: Int { senders.count { $0.needsSetup } }
  package var isCovered: Bool { nativeShortfall.isZero && tokenShortfall.isZero }

  /// Asks the chain for today's price with the campaign's own first batch, and scales it up. `accounts` must not be empty.
  package static func of(
    _ campaign: Campaign, store: any PayoutStore, rail: any Rail, accounts: [Address]
  ) throws -> Quote {
    try rail.preflight(campaign.asset)
    let tally = try store.tally(campaign.id)
    let most = min(campaign.maxBatch, rail.limits(campaign.asset).mostPayees)
    let count = tally[.queued].count
    let batches = (count + Int64(most) - 1) / Int64(most)
    let sample = try store.queued(campaign.id, after: nil, limit: most)
    let order = Order(
      asset: campaign.asset, total: tally[.queued].units, batches: UInt256(UInt64(batches)),
      sample: sample.isEmpty ? nil : .pay(asset: campaign.asset, payees: sample))
    let shares = try accounts.map { try Share(order, rail, $0) }
    let senders = shares.map(\.sender)
    let able = senders.filter(\.maySend).map(\.funds)
    let worst = try Quote.fees(shares.map(\.worst))
    let isNative = campaign.asset.token == nil
    return Quote(
      payouts: count, total: order.total, batches: batches, payeesPerBatch: most, worstFee: worst,
      expectedFee: try Quote.fees(shares.map(\.expected)), senders: senders,
      nativeShortfall: shortfall(isNative ? try worst.adding(order.total) : worst, sum(able.map(\.native))),
      tokenShortfall: isNative ? .zero : shortfall(order.total, sum(able.map { $0.token ?? .zero })))
  }

  /// What is to be paid, whoever pays it.
  private struct Order {
    let asset: AssetID
    let total: UInt256
    let batches: UInt256
    /// A batch like the others; nil when nothing is left to pay.
    let sample: Purpose?
  }

  /// Fees if one account paid everything: those of the batches, and that of its own setup.
  private typealias Fees = (batches: UInt256, setup: UInt256)

  private struct Share {
    let sender: Sender
    var worst: Fees = (.zero, .zero)
    var expected: Fees = (.zero, .zero)

    init(_ order: Order, _ rail: any Rail, _ account: Address) throws {
      var setup: Purpose?
      var oneBatch = UInt256.zero
      if let sample = order.sample {
        oneBatch = try rail.fee(for: sample, account: account).most
        worst.batches = try oneBatch.multiplied(by: order.batches)
        expected.batches = try rail.expectedCost(of: sample, account: account).multiplied(by: order.batches)
        setup = try rail.setup(order.asset, account: account, total: order.total)
      }
      if let setup {
        worst.setup = try rail.fee(for: setup, account: account).most
        expected.setup = try rail.expectedCost(of: setup, account: account)
      }
      let funds = try rail.funds(order.asset, account: account)
      sender = Sender(
        account: account, funds: funds, needsSetup: setup != nil,
        maySend: try funds.native >= oneBatch.adding(worst.setup))
    }
  }

  /// The batches are paid once, by whoever is dearest; every account pays its own setup.
  private static func fees(_ shares: [Fees]) throws -> UInt256 {
    var sum = shares.map(\.batches).max() ?? .zero
    for share in shares { sum = try sum.adding(share.setup) }
    return sum
  }

  private static func shortfall(_ needed: UInt256, _ there: UInt256) -> UInt256 {
    let (rest, none) = needed.subtractingReportingOverflow(there)
    return none ? .zero : rest
  }

  private static func sum(_ values: [UInt256]) -> UInt256 {
    values.reduce(.zero) { sum, value in
      let (next, over) = sum.addingReportingOverflow(value)
      return over ? .max : next
    }
  }
}
