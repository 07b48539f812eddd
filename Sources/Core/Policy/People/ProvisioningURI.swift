/// The text of the picture that a device reads: `otpauth://totp/ISSUER:LABEL?secret=...&issuer=ISSUER`.
/// Source: Key Uri Format, https://github.com/google/google-authenticator/wiki/Key-Uri-Format
package enum ProvisioningURI {
  /// Without an issuer the path is the label alone. A slash is left as it is, as other implementations do.
  package static func text(secret: String, label: String, issuer: String?) -> String {
    guard let issuer else { return "otpauth://totp/\(encoded(label))?secret=\(secret)" }
    return "otpauth://totp/\(encoded(issuer)):\(encoded(label))?secret=\(secret)&issuer=\(encoded(issuer))"
  }

  private static func encoded(_ text: String) -> String {
    let digits = Array("0123456789ABCDEF".utf8)
    var out: [UInt8] = []
    for byte in text.utf8 {
      switch byte {
      case 0x30...0x39, 0x41...0x5a, 0x61...0x7a, 0x2d, 0x2e, 0x2f, 0x5f, 0x7e: out.append(byte)
      default: out += [0x25, digits[Int(byte >> 4)], digits[Int(byte & 15)]]
      }
    }
    return String(decoding: out, as: UTF8.self)
  }
}
