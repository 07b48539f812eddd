package import Codecs
import Money

/// What one node did on one day. Volumes are point values.
package struct DailyVolume: Hashable, Sendable {
  package let day: CivilDay
  package let personal: ExactDecimal
  package let group: ExactDecimal
  package let orders: UInt64
  package let left: ExactDecimal?
  package let right: ExactDecimal?

  package init(
    day: CivilDay, personal: ExactDecimal = .zero, group: ExactDecimal = .zero, orders: UInt64 = 0,
    left: ExactDecimal? = nil, right: ExactDecimal? = nil
  ) {
    self.day = day
    self.personal = personal
    self.group = group
    self.orders = orders
    self.left = left
    self.right = right
  }
}

/// Some days of one node, without gaps: a day that nothing is known of is zero.
package struct KPISummary: Hashable, Sendable {
  package static let days = 1...90

  package let node: String
  package let tree: String
  /// Ascending; the last one is today.
  package let daily: [DailyVolume]

  /// Throws `wallet.bad_days` outside of 1 to 90.
  package init(node: String, tree: String, today: CivilDay, days: Int, records: [DailyVolume]) throws(WalletError) {
    guard KPISummary.days.contains(days) else { throw WalletError(.badDays, "days must be 1 to 90") }
    self.node = node
    self.tree = tree
    let byDay = Dictionary(records.map { ($0.day, $0) }, uniquingKeysWith: { _, last in last })
    daily = (0..<Int64(days)).reversed().map { back in
      let day = today.advanced(byDays: -back)
      return byDay[day] ?? DailyVolume(day: day)
    }
  }

  /// As the interface answers. Throws `wallet.bad_amount` when a sum is past 256 bits.
  package func json() throws(WalletError) -> JSON {
    var (personal, group, orders) = (ExactDecimal.zero, ExactDecimal.zero, UInt64(0))
    for day in daily {
      personal = try counted { () throws(MoneyError) in try personal.adding(day.personal) }
      group = try counted { () throws(MoneyError) in try group.adding(day.group) }
      orders &+= day.orders
    }
    let last = daily[daily.count - 1]
    return [
      "node_id": .string(node), "tree_type": .string(tree),
      "period": ["start": .string(daily[0].day.text), "end": .string(last.day.text)],
      "totals": [
        "personal_volume": .string(personal.text), "group_volume": .string(group.text), "orders": .integer(orders),
      ],
      "latest": [
        "personal_volume": .string(last.personal.text), "group_volume": .string(last.group.text),
        "volume_left": KPISummary.text(last.left), "volume_right": KPISummary.text(last.right),
      ],
      "daily": .array(
        daily.map { day in
          [
            "date": .string(day.day.text), "personal_volume": .string(day.personal.text),
            "group_volume": .string(day.group.text), "orders_count": .integer(day.orders),
            "volume_left": KPISummary.text(day.left), "volume_right": KPISummary.text(day.right),
          ]
        }),
    ]
  }

  /// A notice when the last day is below a floor; nil when it is not. A floor of nil is none.
  package func alert(personalFloor: ExactDecimal?, groupFloor: ExactDecimal?) -> Notice? {
    let last = daily[daily.count - 1]
    let lines = [
      personalFloor.flatMap {
        last.personal < $0 ? "personal_volume below floor (\(last.personal.text) < \($0.text))" : nil
      },
      groupFloor.flatMap { last.group < $0 ? "group_volume below floor (\(last.group.text) < \($0.text))" : nil },
    ].compactMap(\.self)
    guard !lines.isEmpty else { return nil }
    return Notice(
      subject: "KPI Alert", body: (["KPI alert for node \(node) (\(tree))"] + lines).joined(separator: "\n"))
  }

  private static func text(_ number: ExactDecimal?) -> JSON { number.map { .string($0.text) } ?? .null }
}

/// Who may read the figures of a node.
package enum KPIAccess {
  /// Why not. Raw values are what the interface answers; `status` goes with it.
  package enum Refusal: String, CaseIterable, Sendable {
    case forbidden
    case invalidDays = "invalid_days"
    case nodeNotFound = "organization_node_not_found"
    case invalidTree = "invalid_tree_type"
    /// The days are no number.
    case unreadable = "unprocessable"

    package var status: Int {
      switch self {
      case .forbidden: 403
      case .invalidDays, .invalidTree: 400
      case .nodeNotFound: 404
      case .unreadable: 422
      }
    }
  }

  /// Nil when the caller may. `trees` holds every tree in which the node may be.
  package static func refusal(
    _ access: WalletAccess, user: String, tree text: String, node: String, days: String, trees: [OrganizationTree]
  ) -> Refusal? {
    guard let count = Int(days) else { return .unreadable }
    guard access.may(.kpiRead) else { return .forbidden }
    guard KPISummary.days.contains(count) else { return .invalidDays }
    // Also for nodes that nobody knows: their figures are zero.
    if access.readsEveryKPI { return nil }
    guard let home = trees.first(where: { $0.number(id: node) != nil }) else { return .nodeNotFound }
    guard home.type.rawValue == text else { return .invalidTree }
    let scopes = access.kpiNodes
    let roots: [String]
    if scopes.isEmpty {
      roots = home.number(user: user).map { [home.nodes[$0].id] } ?? []
    } else {
      roots = scopes.filter { $0.tree == nil || $0.tree == text }.map(\.node)
    }
    return roots.contains { home.isDescendant(node, of: $0) } ? nil : .forbidden
  }
}
