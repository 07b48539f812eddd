/// Which chain a value lives on: a family and its id within the family, `evm:31337` or `sim:1`.
package struct ChainID: Hashable, Sendable, CustomStringConvertible {
  package enum Family: String, CaseIterable, Sendable {
    /// Ethereum and its relatives; the number is the EIP-155 chain id.
    case evm
    /// The in-process chain of the demo, the tests and the simulator.
    case simulated = "sim"
  }
  package let family: Family
  package let number: UInt64

  package init(_ family: Family, _ number: UInt64) {
    self.family = family
    self.number = number
  }

  /// Reads `family:number`; nil for anything else.
  package init?(_ text: String) {
    let parts = text.split(separator: ":", omittingEmptySubsequences: false)
    guard parts.count == 2, let family = Family(rawValue: String(parts[0])), let number = UInt64(parts[1]),
      String(number) == parts[1]
    else { return nil }
    self.init(family, number)
  }

  package var description: String { "\(family.rawValue):\(number)" }
}
