import Codecs
import Money
import TestSupport
import Testing
import Wallet

@Suite("Vectors: bonuses")
struct BonusVectorTests {
  private static let now = Timestamp(milliseconds: 1_735_732_800_000)

  private static func check(_ entries: [BonusEntry], _ expected: [JSON], _ name: Comment) throws {
    #expect(entries.count == expected.count, name)
    for (entry, wanted) in zip(entries, expected) {
      #expect(entry.key.user == wanted["user_id"]?.string, name)
      #expect(entry.key.type.rawValue == wanted["bonus_type"]?.string, name)
      #expect(UInt64(entry.key.level) == wanted["level"]?.uint64, name)
      #expect(entry.amount == (try ExactDecimal(wanted["bonus_amount"]?.string ?? "").units(places: 8)), name)
      #expect(entry.status == .pending && JSON.object(entry.metadata) == wanted["metadata"], name)
    }
  }

  @Test func `every distribution of the vectors holds`() throws {
    for vector in try WalletVectors.cases("bonus_distribution") {
      let name: Comment = "\(vector["name"]?.string ?? "")"
      let length = Int(vector["chain_length"]?.uint64 ?? 0)
      let type = try #require(TreeType(rawValue: vector["tree_type"]?.string ?? ""))
      let ids = NodeCounter()
      var tree = OrganizationTree(type)
      try tree.createRoot(user: "u0", id: ids.next())
      for number in 1..<max(2, length) where number < length {
        _ = try tree.place(user: "u\(number)", sponsor: "u\(number - 1)", nextID: { ids.next() })
      }
      // A rate below zero makes no entry, as one of zero.
      let fractions = try (vector["percentages"]?.array ?? []).compactMap(\.string).map {
        $0.hasPrefix("-") ? ExactDecimal.zero : try ExactDecimal($0)
      }
      let rule = BonusRule(type: .recommend, tree: type, fractions: fractions)
      let order = try BonusOrder(
        id: "order-1", buyer: try #require(vector["buyer"]?.string),
        pointValueText: try #require(vector["amount"]?.string), totalText: "0",
        metadata: vector["order_metadata"]?.object ?? JSONObject())
      guard let expected = vector["expected_entries"]?.array else {
        #expect(throws: WalletError.self, name) { _ = try rule.entries(order, tree: tree, at: Self.now) }
        continue
      }
      try Self.check(try rule.entries(order, tree: tree, at: Self.now), expected, name)
    }
  }

  @Test func `every order of the pipeline's vectors gives its entries, and every digit has its account`() throws {
    for vector in try WalletVectors.cases("bonus_pipeline") {
      // A history of several orders is the shell's: ids and unique keys.
      guard let given = vector["order"] else { continue }
      let name: Comment = "\(vector["name"]?.string ?? "")"
      let ids = NodeCounter()
      var trees: [TreeType: OrganizationTree] = [:]
      for type in TreeType.allCases {
        trees[type] = try OrganizationVectorTests.tree(
          type, root: "root", operations: vector["\(type.rawValue)_operations"]?.array ?? [], ids: ids)
      }
      let share = try vector["overrides"]?["share_percent"]?.string.map { try ExactDecimal($0) }
      let order = try BonusOrder(
        id: given["order_id"]?.string ?? "", buyer: given["user_id"]?.string ?? "",
        pointValueText: given["pv_amount"]?.string ?? "", totalText: given["total_amount"]?.string ?? "",
        metadata: given["metadata"]?.object ?? JSONObject())
      let plan = try BonusPlan.standard(share: share)
      guard let expected = vector["expected_entries"]?.array else {
        // Nothing is written when one tree refuses.
        #expect(throws: WalletError.self, name) { _ = try plan.distribute(order, trees: trees, at: Self.now) }
        continue
      }
      let made = try plan.distribute(order, trees: trees, at: Self.now)
      try Self.check(made.entries, expected, name)
      for one in made.allocations {
        #expect(
          try one.setAside.adding(one.fromRemainder) == one.distributed.adding(one.toRemainder), name)
      }
    }
  }

  @Test func `bonuses of many orders are those of each order by itself`() throws {
    var tree = BinaryTree()
    for number in 0..<300 { _ = try tree.add(below: Int32(number / 3)) }
    let plan = LevelBonuses(rates: [3000, 0, 500, 500, 1])
    let orders = (0..<50).map { LevelBonuses.Order(buyer: Int32($0 * 6), pointValue: UInt64(12_345 + $0)) }
    var (entries, starts) = ([LevelBonuses.Entry](), [Int]())
    try plan.append(orders[...], parents: tree.parents.span, to: &entries, starts: &starts)
    starts.append(entries.count)
    for (number, order) in orders.enumerated() {
      var (node, wanted) = (order.buyer, [LevelBonuses.Entry]())
      for (level, rate) in plan.rates.enumerated() {
        node = tree.parents[Int(node)]
        guard node != BinaryTree.nobody else { break }
        guard rate > 0 else { continue }
        let amount = try #require(BonusRule.amount(pointValue: order.pointValue, rate: rate))
        wanted.append(LevelBonuses.Entry(recipient: node, level: Int32(level + 1), amount: amount))
      }
      #expect(Array(entries[starts[number]..<starts[number + 1]]) == wanted)
    }
    #expect(throws: WalletError.self) {
      try plan.append(
        [LevelBonuses.Order(buyer: 301, pointValue: 1)], parents: tree.parents.span, to: &entries, starts: &starts)
    }
  }

  @Test
  func `the fast form rounds as the exact one`() throws {
    for (pointValue, rate): (UInt64, UInt64) in [(5, 3000), (5, 5000), (15, 5000), (333_333, 5000), (25, 5000)] {
      let exact = try BonusRule.amount(
        ExactDecimal(UInt256(pointValue), scale: 4), ExactDecimal(UInt256(rate), scale: 4))
      let fast = try #require(BonusRule.amount(pointValue: pointValue, rate: rate))
      #expect(exact == UInt256(fast * 10_000))
    }
  }
}
