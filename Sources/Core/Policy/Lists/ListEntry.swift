/// One listed party: who, by which names and addresses, and why.
package struct ListEntry: Hashable, Sendable {
  package enum Kind: String, CaseIterable, Sendable { case person, entity, vessel, aircraft, unknown }

  package struct Name: Hashable, Sendable {
    /// A weak alias is one that the publisher itself calls too broad to decide by.
    package enum Kind: String, CaseIterable, Sendable {
      case primary, alias
      case weakAlias = "weak_alias"
    }
    package let kind: Kind
    package let text: String

    package init(_ kind: Kind, _ text: String) {
      self.kind = kind
      self.text = text
    }
  }

  package struct DigitalAddress: Hashable, Sendable {
    /// As published: XBT, ETH, USDT, ...
    package let asset: String
    package let text: String

    package init(asset: String, text: String) {
      self.asset = asset
      self.text = text
    }
  }

  /// The publisher's own id.
  package let id: String
  package let kind: Kind
  package let names: [Name]
  package let addresses: [DigitalAddress]
  /// Sanctions programs, such as `CYBER2`.
  package let programs: [String]
  /// Dates of birth as published: often a year, or `circa 1960`.
  package let birthDates: [String]

  package init(
    id: String, kind: Kind, names: [Name], addresses: [DigitalAddress] = [], programs: [String] = [],
    birthDates: [String] = []
  ) {
    self.id = id
    self.kind = kind
    self.names = names
    self.addresses = addresses
    self.programs = programs
    self.birthDates = birthDates
  }

  /// The primary name, else the first, else the id.
  package var title: String { (names.first { $0.kind == .primary } ?? names.first)?.text ?? id }
}
