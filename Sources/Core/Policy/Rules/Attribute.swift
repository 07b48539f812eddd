/// What a rule may ask about. Its word in a policy file is `text`.
package enum Attribute: Hashable, Sendable {
  /// Who created the campaign.
  case actor
  case campaign
  case chain
  /// The token's contract; `native` for the chain's own coin.
  case token
  /// The sum of everything in the campaign, paid or not.
  case total
  case address
  case amount
  case email
  case ip
  case country
  /// What the column says, or the KYC provider where one is configured.
  case kyc
  /// The provider's level.
  case kycLevel
  /// Where the recipient's IP address is: country in two capitals, number of the autonomous system.
  case ipCountry
  case ipASN
  /// Another column of the recipients file.
  case metadata(String)
  /// How many waiting recipients of the campaign share this one's e-mail or IP, itself included.
  case sameEmail
  case sameIP
  /// Whether a sanctions list names the recipient: `hit`, `clear`.
  case sanctions
  case timeOfDay
  /// Whether the address book has the recipient's address on this chain, past its delay: `yes`, `no`.
  case inAddressBook
  /// Whole hours for which the entry has been usable; 0 for none.
  case addressBookHours
  /// What is used up of the policy's limit of this name, where the recipient counts.
  case used(String)

  private static let words: [(Attribute, String)] = [
    (.actor, "actor"), (.campaign, "campaign.name"), (.chain, "campaign.chain"), (.token, "campaign.token"),
    (.total, "campaign.total"), (.address, "recipient.address"), (.amount, "amount"), (.email, "recipient.email"),
    (.ip, "recipient.ip"), (.country, "recipient.country"), (.kyc, "recipient.kyc"),
    (.kycLevel, "kyc.level"), (.ipCountry, "ip.country"), (.ipASN, "ip.asn"),
    (.sameEmail, "count.same_email"), (.sameIP, "count.same_ip"), (.sanctions, "sanctions"),
    (.timeOfDay, "time.of_day"), (.inAddressBook, "recipient.in_address_book"),
    (.addressBookHours, "recipient.address_book_hours"),
  ]
  private static let metadataPrefix = "recipient.metadata."
  private static let usedPrefix = "used."

  package init?(text: String) {
    if let known = Attribute.words.first(where: { $0.1 == text }) {
      self = known.0
    } else if text.hasPrefix(Attribute.metadataPrefix), text.utf8.count > Attribute.metadataPrefix.utf8.count {
      self = .metadata(String(text.dropFirst(Attribute.metadataPrefix.count)))
    } else if text.hasPrefix(Attribute.usedPrefix), text.utf8.count > Attribute.usedPrefix.utf8.count {
      self = .used(String(text.dropFirst(Attribute.usedPrefix.count)))
    } else {
      return nil
    }
  }

  package var text: String {
    if case .metadata(let key) = self { return Attribute.metadataPrefix + key }
    if case .used(let limit) = self { return Attribute.usedPrefix + limit }
    return Attribute.words.first { $0.0 == self }?.1 ?? ""
  }

  /// Every attribute but `recipient.metadata.*` and `used.*`, for the reference page and the schema's test.
  package static var names: [String] { words.map(\.1) }

  /// How its values are compared.
  package enum Kind: Hashable, Sendable { case text, address, amount, count, ip, minute }
  package var kind: Kind {
    switch self {
    case .actor, .campaign, .chain, .token, .email, .country, .kyc, .kycLevel, .ipCountry, .ipASN, .metadata,
      .sanctions, .inAddressBook:
      .text
    case .address: .address
    case .amount, .total: .amount
    case .sameEmail, .sameIP, .used, .addressBookHours: .count
    case .ip: .ip
    case .timeOfDay: .minute
    }
  }

  /// A value as it is compared: countries in capitals, mail and KYC words in small letters. Nil for one that is no such
  /// thing: a rule that asks for it then waits, rather than being led past by a space or a look-alike.
  package func normalized(_ text: String) -> String? {
    switch self {
    case .country, .ipCountry:
      guard text.utf8.count == 2, text.utf8.allSatisfy({ ($0 | 0x20) >= 0x61 && ($0 | 0x20) <= 0x7a }) else {
        return nil
      }
      return text.utf8.allSatisfy { $0 < 0x61 } ? text : text.uppercased()
    case .email: return EmailText.normalized(text)
    case .inAddressBook: return text == "yes" || text == "no" ? text : nil
    case .ipASN:
      let digits = text.uppercased().hasPrefix("AS") ? text.dropFirst(2) : text[...]
      guard digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
      return UInt32(digits).map { String($0) }
    case .kyc, .kycLevel, .chain, .token: return text.isPlain ? text.lowercased() : nil
    default: return text.isEmpty ? nil : text
    }
  }
}

/// E-mail addresses as far as rules need them: one `@`, and a domain of letters, digits, dots and hyphens.
package enum EmailText {
  static func normalized(_ text: String) -> String? {
    let parts = text.split(separator: "@", omittingEmptySubsequences: false)
    guard parts.count == 2, parts[0].isPlain, domain(String(parts[1])) != nil else { return nil }
    return text.lowercased()
  }

  /// A domain in small letters; nil for what is none.
  package static func domain(_ text: String) -> String? {
    let lower = text.lowercased()
    guard text.isPlain, lower.utf8.count <= 253,
      lower.split(separator: ".", omittingEmptySubsequences: false).allSatisfy({ !$0.isEmpty }),
      lower.utf8.allSatisfy({ ($0 >= 0x61 && $0 <= 0x7a) || ($0 >= 0x30 && $0 <= 0x39) || $0 == 0x2d || $0 == 0x2e })
    else { return nil }
    return lower
  }
}

extension StringProtocol {
  /// Printable ASCII without blanks, and not empty.
  fileprivate var isPlain: Bool { !isEmpty && utf8.allSatisfy { $0 > 0x20 && $0 < 0x7f } }
}
