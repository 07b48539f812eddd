import Chains
import Engine
package import Money
import Payouts

extension LotteryDesk {
  /// Loads every batch whose campaign has no payouts yet, in the order of their decision; gives them. Again it
  /// changes nothing, so that whoever was killed between commit and load calls it once more. A campaign then waits for
  /// its approval like any other.
  ///
  /// Throws what the loader throws, `store.not_found` when a batch has no campaign, `store.conflict` when a name is
  /// another's.
  package func settle(with loader: any LotteryPayoutLoading) throws -> [LotteryBatch] {
    try catchUp()
    guard let standing else { return [] }
    var loaded: [LotteryBatch] = []
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
      loaded.append(batch)
    }
    return loaded
  }

  /// What every lottery has set aside for partners. It is low when it holds less than `line` while payouts to partners may
  /// still come.
  package func vaults(below line: UInt256) throws -> [(lottery: UInt64, holds: UInt256, isLow: Bool)] {
    try catchUp()
    guard let standing, let registry = standing.engine.registry else { return [] }
    return registry.orderedIds.map { id in
      let holds = standing.books.pots[id]?.vault ?? .zero
      return (id, holds, registry.lotteries[id]?.status == .payout && holds < line)
    }
  }
}
