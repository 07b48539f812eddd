package import Money

/// A day of the Gregorian calendar in UTC.
package struct CivilDay: Hashable, Sendable, Comparable {
  /// Days since 1970-01-01.
  package let number: Int64

  package init(number: Int64) { self.number = number }

  /// The day that a time is in.
  package init(_ time: Timestamp) { number = floorDivided(time.milliseconds, by: 86_400_000) }

  /// Reads `YYYY-MM-DD`; nil for another shape, or a day that no calendar has.
  package init?(_ text: String) {
    let parts = text.split(separator: "-", omittingEmptySubsequences: false)
    guard parts.count == 3, parts[0].utf8.count == 4, parts[1].utf8.count == 2, parts[2].utf8.count == 2,
      parts.allSatisfy({ $0.utf8.allSatisfy { $0 >= 0x30 && $0 <= 0x39 } }),
      let year = Int64(parts[0]), let month = Int64(parts[1]), let day = Int64(parts[2]), (1...12).contains(month)
    else { return nil }
    // Days from the first of March of year 0, so that a leap day is the last of its year.
    let shifted = month > 2 ? year : year - 1
    let era = floorDivided(shifted, by: 400)
    let yearOfEra = shifted - era * 400
    let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
    number = era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    guard self.text == text else { return nil }
  }

  package static func < (a: CivilDay, b: CivilDay) -> Bool { a.number < b.number }

  package func advanced(byDays days: Int64) -> CivilDay { CivilDay(number: number + days) }

  /// `YYYY-MM-DD`.
  package var text: String {
    let shifted = number + 719_468
    let era = floorDivided(shifted, by: 146_097)
    let dayOfEra = shifted - era * 146_097
    let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let march = (5 * dayOfYear + 2) / 153
    let month = march < 10 ? march + 3 : march - 9
    let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
    return "\(padded(year, 4))-\(padded(month, 2))-\(padded(dayOfYear - (153 * march + 2) / 5 + 1, 2))"
  }
}

/// Texts of times, to the second.
package enum CivilTime {
  /// `2025-01-01T12:00:00+00:00`.
  package static func text(_ time: Timestamp) -> String {
    let digits = clock(time)
    return "\(CivilDay(time).text)T\(digits.prefix(2)):\(digits.dropFirst(2).prefix(2)):\(digits.suffix(2))+00:00"
  }

  /// `20250101120000`.
  package static func digits(_ time: Timestamp) -> String {
    CivilDay(time).text.filter { $0 != "-" } + clock(time)
  }

  private static func clock(_ time: Timestamp) -> String {
    let seconds = floorDivided(time.milliseconds, by: 1000) - CivilDay(time).number * 86_400
    return padded(seconds / 3600, 2) + padded(seconds / 60 % 60, 2) + padded(seconds % 60, 2)
  }
}

private func floorDivided(_ value: Int64, by divisor: Int64) -> Int64 {
  let (quotient, rest) = value.quotientAndRemainder(dividingBy: divisor)
  return rest < 0 ? quotient - 1 : quotient
}

private func padded(_ value: Int64, _ width: Int) -> String {
  let text = String(value)
  return String(repeating: "0", count: max(0, width - text.utf8.count)) + text
}
