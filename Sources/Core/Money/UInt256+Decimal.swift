extension UInt256: CustomStringConvertible {
  /// Decimal digits without sign, separators or leading zeros.
  package var description: String {
    if let small = uint64 { return String(small) }
    var groups: [UInt64] = []
    var rest = self
    while !rest.isZero, let (quotient, remainder) = rest.quotientAndRemainder(dividingBy: UInt256.group) {
      groups.append(remainder)
      rest = quotient
    }
    var text = String(groups.removeLast())
    while let group = groups.popLast() {
      let digits = String(group)
      text += String(repeating: "0", count: 19 - digits.utf8.count) + digits
    }
    return text
  }

  fileprivate static var group: UInt64 { 10_000_000_000_000_000_000 }

  /// Reads 1 or more decimal digits; leading zeros are allowed, nothing else is.
  ///
  /// Throws `money.bad_number` for any other byte or no bytes at all, `money.overflow` past 2^256 - 1.
  package init(decimal text: String) throws(MoneyError) {
    try self.init(decimalBytes: Array(text.utf8).span)
  }

  /// As `init(decimal:)`, over ASCII bytes.
  package init(decimalBytes bytes: some Collection<UInt8>) throws(MoneyError) {
    try self.init(decimalBytes: Array(bytes).span)
  }

  /// As `init(decimal:)`, over ASCII bytes where they lie: the form for bulk ingest.
  package init(decimalBytes bytes: Span<UInt8>) throws(MoneyError) {
    var reader = DecimalReader()
    try reader.read(bytes, from: 0, to: bytes.count)
    self = try reader.value()
  }

  fileprivate func shiftedDecimal(by scale: UInt64, adding group: UInt64) throws(MoneyError) -> UInt256 {
    if isZero { return UInt256(group) }
    let (r0h, r0) = limbs.0.multipliedFullWidth(by: scale)
    let (r1h, r1l) = limbs.1.multipliedFullWidth(by: scale)
    let (r2h, r2l) = limbs.2.multipliedFullWidth(by: scale)
    let (r3h, r3l) = limbs.3.multipliedFullWidth(by: scale)
    let (a0, c0) = r0.addingReportingOverflow(group)
    let (a1, c1) = UInt256.add(r1l, r0h, carry: c0)
    let (a2, c2) = UInt256.add(r2l, r1h, carry: c1)
    let (a3, c3) = UInt256.add(r3l, r2h, carry: c2)
    guard !c3, r3h == 0 else { throw .overflow("a number past 2^256 - 1") }
    return UInt256(limbs: (a0, a1, a2, a3))
  }
}

/// Digits read so far: whole groups of nineteen in `high`, the rest in 64 bits, because almost every sum fits there.
struct DecimalReader {
  private var high = UInt256.zero
  private var group: UInt64 = 0
  private var scale: UInt64 = 1
  private var isEmpty = true

  /// Takes the digits from `start` up to `end`, which the caller has checked to lie inside.
  ///
  /// Throws `money.bad_number` for any other byte, `money.overflow`.
  mutating func read(_ bytes: Span<UInt8>, from start: Int, to end: Int) throws(MoneyError) {
    var index = start
    while index < end {
      let digit = bytes[index] &- 0x30
      guard digit <= 9 else { throw .badNumber("only the digits 0 to 9 are read") }
      // Fewer than twenty digits: neither product leaves 64 bits.
      group = group &* 10 &+ UInt64(digit)
      scale = scale &* 10
      if scale == UInt256.group {
        high = try high.shiftedDecimal(by: scale, adding: group)
        (group, scale) = (0, 1)
      }
      index &+= 1
      isEmpty = false
    }
  }

  /// The number. Throws `money.bad_number` when there was no digit, `money.overflow`.
  func value() throws(MoneyError) -> UInt256 {
    guard !isEmpty else { throw .badNumber("an empty text is not a number") }
    return try high.shiftedDecimal(by: scale, adding: group)
  }
}
