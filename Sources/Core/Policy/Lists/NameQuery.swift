/// A name that is asked for, prepared to be compared with many.
package struct NameQuery: Sendable {
  package let name: NameText
  private let words: [(bytes: CommonLetters, skeleton: CommonLetters)]
  private let sorted: CommonLetters
  private let joined: CommonLetters

  package init(_ name: NameText) {
    self.name = name
    words = name.tokens.map { (CommonLetters($0.bytes), CommonLetters($0.skeleton)) }
    sorted = CommonLetters(name.sorted)
    joined = CommonLetters(name.joined)
  }

  /// The best score of two names; the share of recall and precision that it gives is in docs/concepts/name-matching.md.
  package static let most = 10_000
  /// The score from which a name is a hit, chosen from Tests/Vectors/names.
  package static let threshold = 7_400

  /// How alike the names are, 0 to 10,000: the best of three looks at them.
  package func score(_ other: NameText) -> Int {
    let whole = NameQuery.squared(sorted.likeness(to: other.sorted))
    if whole == NameQuery.most { return whole }
    return max(whole, NameQuery.squared(joined.likeness(to: other.joined)), aligned(other))
  }

  /// A difference counts twice: names are short, and two that share half of their letters are not half the same person.
  private static func squared(_ likeness: Int) -> Int { likeness * likeness / most }

  // MARK: Word by word

  /// Below it two words are two words.
  private static let leastWord = 5_000
  /// Weight, in quarters, of words that only the longer name has, once two words found their like.
  private static let surplusQuarters = 1

  private struct Match {
    let score: Int
    let letters: Int
    let mine: Int
    let theirs: Int
  }

  /// Pairs the words, the most alike first, and weighs each pair by its letters. Words that both names have left over count
  /// against them in full, words that only one has left over - a dropped middle name - a quarter.
  private func aligned(_ other: NameText) -> Int {
    var matches: [Match] = []
    matches.reserveCapacity(words.count * other.tokens.count)
    for (mine, token) in name.tokens.enumerated() {
      for (theirs, their) in other.tokens.enumerated() {
        let score = likeness(mine, token, their)
        guard score >= NameQuery.leastWord else { continue }
        matches.append(
          Match(score: score, letters: token.bytes.count + their.bytes.count, mine: mine, theirs: theirs))
      }
    }
    matches.sort { ($1.score, $1.letters, $0.mine, $0.theirs) < ($0.score, $0.letters, $1.mine, $1.theirs) }
    var mineTaken: UInt64 = 0
    var theirsTaken: UInt64 = 0
    var (sum, weight, pairs) = (0, 0, 0)
    for match in matches {
      let (mine, theirs) = (UInt64(1) << UInt64(match.mine), UInt64(1) << UInt64(match.theirs))
      guard mineTaken & mine == 0, theirsTaken & theirs == 0 else { continue }
      mineTaken |= mine
      theirsTaken |= theirs
      sum += NameQuery.squared(match.score) * match.letters
      weight += match.letters
      pairs += 1
    }
    let mineLeft = NameQuery.left(name.tokens, mineTaken)
    let theirsLeft = NameQuery.left(other.tokens, theirsTaken)
    let (less, more) = (min(mineLeft, theirsLeft), max(mineLeft, theirsLeft))
    let quarters = 4 * (weight + 2 * less) + (pairs >= 2 ? NameQuery.surplusQuarters : 4) * (more - less)
    return quarters == 0 ? 0 : 4 * sum / quarters
  }

  private static func left(_ tokens: [NameText.Token], _ taken: UInt64) -> Int {
    var letters = 0
    for (index, token) in tokens.enumerated() where taken & UInt64(1) << UInt64(index) == 0 {
      letters += token.bytes.count
    }
    return letters
  }

  /// An initial is much like a word that begins with it. A word that sounds like the other is judged half by its sound.
  private func likeness(_ mine: Int, _ token: NameText.Token, _ their: NameText.Token) -> Int {
    if token.bytes.count == 1 || their.bytes.count == 1 {
      guard token.bytes.first == their.bytes.first else { return 0 }
      return token.bytes.count == their.bytes.count ? NameQuery.most : 8_500
    }
    let spelled = words[mine].bytes.likeness(to: their.bytes)
    if spelled == NameQuery.most { return spelled }
    let sounded = words[mine].skeleton.likeness(to: their.skeleton)
    return sounded > spelled ? (spelled + sounded) / 2 : spelled
  }
}
