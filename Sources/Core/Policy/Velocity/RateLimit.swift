package import Chains
import Codecs

/// How many payouts may be promised in how much time.
package struct RateLimit: Hashable, Sendable {
  /// What is counted apart.
  package enum Per: String, CaseIterable, Hashable, Sendable {
    case address
    case emailDomain = "email_domain"
    /// The column `country` of the recipients file.
    case country
    /// The country of the recipient's IP address.
    case ipCountry = "ip_country"
    /// The autonomous system of the recipient's IP address.
    case asn
    case campaign
    /// Everything together.
    case global
  }

  package enum Window: String, CaseIterable, Hashable, Sendable {
    /// From one multiple of the length since 1970 to the next: a day is a day of UTC.
    case fixed
    /// The length before now, at every moment.
    case sliding
  }

  package let name: String
  package let per: Per
  package let window: Window
  /// From 1 to 366 days.
  package let seconds: Int64
  /// Nil counts and refuses nothing: for rules that ask for `used.NAME`.
  package let quota: Int64?
  /// Names of the campaigns that it is for; nil for all.
  package let campaigns: Set<String>?

  package static let mostSeconds: Int64 = 366 * 86_400
  package static let mostQuota: Int64 = 1_000_000_000
  /// The name of the limit that a setting makes; no policy's limit begins like it.
  package static let setting = "AM_RATE_LIMIT_GLOBAL"

  package init(
    name: String, per: Per, window: Window, seconds: Int64, quota: Int64?, campaigns: Set<String>? = nil
  ) {
    self.name = name
    self.per = per
    self.window = window
    self.seconds = min(max(1, seconds), RateLimit.mostSeconds)
    self.quota = quota
    self.campaigns = campaigns
  }

  /// `300:60`: 300 payouts in any 60 seconds; `300:60:fixed` counts in fixed windows. Nil for anything else.
  package init?(setting text: String) {
    let parts = text.split(separator: ":", omittingEmptySubsequences: false)
    guard parts.count == 2 || parts.count == 3,
      parts.prefix(2).allSatisfy({ !$0.isEmpty && $0.utf8.allSatisfy { (0x30...0x39).contains($0) } }),
      let quota = Int64(parts[0]), (1...RateLimit.mostQuota).contains(quota), let seconds = Int64(parts[1]),
      (1...RateLimit.mostSeconds).contains(seconds)
    else { return nil }
    var window = Window.sliding
    if parts.count == 3 {
      guard let named = Window(rawValue: String(parts[2])) else { return nil }
      window = named
    }
    self.init(name: RateLimit.setting, per: .global, window: window, seconds: seconds, quota: quota)
  }

  /// Whether the recipient's row is needed to know where it counts.
  package var asksRow: Bool {
    switch per {
    case .emailDomain, .country, .ipCountry, .asn: true
    case .address, .campaign, .global: false
    }
  }

  /// Where a recipient counts. Those without the fact count together.
  package func meter(for subject: RateSubject) -> RateMeter {
    let value: String? =
      switch per {
      case .address: Hex.text(subject.address.bytes)
      case .emailDomain: subject.emailDomain
      case .country: subject.columns?["country"].flatMap { Attribute.country.normalized($0) }
      case .ipCountry: subject.origin.country
      case .asn: subject.origin.asn
      case .campaign: subject.campaign
      case .global: ""
      }
    return RateMeter(
      key: "\(name)/\(window.rawValue)/\(seconds)/\(value ?? "-")", quota: quota, window: window, seconds: seconds)
  }
}

/// Whom a limit counts.
package struct RateSubject: Sendable {
  package let address: Address
  package let campaign: String
  /// Nil when the row cannot be read.
  package let columns: [String: String]?
  package let origin: IPOrigin
  package init(address: Address, campaign: String, columns: [String: String]?, origin: IPOrigin) {
    self.address = address
    self.campaign = campaign
    self.columns = columns
    self.origin = origin
  }

  fileprivate var emailDomain: String? {
    guard let mail = columns?["email"].flatMap({ Attribute.email.normalized($0) }), let at = mail.lastIndex(of: "@")
    else { return nil }
    return String(mail[mail.index(after: at)...])
  }
}

/// One counter: a limit for one of those that it counts apart.
package struct RateMeter: Hashable, Sendable {
  /// `NAME/WINDOW/SECONDS/VALUE`: a limit of another window counts elsewhere, one of another quota goes on.
  package let key: String
  package let quota: Int64?
  package let window: RateLimit.Window
  package let seconds: Int64
  package init(key: String, quota: Int64?, window: RateLimit.Window, seconds: Int64) {
    self.key = key
    self.quota = quota
    self.window = window
    self.seconds = min(max(1, seconds), RateLimit.mostSeconds)
  }
}
