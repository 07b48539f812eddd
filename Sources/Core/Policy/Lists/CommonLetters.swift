/// How many letters two texts have in common, in order: the length of their longest common subsequence.
///
/// The text that is asked for is prepared once: for each byte, at which places it stands, as bits. Each byte of the other
/// text then costs a few operations for 64 places at a time.
/// Source: H. Hyyrö, "Bit-parallel LCS-length computation revisited" (2004).
struct CommonLetters: Sendable {
  let count: Int
  private let blocks: Int
  /// `blocks` words for each of 256 bytes.
  private let places: [UInt64]

  init(_ text: [UInt8]) {
    count = text.count
    blocks = max(1, (text.count + 63) / 64)
    var places = [UInt64](repeating: 0, count: 256 * blocks)
    for (index, byte) in text.enumerated() { places[Int(byte) * blocks + index / 64] |= 1 << UInt64(index % 64) }
    self.places = places
  }

  func common(with other: [UInt8]) -> Int { blocks == 1 ? short(other) : long(other) }

  /// Twice the common letters over all letters, in ten-thousandths: 10,000 for equal texts.
  func likeness(to other: [UInt8]) -> Int {
    let all = count + other.count
    return all == 0 ? 0 : 20_000 * common(with: other) / all
  }

  private func short(_ other: [UInt8]) -> Int {
    var state = UInt64.max
    for byte in other {
      let match = state & places[Int(byte)]
      state = (state &+ match) | (state &- match)
    }
    return (~state).nonzeroBitCount
  }

  private func long(_ other: [UInt8]) -> Int {
    var state = [UInt64](repeating: .max, count: blocks)
    for byte in other {
      var carry: UInt64 = 0
      for block in 0..<blocks {
        let word = state[block]
        let match = word & places[Int(byte) &* blocks &+ block]
        let (partial, first) = word.addingReportingOverflow(match)
        let (sum, second) = partial.addingReportingOverflow(carry)
        carry = first || second ? 1 : 0
        state[block] = sum | (word &- match)
      }
    }
    return state.reduce(0) { $0 + (~$1).nonzeroBitCount }
  }
}
