/// A side below a node of a binary tree.
package enum Side: String, CaseIterable, Sendable {
  case left = "L"
  case right = "R"
}

/// A free place: below which member, on which side.
package struct TreePlace: Hashable, Sendable {
  package let parent: Int32
  package let side: Side

  package init(parent: Int32, side: Side) {
    self.parent = parent
    self.side = side
  }
}

/// A binary tree of numbered members; 0 is the root.
///
/// Places fill level by level below the sponsor, left before right. Each member knows how many levels below them are full
/// on every side; the first free place of a search that goes level by level is then on the leftmost path along which that
/// number falls by one, so no queue is kept and nothing is searched. A full level doubles what stands above it, so a
/// path has at most 31 steps; the numbers only grow, so keeping them costs a constant on average. `literalPlace` is what
/// it must agree with.
package struct BinaryTree: Sendable {
  package static let nobody: Int32 = -1

  /// Most members: a number has 29 bits.
  package static let most = 1 << 29 - 1

  private var nodes = [TreeNode()]
  /// The parent of each member, `nobody` for the root.
  package private(set) var parents = [nobody]

  package init() {}

  /// Room for that many members.
  package mutating func reserve(_ members: Int) {
    nodes.reserveCapacity(members)
    parents.reserveCapacity(members)
  }

  package var count: Int { nodes.count }

  /// Puts a new member at the next place below `sponsor`; its number is `count` before.
  ///
  /// Throws `wallet.sponsor_not_assigned` for a number that is no member, `wallet.bad_tree` when the tree is full.
  package mutating func add(below sponsor: Int32) throws(WalletError) -> TreePlace {
    let free = try freePlace(below: sponsor)
    _ = try link(Int(free.parent), isRight: free.side == .right)
    return free
  }

  /// The next place below `sponsor`. Throws as `add`.
  package func freePlace(below sponsor: Int32) throws(WalletError) -> TreePlace {
    var member = try place(of: sponsor)
    var node = nodes[member]
    while node.fullLevels > 0 {
      member = node.next
      node = nodes[member]
    }
    return TreePlace(parent: Int32(truncatingIfNeeded: member), side: node.left == 0 ? .left : .right)
  }

  /// The same, searched anew from the sponsor: the rule as it is told. For tests.
  package func literalPlace(below sponsor: Int32) throws(WalletError) -> TreePlace {
    var queue = [try place(of: sponsor)]
    var head = 0
    while head < queue.count {
      let (member, node) = (queue[head], nodes[queue[head]])
      if node.left == 0 { return TreePlace(parent: Int32(truncatingIfNeeded: member), side: .left) }
      if node.right == 0 { return TreePlace(parent: Int32(truncatingIfNeeded: member), side: .right) }
      queue.append(node.left)
      queue.append(node.right)
      head += 1
    }
    throw WalletError(.badTree, "the places below member \(sponsor) cannot be found")
  }

  /// The number of the new member. Throws `wallet.already_placed` when the place is taken, `wallet.bad_tree` when the
  /// tree is full.
  package mutating func put(at free: TreePlace) throws(WalletError) -> Int32 {
    let parent = try place(of: free.parent)
    let isRight = free.side == .right
    guard (isRight ? nodes[parent].right : nodes[parent].left) == 0 else {
      throw WalletError(.alreadyPlaced, "the place \(free.side.rawValue) below member \(free.parent) is taken")
    }
    return try link(parent, isRight: isRight)
  }

  /// Puts a new member at a place that is free.
  private mutating func link(_ parent: Int, isRight: Bool) throws(WalletError) -> Int32 {
    let member = nodes.count
    guard member < BinaryTree.most else { throw WalletError(.badTree, "the tree is full") }
    let isFull = (isRight ? nodes[parent].left : nodes[parent].right) != 0
    nodes[parent].set(member, isRight: isRight)
    nodes.append(TreeNode())
    parents.append(Int32(truncatingIfNeeded: parent))
    if isFull { raise(from: parent) }
    return Int32(truncatingIfNeeded: member)
  }

  /// Counts full levels anew, from a member with two children upwards until one stays as it was.
  private mutating func raise(from first: Int) {
    var member = first
    while true {
      let node = nodes[member]
      guard node.left != 0, node.right != 0 else { return }
      let (left, right) = (nodes[node.left].fullLevels, nodes[node.right].fullLevels)
      let levels = min(left, right) &+ 1
      nodes[member].set(fullLevels: levels, goesRight: right < left)
      let parent = parents[member]
      guard levels != node.fullLevels, parent != BinaryTree.nobody else { return }
      member = Int(parent)
    }
  }

  // MARK: Reading

  /// Nil for the root, and for a number that is no member.
  package func placement(of member: Int32) -> TreePlace? {
    guard member > 0, Int(member) < nodes.count else { return nil }
    let parent = parents[Int(member)]
    return TreePlace(parent: parent, side: nodes[Int(parent)].right == Int(member) ? .right : .left)
  }

  /// Who stands on a side of a member; nil when nobody does, or there is no such member.
  package func child(of member: Int32, _ side: Side) -> Int32? {
    guard nodes.indices.contains(Int(member)) else { return nil }
    let child = side == .left ? nodes[Int(member)].left : nodes[Int(member)].right
    return child == 0 ? nil : Int32(truncatingIfNeeded: child)
  }

  private func place(of member: Int32) throws(WalletError) -> Int {
    let index = Int(member)
    guard index >= 0, index < nodes.count else {
      throw WalletError(.sponsorNotAssigned, "member \(member) is not in the tree")
    }
    return index
  }
}

/// One member in eight bytes, so that a step of a path touches as little memory as can be: both children with 29 bits each,
/// full levels with 5, and where the path goes on with 1. No child is 0: the root is nobody's.
private struct TreeNode: Sendable {
  private var bits: UInt64 = 0

  private static let mask: UInt64 = 1 << 29 - 1
  private static let levelShift: UInt64 = 58
  private static let rightBit: UInt64 = 1 << 63

  var left: Int { Int(bits & TreeNode.mask) }
  var right: Int { Int(bits >> 29 & TreeNode.mask) }

  /// 0 while a side is free; else one more than the lower of both children, at most 29.
  var fullLevels: UInt64 { bits >> TreeNode.levelShift & 31 }

  /// The child on whose side the next place is.
  var next: Int { bits & TreeNode.rightBit != 0 ? right : left }

  /// `member` is below 2^29, and the side is free.
  mutating func set(_ member: Int, isRight: Bool) { bits |= UInt64(member) << (isRight ? 29 : 0) }

  mutating func set(fullLevels: UInt64, goesRight: Bool) {
    bits = bits & (1 << 58 - 1) | fullLevels << TreeNode.levelShift | (goesRight ? TreeNode.rightBit : 0)
  }
}
