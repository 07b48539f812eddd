/// A moment as people write it in a journal: `2025-11-30 10:15`, in UTC.
package struct UTCMinute: Hashable, Comparable, Sendable, CustomStringConvertible {
  /// Minutes since 1970.
  package let number: Int64

  /// The minute that a moment lies in.
  package init(milliseconds: Int64) { number = (milliseconds - ((milliseconds % 60_000) + 60_000) % 60_000) / 60_000 }

  /// Reads `YYYY-MM-DD HH:MM`. Throws `incident.bad_time`.
  package init(parsing text: String) throws(IncidentError) {
    let refusal = IncidentError(.badTime, "\(text) is no time", hint: "such as 2025-11-30 10:15, in UTC")
    let bytes = Array(text.utf8)
    guard bytes.count == 16 else { throw refusal }
    for (place, mark) in [(4, "-"), (7, "-"), (10, " "), (13, ":")] where bytes[place] != mark.utf8.first {
      throw refusal
    }
    func number(_ range: Range<Int>) -> Int64? {
      var value: Int64 = 0
      for byte in bytes[range] {
        guard (0x30...0x39).contains(byte) else { return nil }
        value = value * 10 + Int64(byte - 0x30)
      }
      return value
    }
    guard let year = number(0..<4), let month = number(5..<7), let day = number(8..<10), let hour = number(11..<13),
      let minute = number(14..<16), year >= 1970, (1...12).contains(month), day >= 1,
      day <= UTCMinute.days(of: month, in: year), hour < 24, minute < 60
    else { throw refusal }
    self.number = (UTCMinute.day(year, month, day) * 24 + hour) * 60 + minute
  }

  package var milliseconds: Int64 { number * 60_000 }

  package var description: String {
    let (year, month, day) = UTCMinute.date(ofDay: number / 1_440)
    let minute = number % 1_440
    return "\(two(year / 100))\(two(year % 100))-\(two(month))-\(two(day)) \(two(minute / 60)):\(two(minute % 60))"
  }

  package static func < (a: UTCMinute, b: UTCMinute) -> Bool { a.number < b.number }

  private func two(_ number: Int64) -> String { number < 10 ? "0\(number)" : "\(number)" }

  private static func days(of month: Int64, in year: Int64) -> Int64 {
    let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
    return switch month {
    case 2: isLeap ? 29 : 28
    case 4, 6, 9, 11: 30
    default: 31
    }
  }

  // Howard Hinnant, "chrono-compatible low-level date algorithms": years that begin in March, eras of 400 years.
  private static func day(_ year: Int64, _ month: Int64, _ day: Int64) -> Int64 {
    let shifted = month <= 2 ? year - 1 : year
    let (era, ofEra) = (shifted / 400, shifted % 400)
    let ofYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
    return era * 146_097 + ofEra * 365 + ofEra / 4 - ofEra / 100 + ofYear - 719_468
  }

  private static func date(ofDay day: Int64) -> (year: Int64, month: Int64, day: Int64) {
    let shifted = day + 719_468
    let (era, ofEra) = (shifted / 146_097, shifted % 146_097)
    let year = (ofEra - ofEra / 1_460 + ofEra / 36_524 - ofEra / 146_096) / 365
    let ofYear = ofEra - (365 * year + year / 4 - year / 100)
    let month = (5 * ofYear + 2) / 153
    let civil = month < 10 ? month + 3 : month - 9
    return (year + era * 400 + (civil <= 2 ? 1 : 0), civil, ofYear - (153 * month + 2) / 5 + 1)
  }
}
