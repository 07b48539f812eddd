package import Chains
package import Codecs
package import Money

/// Why a proof does not show that payees belong to a content root.
package enum ContentProofError: Error, Hashable, Sendable {
  /// Another number of places than of payees, a place past the end, or one place named twice.
  case badPlaces
  /// Hashes are missing, or more are there than the tree has room for.
  case badShape
  /// The payees and hashes give another root.
  case otherRoot
}

/// Shows that payees stand under a content root, without the rest of the list.
///
/// It names the place of each payee in the approved order, and brings the hashes of the largest subtrees that hold none
/// of them, from left to right. A run of consecutive places needs about 2 log2(count) hashes, any other set more.
/// Source: RFC 6962, 2.1.1, for more than one leaf; docs/internals/protocol.md 2.5.
package struct ContentProof: Hashable, Sendable {
  /// Place of each payee, from 0, in the order in which the payees are given; distinct.
  package let places: [UInt64]
  package let hashes: [Hash32]

  package init(places: [UInt64], hashes: [Hash32]) {
    self.places = places
    self.hashes = hashes
  }

  /// Throws unless exactly these payees, with payout number, address and amount, stand at the places of this content.
  package func check(
    _ payees: [Payee], asset: AssetID, count: UInt64, total: UInt256, root: Hash32
  ) throws(ContentProofError) {
    guard !payees.isEmpty, payees.count == places.count else { throw .badPlaces }
    var leaves = zip(places, payees).map { (place: $0, hash: ContentRoot.leaf($1)) }
    leaves.sort { $0.place < $1.place }
    for (before, after) in zip(leaves, leaves.dropFirst()) where before.place == after.place { throw .badPlaces }
    guard let last = leaves.last, last.place < count else { throw .badPlaces }
    var rest = hashes[...]
    let tree = try ContentProof.fold(0, count, leaves[...], &rest)
    guard rest.isEmpty else { throw .badShape }
    guard ContentRoot.bound(asset, count: count, total: total, tree: tree) == root else { throw .otherRoot }
  }

  /// The hash of the subtree of `size` leaves from `start` on. Deep as log2(size), 64 at most.
  private static func fold(
    _ start: UInt64, _ size: UInt64, _ leaves: ArraySlice<(place: UInt64, hash: Hash32)>,
    _ rest: inout ArraySlice<Hash32>
  ) throws(ContentProofError) -> Hash32 {
    guard let first = leaves.first else {
      guard let hash = rest.popFirst() else { throw .badShape }
      return hash
    }
    if size == 1 { return first.hash }
    let half = TreeShape.left(size)
    let cut = leaves.partitioningIndex { $0.place >= start + half }
    let left = try fold(start, half, leaves[..<cut], &rest)
    let right = try fold(start + half, size - half, leaves[cut...], &rest)
    return ContentRoot.node(left, right)
  }
}

enum TreeShape {
  /// Leaves in the left half of a tree of two or more: the largest power of two below its size (RFC 6962, 2.1).
  static func left(_ size: UInt64) -> UInt64 { 1 << UInt64(63 - (size - 1).leadingZeroBitCount) }
}

extension RandomAccessCollection {
  /// The first index whose element, and all after it, satisfy the condition.
  func partitioningIndex(where belongs: (Element) -> Bool) -> Index {
    var (low, count) = (startIndex, count)
    while count > 0 {
      let half = count / 2
      let middle = index(low, offsetBy: half)
      if belongs(self[middle]) {
        count = half
      } else {
        low = index(after: middle)
        count -= half + 1
      }
    }
    return low
  }
}
