import Codecs

extension Fp {
  /// A constant: digits of a number below p, most significant first. Digits that are none count as zero, and the number
  /// is not looked at: constants are checked by tests, since a wrong one breaks every vector.
  init(hex: StaticString) {
    var words: (UInt64, UInt64, UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0, 0, 0)
    for scalar in hex.description.utf8 {
      let digit = UInt64(Hex.value(ofDigit: scalar) ?? 0)
      words = (
        words.0 &<< 4 | digit, words.1 &<< 4 | words.0 &>> 60, words.2 &<< 4 | words.1 &>> 60,
        words.3 &<< 4 | words.2 &>> 60, words.4 &<< 4 | words.3 &>> 60, words.5 &<< 4 | words.4 &>> 60
      )
    }
    self.init(plain: Fp(words: words.0, words.1, words.2, words.3, words.4, words.5))
  }
}
