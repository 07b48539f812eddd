import Chains
import Codecs
import Engine
import Money

extension ChainTransfer {
  static func read(_ row: some Row) throws(StoreError) -> ChainTransfer {
    ChainTransfer(
      asset: try row.asset(0), transaction: try row.hash(1), index: try row.uint64(2), blockNumber: try row.uint64(3),
      blockHash: try row.hash(4), from: try row.address(5), to: try row.address(6), units: try row.units(7))
  }
}
