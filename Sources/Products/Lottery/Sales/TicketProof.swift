/// Shows that a purchase, and so each of its tickets, lies in the commitment of a schema 2 lottery, without the others.
package struct TicketProof: Hashable, Sendable {
  /// A subtree beside the way up from the purchase to the root.
  package struct Step: Hashable, Sendable {
    package let sibling: PurchaseTree.Node
    package let isLeft: Bool
  }

  package let buyer: LotteryAddress
  package let tickets: UInt64
  /// From the purchase upwards.
  package let steps: [Step]

  /// The root that this proof leads to.
  package var root: PurchaseTree.Node {
    var node = PurchaseTree.leaf(buyer, tickets)
    for step in steps {
      node = step.isLeft ? PurchaseTree.join(step.sibling, node) : PurchaseTree.join(node, step.sibling)
    }
    return node
  }

  /// The first ticket of the purchase: all that lie to the left. No two proofs under one root share a ticket.
  package var firstTicket: UInt64 {
    steps.reduce(0) { $1.isLeft ? $0 &+ $1.sibling.tickets : $0 }
  }

  /// Whether the proof leads to this root, and covers the ticket.
  package func proves(_ ticket: UInt64, under root: PurchaseTree.Node) -> Bool {
    hasWholeSums && self.root == root && ticket >= firstTicket && ticket - firstTicket < tickets
  }

  /// Whether no sum on the way up passes 64 bits. A tree whose sums wrap round would let two purchases claim one ticket.
  private var hasWholeSums: Bool {
    var sum = tickets
    for step in steps {
      let (next, overflow) = sum.addingReportingOverflow(step.sibling.tickets)
      guard !overflow else { return false }
      sum = next
    }
    return true
  }
}

/// Makes proofs of one closed lottery: upper levels are hashed once, and 31 purchases a proof, or none when the next
/// ticket lies beside the last.
package struct TicketProver {
  private let tickets: TicketRegister
  /// Full nodes by level, from the kept level upwards.
  private var levels: [[PurchaseTree.Node]]
  /// The block of purchases that was hashed last, level by level.
  private var block: (index: Int, levels: [[PurchaseTree.Node]])?

  package init(_ tickets: TicketRegister) {
    self.tickets = tickets
    var level: [PurchaseTree.Node] = (0..<tickets.tree.keptCount).map { tickets.tree.keptNode($0) }
    levels = [level]
    while level.count > 1 {
      level = TicketProver.above(level)
      levels.append(level)
    }
  }

  /// The proof of a ticket. Throws `winnerIndexOutOfRange`.
  package mutating func proof(of ticket: UInt64) throws(LotteryError) -> TicketProof {
    let owner = try tickets.owner(of: ticket)
    let run = tickets.purchases.run(of: ticket)
    return TicketProof(buyer: owner, tickets: tickets.purchases.quantity(at: run), steps: steps(of: run))
  }

  /// The siblings on the way up: inside the largest full tree that holds the purchase, then the other full trees.
  private mutating func steps(of run: Int) -> [TicketProof.Step] {
    var out: [TicketProof.Step] = []
    let leaves = tickets.tree.leaves
    // The full trees are those of the binary digits of the number of leaves, the largest first.
    var (start, peak, height) = (0, 0, 0)
    for bit in stride(from: Int.bitWidth - 2, through: 0, by: -1) where leaves & (1 << bit) != 0 {
      if run < start + (1 << bit) {
        height = bit
        break
      }
      start += 1 << bit
      peak += 1
    }
    for level in 0..<height {
      let index = run >> level
      out.append(TicketProof.Step(sibling: node(level, index ^ 1), isLeft: index & 1 == 1))
    }
    let peaks = tickets.tree.peaks
    if var right = peaks[(peak + 1)...].last {
      for other in peaks[(peak + 1)...].dropLast().reversed() { right = PurchaseTree.join(other, right) }
      out.append(TicketProof.Step(sibling: right, isLeft: false))
    }
    for other in peaks[..<peak].reversed() { out.append(TicketProof.Step(sibling: other, isLeft: true)) }
    return out
  }

  /// The full node `index` of a level.
  private mutating func node(_ level: Int, _ index: Int) -> PurchaseTree.Node {
    if level >= PurchaseTree.keptLevel { return levels[level - PurchaseTree.keptLevel][index] }
    let size = PurchaseTree.keptLevel
    let wanted = index >> (size - level)
    let nodes = hashed(wanted)
    return nodes[level][index - (wanted << (size - level))]
  }

  /// All nodes below a kept one, or of the open block at the end.
  private mutating func hashed(_ index: Int) -> [[PurchaseTree.Node]] {
    if let block, block.index == index { return block.levels }
    let first = index << PurchaseTree.keptLevel
    let last = min(first + (1 << PurchaseTree.keptLevel), tickets.tree.leaves)
    var level = (first..<last).map { tickets.leaf(at: $0) }
    var all = [level]
    while level.count > 1 {
      level = TicketProver.above(level)
      all.append(level)
    }
    block = (index, all)
    return all
  }

  /// The full nodes over a level; one without a neighbour has none.
  private static func above(_ level: [PurchaseTree.Node]) -> [PurchaseTree.Node] {
    (0..<level.count / 2).map { PurchaseTree.join(level[2 * $0], level[2 * $0 + 1]) }
  }
}
