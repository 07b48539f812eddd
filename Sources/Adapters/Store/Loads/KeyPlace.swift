import Codecs

/// Where a caller's key stands in `payout_keys`, and whose it is. Two words instead of an array: a chunk sorts 50,000.
struct KeyPlace: Comparable {
  private let high: UInt64
  private let low: UInt64
  let id: Int64

  /// The place is the first 16 bytes of the key's digest.
  init(_ digest: Hash32, id: Int64) {
    (high, low) = (digest.words.0, digest.words.1)
    self.id = id
  }

  func append(to bytes: inout [UInt8]) {
    BigEndian.append(high, to: &bytes)
    BigEndian.append(low, to: &bytes)
  }

  static func < (a: KeyPlace, b: KeyPlace) -> Bool { (a.high, a.low) < (b.high, b.low) }
}
