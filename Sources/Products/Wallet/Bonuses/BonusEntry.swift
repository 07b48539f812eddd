package import Codecs
package import Money

/// What became of a bonus. Raw values are stored.
package enum BonusStatus: String, CaseIterable, Sendable {
  case pending = "PENDING"
  case confirmed = "CONFIRMED"
  case retry = "RETRY"
  case failed = "FAILED"
}

/// What makes a bonus the same one: distributing an order again makes nothing new.
package struct BonusKey: Hashable, Sendable {
  package let order: String
  package let type: BonusType
  package let user: String
  package let level: Int

  package init(order: String, type: BonusType, user: String, level: Int) {
    self.order = order
    self.type = type
    self.user = user
    self.level = level
  }
}

/// One bonus of one person. Order, point value and tree are columns: never read back from `metadata`, where the order's
/// own members win.
package struct BonusEntry: Equatable, Sendable {
  /// Decimals of stored amounts.
  package static let places = 8

  package let key: BonusKey
  /// Who bought.
  package let source: String
  package let tree: TreeType?
  package let pointValueText: String
  /// In units of 10^-8.
  package let amount: UInt256
  package let createdAt: Timestamp
  package var metadata: JSONObject
  package var status = BonusStatus.pending
  package var retryCount = 0
  package var lastError: String?
  package var holdUntil: Timestamp?
  package var confirmedAt: Timestamp?

  package init(
    key: BonusKey, source: String, tree: TreeType?, pointValueText: String, amount: UInt256, createdAt: Timestamp,
    metadata: JSONObject
  ) {
    self.key = key
    self.source = source
    self.tree = tree
    self.pointValueText = pointValueText
    self.amount = amount
    self.createdAt = createdAt
    self.metadata = metadata
  }
}

/// Members of `over` win over those of `base`; new ones come at the end.
package func merged(_ base: JSONObject, over: JSONObject) -> JSONObject {
  var result = JSONObject()
  for member in base.members { _ = result.append(member.key, over[member.key] ?? member.value) }
  for member in over.members { _ = result.append(member.key, member.value) }
  return result
}
