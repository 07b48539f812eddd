import Codecs
package import Money

/// How much of an order was set aside for one kind of bonus, and where all of it went.
///
/// `setAside` is what the full plan would pay, in units of 10^-8 toward zero. `distributed` is the sum of the rounded
/// entries. The remainder account takes what is left, for levels that nobody stands on and digits rounded off, or gives
/// what rounding up took: `setAside + fromRemainder == distributed + toRemainder`, always.
package struct BonusAllocation: Hashable, Sendable {
  package let type: BonusType
  package let setAside: UInt256
  package let distributed: UInt256
  package let toRemainder: UInt256
  package let fromRemainder: UInt256

  init(type: BonusType, setAside: UInt256, distributed: UInt256) {
    self.type = type
    self.setAside = setAside
    self.distributed = distributed
    let left = setAside.subtractingReportingOverflow(distributed)
    toRemainder = left.overflow ? .zero : left.partialValue
    fromRemainder = left.overflow ? distributed.subtractingReportingOverflow(setAside).partialValue : .zero
  }
}

/// Everything that one order gives: written in one transaction, or not at all.
package struct BonusDistribution: Sendable {
  package let entries: [BonusEntry]
  package let allocations: [BonusAllocation]

  package init(entries: [BonusEntry], allocations: [BonusAllocation]) {
    self.entries = entries
    self.allocations = allocations
  }
}

extension BonusPlan {
  /// Decides all bonuses of an order. The buyer is looked up in each rule's own tree.
  ///
  /// Throws `wallet.buyer_not_in_tree` when one of the trees lacks the buyer: nothing is paid then, also not in the others;
  /// `wallet.bad_tree` when a rule's tree is not given, `wallet.bad_amount` for numbers past 256 bits.
  package func distribute(
    _ order: BonusOrder, trees: [TreeType: OrganizationTree], at now: Timestamp
  ) throws(WalletError) -> BonusDistribution {
    var entries: [BonusEntry] = []
    var allocations: [BonusAllocation] = []
    for rule in levels {
      guard let tree = trees[rule.tree] else {
        throw WalletError(.badTree, "Unknown tree type: \(rule.tree.rawValue)")
      }
      let made = try rule.entries(order, tree: tree, at: now)
      entries += made
      allocations.append(try rule.allocation(order, made))
    }
    for bonus in direct {
      let made = try bonus.entry(order, at: now)
      if let made { entries.append(made) }
      allocations.append(try bonus.allocation(order, made))
    }
    return BonusDistribution(entries: entries, allocations: allocations)
  }
}

extension BonusRule {
  /// Entries of one rule, nearest ancestor first. Throws as `BonusPlan.distribute`.
  package func entries(
    _ order: BonusOrder, tree: OrganizationTree, at now: Timestamp
  ) throws(WalletError) -> [BonusEntry] {
    guard let buyer = tree.number(user: order.buyer) else {
      throw WalletError(
        .buyerNotInTree,
        "User '\(order.buyer)' is not registered in organization tree '\(self.tree.rawValue)'.")
    }
    var made: [BonusEntry] = []
    for (index, above) in tree.ancestors(of: buyer, most: fractions.count).enumerated() {
      guard !fractions[index].isZero else { continue }
      let amount = try counted { () throws(MoneyError) in try BonusRule.amount(order.pointValue, fractions[index]) }
      let node = tree.nodes[above]
      made.append(
        BonusEntry(
          key: BonusKey(order: order.id, type: type, user: node.user, level: index + 1), source: order.buyer,
          tree: self.tree, pointValueText: order.pointValueText, amount: amount, createdAt: now,
          metadata: merged(
            members([
              ("order_id", order.id), ("tree_type", self.tree.rawValue), ("source_node_id", tree.nodes[buyer].id),
              ("ancestor_node_id", node.id), ("pv_amount", order.pointValueText),
            ]), over: order.metadata)))
    }
    return made
  }

  fileprivate func allocation(_ order: BonusOrder, _ made: [BonusEntry]) throws(WalletError) -> BonusAllocation {
    let setAside = try counted { () throws(MoneyError) in
      var all = ExactDecimal.zero
      for fraction in fractions { all = try all.adding(fraction) }
      return try order.pointValue.multiplied(by: all).rounded(places: BonusEntry.places, .towardZero)
    }
    return BonusAllocation(type: type, setAside: setAside, distributed: try sum(made))
  }
}

extension DirectBonus {
  fileprivate func entry(_ order: BonusOrder, at now: Timestamp) throws(WalletError) -> BonusEntry? {
    let user: String
    switch recipient {
    case .buyer: user = order.buyer
    case .named(let key):
      guard let named = order.metadata[key]?.string, !named.isEmpty else { return nil }
      user = named
    }
    let amount = try counted { () throws(MoneyError) in try DirectBonus.amount(order.total, fraction) }
    guard !amount.isZero else { return nil }
    return BonusEntry(
      key: BonusKey(order: order.id, type: type, user: user, level: 0), source: order.buyer, tree: nil,
      pointValueText: order.pointValueText, amount: amount, createdAt: now,
      metadata: merged(
        members([("order_id", order.id), ("pv_amount", order.pointValueText), ("basis", type.rawValue)]),
        over: order.metadata))
  }

  /// Nothing is set aside for somebody whom the order does not name.
  fileprivate func allocation(_ order: BonusOrder, _ made: BonusEntry?) throws(WalletError) -> BonusAllocation {
    let paid = made?.amount ?? .zero
    return BonusAllocation(type: type, setAside: paid, distributed: paid)
  }
}

private func members(_ pairs: [(String, String)]) -> JSONObject {
  var object = JSONObject()
  for (key, value) in pairs { _ = object.append(key, .string(value)) }
  return object
}

private func sum(_ entries: [BonusEntry]) throws(WalletError) -> UInt256 {
  try counted { () throws(MoneyError) in
    var all = UInt256.zero
    for entry in entries { all = try all.adding(entry.amount) }
    return all
  }
}

/// Errors of numbers, as the wallet names them.
func counted<Value>(_ body: () throws(MoneyError) -> Value) throws(WalletError) -> Value {
  do {
    return try body()
  } catch {
    throw WalletError(.badAmount, error.message)
  }
}
