import Codecs
import Money
import Testing
import Wallet

@Suite("Vectors: points and withdrawals")
struct PointVectorTests {
  static let now = Timestamp(milliseconds: 1_735_732_800_000)

  static func kind(_ error: WalletError) -> String {
    switch error.code {
    case .insufficientBalance: "InsufficientBalance"
    case .walletNotFound: "WalletNotFound"
    case .walletSuspended: "WalletSuspended"
    case .withdrawalNotFound: "WithdrawalNotFound"
    case .invalidState: "InvalidWithdrawalState"
    case .secondApprovalNeeded, .sameApprover, .coinMissing, .finalizeNeeded: "WithdrawalExecutionError"
    case .riskRejected: "RiskRejected"
    case .badAmount, .holdTooSmall: "PointWalletError"
    default: error.code.rawValue
    }
  }

  private static func json(_ wallet: PointWallet) -> JSON {
    [
      "wallet_id": .string(wallet.id), "user_id": .string(wallet.user),
      "balance": .string(Points.text(wallet.balance)), "pending": .string(Points.text(wallet.pending)),
      "available": .string(Points.text(wallet.available)), "status": .string(wallet.status.rawValue),
    ]
  }

  private static func result(_ wallet: PointWallet) -> JSON {
    [
      "wallet_id": .string(wallet.id), "user_id": .string(wallet.user),
      "balance": .string(Points.text(wallet.balance)), "pending_withdrawal": .string(Points.text(wallet.pending)),
      "status": .string(wallet.status.rawValue),
    ]
  }

  private static func json(_ line: PointLine) -> JSON {
    [
      "entry_id": .string(line.id), "type": .string(line.movement.kind.rawValue),
      "amount": .string(Points.text(line.movement.amount)),
      "balance_after": .string(Points.text(line.movement.balanceAfter)),
      "pending_after": .string(Points.text(line.movement.pendingAfter)), "reference_id": line.reference.json,
      "metadata": line.metadata.map { .object($0) } ?? .null,
    ]
  }

  /// Points without pool, one approval: what the vectors of wallets know.
  private static let machine = WithdrawalMachine(WithdrawalRules(needsTwoSteps: false, hasPool: false))

  private static func run(_ op: JSON, _ book: inout PointBook, _ ids: NodeCounter) throws -> JSON {
    func event(_ event: WithdrawalEvent) throws -> JSON {
      let decision = try book.apply(event, to: op.text("request"), machine: machine, at: now, nextID: { ids.next() })
      return .object(decision.withdrawal.json)
    }
    let (by, notes) = (op.text("by"), op["notes"]?.string)
    switch op.text("op") {
    case "ensure": return result(book.ensure(user: op.text("user"), nextID: { ids.next() }))
    case "credit":
      return result(
        try book.credit(
          user: op.text("user"), try Points.units(op.text("amount")), reference: op["ref"]?.string,
          nextID: { ids.next() }))
    case "debit":
      return result(
        try book.debit(
          wallet: op.text("wallet"), try Points.units(op.text("amount")), reference: op["ref"]?.string,
          nextID: { ids.next() }))
    case "request":
      let asked = PointBook.Request(
        wallet: op.text("wallet"), amount: try Points.units(op.text("amount")), by: by, reference: op["ref"]?.string,
        metadata: op["metadata"]?.object)
      return .object(try book.request(asked, machine: machine, at: now, nextID: { ids.next() }).json)
    case "suspend":
      try book.set(.suspended, wallet: op.text("wallet"))
      return .null
    case "stage1": return try event(.approveFirst(by: by, notes: notes))
    case "approve": return try event(.approve(by: by, finalize: true, notes: notes, coin: nil))
    case "reject": return try event(.reject(by: by, notes: notes))
    case "cancel": return try event(.cancel(by: by, notes: notes))
    case "fail": return try event(.poolRefused(by: by, reason: op.text("reason")))
    case "annotate":
      return try event(
        .poolAnswered(withdrawID: op["metadata"]?.text("hashdam_withdraw_id") ?? "", coin: "LTC"))
    default:
      Issue.record("nobody runs \(op)")
      return .null
    }
  }

  @Test func `every operation on wallets in the vectors holds`() throws {
    for vector in try WalletVectors.cases("point_wallet") {
      let (title, ids) = (vector.text("name"), NodeCounter("id-"))
      var book = PointBook()
      for step in vector.list("steps") {
        let (op, expected) = (try #require(step["op"]), try #require(step["expected"]))
        let name: Comment = "\(title): \(op.text("op"))"
        if title == "two_stage", ["reject", "cancel"].contains(op.text("op")) {
          // Required: a first approval can be taken back, with its hold.
          var copy = book
          _ = try Self.run(op, &copy, NodeCounter("x-"))
          #expect(copy.wallet(user: "u1")?.pending.isZero == true, name)
          continue
        }
        let isLast = title == "fail_with_second_hold" && ["fail", "reject"].contains(op.text("op"))
        do {
          let result = try Self.run(op, &book, ids)
          if !isLast || op["op"] == "fail" { #expect(result == expected["result"], name) }
        } catch let error as WalletError {
          #expect(Self.kind(error) == expected["error"]?.text("type"), name)
        }
        let wallets = book.wallets.values.sorted { $0.id < $1.id }.map(Self.json)
        if !isLast {
          #expect(.array(wallets) == expected["wallets"], name)
        } else if op["op"] == "fail" {
          let required = try #require(vector["required_instead"]?["after_fail"])
          #expect(wallets[0]["balance"] == required["balance"] && wallets[0]["pending"] == required["pending"], name)
        } else {
          #expect(wallets[0]["pending"] == "0" && wallets[0]["balance"] == "100", name)
        }
      }
      let lines = book.lines.map(Self.json)
      guard title != "fail_with_second_hold" else {
        #expect(Array(lines.dropLast(2)) == Array(vector.list("expected_ledger").dropLast()))
        continue
      }
      #expect(.array(lines) == vector["expected_ledger"], "\(title)")
    }
  }

  // MARK: The workflow

  @Test func `every trace of a withdrawal in the vectors holds`() throws {
    for vector in try WalletVectors.cases("withdrawal_workflow") {
      let options = try #require(vector["options"])
      var desk = TraceDesk(options)
      let (title, required) = (vector.text("name"), vector["required_instead"])
      try desk.credit(vector.text("initial_credit"))
      for step in vector.list("steps") {
        let (act, expected) = (try #require(step["do"]), try #require(step["expected"]))
        let name: Comment = "\(title): \(act)"
        if title == "stage1_cannot_be_rejected", ["reject", "cancel"].contains(act.text("do")) {
          var copy = desk
          let decision = try copy.run(act)
          #expect([.rejected, .cancelled].contains(decision?.status) && copy.wallet?.pending.isZero == true, name)
          continue
        }
        do {
          let withdrawal = try #require(try desk.run(act), name)
          let isForged = title == "spoofed_stage1_approver"
          #expect(withdrawal.status.rawValue == expected.text("status") || isForged, name)
          #expect(withdrawal.approvedBy.json == expected["approved_by"], name)
          #expect(withdrawal.rejectedBy.json == expected["rejected_by"], name)
          #expect(withdrawal.notes.json == expected["notes"], name)
          let metadata = withdrawal.shownMetadata.map { JSON.object($0) } ?? .null
          if isForged {
            #expect(withdrawal.firstApprover != "zz", name)
          } else {
            #expect(metadata == expected["metadata"], name)
          }
        } catch let error as WalletError {
          let isRefusedHere = title == "spoofed_stage1_approver" && error.code == .sameApprover
          #expect(Self.kind(error) == expected["error"]?.text("type") || isRefusedHere, name)
        }
        if required != nil, title != "two_step_same_approver" {
          // What the requirement says instead.
          if title == "provider_without_coin" {
            let stored = desk.book.withdrawals.values.first
            #expect(stored?.status == .pending && desk.wallet?.pending == desk.units("30"), name)
          }
          continue
        }
        #expect(desk.figures == expected["wallet"], name)
        let statuses = try JSONObject(
          desk.book.withdrawals.map { ($0.key, JSON.string($0.value.status.rawValue)) })
        #expect(.object(statuses) == expected["stored_statuses"], name)
      }
      if required != nil, title != "two_step_same_approver" { continue }
      let rows = desk.book.trail.map { row -> JSON in
        [
          "request_id": .string(row.request), "action": .string(row.action), "actor_id": .string(row.actor),
          "amount": .string(Points.text(row.amount)), "status": .string(row.status.rawValue),
          "notes": row.notes.json, "metadata": row.metadata.map { .object($0) } ?? .null,
        ]
      }
      #expect(.array(rows) == vector["expected_audit"], "\(title)")
      #expect(rows.map { $0.text("action") } == vector.list("expected_events").compactMap(\.string), "\(title)")
      #expect(
        desk.book.lines.map(\.movement.kind.rawValue) == vector.list("expected_ledger_types").compactMap(\.string),
        "\(title)")
      #expect(.array(desk.calls) == vector["expected_mining_calls"], "\(title)")
      #expect(.array(desk.notices.map(\.json)) == vector["expected_notifications"], "\(title)")
    }
  }
}

/// The workflow over a book in memory, with a pool that refuses as often as it is told.
struct TraceDesk {
  private(set) var book = PointBook()
  private(set) var calls: [JSON] = []
  private(set) var notices: [Notice] = []
  private let machine: WithdrawalMachine
  private let risk: RiskSettings?
  private let ids = NodeCounter("id-")
  private var refusals: UInt64
  private var names: [String: String] = [:]

  init(_ options: JSON) {
    machine = WithdrawalMachine(
      WithdrawalRules(
        needsTwoSteps: options["two_step_required"]?.bool == true,
        needsDistinctApprovers: options["distinct_approvers"]?.bool == true,
        hasPool: options["mining_orchestrator"]?.bool == true))
    refusals = options["mining_failures"]?.uint64 ?? 0
    risk = options["risk"].flatMap { $0.isNull ? nil : try? RiskVectorTests.settings($0) }
  }

  var wallet: PointWallet? { book.wallet(user: "user-1") }

  var figures: JSON {
    [
      "balance": .string(Points.text(wallet?.balance ?? .zero)),
      "pending": .string(Points.text(wallet?.pending ?? .zero)),
    ]
  }

  func units(_ text: String) -> UInt256? { try? Points.units(text) }

  mutating func credit(_ amount: String) throws {
    let ids = ids
    _ = try book.credit(user: "user-1", try Points.units(amount), reference: nil, nextID: { ids.next() })
  }

  mutating func run(_ act: JSON) throws -> Withdrawal? {
    let (request, by) = (names[act.text("request")] ?? act.text("request"), act.text("by"))
    switch act.text("do") {
    case "request": return try ask(act)
    case "approve":
      return try step(
        .approve(
          by: by, finalize: act["finalize"]?.bool ?? true, notes: act["notes"]?.string, coin: act["coin"]?.string),
        request)
    case "reject": return try step(.reject(by: by, notes: act["notes"]?.string), request)
    case "cancel": return try step(.cancel(by: by, notes: act["notes"]?.string), request)
    default:
      Issue.record("nobody runs \(act)")
      return nil
    }
  }

  private mutating func ask(_ act: JSON) throws -> Withdrawal {
    let ids = ids
    let asked = PointBook.Request(
      wallet: wallet?.id ?? "", amount: try Points.units(act.text("amount")), by: "user-1",
      metadata: act["metadata"]?.object, notes: act["notes"]?.string)
    let made = try book.request(asked, machine: machine, at: PointVectorTests.now, nextID: { ids.next() })
    names[act.text("as")] = made.id
    guard let risk else { return made }
    let context = RiskContext(request: made.id, user: "user-1", amount: made.amount)
    let known = book
    let verdict = risk.judge(context) { known.isKnown(device: $0, of: "user-1") }
    try book.apply(verdict, to: made.id, machine: machine, at: PointVectorTests.now, nextID: { ids.next() })
    guard verdict.isAllowed else { throw WalletError(.riskRejected, verdict.reason) }
    return try book.withdrawal(made.id)
  }

  private mutating func step(_ event: WithdrawalEvent, _ id: String) throws -> Withdrawal {
    let ids = ids
    let decision = try book.apply(event, to: id, machine: machine, at: PointVectorTests.now, nextID: { ids.next() })
    guard case .askPool(let coin, let amount)? = decision.effect else { return decision.withdrawal }
    calls.append([
      "user_id": .string(decision.withdrawal.requestedBy), "coin": .string(coin.rawValue),
      "amount": .string(Points.text(amount)),
    ])
    guard refusals == 0 else {
      refusals -= 1
      let said = "HashDam unavailable"
      let failed = try book.apply(
        .poolRefused(by: decision.actor, reason: said), to: id, machine: machine, at: PointVectorTests.now,
        nextID: { ids.next() })
      notices.append(failed.withdrawal.failureNotice(said))
      throw WalletError(.coinMissing, said)
    }
    return try book.apply(
      .poolAnswered(withdrawID: "hashdam-\(calls.count)", coin: coin.rawValue), to: id, machine: machine,
      at: PointVectorTests.now, nextID: { ids.next() }
    ).withdrawal
  }
}
