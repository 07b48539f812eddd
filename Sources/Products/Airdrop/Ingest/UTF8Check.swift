/// Whether bytes are well-formed UTF-8: the Unicode Standard, table 3-7.
enum UTF8Check {
  static func isValid(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Bool {
    var place = range.lowerBound
    let end = range.upperBound
    while place < end {
      let first = bytes[place]
      if first < 0x80 {
        place += 1
        continue
      }
      let length: Int
      var second: ClosedRange<UInt8> = 0x80...0xbf
      switch first {
      case 0xc2...0xdf: length = 2
      case 0xe0: (length, second) = (3, 0xa0...0xbf)
      // Surrogates are no characters.
      case 0xed: (length, second) = (3, 0x80...0x9f)
      case 0xe1...0xef: length = 3
      case 0xf0: (length, second) = (4, 0x90...0xbf)
      case 0xf4: (length, second) = (4, 0x80...0x8f)
      case 0xf1...0xf3: length = 4
      default: return false
      }
      guard place + length <= end, second.contains(bytes[place + 1]) else { return false }
      for offset in 2..<max(2, length) where bytes[place + offset] & 0xc0 != 0x80 { return false }
      place += length
    }
    return true
  }
}
