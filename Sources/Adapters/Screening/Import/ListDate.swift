/// Days as publishers write them, as milliseconds since 1970 at midnight UTC.
package enum ListDate {
  /// `2026-11-21`; nil for anything else.
  package static func parse(iso text: some StringProtocol) -> Int64? {
    let parts = text.split(separator: "-", omittingEmptySubsequences: false)
    guard parts.count == 3, parts[0].utf8.count == 4 else { return nil }
    return milliseconds(parts[0], parts[1], parts[2])
  }

  /// `11/21/2026`, as OFAC writes it.
  static func parse(american text: some StringProtocol) -> Int64? {
    let parts = text.split(separator: "/", omittingEmptySubsequences: false)
    guard parts.count == 3 else { return nil }
    return milliseconds(parts[2], parts[0], parts[1])
  }

  static func milliseconds(_ year: some StringProtocol, _ month: some StringProtocol, _ day: some StringProtocol)
    -> Int64?
  {
    guard let year = Int64(year), let month = Int64(month), let day = Int64(day), (1970...9999).contains(year),
      (1...12).contains(month), (1...31).contains(day)
    else { return nil }
    // Days since 1970-03-01 in years that begin in March. Source: H. Hinnant, "chrono-compatible low-level date algorithms".
    let shifted = month <= 2 ? year - 1 : year
    let era = shifted / 400
    let ofEra = shifted - era * 400
    let ofYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
    let days = era * 146_097 + ofEra * 365 + ofEra / 4 - ofEra / 100 + ofYear - 719_468
    return days * 86_400_000
  }

  /// `2026-11-21` of a moment.
  package static func text(_ milliseconds: Int64) -> String {
    let days = (milliseconds >= 0 ? milliseconds / 86_400_000 : 0) + 719_468
    let era = days / 146_097
    let ofEra = days - era * 146_097
    let yearOfEra = (ofEra - ofEra / 1_460 + ofEra / 36_524 - ofEra / 146_096) / 365
    let ofYear = ofEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let shifted = (5 * ofYear + 2) / 153
    let (day, month) = (ofYear - (153 * shifted + 2) / 5 + 1, shifted < 10 ? shifted + 3 : shifted - 9)
    func two(_ number: Int64) -> String { number < 10 ? "0\(number)" : "\(number)" }
    return "\(yearOfEra + era * 400 + (month <= 2 ? 1 : 0))-\(two(month))-\(two(day))"
  }
}
