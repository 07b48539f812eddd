package import Codecs
package import Money

/// A partner's order, as it came in.
package struct InboundOrder: Equatable, Sendable {
  package let id: String
  package let user: String
  package let channel: String
  package let total: ExactDecimal
  package let pointValue: ExactDecimal
  package let metadata: JSONObject
  /// The payload with amounts in plain notation: what is hashed.
  package let payload: JSONObject

  /// Most bytes of an id.
  package static let mostIDBytes = 64
  /// Most digits after the point of an amount.
  package static let places = 4

  /// Reads a payload. Throws `wallet.bad_order`; the message names the member.
  package init(_ payload: JSONObject) throws(WalletError) {
    id = try InboundOrder.text("order_id", payload)
    user = try InboundOrder.text("user_id", payload)
    channel = try InboundOrder.text("channel", payload)
    let plain = try PayloadText.normalised(payload)
    total = try InboundOrder.amount("total_amount", plain)
    pointValue = try InboundOrder.amount("pv_amount", plain)
    guard !total.isZero else { throw WalletError(.badOrder, "total_amount is not above zero") }
    switch payload["metadata"] {
    case .object(let object)?: metadata = object
    case .null?, nil: metadata = JSONObject()
    default: throw WalletError(.badOrder, "metadata is no object")
    }
    self.payload = plain
  }

  private static func text(_ key: String, _ payload: JSONObject) throws(WalletError) -> String {
    guard let text = payload[key]?.string, (1...mostIDBytes).contains(text.utf8.count) else {
      throw WalletError(.badOrder, "\(key) is no text of 1 to \(mostIDBytes) bytes")
    }
    return text
  }

  private static func amount(_ key: String, _ payload: JSONObject) throws(WalletError) -> ExactDecimal {
    guard let text = payload[key]?.string, let exact = try? ExactDecimal(text), exact.scale <= places else {
      throw WalletError(.badOrder, "\(key) is no amount of at most \(places) decimals")
    }
    return exact
  }

  /// The same order as bonuses see it. Throws `wallet.bad_order`.
  package func forBonuses() throws(WalletError) -> BonusOrder {
    do {
      return try BonusOrder(
        id: id, buyer: user, pointValueText: pointValue.text, totalText: total.text, metadata: metadata)
    } catch { throw WalletError(.badOrder, error.message) }
  }
}

/// A bonus with the id that people see. The id says nothing; `BonusEntry.key` is what makes it the same one.
package struct StoredBonus: Equatable, Sendable {
  package let id: String
  package let entry: BonusEntry
}

/// Orders, their keys and their bonuses: a value that its journal makes again on any machine.
package struct OrderBook: Sendable {
  package private(set) var orders: [InboundOrder] = []
  /// Rows by scope and key.
  package private(set) var keys: [[String]: IdempotencyKey] = [:]
  /// Other payloads that came under a key, beside the row that they met.
  package private(set) var conflicts: [IdempotencyKey] = []
  package private(set) var bonuses: [StoredBonus] = []
  private var known: Set<BonusKey> = []
  private var numbers: [String: Int] = [:]

  package init() {}

  package func order(_ id: String) -> InboundOrder? { numbers[id].map { orders[$0] } }

  package func key(scope: String, _ key: String) -> IdempotencyKey? { keys[[scope, key]] }

  package mutating func store(_ key: IdempotencyKey) {
    if key.status == .failedConflict { conflicts.append(key) } else { keys[[key.scope, key.key]] = key }
  }

  /// The order as paid. The same id again replaces it.
  package mutating func store(_ order: InboundOrder) {
    if let number = numbers[order.id] {
      orders[number] = order
    } else {
      numbers[order.id] = orders.count
      orders.append(order)
    }
  }

  /// Writes all bonuses of an order; what is known already stays as it is. The new ones.
  package mutating func store(_ made: BonusDistribution, nextID: () -> String) -> [StoredBonus] {
    var new: [StoredBonus] = []
    for entry in made.entries where known.insert(entry.key).inserted {
      new.append(StoredBonus(id: nextID(), entry: entry))
    }
    bonuses += new
    return new
  }
}

/// What an order came to.
package enum OrderOutcome: Equatable, Sendable {
  case created(order: String, bonuses: [String])
  case duplicate(order: String)

  /// As the interface answers.
  package var answer: WalletAnswer {
    switch self {
    case .created(let order, let bonuses): WalletAnswer(201, OrderOutcome.body("created", order, bonuses))
    case .duplicate(let order): WalletAnswer(200, OrderOutcome.body("duplicate", order, []))
    }
  }

  private static func body(_ status: String, _ order: String, _ bonuses: [String]) -> JSON {
    [
      "status": .string(status), "order_id": .string(order), "bonuses_created": .integer(bonuses.count),
      "bonus_ids": .array(bonuses.map { .string($0) }),
    ]
  }
}

/// Taking an order in: its key, the order, its bonuses, and how often that is tried.
package struct OrderIntake: Sendable {
  package let schedule: RetrySchedule

  package init(schedule: RetrySchedule = RetrySchedule()) { self.schedule = schedule }

  /// One attempt to make an order's bonuses. It leaves nothing behind when it fails.
  package typealias Attempt = (InboundOrder) -> Result<BonusDistribution, AttemptFailure>

  /// Why an attempt failed.
  package struct AttemptFailure: Error, Hashable, Sendable {
    package let kind: OrderFailure
    package let message: String

    package init(_ kind: OrderFailure, _ message: String) {
      self.kind = kind
      self.message = message
    }

    package init(_ error: WalletError) {
      self.init(error.isNotInTree ? .notInTree : .domain, error.message)
    }
  }

  /// Takes an order in. `hash` is SHA-256 as hex.
  ///
  /// Throws `wallet.key_required`, `wallet.bad_order`, `wallet.key_conflict`, which leaves its record, `wallet.key_in_progress`,
  /// and `wallet.order_failed`, which leaves the key `FAILED`.
  package func take(
    _ payload: JSONObject, key: String?, into book: inout OrderBook, at now: Timestamp, hash: ([UInt8]) -> String,
    nextID: () -> String, attempt: Attempt, pause: (Int64) -> Void
  ) throws(WalletError) -> OrderOutcome {
    guard let key, !key.isEmpty else { throw WalletError(.keyRequired, "idempotency_key_required") }
    let order = try InboundOrder(payload)
    let scope = IdempotencyKey.scope(user: order.user)
    let digest = hash(PayloadText.bytes(order.payload))
    let decision = IdempotencyKey.decide(
      stored: book.key(scope: scope, key), scope: scope, key: key, payloadHash: digest, at: now)
    let row: IdempotencyKey
    switch decision {
    case .duplicate(let resource): return .duplicate(order: resource ?? order.id)
    case .inProgress: throw WalletError(.keyInProgress, "The same request is still being processed.")
    case .conflict(let record):
      book.store(record)
      throw WalletError(.keyConflict, "Idempotency key reused with different payload.")
    case .run(let fresh): row = fresh
    }
    book.store(row)
    book.store(order)
    return try run(order, row, into: &book, nextID: nextID, attempt: attempt, pause: pause)
  }

  private func run(
    _ order: InboundOrder, _ row: IdempotencyKey, into book: inout OrderBook, nextID: () -> String, attempt: Attempt,
    pause: (Int64) -> Void
  ) throws(WalletError) -> OrderOutcome {
    var number = 1
    while true {
      switch attempt(order) {
      case .success(let made):
        let bonuses = book.store(made, nextID: nextID)
        book.store(row.finished(.succeeded, resource: order.id))
        return .created(order: order.id, bonuses: bonuses.map(\.id))
      case .failure(let failure):
        switch OrderAttempt.after(failure.kind, attempt: number, schedule: schedule) {
        case .again(let milliseconds): pause(milliseconds)
        case .acceptedWithoutBonuses:
          book.store(row.finished(.succeeded, resource: order.id))
          return .created(order: order.id, bonuses: [])
        case .failed:
          book.store(row.finished(.failed, resource: nil))
          throw WalletError(.orderFailed, failure.message)
        }
      }
      number += 1
    }
  }
}
