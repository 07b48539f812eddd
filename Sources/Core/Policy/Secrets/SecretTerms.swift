package import Money

/// How long secrets may be used before they are replaced: days for all, and others for some by name.
///
/// Source: keys of providers every 90 days, said 14 days before (the wallet desk's requirements S5 and S15).
package struct SecretTerms: Hashable, Sendable {
  /// Days before the due day on which a report begins to say so.
  package static let warningDays: Int64 = 14
  private static let day: Int64 = 86_400_000
  private static let mostDays: Int64 = 3_650

  private let days: Int64
  private let own: [String: Int64]

  /// Reads `90d`, or `90d,AM_KYC_KEY_FILE=60d,...`; each from 1 to 3650 days. Throws `secrets.bad_terms` for anything
  /// else, and for a name that is not one of `names`.
  package init(parsing text: String, names: Set<String>) throws(SecretError) {
    let parts = text.split(separator: ",", omittingEmptySubsequences: false)
    guard let first = parts.first, let days = SecretTerms.days(first) else { throw SecretTerms.bad(text) }
    var own: [String: Int64] = [:]
    for part in parts.dropFirst() {
      let words = part.split(separator: "=", omittingEmptySubsequences: false)
      guard words.count == 2, let days = SecretTerms.days(words[1]) else { throw SecretTerms.bad(text) }
      let name = String(words[0])
      guard names.contains(name) else {
        throw SecretError(.badTerms, "\(name) is no secret that has a term", hint: "see almoner secrets report")
      }
      guard own.updateValue(days, forKey: name) == nil else {
        throw SecretError(.badTerms, "\(name) has two terms")
      }
    }
    self.days = days
    self.own = own
  }

  private static func days(_ text: Substring) -> Int64? {
    guard text.hasSuffix("d"), text.utf8.dropLast().allSatisfy({ (0x30...0x39).contains($0) }),
      let days = Int64(text.dropLast()), (1...mostDays).contains(days)
    else { return nil }
    return days
  }

  private static func bad(_ text: String) -> SecretError {
    SecretError(
      .badTerms, "\(text) is no list of terms from 1d to \(mostDays)d", hint: "for example 90d,AM_HSM_PIN_FILE=180d")
  }

  /// When a secret that was written at a time is to be replaced.
  package func due(_ name: String, since: Timestamp) -> Timestamp {
    since.advanced(byMilliseconds: (own[name] ?? days) * SecretTerms.day)
  }

  /// Whether it stands in the settings by name: then it is due even where nothing replaces it by command.
  package func names(_ name: String) -> Bool { own[name] != nil }

  /// What is to be said of a secret's age; nil for nothing.
  package func warning(_ name: String, since: Timestamp, at now: Timestamp) -> SecretWarning.Code? {
    // A file of a time that has not come yet says nothing about its age; a little is the difference of two clocks.
    guard since < now.advanced(byMilliseconds: SecretTerms.day) else { return .fromTheFuture }
    let due = due(name, since: since)
    if due <= now { return .overdue }
    let soon = now.advanced(byMilliseconds: SecretTerms.warningDays * SecretTerms.day)
    return due <= soon ? .dueSoon : nil
  }
}
