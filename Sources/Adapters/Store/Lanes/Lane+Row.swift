import Chains
import Engine
import Money
import Payouts

extension Lane {
  /// A row in the order of the queries of both engines.
  static func read(_ row: some Row) throws(StoreError) -> Lane {
    Lane(
      id: try row.id(0), chain: try row.chain(1), account: try row.address(2), fence: try row.int64(3),
      holder: try row.optionalText(4), session: try row.optionalText(5), until: try row.time(6), mode: try row.word(7),
      modeReason: try row.optionalText(8), nextSlot: try row.uint64(9), nextSequence: try row.int64(10),
      epoch: try row.int64(11))
  }
}
