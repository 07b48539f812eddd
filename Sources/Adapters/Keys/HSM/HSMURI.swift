import Codecs
package import Signing

/// Which keys on which token of which module: the value of `AM_HSM_URI`.
///
/// `pkcs11:token=payouts;object=lane-1?module-path=/usr/lib/softhsm/libsofthsm2.so&pin-source=file:/run/secrets/pin`.
/// `slot=` is read as `slot-id=`; where a token is named the slot is not looked at, since modules renumber slots.
/// A PIN in the URI is refused: settings reach logs and process lists. Without `object` and `id` all secp256k1 keys of
/// the token are meant, each a lane of its own.
/// Source: RFC 7512.
package struct HSMURI: Hashable, Sendable {
  package private(set) var token: String?
  package private(set) var manufacturer: String?
  package private(set) var serial: String?
  package private(set) var model: String?
  package private(set) var slot: UInt?
  /// `CKA_LABEL` of the key.
  package private(set) var object: String?
  /// `CKA_ID` of the key.
  package private(set) var id: [UInt8]?
  package private(set) var modulePath: String?
  package private(set) var moduleName: String?
  /// From `pin-source=file:...`.
  package private(set) var pinFile: String?

  /// Throws `signing.bad_hsm_uri`; the message never repeats a value, which could be a PIN in the wrong place.
  package init(parsing text: String) throws(SigningError) {
    guard text.utf8.count <= 4096, text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7f }) else {
      throw HSMURI.bad("it is longer than 4096 bytes or holds blanks or bytes that must be percent-encoded")
    }
    guard !text.lowercased().contains("pin-value") else {
      throw SigningError(
        .badHSMAddress, "AM_HSM_URI holds a PIN (pin-value), which is refused",
        hint: "put the PIN into a file of mode 600 and name it with pin-source=file:/path or AM_HSM_PIN_FILE")
    }
    guard text.lowercased().hasPrefix("pkcs11:") else { throw HSMURI.bad("it does not begin with pkcs11:") }
    let parts = text.dropFirst(7).split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
    var seen: Set<String> = []
    for part in (parts.first ?? "").split(separator: ";") {
      let (name, value) = try HSMURI.attribute(part, &seen)
      try setPath(name, value)
    }
    for part in (parts.count > 1 ? parts[1] : "").split(separator: "&") {
      let (name, value) = try HSMURI.attribute(part, &seen)
      try setQuery(name, value)
    }
    guard token != nil || serial != nil || slot != nil else {
      throw HSMURI.bad("it names no token: give token=, serial= or slot-id=")
    }
  }

  /// The keys meant, without module and PIN file: for reports.
  package var label: String {
    var parts: [String] = []
    if let token { parts.append("token=" + HSMURI.encoded(Array(token.utf8))) }
    if let serial { parts.append("serial=" + HSMURI.encoded(Array(serial.utf8))) }
    if token == nil, let slot { parts.append("slot-id=\(slot)") }
    if let object { parts.append("object=" + HSMURI.encoded(Array(object.utf8))) }
    if let id { parts.append("id=" + HSMURI.encoded(id)) }
    return "pkcs11:" + parts.joined(separator: ";")
  }

  // MARK: -

  private mutating func setPath(_ name: String, _ value: [UInt8]) throws(SigningError) {
    switch name {
    case "token": token = try HSMURI.text(name, value)
    case "manufacturer": manufacturer = try HSMURI.text(name, value)
    case "serial": serial = try HSMURI.text(name, value)
    case "model": model = try HSMURI.text(name, value)
    case "object": object = try HSMURI.text(name, value)
    case "id":
      guard !value.isEmpty else { throw HSMURI.bad("id is empty") }
      id = value
    case "slot", "slot-id":
      guard let number = UInt(try HSMURI.text(name, value)), slot == nil || slot == number else {
        throw HSMURI.bad("\(name) is no number, or slot and slot-id differ")
      }
      slot = number
    case "type":
      guard value == Array("private".utf8) else { throw HSMURI.bad("only type=private can sign") }
    default: throw HSMURI.unknown(name)
    }
  }

  private mutating func setQuery(_ name: String, _ value: [UInt8]) throws(SigningError) {
    switch name {
    case "module-path": modulePath = try HSMURI.text(name, value)
    case "module-name":
      let name = try HSMURI.text(name, value)
      guard !name.utf8.contains(UInt8(ascii: "/")) else { throw HSMURI.bad("module-name is a path") }
      moduleName = name
    case "pin-source":
      var path = try HSMURI.text(name, value)
      guard path.hasPrefix("file:") else {
        throw HSMURI.bad("pin-source is not of the form file:/path; programs are not run for a PIN")
      }
      path.removeFirst(5)
      // file:///path, by RFC 8089, with an empty host.
      if path.hasPrefix("///") { path.removeFirst(2) }
      guard path.hasPrefix("/"), !path.hasPrefix("//") else { throw HSMURI.bad("pin-source needs an absolute path") }
      pinFile = path
    default: throw HSMURI.unknown(name)
    }
  }

  private static func attribute(
    _ part: Substring, _ seen: inout Set<String>
  ) throws(SigningError) -> (name: String, value: [UInt8]) {
    guard let equals = part.firstIndex(of: "=") else { throw bad("an attribute has no =") }
    let name = String(part[..<equals])
    guard seen.insert(name).inserted else { throw bad("an attribute comes twice") }
    var value: [UInt8] = []
    var rest = part[part.index(after: equals)...].utf8
    while let byte = rest.popFirst() {
      guard byte == UInt8(ascii: "%") else {
        value.append(byte)
        continue
      }
      guard let high = rest.popFirst().flatMap(Hex.value(ofDigit:)),
        let low = rest.popFirst().flatMap(Hex.value(ofDigit:))
      else { throw bad("a % is not followed by two hex digits") }
      value.append(high << 4 | low)
    }
    return (name, value)
  }

  private static func text(_ name: String, _ value: [UInt8]) throws(SigningError) -> String {
    guard !value.isEmpty, !value.contains(0), let text = String(validating: value, as: UTF8.self) else {
      throw bad("\(name) is empty or no UTF-8 text")
    }
    return text
  }

  private static func encoded(_ bytes: [UInt8]) -> String {
    bytes.map { byte in
      switch byte {
      case 0x30...0x39, 0x41...0x5a, 0x61...0x7a, 0x2d, 0x2e, 0x5f, 0x7e: String(UnicodeScalar(byte))
      default: "%" + Hex.text(CollectionOfOne(byte)).uppercased()
      }
    }.joined()
  }

  private static func bad(_ why: String) -> SigningError {
    SigningError(
      .badHSMAddress, "AM_HSM_URI cannot be used: \(why)",
      hint: "write it as pkcs11:token=NAME;object=KEY?module-path=/path/module.so&pin-source=file:/path (RFC 7512)")
  }

  /// Ignoring it would widen what is meant.
  private static func unknown(_ name: String) -> SigningError {
    let known = name.utf8.count <= 32 && name.utf8.allSatisfy { $0 >= 0x61 && $0 <= 0x7a || $0 == 0x2d }
    return bad(known ? "the attribute \(name) is not supported here" : "an attribute has an unknown name")
  }
}
