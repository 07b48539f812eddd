package import Policy

/// What a file to import is, as `lists import --kind` names it.
package enum ListSourceKind: String, CaseIterable, Sendable {
  /// OFAC's sdn.xml or sdn_advanced.xml, and lists of the same shape.
  case ofacXML = "ofac-sdn-xml"
  /// Addresses of one asset, one a line or as a JSON array; the asset is in the file's name:
  /// sanctioned_addresses_ETH.txt, as 0xB10C/ofac-sanctioned-digital-currency-addresses publishes them.
  case ofacAddresses = "ofac-addresses"
  /// Addresses of any kind, one a line; blank lines and lines that begin with `#` are passed over.
  case addresses
  /// Names, one a line, as `addresses`.
  case names
}

/// What one or more files of a list hold.
package struct ImportedList: Hashable, Sendable {
  package var entries: [ListEntry]
  /// Milliseconds since 1970: midnight of the day that the publisher names.
  package var publishedAt: Int64?

  package init(entries: [ListEntry], publishedAt: Int64? = nil) {
    self.entries = entries
    self.publishedAt = publishedAt
  }
}
