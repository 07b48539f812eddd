/// A name in the form that names are compared in: docs/concepts/name-matching.md says each step.
///
/// Tokens are words of lower-case ASCII letters and digits (letters of scripts that are not romanised stay as UTF-8),
/// without titles and legal forms, in alphabetical order.
package struct NameText: Hashable, Sendable {
  package static let mostBytes = 512
  package static let mostTokens = 32
  static let mostTokenBytes = 64

  /// A word and its sound: the same word with spellings that transliteration mixes up made one.
  struct Token: Hashable, Sendable {
    let bytes: [UInt8]
    let skeleton: [UInt8]
  }
  let tokens: [Token]
  /// The tokens in order, with a blank between them.
  let sorted: [UInt8]
  /// The tokens as they were written, with nothing between them.
  let joined: [UInt8]

  /// Throws `lists.bad_query` for a name without a letter or digit, or longer than any real one.
  package init(_ text: String) throws(ListError) {
    guard text.utf8.count <= NameText.mostBytes else {
      throw ListError(.badQuery, "a name has at most \(NameText.mostBytes) bytes")
    }
    let words = NameText.words(of: text)
    let kept = words.filter { !NameText.isNoise($0) }
    let used = kept.isEmpty ? words : kept
    guard !used.isEmpty else { throw ListError(.badQuery, "a name has at least one letter or digit") }
    guard used.count <= NameText.mostTokens else {
      throw ListError(.badQuery, "a name has at most \(NameText.mostTokens) words")
    }
    joined = used.flatMap { $0 }
    let ordered = used.sorted { $0.lexicographicallyPrecedes($1) }
    sorted = Array(ordered.joined(separator: [0x20]))
    // A word of more than 64 letters is none; the whole name is still compared by `sorted` and `joined`.
    tokens = ordered.map {
      let bytes = Array($0.prefix(NameText.mostTokenBytes))
      return Token(bytes: bytes, skeleton: NameSound.skeleton(bytes))
    }
  }

  /// Folded words, split at everything that is no letter or digit. An apostrophe or a full stop joins: O'Neill, S.A.
  private static func words(of text: String) -> [[UInt8]] {
    var words: [[UInt8]] = []
    var word: [UInt8] = []
    for scalar in text.unicodeScalars {
      switch scalar.value {
      case 0x61...0x7a, 0x30...0x39: word.append(UInt8(truncatingIfNeeded: scalar.value))
      case 0x41...0x5a: word.append(UInt8(truncatingIfNeeded: scalar.value) | 0x20)
      case 0x27, 0x2e: continue
      case 0...0x7f:
        if !word.isEmpty { words.append(word) }
        word = []
      default:
        if let folded = fold(scalar) {
          word += folded
        } else if !word.isEmpty {
          words.append(word)
          word = []
        }
      }
    }
    if !word.isEmpty { words.append(word) }
    return words
  }

  /// What a scalar outside ASCII is compared as; nil when it separates words.
  private static func fold(_ scalar: Unicode.Scalar) -> [UInt8]? {
    if let folded = folds[scalar.value] { return folded }
    let properties = scalar.properties
    guard properties.isAlphabetic || properties.numericType != nil else { return nil }
    return Array(properties.lowercaseMapping.utf8)
  }

  private static let folds: [UInt32: [UInt8]] = {
    var out: [UInt32: [UInt8]] = [:]
    for line in NameFolds.table.split(separator: "\n") {
      let parts = line.split(separator: ":", omittingEmptySubsequences: false)
      guard parts.count == 2 else { continue }
      for run in parts[1].split(separator: ",") {
        let ends = run.split(separator: "-").compactMap { UInt32($0, radix: 16) }
        guard let first = ends.first, let last = ends.last, first <= last else { continue }
        for scalar in first...last { out[scalar] = Array(parts[0].utf8) }
      }
    }
    return out
  }()

  private static func isNoise(_ word: [UInt8]) -> Bool { word.count <= 12 && noise.contains(word) }

  /// Titles and legal forms: they come and go between a list and a recipients file, and decide nothing.
  private static let noise = Set(
    """
    mr mrs ms miss dr prof sir gen col sheikh shaykh haji hajji mullah mawlawi
    ltd limited llc inc incorporated corp corporation co company gmbh ag sa sas sarl srl spa bv nv plc llp lp pte pty
    ooo oao zao pao jsc ojsc cjsc pjsc fze fzco kg oy oyj aps doo sdn bhd kft sro
    """.split { $0 == " " || $0 == "\n" }.map { Array($0.utf8) })
}
