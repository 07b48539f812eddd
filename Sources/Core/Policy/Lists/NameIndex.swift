/// Listed names, found by names that are like them.
///
/// Comparing with every listed name is not needed: two names that are alike share many groups of three letters. The index
/// holds for each group the names that have it, so a question counts common groups and compares only with names that
/// share enough of them.
package struct NameIndex: Sendable {
  package struct Hit: Hashable, Sendable {
    /// The place of the name in the list that the index was made of.
    package let place: Int
    package let score: Int
  }

  package let names: [NameText]
  /// Groups of each name.
  private let groupCounts: [UInt16]
  /// Where the names of a group begin in `postings`; one more than there are groups.
  private let starts: [UInt32]
  private let postings: [UInt32]

  private static let buckets = 1 << 16
  /// Of the groups that two names have on average, so many hundredths must be common. Chosen from Tests/Vectors/names: of
  /// the pairs that are hits, fewer than two in a thousand share less.
  static let leastCommonHundredths = 50

  package init(_ names: [NameText]) {
    self.names = names
    let groups = names.map(NameIndex.groups)
    groupCounts = groups.map { UInt16(clamping: $0.count) }
    var starts = [UInt32](repeating: 0, count: NameIndex.buckets + 1)
    for list in groups { for group in list { starts[Int(group) + 1] += 1 } }
    for bucket in 0..<NameIndex.buckets { starts[bucket + 1] += starts[bucket] }
    var next = starts
    var postings = [UInt32](repeating: 0, count: Int(starts[NameIndex.buckets]))
    for (place, list) in groups.enumerated() {
      for group in list {
        postings[Int(next[Int(group)])] = UInt32(truncatingIfNeeded: place)
        next[Int(group)] += 1
      }
    }
    self.starts = starts
    self.postings = postings
  }

  /// Room for a search, kept by whoever asks many: a search then costs no allocation for counting.
  package struct Scratch: Sendable {
    fileprivate var counts: [UInt16] = []
    fileprivate var touched: [UInt32] = []
    package init() {}
  }

  /// The names with at least `threshold`, the most alike first.
  package func hits(_ query: NameQuery, threshold: Int, _ scratch: inout Scratch) -> [Hit] {
    let groups = NameIndex.groups(query.name)
    if scratch.counts.count < names.count { scratch.counts = [UInt16](repeating: 0, count: names.count) }
    scratch.touched.removeAll(keepingCapacity: true)
    for group in groups {
      let range = Int(starts[Int(group)])..<Int(starts[Int(group) + 1])
      for index in range {
        let place = postings[index]
        if scratch.counts[Int(place)] == 0 { scratch.touched.append(place) }
        scratch.counts[Int(place)] &+= 1
      }
    }
    var hits: [Hit] = []
    for touched in scratch.touched {
      let place = Int(touched)
      let common = Int(scratch.counts[place])
      scratch.counts[place] = 0
      guard NameIndex.isEnough(common, groups.count, Int(groupCounts[place])) else { continue }
      let score = query.score(names[place])
      if score >= threshold { hits.append(Hit(place: place, score: score)) }
    }
    hits.sort { ($1.score, $0.place) < ($0.score, $1.place) }
    return hits
  }

  /// As `hits`, without a kept scratch.
  package func hits(_ query: NameQuery, threshold: Int = NameQuery.threshold) -> [Hit] {
    var scratch = Scratch()
    return hits(query, threshold: threshold, &scratch)
  }

  private static func isEnough(_ common: Int, _ a: Int, _ b: Int) -> Bool {
    common * 200 >= (a + b) * leastCommonHundredths
  }

  /// The groups of the words' sounds, each word with a mark before and behind it; every group once.
  private static func groups(_ name: NameText) -> [UInt16] {
    var out: [UInt16] = []
    for token in name.tokens {
      let word = token.skeleton
      var (first, second): (UInt8, UInt8) = (0x5e, word.first ?? 0x24)
      for index in 1...max(1, word.count) {
        let third = index < word.count ? word[index] : 0x24
        out.append(bucket(first, second, third))
        (first, second) = (second, third)
      }
    }
    guard out.count > 1 else { return out }
    out.sort()
    var unique: [UInt16] = []
    unique.reserveCapacity(out.count)
    for group in out where unique.last != group { unique.append(group) }
    return unique
  }

  /// Groups of plain letters have a bucket of their own; others share.
  private static func bucket(_ a: UInt8, _ b: UInt8, _ c: UInt8) -> UInt16 {
    let mixed = UInt32(a) &* 31 &* 31 &+ UInt32(b) &* 31 &+ UInt32(c)
    return UInt16(truncatingIfNeeded: mixed ^ mixed &>> 16)
  }
}
