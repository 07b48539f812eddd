package import Codecs
package import Money

/// A line of a wallet's ledger, as stored.
package struct PointLine: Equatable, Sendable {
  package let id: String
  package let movement: PointMovement
  package let reference: String?
  package let metadata: JSONObject?
}

/// A row of a withdrawal's trail.
package struct WithdrawalRow: Equatable, Sendable {
  package let request: String
  package let wallet: String
  /// `requested`, `flagged`, `approved_stage1`, `approved`, `failed`, `rejected`, `cancelled`, `settled`.
  package let action: String
  package let actor: String
  package let amount: UInt256
  package let status: WithdrawalStatus
  package let notes: String?
  package let metadata: JSONObject?
  package let at: Timestamp
}

/// All wallets, withdrawals and lines: a value that its journal makes again on any machine. Ids come from the caller.
package struct PointBook: Sendable {
  package private(set) var wallets: [String: PointWallet] = [:]
  package private(set) var withdrawals: [String: Withdrawal] = [:]
  package private(set) var lines: [PointLine] = []
  package private(set) var trail: [WithdrawalRow] = []
  private var walletsByUser: [String: String] = [:]
  private var devices: Set<[String]> = []

  package init() {}

  // MARK: Reading

  package func wallet(user: String) -> PointWallet? { walletsByUser[user].flatMap { wallets[$0] } }

  /// Throws `wallet.not_found`.
  package func wallet(_ id: String) throws(WalletError) -> PointWallet {
    guard let wallet = wallets[id] else { throw WalletError(.walletNotFound, "Wallet '\(id)' was not found.") }
    return wallet
  }

  /// Throws `wallet.withdrawal_not_found`.
  package func withdrawal(_ id: String) throws(WalletError) -> Withdrawal {
    guard let withdrawal = withdrawals[id] else {
      throw WalletError(.withdrawalNotFound, "Withdrawal '\(id)' was not found.")
    }
    return withdrawal
  }

  package func isKnown(device: String, of user: String) -> Bool { devices.contains([user, device]) }

  // MARK: Points

  /// The wallet of a person, made when there is none.
  package mutating func ensure(user: String, nextID: () -> String) -> PointWallet {
    if let wallet = wallet(user: user) { return wallet }
    let wallet = PointWallet(id: nextID(), user: user)
    wallets[wallet.id] = wallet
    walletsByUser[user] = wallet.id
    return wallet
  }

  /// Throws `wallet.bad_amount` before a wallet is made for nothing, and `wallet.suspended`.
  package mutating func credit(
    user: String, _ amount: UInt256, reference: String?, nextID: () -> String
  ) throws(WalletError) -> PointWallet {
    guard !amount.isZero else { throw WalletError(.badAmount, "Amount must be positive.") }
    var wallet = ensure(user: user, nextID: nextID)
    let movement = try wallet.credit(amount)
    keep(wallet, movement, reference, nil, nextID)
    return wallet
  }

  /// Throws as `PointWallet.debit`, and `wallet.not_found`.
  package mutating func debit(
    wallet id: String, _ amount: UInt256, reference: String?, nextID: () -> String
  ) throws(WalletError) -> PointWallet {
    var wallet = try wallet(id)
    let movement = try wallet.debit(amount)
    keep(wallet, movement, reference, nil, nextID)
    return wallet
  }

  /// Throws `wallet.not_found`.
  package mutating func set(_ status: PointWallet.Status, wallet id: String) throws(WalletError) {
    var wallet = try wallet(id)
    wallet.status = status
    wallets[id] = wallet
  }

  // MARK: Withdrawals

  /// What a person asks for.
  package struct Request: Equatable, Sendable {
    package let wallet: String
    package let amount: UInt256
    package let by: String
    package let reference: String?
    package let metadata: JSONObject?
    package let notes: String?

    package init(
      wallet: String, amount: UInt256, by: String, reference: String? = nil, metadata: JSONObject? = nil,
      notes: String? = nil
    ) {
      self.wallet = wallet
      self.amount = amount
      self.by = by
      self.reference = reference
      self.metadata = metadata
      self.notes = notes
    }
  }

  /// A new withdrawal with its hold, and the first row of its trail. Throws as `WithdrawalMachine.requested`.
  package mutating func request(
    _ asked: Request, machine: WithdrawalMachine, at now: Timestamp, nextID: () -> String
  ) throws(WalletError) -> Withdrawal {
    let wallet = try wallet(asked.wallet)
    func made(_ id: String) -> Withdrawal {
      Withdrawal(
        id: id, wallet: asked.wallet, amount: asked.amount, requestedBy: asked.by, reference: asked.reference,
        metadata: asked.metadata, createdAt: now)
    }
    // What is refused uses up no id.
    _ = try machine.requested(made(""), wallet: wallet)
    let id = nextID()
    let decision = try machine.requested(made(id), wallet: wallet)
    withdrawals[id] = decision.withdrawal
    keep(
      decision.wallet, decision.movement, id,
      words([("reference_id", asked.reference), ("requested_by", asked.by)]), nextID)
    note(decision.withdrawal, "requested", asked.by, asked.notes, asked.metadata, now)
    return decision.withdrawal
  }

  /// One event in a withdrawal's life. Throws as `WithdrawalMachine.applying`, and `wallet.withdrawal_not_found`.
  package mutating func apply(
    _ event: WithdrawalEvent, to id: String, machine: WithdrawalMachine, at now: Timestamp, nextID: () -> String
  ) throws(WalletError) -> WithdrawalDecision {
    let before = try withdrawal(id)
    let decision = try machine.applying(event, to: before, wallet: try wallet(before.wallet), at: now)
    withdrawals[id] = decision.withdrawal
    keep(decision.wallet, decision.movement, id, event.lineMetadata, nextID)
    if let action = decision.action {
      note(decision.withdrawal, action, decision.actor, decision.notes, decision.trailMetadata, now)
    }
    return decision
  }

  /// A verdict on a withdrawal that was just asked for: remembered devices, a flag, or its end. Throws as `apply`.
  package mutating func apply(
    _ verdict: RiskVerdict, to id: String, machine: WithdrawalMachine, at now: Timestamp, nextID: () -> String
  ) throws(WalletError) {
    if let device = verdict.newDevice { devices.insert([verdict.context.user, device]) }
    if !verdict.isAllowed {
      var reason = JSONObject()
      _ = reason.append("reason", .string(verdict.reason))
      let before = try withdrawal(id)
      let event = WithdrawalEvent.cancel(by: "risk-system", notes: nil)
      let decision = try machine.applying(event, to: before, wallet: try wallet(before.wallet), at: now)
      withdrawals[id] = decision.withdrawal
      keep(decision.wallet, decision.movement, id, event.lineMetadata, nextID)
      note(
        decision.withdrawal, "cancelled", "risk-system", "Auto-cancelled due to risk: \(verdict.reason)", reason, now)
    } else if verdict.needsReview {
      var findings = JSONObject()
      _ = findings.append("findings", .array(verdict.findings.map { .string($0.message) }))
      note(try withdrawal(id), "flagged", "risk-system", "Risk review required", findings, now)
    }
  }

  // MARK: Keeping

  private mutating func keep(
    _ wallet: PointWallet, _ movement: PointMovement?, _ reference: String?, _ metadata: JSONObject?,
    _ nextID: () -> String
  ) {
    wallets[wallet.id] = wallet
    guard let movement else { return }
    lines.append(PointLine(id: nextID(), movement: movement, reference: reference, metadata: metadata))
  }

  private mutating func note(
    _ withdrawal: Withdrawal, _ action: String, _ actor: String, _ notes: String?, _ metadata: JSONObject?,
    _ now: Timestamp
  ) {
    trail.append(
      WithdrawalRow(
        request: withdrawal.id, wallet: withdrawal.wallet, action: action, actor: actor, amount: withdrawal.amount,
        status: withdrawal.status, notes: notes, metadata: metadata, at: now))
  }
}

extension WithdrawalEvent {
  /// What the line of the wallet's ledger says about who moved the points.
  var lineMetadata: JSONObject? {
    switch self {
    case .approveFirst: nil
    case .approve(let person, _, let notes, _): words([("approved_by", person), ("notes", notes)])
    case .reject(let person, let notes): words([("rejected_by", person), ("notes", notes)])
    case .cancel(let person, _): words([("cancelled_by", person)])
    case .poolRefused(let person, let reason): words([("failed_by", person), ("reason", reason)])
    case .settled(_, let person, let reason): words([("failed_by", person), ("reason", reason)])
    case .poolAnswered, .poolUnknown: nil
    }
  }
}

/// Members that are texts or null.
func words(_ pairs: [(String, String?)]) -> JSONObject {
  var object = JSONObject()
  for (key, value) in pairs { _ = object.append(key, value.map { .string($0) } ?? .null) }
  return object
}
