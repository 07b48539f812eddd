/// When a server asks to be called again. Source: RFC 9110, section 10.2.3.
package enum RetryAfter: Hashable, Sendable {
  /// Seconds from now.
  case seconds(Int)
  /// A moment, in seconds since 1970 UTC.
  case at(Int64)

  /// A server that asks for longer than this is asking to be forgotten.
  private static let longestSeconds = 86_400

  /// Reads `120` or `Sun, 06 Nov 1994 08:49:37 GMT`; nil for anything else. Seconds are cut at one day.
  package init?(parsing text: String) {
    if !text.isEmpty, text.utf8.count <= 9, text.utf8.allSatisfy({ $0 >= 0x30 && $0 <= 0x39 }), let value = Int(text) {
      self = .seconds(min(value, RetryAfter.longestSeconds))
    } else if let moment = RetryAfter.moment(text) {
      self = .at(moment)
    } else {
      return nil
    }
  }

  private static let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]

  /// The preferred date form of RFC 9110, section 5.6.7; the day's name is not looked at.
  private static func moment(_ text: String) -> Int64? {
    let parts = text.split(separator: " ", omittingEmptySubsequences: false)
    guard parts.count == 6, parts[0].utf8.count == 4, parts[0].hasSuffix(","), parts[5] == "GMT",
      let day = number(parts[1], digits: 2, 1...31),
      let month = months.firstIndex(of: String(parts[2])).map({ Int64($0) + 1 }),
      let year = number(parts[3], digits: 4, 1970...9999)
    else { return nil }
    let clock = parts[4].split(separator: ":", omittingEmptySubsequences: false)
    guard clock.count == 3, let hour = number(clock[0], digits: 2, 0...23),
      let minute = number(clock[1], digits: 2, 0...59), let second = number(clock[2], digits: 2, 0...60)
    else { return nil }
    return (days(year, month, day) * 24 + hour) * 3600 + minute * 60 + second
  }

  private static func number(_ text: Substring, digits: Int, _ range: ClosedRange<Int64>) -> Int64? {
    guard text.utf8.count == digits, text.utf8.allSatisfy({ $0 >= 0x30 && $0 <= 0x39 }), let value = Int64(text),
      range.contains(value)
    else { return nil }
    return value
  }

  /// Days since 1970-01-01 in the Gregorian calendar, with years that begin in March so that leap days come last.
  private static func days(_ year: Int64, _ month: Int64, _ day: Int64) -> Int64 {
    let y = month <= 2 ? year - 1 : year
    let m = month <= 2 ? month + 9 : month - 3
    return 365 * y + y / 4 - y / 100 + y / 400 + (153 * m + 2) / 5 + day - 1 - 719_468
  }
}
