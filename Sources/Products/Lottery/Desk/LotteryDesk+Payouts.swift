import Chains
import Engine
package import Money
import Payouts

extension LotteryDesk {
  /// Loads every batch whose campaign has no payouts yet, in the order of their decision; gives how many. Again it
  /// changes nothing, so that whoever was killed between commit and load calls it once more. A campaign then waits for
  /// its approval like any other.
  ///
  /// Throws what the loader throws, `store.not_found` when a batch has no campaign, `store.conflict` when a name is
  /// another's.
  package func settle(with loader: any LotteryPayoutLoading) throws -> Int {
    try catchUp()
    guard let standing else { return 0 }
    var loaded = 0
    for batch in standing.books.batches {
      guard let campaign = try store.campaign(named: batch.name) else {
        throw StoreError(.notFound, "the campaign \(batch.name) is gone")
      }
      guard campaign.asset == settings.asset else {
        throw StoreError(.conflict, "\(batch.name) pays \(campaign.asset), not \(settings.asset)")
      }
      guard campaign.readyOrdinal == 0 else { continue }
      let payees = try batch.payees(standing.engine, on: settings.chain)
      try loader.load(payees, content: LotteryBatch.content(payees), into: campaign.id)
      loaded += 1
    }
    return loaded
  }

  /// Lotteries whose vault holds less than `units`, while payouts to partners may still come: the low-water alert.
  package func lowVaults(below units: UInt256) throws -> [(lottery: UInt64, holds: UInt256)] {
    try catchUp()
    guard let standing else { return [] }
    return standing.engine.registry?.orderedIds.compactMap { id in
      guard standing.engine.registry?.lotteries[id]?.status == .payout else { return nil }
      let holds = standing.books.pots[id]?.vault ?? .zero
      return holds < units ? (id, holds) : nil
    } ?? []
  }
}
