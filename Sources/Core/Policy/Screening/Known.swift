import Chains
import Codecs
import Money

/// What is known of one recipient, and what conditions make of it.
struct Known {
  enum Truth { case yes, no, unknown }

  let subject: ScreeningSubject
  let facts: ScreeningFacts
  let context: ScreeningContext
  /// The fact that was asked for last and is not known.
  private(set) var missing = ""
  private var columns: [String: String]?
  private var hasRead = false

  init(subject: ScreeningSubject, facts: ScreeningFacts, context: ScreeningContext) {
    self.subject = subject
    self.facts = facts
    self.context = context
  }

  mutating func holds(_ condition: Condition) -> Truth {
    switch condition {
    case .all(let parts):
      var truth = Truth.yes
      for part in parts {
        switch holds(part) {
        case .yes: continue
        // One that is surely false settles it, whatever else is missing.
        case .no: return .no
        case .unknown: truth = .unknown
        }
      }
      return truth
    case .any(let parts):
      var truth = Truth.no
      for part in parts {
        switch holds(part) {
        case .no: continue
        case .yes: return .yes
        case .unknown: truth = .unknown
        }
      }
      return truth
    case .not(let part):
      switch holds(part) {
      case .yes: return .no
      case .no: return .yes
      case .unknown: return .unknown
      }
    case .test(let attribute, let test): return holds(attribute, test)
    }
  }

  private mutating func holds(_ attribute: Attribute, _ test: Test) -> Truth {
    switch test {
    case .exists(let wanted):
      if attribute == .kyc, facts.kyc != .column {
        guard case .told = facts.kyc else { return unknown(attribute) }
        return wanted ? .yes : .no
      }
      guard let columns = row() else { return unknown(attribute) }
      return (columns[attribute.column] ?? "").isEmpty != wanted ? .yes : .no
    case .addresses(let set): return set.contains(subject.address) ? .yes : .no
    case .units(let from, let through):
      let units = attribute == .total ? context.total : subject.units
      return !(units < from) && !(through < units) ? .yes : .no
    case .multipleOf(let step):
      let units = attribute == .total ? context.total : subject.units
      return units.quotientAndRemainder(dividingBy: step)?.remainder == 0 ? .yes : .no
    case .count(let from, let through):
      guard let count = count(attribute) else { return unknown(attribute) }
      return from <= count && count <= through ? .yes : .no
    case .minutes(let from, let to, let zone):
      guard let minute = context.minutes[zone] else { return unknown(attribute) }
      return (from <= to ? minute >= from && minute < to : minute >= from || minute < to) ? .yes : .no
    case .ranges(let ranges):
      guard let text = text(attribute), let address = IPAddress(text) else { return unknown(attribute) }
      return ranges.contains { $0.contains(address) } ? .yes : .no
    case .text(let set):
      guard let text = text(attribute) else { return unknown(attribute) }
      return set.contains(text) ? .yes : .no
    case .suffix(let suffix):
      guard let text = text(attribute) else { return unknown(attribute) }
      return text.hasSuffix(suffix) ? .yes : .no
    case .domain(let domains):
      guard let text = text(attribute), let at = text.lastIndex(of: "@") else { return unknown(attribute) }
      let domain = text[text.index(after: at)...]
      let labels = domain.split(separator: ".")
      let above = labels.indices.map { labels[$0...].joined(separator: ".") }
      return above.contains { domains.contains($0) } ? .yes : .no
    }
  }

  private mutating func unknown(_ attribute: Attribute) -> Truth {
    missing = attribute.text
    if attribute == .sanctions, case .unknown(let why) = facts.sanctions { missing += ": \(why)" }
    if attribute == .kyc || attribute == .kycLevel, case .unknown(let why) = facts.kyc { missing += ": \(why)" }
    return .unknown
  }

  private func count(_ attribute: Attribute) -> UInt64? {
    switch attribute {
    case .sameEmail: facts.sameEmail
    case .sameIP: facts.sameIP
    case .used(let limit): facts.used[limit]
    case .addressBookHours: UInt64(clamping: (facts.bookAge ?? 0) / 3_600_000)
    default: nil
    }
  }

  /// The attribute as it is compared; nil when it is missing or is no such thing.
  private mutating func text(_ attribute: Attribute) -> String? {
    switch attribute {
    case .actor: return context.actor
    case .campaign: return context.campaign
    case .chain: return context.asset.chain.lowercased()
    case .token: return context.asset.token?.lowercased() ?? "native"
    case .sanctions:
      switch facts.sanctions {
      case .clear: return "clear"
      case .hit: return "hit"
      case .unknown: return nil
      }
    case .inAddressBook: return facts.bookAge == nil ? "no" : "yes"
    case .ipCountry: return facts.origin.country.flatMap { attribute.normalized($0) }
    case .ipASN: return facts.origin.asn.flatMap { attribute.normalized($0) }
    case .kycLevel:
      guard case .told(_, let level) = facts.kyc else { return nil }
      return attribute.normalized(level)
    case .kyc where facts.kyc != .column:
      guard case .told(let status, _) = facts.kyc else { return nil }
      return attribute.normalized(status)
    case .email, .ip, .country, .kyc, .metadata:
      return row()?[attribute.column].flatMap { attribute.normalized($0) }
    case .total, .address, .amount, .sameEmail, .sameIP, .used, .timeOfDay, .addressBookHours: return nil
    }
  }

  private mutating func row() -> [String: String]? {
    if !hasRead {
      columns = subject.columns()
      hasRead = true
    }
    return columns
  }
}

extension Attribute {
  /// The column of the recipients file that holds it.
  package var column: String {
    switch self {
    case .email: "email"
    case .ip: "ip"
    case .country: "country"
    case .kyc: "kyc"
    case .metadata(let key): key
    default: ""
    }
  }
}
