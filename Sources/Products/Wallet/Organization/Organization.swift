/// A way in which members stand below one another.
package enum TreeType: String, CaseIterable, Sendable {
  case unilevel, binary
}

/// A member's place in one tree.
package struct OrganizationNode: Hashable, Sendable {
  package let id: String
  package let user: String
  package let sponsor: String?
  /// The number of the parent's node; nil for the root.
  package let parent: Int?
  package let side: Side?
  package let depth: Int
}

/// Somebody was placed below another member than the one who sponsored them.
package struct Spillover: Hashable, Sendable {
  package let id: String
  package let tree: TreeType
  package let sponsor: String
  package let user: String
  package let parent: String
  package let side: Side
}

/// One pair of the closure: a node is its own descendant, at depth 0.
package struct ClosureRow: Hashable, Sendable {
  package let ancestor: String
  package let descendant: String
  package let depth: Int

  package init(ancestor: String, descendant: String, depth: Int) {
    self.ancestor = ancestor
    self.descendant = descendant
    self.depth = depth
  }
}

/// One tree of users. A user has one node at most; ids come from the caller.
package struct OrganizationTree: Sendable {
  package let type: TreeType
  package private(set) var nodes: [OrganizationNode] = []
  /// Newest last.
  package private(set) var spillovers: [Spillover] = []
  private var numbers: [String: Int] = [:]
  private var numbersByID: [String: Int] = [:]
  private var binary = BinaryTree()

  package init(_ type: TreeType) { self.type = type }

  /// Throws `wallet.already_placed` when there is a root.
  package mutating func createRoot(user: String, id: String) throws(WalletError) {
    guard nodes.isEmpty else { throw WalletError(.alreadyPlaced, "The \(type.rawValue) tree has a root already.") }
    add(OrganizationNode(id: id, user: user, sponsor: nil, parent: nil, side: nil, depth: 0))
  }

  /// Places a user below a sponsor, and logs it when the parent is another member than the sponsor. `nextID` is asked for
  /// the node's id first, then for the log's.
  ///
  /// Throws `wallet.sponsor_not_assigned`, `wallet.already_placed`: nothing was consumed.
  package mutating func place(
    user: String, sponsor: String, nextID: () -> String
  ) throws(WalletError) -> OrganizationNode {
    guard let above = numbers[sponsor] else {
      throw WalletError(.sponsorNotAssigned, "Sponsor '\(sponsor)' not found for \(type.rawValue) tree.")
    }
    guard numbers[user] == nil else {
      throw WalletError(.alreadyPlaced, "User '\(user)' already stands in the \(type.rawValue) tree.")
    }
    switch type {
    case .unilevel:
      let node = OrganizationNode(
        id: nextID(), user: user, sponsor: sponsor, parent: above, side: nil, depth: nodes[above].depth + 1)
      add(node)
      return node
    case .binary:
      return try placeBinary(user: user, sponsor: sponsor, above: above, nextID: nextID)
    }
  }

  private mutating func placeBinary(
    user: String, sponsor: String, above: Int, nextID: () -> String
  ) throws(WalletError) -> OrganizationNode {
    guard let start = Int32(exactly: above) else { throw WalletError(.badTree, "the tree is full") }
    let free = try binary.add(below: start)
    let parent = Int(free.parent)
    let node = OrganizationNode(
      id: nextID(), user: user, sponsor: sponsor, parent: parent, side: free.side, depth: nodes[parent].depth + 1)
    add(node)
    if parent != above {
      spillovers.append(
        Spillover(
          id: nextID(), tree: type, sponsor: sponsor, user: user, parent: nodes[parent].id, side: free.side))
    }
    return node
  }

  private mutating func add(_ node: OrganizationNode) {
    numbers[node.user] = nodes.count
    numbersByID[node.id] = nodes.count
    nodes.append(node)
  }

  // MARK: Reading

  package func number(user: String) -> Int? { numbers[user] }
  package func number(id: String) -> Int? { numbersByID[id] }

  /// Numbers of the nodes above, nearest first, at most `most`.
  package func ancestors(of number: Int, most: Int) -> [Int] {
    guard nodes.indices.contains(number) else { return [] }
    var found: [Int] = []
    var next = nodes[number].parent
    while let parent = next, found.count < most {
      found.append(parent)
      next = nodes[parent].parent
    }
    return found
  }

  /// `/root/.../node`. Put together on demand: kept paths of a deep tree would be the square of its depth.
  package func path(of number: Int) -> String {
    guard nodes.indices.contains(number) else { return "" }
    let above = ancestors(of: number, most: .max).reversed().map { nodes[$0].id }
    return "/" + (above + [nodes[number].id]).joined(separator: "/")
  }

  /// Rows of one node: its ancestors, the farthest first, then itself.
  package func closure(of number: Int) -> [ClosureRow] {
    guard nodes.indices.contains(number) else { return [] }
    let node = nodes[number]
    let chain = Array(ancestors(of: number, most: .max).reversed()) + [number]
    return chain.map { ClosureRow(ancestor: nodes[$0].id, descendant: node.id, depth: node.depth - nodes[$0].depth) }
  }

  /// A node is its own descendant; unknown ids are nobody's.
  package func isDescendant(_ id: String, of ancestor: String) -> Bool {
    guard let node = numbersByID[id], let top = numbersByID[ancestor] else { return false }
    let steps = nodes[node].depth - nodes[top].depth
    guard steps >= 0 else { return false }
    return steps == 0 ? node == top : ancestors(of: node, most: steps).last == top
  }

  /// Who stands on the sides of a node of a binary tree.
  package func slots(of number: Int) -> [(side: Side, child: String?)] {
    guard type == .binary, let member = Int32(exactly: number) else { return [] }
    return Side.allCases.map { side in (side, binary.child(of: member, side).map { nodes[Int($0)].id }) }
  }
}
