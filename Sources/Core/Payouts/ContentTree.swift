package import Chains
package import Codecs
package import Money

/// The tree under a content root, kept so that proofs can be made: one hash for each 256 payees and those above them,
/// about a quarter of a byte a payee. The payees around the proven ones are read again when a proof is made.
package struct ContentTree: Sendable {
  /// Payees under one kept hash.
  package static let chunk: UInt64 = 256

  private var content: ContentRoot
  private let asset: AssetID
  private var open: [Hash32] = []
  /// Hashes of complete subtrees of `chunk << level` payees, by level, from the left.
  private var levels: [[Hash32]] = [[]]

  package init(_ asset: AssetID) {
    self.asset = asset
    content = ContentRoot(asset)
  }

  package var count: UInt64 { content.count }
  package var total: UInt256 { content.total }
  package var root: Hash32 { content.hash }

  /// Adds the next payee. Throws `money.overflow` when the total does not fit in 256 bits.
  package mutating func add(_ payee: Payee) throws(MoneyError) {
    try content.add(payee)
    open.append(ContentRoot.leaf(payee))
    guard open.count == Int(ContentTree.chunk) else { return }
    levels[0].append(ContentTree.root(of: open[...]))
    open = []
    var level = 0
    while levels[level].count.isMultiple(of: 2) {
      let pair = levels[level].suffix(2)
      guard let left = pair.first, let right = pair.last else { return }
      if level + 1 == levels.count { levels.append([]) }
      levels[level + 1].append(ContentRoot.node(left, right))
      level += 1
    }
  }

  /// A proof for the payees at these places, in this order. `read` gives the payees of a range of places, in order; it is
  /// asked for whole chunks, each once.
  ///
  /// Throws `badPlaces` for places that are not here or not distinct, `badShape` when `read` gives too few, and what
  /// `read` throws.
  package func proof(_ places: [UInt64], read: @escaping (Range<UInt64>) throws -> [Payee]) throws -> ContentProof {
    let sorted = places.sorted()
    for (before, after) in zip(sorted, sorted.dropFirst()) where before == after { throw ContentProofError.badPlaces }
    guard let last = sorted.last, last < count else { throw ContentProofError.badPlaces }
    var builder = Builder(tree: self, read: read)
    try builder.walk(0, count, sorted[...])
    return ContentProof(places: places, hashes: builder.hashes)
  }

  private struct Builder {
    let tree: ContentTree
    let read: (Range<UInt64>) throws -> [Payee]
    var hashes: [Hash32] = []
    var leaves: [Hash32] = []
    var leavesFrom: UInt64?

    mutating func walk(_ start: UInt64, _ size: UInt64, _ places: ArraySlice<UInt64>) throws {
      guard !places.isEmpty else { return hashes.append(try hash(start, size)) }
      guard size > 1 else { return }
      let half = TreeShape.left(size)
      let cut = places.partitioningIndex { $0 >= start + half }
      try walk(start, half, places[..<cut])
      try walk(start + half, size - half, places[cut...])
    }

    /// A subtree begins at a multiple of the power of two that it fits in, so one that is no larger than a chunk lies
    /// within one.
    private mutating func hash(_ start: UInt64, _ size: UInt64) throws -> Hash32 {
      if size < ContentTree.chunk { return ContentTree.root(of: try leaves(start, size)) }
      let level = (size / ContentTree.chunk).trailingZeroBitCount
      let index = Int(start >> UInt64(level)) / Int(ContentTree.chunk)
      if size.nonzeroBitCount == 1, level < tree.levels.count, index < tree.levels[level].count {
        return tree.levels[level][index]
      }
      let half = TreeShape.left(size)
      return ContentRoot.node(try hash(start, half), try hash(start + half, size - half))
    }

    private mutating func leaves(_ start: UInt64, _ size: UInt64) throws -> ArraySlice<Hash32> {
      let from = start / ContentTree.chunk * ContentTree.chunk
      if leavesFrom != from {
        let range = from..<min(from + ContentTree.chunk, tree.count)
        leaves = try read(range).map(ContentRoot.leaf)
        guard leaves.count == range.count else { throw ContentProofError.badShape }
        leavesFrom = from
      }
      let first = Int(start - from)
      return leaves[first..<first + Int(size)]
    }
  }

  /// The root of at least one leaf.
  private static func root(of leaves: ArraySlice<Hash32>) -> Hash32 {
    guard leaves.count > 1 else { return leaves.first ?? .zero }
    let half = leaves.startIndex + Int(TreeShape.left(UInt64(leaves.count)))
    return ContentRoot.node(root(of: leaves[..<half]), root(of: leaves[half...]))
  }
}
