/// A cron line of five fields: minute, hour, day of the month, month, day of the week.
///
/// Each field is a list of `*`, numbers and ranges, each with an optional step: `*/5`, `1-5`, `0,30`. Names are not
/// taken. Only its form is checked: when a bot really runs is its operator's business.
/// Source: POSIX crontab, with steps as in Vixie cron.
package struct CronSpec: Hashable, Sendable {
  /// The values that each field takes, in the order of the line.
  package let fields: [Set<UInt8>]

  private static let ranges: [ClosedRange<UInt8>] = [0...59, 0...23, 1...31, 1...12, 0...7]

  /// Reads ASCII bytes; nil for anything that is no such line.
  package init?(_ bytes: [UInt8]) {
    guard bytes.count <= 256 else { return nil }
    let parts = bytes.split { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") }
    guard parts.count == CronSpec.ranges.count else { return nil }
    var fields: [Set<UInt8>] = []
    for (part, range) in zip(parts, CronSpec.ranges) {
      guard let values = CronSpec.values(part, in: range) else { return nil }
      fields.append(values)
    }
    self.fields = fields
  }

  private static func values(_ text: ArraySlice<UInt8>, in range: ClosedRange<UInt8>) -> Set<UInt8>? {
    var values: Set<UInt8> = []
    for item in text.split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false) {
      let halves = item.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
      guard let first = halves.first, halves.count <= 2, let span = span(first, in: range) else { return nil }
      var step: UInt8 = 1
      if halves.count == 2 {
        guard let given = number(halves[1]), given > 0 else { return nil }
        step = given
      }
      for value in span where (value - span.lowerBound).isMultiple(of: step) { values.insert(value) }
    }
    return values
  }

  private static func span(_ text: ArraySlice<UInt8>, in range: ClosedRange<UInt8>) -> ClosedRange<UInt8>? {
    if text.elementsEqual([UInt8(ascii: "*")]) { return range }
    let ends = text.split(separator: UInt8(ascii: "-"), omittingEmptySubsequences: false)
    guard let first = ends.first, ends.count <= 2, let low = number(first) else { return nil }
    var high = low
    if ends.count == 2 {
      guard let given = number(ends[1]) else { return nil }
      high = given
    }
    guard range.contains(low), range.contains(high), low <= high else { return nil }
    return low...high
  }

  private static func number(_ text: ArraySlice<UInt8>) -> UInt8? {
    guard !text.isEmpty, text.allSatisfy({ $0 >= 0x30 && $0 <= 0x39 }) else { return nil }
    return UInt8(String(decoding: text, as: UTF8.self))
  }
}
