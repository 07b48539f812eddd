import Money

/// Geometry in whole numbers: how long the drawing of a part is when the whole is `length` long.
enum PlotScale {
  /// Rounded down. A part outside of the whole is drawn at its end; nothing of nothing is nothing.
  static func length(_ part: Int64, of whole: Int64, in length: Int64) -> Int64 {
    guard whole > 0, part > 0, length > 0 else { return 0 }
    if part >= whole { return length }
    let product = UInt64(part).multipliedFullWidth(by: UInt64(length))
    return Int64(clamping: UInt64(whole).dividingFullWidth(product).quotient)
  }

  /// As above, for sums: both are cut to 63 bits first, which no drawing shows.
  static func length(_ part: UInt256, of whole: UInt256, in length: Int64) -> Int64 {
    var (part, whole) = (part, whole)
    while whole.bitWidth > 62 {
      part = part.quotientAndRemainder(dividingBy: 2)?.quotient ?? .zero
      whole = whole.quotientAndRemainder(dividingBy: 2)?.quotient ?? .zero
    }
    let small = Int64(clamping: part.uint64 ?? .max)
    return PlotScale.length(small, of: Int64(clamping: whole.uint64 ?? 0), in: length)
  }

  /// Lengths that fill `length` exactly: every part that is not zero gets at least `least`, so that one failure in a
  /// million can be seen. All zero when every part is.
  static func stacked(_ parts: [UInt256], in length: Int64, least: Int64) -> [Int64] {
    let seen = parts.count { !$0.isZero }
    guard seen > 0 else { return parts.map { _ in 0 } }
    let whole = parts.reduce(UInt256.zero) { sum, part in
      let (next, over) = sum.addingReportingOverflow(part)
      return over ? .max : next
    }
    let free = max(0, length - Int64(seen) * least)
    var out = parts.map { $0.isZero ? 0 : least + PlotScale.length($0, of: whole, in: free) }
    // What rounding down left over goes to the longest.
    if let longest = out.indices.max(by: { out[$0] < out[$1] }) { out[longest] += length - out.reduce(0, +) }
    return out
  }

  /// The smallest of 1, 2, 5, 10, 20, 50, ... that is not below `value`: the end of an axis.
  static func ceiling(_ value: Int64) -> Int64 {
    var step: Int64 = 1
    while true {
      for factor: Int64 in [1, 2, 5] {
        let (end, over) = step.multipliedReportingOverflow(by: factor)
        if over { return .max }
        if end >= value { return end }
      }
      let (next, over) = step.multipliedReportingOverflow(by: 10)
      if over { return .max }
      step = next
    }
  }
}
