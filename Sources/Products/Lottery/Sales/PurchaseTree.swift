package import Codecs

/// The commitment of schema 2: a Merkle tree over all purchases, in which every node also says how many tickets lie
/// below it.
///
/// So the place of a purchase among the tickets follows from its proof, and no two can claim the same ticket. The shape
/// is that of RFC 6962: a node's left side is the largest full tree. Hashes are SHA3-256 of
///
///     leaf   u64 0 | u64 tickets | buyer, 32 bytes
///     node   u64 1 | u64 tickets left | u64 tickets right | left, 32 bytes | right, 32 bytes
///
/// with little-endian numbers. Nodes five levels up are kept (one of 32 purchases), so that a proof hashes 31 purchases and
/// not all.
package struct PurchaseTree: Equatable, Sendable {
  /// A subtree: how many tickets, and its hash.
  package struct Node: Hashable, Sendable {
    package let tickets: UInt64
    package let hash: Hash32

    package init(tickets: UInt64, hash: Hash32) {
      self.tickets = tickets
      self.hash = hash
    }
  }

  /// The level whose nodes are kept.
  package static let keptLevel = 5
  private static let bits = 10
  package private(set) var leaves = 0
  /// Full subtrees from the left, each smaller than the one before.
  package private(set) var peaks: [Node] = []
  /// Kept nodes, in pages of 1,024.
  private var kept: [[Node]] = []
  package private(set) var keptCount = 0

  package init() {}

  /// One purchase.
  package static func leaf(_ buyer: LotteryAddress, _ tickets: UInt64) -> Node {
    Node(tickets: tickets, hash: Keccak.sha3(0, tickets, buyer.raw))
  }

  package static func join(_ left: Node, _ right: Node) -> Node {
    Node(
      tickets: left.tickets &+ right.tickets,
      hash: Keccak.sha3(1, left.tickets, right.tickets, left.hash, right.hash))
  }

  package mutating func append(_ leaf: Node) {
    var node = leaf
    var level = 0
    var rest = leaves
    while rest & 1 == 1, let left = peaks.popLast() {
      node = PurchaseTree.join(left, node)
      level += 1
      rest >>= 1
      if level == PurchaseTree.keptLevel { keep(node) }
    }
    peaks.append(node)
    leaves += 1
  }

  /// The whole tree; nil while nothing is sold.
  package var root: Node? {
    guard var node = peaks.last else { return nil }
    for peak in peaks.dropLast().reversed() { node = PurchaseTree.join(peak, node) }
    return node
  }

  /// A kept node: purchases 32 * `index` to 32 * `index` + 31.
  package func keptNode(_ index: Int) -> Node {
    kept[index >> PurchaseTree.bits][index & (1 << PurchaseTree.bits - 1)]
  }

  private mutating func keep(_ node: Node) {
    if keptCount & (1 << PurchaseTree.bits - 1) == 0 { kept.append([]) }
    kept[kept.count - 1].append(node)
    keptCount += 1
  }
}

// MARK: From scratch, by several threads

extension PurchaseTree {
  /// Purchases that are a tree of their own: 2^14.
  package static let blockHeight = 14

  /// The full subtrees of block `index` of `count` purchases, the largest first. Blocks may be made on any threads at once.
  package static func block(_ index: Int, of count: Int, leaf: (Int) -> Node) -> [Node] {
    var tree = PurchaseTree()
    let first = index << blockHeight
    for run in first..<min(count, first + 1 << blockHeight) { tree.append(leaf(run)) }
    return tree.peaks
  }

  /// The root over the blocks of `count` purchases, in order; nil without a purchase.
  package static func root(of count: Int, _ blocks: [[Node]]) -> Node? {
    var peaks: [Node] = []
    for (number, block) in blocks.enumerated() {
      guard number < count >> blockHeight, var node = block.first else {
        peaks += block
        continue
      }
      var rest = number
      while rest & 1 == 1, let left = peaks.popLast() {
        node = join(left, node)
        rest >>= 1
      }
      peaks.append(node)
    }
    guard var node = peaks.popLast() else { return nil }
    while let left = peaks.popLast() { node = join(left, node) }
    return node
  }
}
