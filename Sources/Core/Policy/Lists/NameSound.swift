/// Spellings that transliteration mixes up, made one: Khrouchtchev and Khrushchev, Youssef and Yusuf, Kuznetzov and
/// Kuznetsov. It is no key to find by, only a second look at words that are compared.
enum NameSound {
  /// The rules are applied in this order, each to the whole word; then vowels behind the first letter become one vowel, and
  /// doubled letters single ones.
  private static let rules: [([UInt8], [UInt8])] = [
    ("kh", "h"), ("ph", "f"), ("ou", "u"), ("ch", "c"), ("sh", "s"), ("zh", "z"), ("dj", "j"), ("ck", "k"), ("q", "k"),
    ("w", "v"), ("y", "i"), ("oe", "o"), ("ue", "u"), ("ee", "i"), ("ff", "v"), ("dz", "z"),
  ].map { (Array($0.0.utf8), Array($0.1.utf8)) }

  static func skeleton(_ word: [UInt8]) -> [UInt8] {
    var current = word
    for (from, to) in rules where current.contains(from[0]) { current = replacing(current, from, to) }
    var out: [UInt8] = []
    out.reserveCapacity(current.count)
    for (place, letter) in current.enumerated() {
      let byte = place > 0 && isVowel(letter) ? 0x61 : letter
      if out.last != byte { out.append(byte) }
    }
    return out
  }

  private static func isVowel(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a"), UInt8(ascii: "e"), UInt8(ascii: "i"), UInt8(ascii: "o"), UInt8(ascii: "u"): true
    default: false
    }
  }

  private static func replacing(_ word: [UInt8], _ from: [UInt8], _ to: [UInt8]) -> [UInt8] {
    var out: [UInt8] = []
    out.reserveCapacity(word.count)
    var index = 0
    while index < word.count {
      let isMatch =
        word[index] == from[0] && (from.count == 1 || index + 1 < word.count && word[index + 1] == from[1])
      if isMatch { out += to } else { out.append(word[index]) }
      index += isMatch ? from.count : 1
    }
    return out
  }
}
