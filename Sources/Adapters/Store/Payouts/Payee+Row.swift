import Chains
import Engine
import Money

extension Payee {
  static func read(_ row: some Row) throws(StoreError) -> Payee {
    Payee(payout: try row.id(0), address: try row.address(1), units: try row.units(2))
  }
}
