/// Why a text is not an address. Codes are stable: docs/errors.md.
package struct EIP55Error: Error, Hashable, Sendable {
  /// Stable across releases. Add cases freely; never rename or reuse one.
  package enum Code: String, CaseIterable, Sendable {
    case badLength = "address.bad_length"
    case badHex = "address.bad_hex"
    case badChecksum = "address.bad_checksum"
    case checksumNeeded = "address.checksum_needed"
  }
  package let code: Code

  package init(_ code: Code) { self.code = code }

  /// One sentence for a person; it does not repeat the refused text.
  package var message: String {
    switch code {
    case .badLength: "an address is 0x and 40 hex digits"
    case .badHex: "an address holds only the digits 0 to 9 and a to f after 0x"
    case .badChecksum: "the upper and lower case letters do not match the checksum: a digit is wrong"
    case .checksumNeeded: "the address carries no checksum (all letters have one case)"
    }
  }

  /// The next step of whoever supplied the text.
  package var hint: String {
    switch code {
    case .badLength, .badHex: "copy the whole address again from its owner"
    case .badChecksum: "compare the address with its owner; do not just change the case of the letters"
    case .checksumNeeded: "supply the mixed-case form, or accept addresses without checksum explicitly"
    }
  }
}
