package import Codecs

/// What a person without full rights sees of personal data.
package enum Masking {
  private static let hidden = "***"

  /// `jo******@example.com`. Without a local part or an `@`: `***`.
  package static func email(_ text: String?) -> String {
    guard let text, let at = text.firstIndex(of: "@"), at > text.startIndex else { return hidden }
    let local = text[..<at]
    let shown = local.count <= 2 ? 1 : 2
    let stars = local.count <= 2 ? local.count - 1 : max(1, local.count - 2)
    return "\(local.prefix(shown))\(row(stars))\(text[at...])"
  }

  /// Digits but the last four; up to four digits everything.
  package static func phone(_ text: String?) -> String {
    guard let text, !text.isEmpty else { return hidden }
    let digits = text.count { isDigit($0) }
    guard digits > 4 else { return row(text.count) }
    var left = digits - 4
    return String(
      text.map { letter -> Character in
        guard isDigit(letter), left > 0 else { return letter }
        left -= 1
        return "*"
      })
  }

  /// `0x12***cdef`.
  package static func walletAddress(_ text: String?) -> String {
    guard let text, text.count > 1 else { return hidden }
    guard text.count > 8 else { return "\(text.prefix(1))\(row(text.count - 2))\(text.suffix(1))" }
    return "\(text.prefix(4))\(hidden)\(text.suffix(4))"
  }

  /// `wa***56`, with a star for each letter between.
  package static func identifier(_ text: String?) -> String {
    guard let text, !text.isEmpty else { return hidden }
    if text.contains("@") { return email(text) }
    guard text.count > 4 else { return "\(text.prefix(1))\(row(text.count - 1))" }
    return "\(text.prefix(2))\(row(text.count - 4))\(text.suffix(2))"
  }

  /// A withdrawal as the caller may see it: texts of the metadata by the names of their keys.
  package static func withdrawal(_ payload: JSONObject, for access: WalletAccess) -> JSONObject {
    guard !access.seesFullPersonalData else { return payload }
    var result = JSONObject()
    for member in payload.members {
      switch member.key {
      case "wallet_id", "requested_by", "approved_by":
        _ = result.append(member.key, member.value.string.map { JSON.string(identifier($0)) } ?? member.value)
      case "metadata":
        _ = result.append(member.key, member.value.object.map { JSON.object(metadata($0)) } ?? member.value)
      default: _ = result.append(member.key, member.value)
      }
    }
    return result
  }

  package static func auditSubject(_ subject: String?, for access: WalletAccess) -> String? {
    access.seesFullAuditSubjects ? subject : subject.map { email($0) }
  }

  private static func metadata(_ object: JSONObject) -> JSONObject {
    var result = JSONObject()
    for member in object.members {
      guard let text = member.value.string else {
        _ = result.append(member.key, member.value)
        continue
      }
      _ = result.append(member.key, .string(masked(text, under: member.key.lowercased())))
    }
    return result
  }

  private static func masked(_ text: String, under key: String) -> String {
    if key.contains("email") { return email(text) }
    if key.contains("address") || key.contains("wallet") { return walletAddress(text) }
    if key.contains("user") || key.contains("account") { return identifier(text) }
    return text
  }

  private static func isDigit(_ letter: Character) -> Bool { ("0"..."9").contains(letter) }
  private static func row(_ count: Int) -> String { String(repeating: "*", count: max(0, count)) }
}
