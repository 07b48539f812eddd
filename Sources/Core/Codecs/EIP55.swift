/// Addresses as text: `0x` and 40 hex digits whose letter case is a checksum.
///
/// A letter is upper-case when the digit at its place in keccak256(the 40 lower-case digits) is 8 or more.
/// Digits are handled eight to a machine word, because the ingest reads a million of them a second.
/// Source: EIP-55.
package enum EIP55 {
  /// What the letter case of a text said about it.
  package enum Checksum: Hashable, Sendable {
    /// The case of every letter is as it must be.
    case verified
    /// All letters are lower-case, or all are upper-case, and that is not the checksum form.
    case absent
  }

  /// The mixed-case text of an address, with `0x`.
  package static func text(_ address: EVMAddress) -> String {
    var words = Words()
    for index in 0..<5 {
      var word: UInt64 = 0
      for (place, byte) in address.bytes[(index * 4)..<(index * 4 + 4)].enumerated() {
        word |= UInt64(digit(byte >> 4)) << UInt64(place * 16) | UInt64(digit(byte & 15)) << UInt64(place * 16 + 8)
      }
      words[index] = word
    }
    let upper = upperCase(words)
    var out: [UInt8] = [0x30, 0x78]
    out.reserveCapacity(42)
    for index in 0..<5 {
      // Clearing 0x20 turns a lower-case letter into its upper-case form.
      let word = words[index] ^ (upper[index] & letters(words[index])) &>> 1
      for place in 0..<8 { out.append(UInt8(truncatingIfNeeded: word &>> UInt64(place * 8))) }
    }
    return String(decoding: out, as: UTF8.self)
  }

  /// Reads `0x` and 40 digits. Lower-case-only and upper-case-only text counts as without checksum.
  ///
  /// Throws `address.bad_length`, `address.bad_hex`, `address.bad_checksum`.
  package static func parse(_ text: String) throws(EIP55Error) -> (address: EVMAddress, checksum: Checksum) {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(20)
    let checksum = try append(Array(text.utf8).span, to: &bytes)
    guard let address = EVMAddress(bytes) else { throw EIP55Error(.badLength) }
    return (address, checksum)
  }

  /// Reads `0x` and 40 ASCII digits and appends the 20 bytes of the address: the form for bulk ingest.
  ///
  /// Appends nothing when it throws: `address.bad_length`, `address.bad_hex`, `address.bad_checksum`.
  /// Text of one letter case is never refused for its case; `looksAtOneCase` false calls it `absent` without hashing,
  /// which makes it several times as fast.
  package static func append(
    _ text: Span<UInt8>, to bytes: inout [UInt8], looksAtOneCase: Bool = true
  ) throws(EIP55Error) -> Checksum {
    guard text.count == 42 else { throw EIP55Error(.badLength) }
    guard text[0] == 0x30, text[1] == 0x78 else { throw EIP55Error(.badHex) }
    var given = Words()
    var anyLower: UInt64 = 0
    var anyUpper: UInt64 = 0
    for index in 0..<5 {
      let word = text.littleEndianLane(at: 2 + index * 8)
      guard isHex(word) else { throw EIP55Error(.badHex) }
      let letters = letters(word)
      anyLower |= letters & word &<< 1
      anyUpper |= letters & ~(word &<< 1)
      given[index] = word
    }
    let hasOneCase = anyLower == 0 || anyUpper == 0
    // Text of one case may still be the checksum form of an address with few letters; digits alone always are.
    let matches = anyLower | anyUpper == 0 || (looksAtOneCase || !hasOneCase) && matchesChecksum(given)
    guard matches || hasOneCase else { throw EIP55Error(.badChecksum) }
    for index in 0..<5 { appendFour(given[index], to: &bytes) }
    return matches ? .verified : .absent
  }

  /// The address that `0x` and 40 hex digits spell, whatever their case and checksum; nil for anything else. For looking an
  /// address up, where a bad checksum must not hide it.
  package static func addressOfAnyCase(_ text: Span<UInt8>) -> EVMAddress? {
    guard text.count == 42, text[0] == 0x30, text[1] | 0x20 == 0x78 else { return nil }
    var words = InlineArray<5, UInt64>(repeating: 0)
    for index in 0..<5 {
      let word = text.littleEndianLane(at: 2 &+ index &* 8)
      guard isHex(word) else { return nil }
      words[index] = fourBytes(word)
    }
    return EVMAddress(
      high: words[0] &<< 32 | words[1], middle: words[2] &<< 32 | words[3], low: UInt32(truncatingIfNeeded: words[4]))
  }

  /// The four bytes that eight digits spell, most significant first.
  private static func fourBytes(_ word: UInt64) -> UInt64 {
    let nibbles = (word & (every &* 0x0f)) &+ (letters(word) &>> 6) &* 9
    // Nibbles lie in bytes, the first one lowest: pairs of them, then pairs of pairs.
    let bytes = (nibbles &<< 4 | nibbles &>> 8) & 0x00ff_00ff_00ff_00ff
    let first = bytes & 0xff
    let second = bytes &>> 16 & 0xff
    let third = bytes &>> 32 & 0xff
    return first &<< 24 | second &<< 16 | third &<< 8 | bytes &>> 48 & 0xff
  }

  /// As `append(_:to:)`, over a slice of a larger buffer such as a line of a CSV file.
  package static func append(_ text: ArraySlice<UInt8>, to bytes: inout [UInt8]) throws(EIP55Error) -> Checksum {
    try append(text.span, to: &bytes)
  }
}

// MARK: Eight digits to a word

extension EIP55 {
  /// Forty ASCII digits, the first one in the lowest byte of word 0.
  private struct Words {
    private var storage = InlineArray<5, UInt64>(repeating: 0)
    subscript(index: Int) -> UInt64 {
      get { storage[index] }
      set { storage[index] = newValue }
    }
  }

  private static let every: UInt64 = 0x0101_0101_0101_0101

  private static func digit(_ nibble: UInt8) -> UInt8 { nibble < 10 ? 0x30 + nibble : 0x57 + nibble }

  /// 0x40 in each byte that holds a letter: among hex digits only letters have that bit.
  private static func letters(_ word: UInt64) -> UInt64 { word & (every &* 0x40) }

  /// Whether all eight bytes are hex digits of either case.
  private static func isHex(_ word: UInt64) -> Bool {
    let high = every &* 0x80
    guard word & high == 0 else { return false }
    let lower = word | every &* 0x20
    // With all bytes below 0x80, adding (0x80 - n) sets the top bit exactly in bytes of n or more.
    func atLeast(_ bound: UInt64) -> UInt64 { (lower &+ every &* (0x80 &- bound)) & high }
    let digit = atLeast(0x30) & ~atLeast(0x3a)
    let letter = atLeast(0x61) & ~atLeast(0x67)
    // 0x10...0x19 would pass as digits once 0x20 is set; real digits have that bit already.
    let real = (word &<< 2) & digit
    return real | letter == high
  }

  private static func matchesChecksum(_ given: Words) -> Bool {
    let upper = upperCase(given)
    var wrong: UInt64 = 0
    for index in 0..<5 { wrong |= letters(given[index]) & (~(given[index] &<< 1) ^ upper[index]) }
    return wrong == 0
  }

  /// 0x40 in each byte whose letter, if it holds one, is to be upper-case.
  private static func upperCase(_ words: Words) -> Words {
    let lower = every &* 0x20
    let hash = Keccak.hash256(
      lanes: (words[0] | lower, words[1] | lower, words[2] | lower, words[3] | lower, words[4] | lower))
    var out = Words()
    out[0] = spread(hash.words.0 &>> 32)
    out[1] = spread(hash.words.0 & 0xffff_ffff)
    out[2] = spread(hash.words.1 &>> 32)
    out[3] = spread(hash.words.1 & 0xffff_ffff)
    out[4] = spread(hash.words.2 &>> 32)
    return out
  }

  /// Moves the top bit of each of eight nibbles, the first one most significant, to 0x40 of its byte.
  private static func spread(_ nibbles: UInt64) -> UInt64 {
    var out: UInt64 = 0
    for place: UInt64 in 0..<8 { out |= (nibbles &>> (31 &- place &* 4) & 1) &<< (place &* 8 &+ 6) }
    return out
  }

  /// Appends the four bytes that eight digits spell.
  private static func appendFour(_ word: UInt64, to bytes: inout [UInt8]) {
    // A letter's low nibble is 1 to 6 for 10 to 15: nine more.
    let nibbles = (word & (every &* 0x0f)) &+ (letters(word) &>> 6) &* 9
    for place: UInt64 in 0..<4 {
      let pair = nibbles &>> (place &* 16)
      bytes.append(UInt8(truncatingIfNeeded: pair &<< 4 | pair &>> 8 & 0x0f))
    }
  }
}
