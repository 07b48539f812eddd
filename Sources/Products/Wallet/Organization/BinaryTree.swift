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
/// Places fill level by level below the sponsor, left before right. The search goes on where the sponsor's last one
/// ended: a place once taken stays taken, so what was passed never needs to be looked at again. A search therefore costs a
/// constant on average, and `literalPlace` is what it must agree with.
package struct BinaryTree: Sendable {
  /// The parent of each member, `nobody` for the root.
  package private(set) var parents: [Int32] = [nobody]
  package private(set) var sides: [Side?] = [nil]
  package private(set) var depths: [Int32] = [0]
  private var lefts: [Int32] = [nobody]
  private var rights: [Int32] = [nobody]
  private var frontiers: [Frontier] = [Frontier()]

  package static let nobody: Int32 = -1

  package init() {}

  package var count: Int { parents.count }

  /// The next place below `sponsor`. Throws `wallet.sponsor_not_assigned` for a number that is no member.
  package mutating func freePlace(below sponsor: Int32) throws(WalletError) -> TreePlace {
    let index = try place(of: sponsor)
    if frontiers[index].isUnused { frontiers[index] = Frontier(from: sponsor) }
    while let node = frontiers[index].front {
      let left = lefts[Int(node)]
      if left == BinaryTree.nobody { return TreePlace(parent: node, side: .left) }
      let right = rights[Int(node)]
      if right == BinaryTree.nobody { return TreePlace(parent: node, side: .right) }
      frontiers[index].replaceFront(by: left, right)
    }
    throw WalletError(.badTree, "the places below member \(sponsor) cannot be found")
  }

  /// The same, searched anew from the sponsor: the rule as it is told. For tests.
  package func literalPlace(below sponsor: Int32) throws(WalletError) -> TreePlace {
    _ = try place(of: sponsor)
    var queue = [sponsor]
    var head = 0
    while head < queue.count {
      let node = Int(queue[head])
      head += 1
      if lefts[node] == BinaryTree.nobody { return TreePlace(parent: Int32(node), side: .left) }
      if rights[node] == BinaryTree.nobody { return TreePlace(parent: Int32(node), side: .right) }
      queue.append(lefts[node])
      queue.append(rights[node])
    }
    throw WalletError(.badTree, "the places below member \(sponsor) cannot be found")
  }

  /// The number of the new member. Throws `wallet.already_placed` when the place is taken, `wallet.bad_tree` when the
  /// tree is full.
  package mutating func put(at free: TreePlace) throws(WalletError) -> Int32 {
    let parent = try place(of: free.parent)
    guard let member = Int32(exactly: parents.count) else { throw WalletError(.badTree, "the tree is full") }
    let taken = free.side == .left ? lefts[parent] : rights[parent]
    guard taken == BinaryTree.nobody else {
      throw WalletError(.alreadyPlaced, "the place \(free.side.rawValue) below member \(free.parent) is taken")
    }
    if free.side == .left { lefts[parent] = member } else { rights[parent] = member }
    parents.append(free.parent)
    sides.append(free.side)
    depths.append(depths[parent] + 1)
    lefts.append(BinaryTree.nobody)
    rights.append(BinaryTree.nobody)
    frontiers.append(Frontier())
    return member
  }

  /// Who stands on a side of a member; nil when nobody does, or there is no such member.
  package func child(of member: Int32, _ side: Side) -> Int32? {
    guard parents.indices.contains(Int(member)) else { return nil }
    let child = side == .left ? lefts[Int(member)] : rights[Int(member)]
    return child == BinaryTree.nobody ? nil : child
  }

  private func place(of member: Int32) throws(WalletError) -> Int {
    guard parents.indices.contains(Int(member)) else {
      throw WalletError(.sponsorNotAssigned, "member \(member) is not in the tree")
    }
    return Int(member)
  }
}

/// Members below a sponsor that are not known to be full on both sides, in the order of the search.
private struct Frontier: Sendable {
  private var members: [Int32] = []
  private var head = 0

  init() {}
  init(from sponsor: Int32) { members = [sponsor] }

  var isUnused: Bool { members.isEmpty }
  var front: Int32? { head < members.count ? members[head] : nil }

  /// The front is full: its children come at the end.
  mutating func replaceFront(by left: Int32, _ right: Int32) {
    members.append(left)
    members.append(right)
    head += 1
    // What was passed is let go when it is half of everything.
    if head >= 32, head * 2 >= members.count {
      members.removeFirst(head)
      head = 0
    }
  }
}
