/// Bonuses over levels for many orders at once, over numbered members and in 64-bit units: what `BonusRule` decides,
/// without names and metadata.
package struct LevelBonuses: Sendable {
  /// What an order gives rise to. `pointValue` is in units of 0.0001.
  package struct Order: Hashable, Sendable {
    package let buyer: Int32
    package let pointValue: UInt64

    package init(buyer: Int32, pointValue: UInt64) {
      self.buyer = buyer
      self.pointValue = pointValue
    }
  }

  /// One bonus. `amount` is in units of 0.0001.
  package struct Entry: Hashable, Sendable {
    package let recipient: Int32
    package let level: Int32
    package let amount: UInt64

    package init(recipient: Int32, level: Int32, amount: UInt64) {
      self.recipient = recipient
      self.level = level
      self.amount = amount
    }
  }

  /// Orders that are looked up together: their ancestors are read side by side, since each read waits for memory.
  package static let together = 16

  /// Of 10,000; the first is for the direct parent. Zero makes no entry and uses up its level.
  package let rates: [UInt64]

  package init(rates: [UInt64]) { self.rates = rates }

  /// Appends the entries of orders, in their order, nearest member first; `starts` gets where each order's begin.
  /// `parents` has `BinaryTree.nobody` above the root.
  ///
  /// Throws `wallet.buyer_not_in_tree` for a number that is no member, `wallet.bad_amount` past 64 bits; entries of
  /// orders before stay.
  package func append(
    _ orders: ArraySlice<Order>, parents: Span<Int32>, to entries: inout [Entry], starts: inout [Int]
  ) throws(WalletError) {
    let width = LevelBonuses.together
    var above = [Int32](repeating: BinaryTree.nobody, count: width * rates.count)
    var next = orders.startIndex
    while next < orders.endIndex {
      let block = orders[next..<min(next + width, orders.endIndex)]
      try readAncestors(block, parents, &above)
      for (lane, order) in block.enumerated() {
        starts.append(entries.count)
        try append(order, lane, above, &entries)
      }
      next = block.endIndex
    }
  }

  /// Ancestors of each order's buyer, level after level: `above[level * together + lane]`.
  private func readAncestors(
    _ block: ArraySlice<Order>, _ parents: Span<Int32>, _ above: inout [Int32]
  ) throws(WalletError) {
    var nodes = [Int32](repeating: BinaryTree.nobody, count: block.count)
    for (lane, order) in block.enumerated() {
      guard order.buyer >= 0, Int(order.buyer) < parents.count else {
        throw WalletError(.buyerNotInTree, "member \(order.buyer) is not in the tree")
      }
      nodes[lane] = order.buyer
    }
    for level in rates.indices {
      let start = level * LevelBonuses.together
      for lane in nodes.indices {
        let node = nodes[lane]
        let parent = node == BinaryTree.nobody ? node : parents[Int(node)]
        nodes[lane] = parent
        above[start + lane] = parent
      }
    }
  }

  private func append(
    _ order: Order, _ lane: Int, _ above: [Int32], _ entries: inout [Entry]
  ) throws(WalletError) {
    var (lastRate, amount) = (UInt64(0), UInt64(0))
    for level in rates.indices {
      let node = above[level * LevelBonuses.together + lane]
      guard node != BinaryTree.nobody else { return }
      let rate = rates[level]
      guard rate > 0 else { continue }
      if rate != lastRate {
        guard let next = BonusRule.amount(pointValue: order.pointValue, rate: rate) else {
          throw WalletError(.badAmount, "a bonus is past 64 bits")
        }
        (amount, lastRate) = (next, rate)
      }
      entries.append(Entry(recipient: node, level: Int32(truncatingIfNeeded: level + 1), amount: amount))
    }
  }
}
