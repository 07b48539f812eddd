import Codecs
import Money
import OpenSSL
import Testing
import Wallet

@Suite("Vectors: routes and orders")
struct RouteVectorTests {
  private static let now = PointVectorTests.now

  /// What a shell was asked for.
  private final class Record {
    var (pauses, notices, calls) = ([Int64](), [Notice](), 0)
  }

  private static func seconds(_ pauses: [Int64]) -> [JSON] { pauses.map { .number("\($0 / 1000).0") } }

  // MARK: Approval

  /// Sessions of the vectors' tokens: the person is the one whom the body names.
  private static func session(_ header: String?, _ person: String) -> WalletSession {
    let roles = ["admin-token": "admin", "fin-token": "finance", "member-token": "member", "support-token": "support"]
    guard let token = WalletSession.token(header) else { return .none }
    if token == "old-token" { return .expired }
    return roles[token].map { .open(user: person, WalletAccess([$0])) } ?? .none
  }

  /// The body with ids and times as the vectors write them, amounts in plain notation.
  private static func plain(_ body: JSON, request: String) -> JSON {
    guard let object = body.object else { return body }
    var result = JSONObject()
    for member in object.members {
      switch (member.key, member.value) {
      case ("wallet_id", .string): _ = result.append(member.key, "<id>")
      case ("request_id", .string): _ = result.append(member.key, "<request_id>")
      case ("approved_at", .string): _ = result.append(member.key, "<time>")
      case ("amount", .string(let text)):
        _ = result.append(member.key, .string((try? ExactDecimal(text).text) ?? text))
      case ("detail", .string(let text)):
        let parts = text.split(separator: "'\(request)'", omittingEmptySubsequences: false)
        _ = result.append(member.key, .string(parts.joined(separator: "'<request_id>'")))
      default: _ = result.append(member.key, member.value)
      }
    }
    return .object(result)
  }

  @Test func `every approval of the vectors is answered with its status, body and end`() throws {
    for vector in try WalletVectors.cases("withdrawal_api") {
      let (ids, record, title) = (NodeCounter("id-"), Record(), vector.text("name"))
      var book = PointBook()
      let machine = WithdrawalMachine(WithdrawalRules())
      _ = try book.credit(
        user: "user-1", try Points.units(vector.text("credit")), reference: nil, nextID: { ids.next() })
      let made = try book.request(
        PointBook.Request(
          wallet: book.wallet(user: "user-1")?.id ?? "", amount: try Points.units(vector.text("amount")), by: "user-1",
          metadata: vector["metadata"]?.object), machine: machine, at: Self.now, nextID: { ids.next() })
      let requested = book.trail.count
      let refusals = Int(vector["upstream_failures_per_call"]?.uint64 ?? 0)
      var rows: [MoneyCall.Row] = []
      for step in vector.list("steps") {
        let (request, expected) = (try #require(step["request"]), try #require(step["expected"]))
        let name: Comment = "\(title) \(request)"
        record.pauses = []
        record.calls = 0
        let shell = ApprovalRoute.Shell(
          nextID: { ids.next() },
          pool: { _, _, _ in
            record.calls += 1
            return record.calls > refusals ? .answered("hashdam-1") : .refused("HashDam unavailable")
          }, notify: { record.notices.append($0) }, pause: { record.pauses.append($0) })
        let given = ApprovalRoute(machine: machine).answer(
          Self.session(request["auth"]?.string, request["body"]?["approved_by"]?.string ?? "x"),
          request: request["id"]?.string ?? made.id, body: request["body"], book: &book, at: Self.now, shell: shell)
        if let row = given.row { rows.append(row) }
        #expect(UInt64(given.answer.status) == (step["required_status"] ?? expected["status"])?.uint64, name)
        #expect(Self.seconds(record.pauses) == expected.list("sleeps"), name)
        // The text of a refused body is free.
        if given.answer.status != 422 {
          #expect(
            Self.plain(given.answer.body, request: made.id) == Self.plain(expected["body"] ?? .null, request: made.id),
            name)
        }
      }
      let (final, wallet) = (try #require(vector["required_final"] ?? vector["final"]), book.wallet(user: "user-1"))
      #expect(try book.withdrawal(made.id).status.rawValue == final.text("status"), "\(title)")
      #expect(Points.text(wallet?.balance ?? .zero) == final.text("balance"), "\(title)")
      #expect(Points.text(wallet?.pending ?? .zero) == final.text("pending"), "\(title)")
      #expect(
        book.trail.dropFirst(requested).map(\.action) == final.list("audit_actions").compactMap(\.string), "\(title)")
      #expect(rows.map(\.status) == final.list("mining_withdrawal_statuses").compactMap(\.string), "\(title)")
      let notices = vector.list("notifications").map { $0.text("body") }
      let told = record.notices.map { Self.plain(["detail": .string($0.body)], request: made.id).text("detail") }
      #expect(told.count == notices.count, "\(title)")
      for (one, wanted) in zip(told, notices) where !wanted.contains("<request_id>") {
        #expect(one == wanted, "\(title)")
      }
    }
  }

  @Test
  func `a body that names another person than its session changes nothing, and an unknown outcome keeps the points`()
    throws
  {
    let (ids, record) = (NodeCounter("id-"), Record())
    var book = PointBook()
    let machine = WithdrawalMachine(WithdrawalRules())
    _ = try book.credit(user: "u", try Points.units("100"), reference: nil, nextID: { ids.next() })
    let made = try book.request(
      PointBook.Request(
        wallet: "id-1", amount: try Points.units("30"), by: "u", metadata: (["coin": "PEP"] as JSON).object),
      machine: machine,
      at: Self.now, nextID: { ids.next() })
    let shell = ApprovalRoute.Shell(
      nextID: { ids.next() },
      pool: { _, _, _ in
        record.calls += 1
        return .unknown("no answer")
      }, notify: { record.notices.append($0) }, pause: { record.pauses.append($0) })
    func approve(_ person: String, _ named: String, _ finalize: Bool) -> WalletAnswer {
      ApprovalRoute(machine: machine).answer(
        .open(user: person, WalletAccess(["admin"])), request: made.id,
        body: ["approved_by": .string(named), "finalize": .bool(finalize)], book: &book, at: Self.now, shell: shell
      ).answer
    }
    #expect(approve("a", "b", false).status == 403)
    #expect(try book.withdrawal(made.id).status == .pending)
    #expect(approve("u", "u", false).status == 409)
    #expect(approve("a", "a", false).status == 202)
    #expect(approve("b", "b", true).status == 502)
    let withdrawal = try book.withdrawal(made.id)
    #expect(withdrawal.status == .approved && withdrawal.isUnknown && record.calls == 1 && record.pauses.isEmpty)
    #expect(book.wallet(user: "u")?.balance == (try Points.units("70")) && record.notices.count == 2)
  }

  // MARK: Orders

  private static func hash(_ bytes: [UInt8]) -> String { (try? Hex.text(SHA256.hash(bytes).bytes)) ?? "" }

  private static func payload(_ given: JSON) -> (payload: JSONObject, key: String?) {
    (given.object ?? JSONObject(), given["idempotency_key"]?.string)
  }

  private static func time(hours: JSON?) -> Timestamp {
    now.advanced(byMilliseconds: Int64(hours?.uint64 ?? 0) * 3_600_000)
  }

  private static func json(_ key: IdempotencyKey) -> JSON {
    [
      "scope": .string(key.scope), "key": .string(key.key), "status": .string(key.status.rawValue),
      "resource_id": key.resource.json, "payload_hash": .string(key.payloadHash),
      "created_at": .string(CivilTime.text(key.createdAt)), "expires_at": .string(CivilTime.text(key.expiresAt)),
    ]
  }

  /// Bonuses that an attempt makes in the vectors of keys: one for each order.
  private static func one(_ order: InboundOrder) -> BonusDistribution {
    let key = BonusKey(order: order.id, type: .share, user: order.user, level: 0)
    return BonusDistribution(
      entries: [
        BonusEntry(
          key: key, source: order.user, tree: nil, pointValueText: "1", amount: .one, createdAt: now,
          metadata: JSONObject())
      ], allocations: [])
  }

  @Test func `every step under a key in the vectors holds`() throws {
    for vector in try WalletVectors.cases("idempotency") {
      var book = OrderBook()
      let (title, record) = (vector.text("name"), Record())
      let failures = Int(vector["pipeline_failures"]?.uint64 ?? 0)
      let kind: OrderFailure = vector["pipeline_error"] == "ValueError" ? .domain : .other
      let intake = OrderIntake(schedule: RetrySchedule(attempts: Int(vector["attempts"]?.uint64 ?? 0)))
      for (number, step) in vector.list("steps").enumerated() {
        let (given, expected) = (try #require(step["step"]), try #require(step["expected"]))
        let (name, now): (Comment, Timestamp) = ("\(title) \(number)", Self.time(hours: given["at_hours"]))
        let (payload, key) = Self.payload(given["payload"] ?? .null)
        if given["force_status"] == "PENDING", let key, let stored = book.key(scope: "aegmall:user-1", key) {
          // A lease of somebody who works on it.
          book.store(
            IdempotencyKey(
              scope: stored.scope, key: key, payloadHash: stored.payloadHash, status: .pending,
              createdAt: stored.createdAt, leaseUntil: now.advanced(byMilliseconds: 1), resource: nil))
        }
        record.pauses = []
        let required = number > 0 ? vector["required_instead"] : nil
        do {
          let outcome = try intake.take(
            payload, key: key, into: &book, at: now, hash: Self.hash,
            nextID: { "b\(record.calls)" },
            attempt: { order in
              record.calls += 1
              return record.calls <= failures
                ? .failure(OrderIntake.AttemptFailure(kind, "pipeline failure")) : .success(Self.one(order))
            }, pause: { record.pauses.append($0) })
          switch outcome {
          case .created(let order, let bonuses):
            // A conflict of the original that is none: the key is over, or the numbers are equal.
            guard title != "expired_key" || number == 0 else { continue }
            #expect(expected["status"] == "created" && .string(order) == expected["order_id"], name)
            #expect(bonuses == expected.list("bonus_ids").compactMap(\.string), name)
          case .duplicate(let order):
            if title == "conflict_on_decimal_text" { continue }
            #expect(expected["status"] == "duplicate" && .string(order) == expected["order_id"], name)
          }
        } catch {
          switch error.code {
          case .keyConflict:
            #expect(expected["error"]?["type"] == "IdempotencyConflictError", name)
            #expect(book.conflicts.last?.status == .failedConflict && error.status == 409, name)
          case .keyInProgress: #expect(required != nil && error.status == 425, name)
          case .orderFailed: #expect(.string(error.message) == expected["error"]?["message"], name)
          default: Issue.record("\(title): \(error)")
          }
          if error.code == .keyInProgress { continue }
        }
        #expect(UInt64(record.calls) == expected["pipeline_calls"]?.uint64, name)
        #expect(Self.seconds(record.pauses) == expected.list("sleeps"), name)
        let keys = expected.list("keys").map { book.key(scope: $0.text("scope"), $0.text("key")).map(Self.json) }
        #expect(keys == expected.list("keys").map { $0 } && book.keys.count == keys.count, name)
      }
    }
  }

  @Test func `every order of the vectors is answered with its status, and leaves what it must`() throws {
    for vector in try WalletVectors.cases("order_api") {
      let title = vector.text("name")
      var trees: [TreeType: OrganizationTree] = [:]
      for type in TreeType.allCases {
        let operations = vector.list("members_under_root").map { user -> JSON in ["user": user, "sponsor": "root"] }
        trees[type] = try OrganizationVectorTests.tree(type, root: "root", operations: operations, ids: NodeCounter())
      }
      let (plan, placed, ids, record) = (try BonusPlan.standard(), trees, NodeCounter("bonus-"), Record())
      var book = OrderBook()
      for step in vector.list("steps") {
        let (expected, required) = (try #require(step["expected"]), step["required"])
        let (payload, key) = Self.payload(step["request"]?["body"] ?? .null)
        let name: Comment = "\(title) \(step["request"] ?? .null)"
        record.pauses = []
        let answer: WalletAnswer
        do {
          answer = try OrderIntake().take(
            payload, key: key, into: &book, at: Self.now, hash: Self.hash, nextID: { ids.next() },
            attempt: { order in
              Result { () throws(WalletError) in
                try plan.distribute(try order.forBonuses(), trees: placed, at: Self.now)
              }.mapError { OrderIntake.AttemptFailure($0) }
            }, pause: { record.pauses.append($0) }
          ).answer
        } catch { answer = WalletAnswer(error) }
        switch required?["rule"]?.string {
        case "a missing Idempotency-Key header is refused with 400"?: #expect(answer.status == 400, name)
        case "non-positive totals are refused with 422"?: #expect(answer.status == 422, name)
        default:
          #expect(UInt64(answer.status) == (required?["status"] ?? expected["status"])?.uint64, name)
          #expect(
            Self.seconds(record.pauses) == (required?["sleeps"] ?? expected["sleeps"])?.array
              || required?["sleeps"] == nil && required != nil, name)
          if let count = required?["bonuses_created"] {
            #expect(answer.body["bonuses_created"] == count, name)
          } else if answer.status != 422 {
            #expect(answer.body == expected["body"], name)
          }
        }
      }
      let final = try #require(vector["required_final"] ?? vector["final"])
      #expect(book.orders.map { [.string($0.id), "PAID"] } == final.list("orders"), "\(title)")
      let keys = book.keys.values.sorted { $0.key < $1.key }.map { key -> JSON in
        [.string(key.key), .string(key.scope), .string(key.status.rawValue), key.resource.json]
      }
      #expect(keys == final.list("keys"), "\(title)")
      let bonuses = book.bonuses.map { bonus -> [JSON] in
        [
          .string(bonus.entry.key.user), .string(bonus.entry.key.type.rawValue), .integer(bonus.entry.key.level),
          .string(Points.text(bonus.entry.amount)),
        ]
      }
      #expect(bonuses == final.list("bonuses").map { Array(($0.array ?? []).dropFirst()) }, "\(title)")
      #expect(Set(book.bonuses.map(\.id)).count == book.bonuses.count, "ids are never used twice")
    }
  }
}
