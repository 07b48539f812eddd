import Chains
package import Codecs
import Engine
package import Money

/// Payouts by the reason they carry, with a few examples of each. Bounded: neither reasons nor examples grow.
package struct ReasonFigures: Hashable, Sendable {
  package struct Example: Hashable, Sendable {
    package let key: String
    package let address: String
    package let units: UInt256
    package let row: Int64
    package let transaction: Hash32?
    package let message: String?
  }
  package struct Group: Hashable, Sendable {
    package let code: String
    package fileprivate(set) var count: Int64 = 0
    package fileprivate(set) var units = UInt256.zero
    /// The first ones, by payout number.
    package fileprivate(set) var examples: [Example] = []
  }
  package static let mostExamples = 20
  /// Distinct reasons that are told apart; payouts of any further one count under `furtherCode`.
  package static let mostReasons = 100
  package static let furtherCode = "(further reasons)"

  private var groups: [String: Group] = [:]

  package init() {}

  /// Most payouts first, then by code.
  package var sorted: [Group] {
    groups.values.sorted { $0.count == $1.count ? $0.code < $1.code : $0.count > $1.count }
  }

  package var count: Int64 { groups.values.reduce(0) { $0 + $1.count } }

  /// Throws `money.overflow` when a sum leaves 256 bits.
  mutating func add(_ view: PayoutView, address: (Address) -> String) throws(MoneyError) {
    var code = view.errorCode ?? "(no reason recorded)"
    if groups[code] == nil, groups.count >= ReasonFigures.mostReasons { code = ReasonFigures.furtherCode }
    var group = groups[code] ?? Group(code: code)
    group.count += 1
    group.units = try group.units.adding(view.units)
    if group.examples.count < ReasonFigures.mostExamples {
      group.examples.append(
        Example(
          key: view.key, address: address(view.address), units: view.units, row: view.rowNumber,
          transaction: view.transaction,
          message: view.errorMessage.map { String(String.UnicodeScalarView($0.unicodeScalars.prefix(300))) }))
    }
    groups[code] = group
  }
}
