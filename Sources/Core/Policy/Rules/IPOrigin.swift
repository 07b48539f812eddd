/// Where an IP address is, as far as it is known: two capitals, and the number of the autonomous system.
package struct IPOrigin: Hashable, Sendable {
  package let country: String?
  package let asn: String?
  package static let unknown = IPOrigin(country: nil, asn: nil)
  package init(country: String?, asn: String?) {
    self.country = country
    self.asn = asn
  }
}

/// Where IP addresses are.
package protocol IPOrigins: Sendable {
  /// What names the data; another text makes every verdict old.
  func version() -> String
  /// What is not known, or told by data that is too old, is nil.
  func origin(_ address: IPAddress) -> IPOrigin
}
