import Money

/// Figures as a person reads them: grouped digits, whole-number shares, UTC times. No locale, so the same everywhere.
enum Wording {
  /// `1,234,567`.
  static func count(_ value: some BinaryInteger) -> String { grouped(String(value)) }

  /// Digits in groups of three; what follows a point stays.
  static func grouped(_ text: String) -> String {
    let digits = Array(text.utf8)
    let end = digits.firstIndex(of: UInt8(ascii: ".")) ?? digits.count
    var out: [UInt8] = []
    for (index, digit) in digits.enumerated() {
      if index > 0, index < end, (end - index).isMultiple(of: 3), digits[index - 1] != UInt8(ascii: "-") {
        out.append(UInt8(ascii: ","))
      }
      out.append(digit)
    }
    return String(decoding: out, as: UTF8.self)
  }

  /// `1 recipient`, `2 recipients`.
  static func count(_ value: some BinaryInteger, _ noun: String, _ plural: String? = nil) -> String {
    "\(count(value)) \(value == 1 ? noun : plural ?? noun + "s")"
  }

  /// `99.9 %`: rounded down, so that only the whole is 100 %, and only nothing is 0 %.
  static func share(_ part: Int64, of whole: Int64) -> String {
    guard whole > 0, part > 0 else { return "0 %" }
    if part >= whole { return "100 %" }
    let perMille = UInt64(whole).dividingFullWidth(UInt64(part).multipliedFullWidth(by: 1_000)).quotient
    return perMille == 0 ? "under 0.1 %" : "\(perMille / 10).\(perMille % 10) %"
  }

  /// A sum of the campaign's asset.
  static func amount(_ units: UInt256, _ scale: AmountScale) -> String {
    guard let decimals = scale.decimals else { return named(units.description, "base unit") }
    return named(DecimalText.text(units, decimals: decimals), scale.isNative ? "coin" : "token")
  }

  /// A fee, in whole coins of the chain.
  static func coins(_ units: UInt256) -> String {
    named(DecimalText.text(units, decimals: AmountScale.coinDecimals), "coin")
  }

  private static func named(_ sum: String, _ unit: String) -> String {
    "\(grouped(sum)) \(unit)\(sum == "1" ? "" : "s")"
  }

  /// `340 ms`, `12.5 s`, `15 min`, `1 h 4 min`, `2 d 3 h`; parts below the second largest are cut.
  static func duration(_ milliseconds: Int64) -> String {
    let time = max(0, milliseconds)
    if time < 1_000 { return "\(time) ms" }
    let seconds = time / 1_000
    if seconds < 60 { return time % 1_000 < 100 ? "\(seconds) s" : "\(seconds).\(time % 1_000 / 100) s" }
    if seconds < 3_600 { return pair(seconds / 60, "min", seconds % 60, "s") }
    if seconds < 86_400 { return pair(seconds / 3_600, "h", seconds % 3_600 / 60, "min") }
    return pair(seconds / 86_400, "d", seconds % 86_400 / 3_600, "h")
  }

  private static func pair(_ large: Int64, _ name: String, _ small: Int64, _ smallName: String) -> String {
    "\(count(large)) \(name)" + (small == 0 ? "" : " \(small) \(smallName)")
  }

  /// `2025-10-01 12:00:03 UTC`.
  static func instant(_ at: Timestamp) -> String { "\(date(at)) \(clock(at)) UTC" }

  /// `2025-10-01T12:00:03.120Z`. Source: RFC 3339.
  static func iso(_ at: Timestamp) -> String {
    let milliseconds = bounded(at) % 1_000
    return "\(date(at))T\(clock(at)).\(padded(milliseconds, 3))Z"
  }

  /// `2025-10-01`. Source: Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms", civil_from_days.
  static func date(_ at: Timestamp) -> String {
    let days = bounded(at) / 86_400_000 + 719_468
    let era = days / 146_097
    let dayOfEra = days % 146_097
    let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let shifted = (5 * dayOfYear + 2) / 153
    let day = dayOfYear - (153 * shifted + 2) / 5 + 1
    let month = shifted < 10 ? shifted + 3 : shifted - 9
    let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
    return "\(padded(year, 4))-\(padded(month, 2))-\(padded(day, 2))"
  }

  /// `12:00:03`, UTC.
  static func clock(_ at: Timestamp) -> String {
    let seconds = bounded(at) / 1_000 % 86_400
    return "\(padded(seconds / 3_600, 2)):\(padded(seconds / 60 % 60, 2)):\(padded(seconds % 60, 2))"
  }

  /// Times outside of the years 1970 to 9999 are shown at the nearest end.
  private static func bounded(_ at: Timestamp) -> Int64 { min(max(0, at.milliseconds), Timeline.latest) }

  private static func padded(_ value: Int64, _ width: Int) -> String {
    let text = String(value)
    return String(repeating: "0", count: max(0, width - text.utf8.count)) + text
  }
}

/// Text from outside made safe for a page or a terminal: no control characters, nothing that reorders or hides.
enum Foreign {
  /// Each unsafe character becomes a middle dot; the text is cut to `most` characters.
  static func text(_ text: String, most: Int = 300) -> String {
    var out = String.UnicodeScalarView()
    var left = most
    for scalar in text.unicodeScalars {
      guard left > 0 else { return String(out) + "..." }
      left -= 1
      out.append(isSafe(scalar) ? scalar : "\u{b7}")
    }
    return String(out)
  }

  /// Source: Unicode 15, general categories Cc and Cf, line and paragraph separators, and noncharacters of XML.
  static func isSafe(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .unassigned, .privateUse: false
    default: true
    }
  }
}
