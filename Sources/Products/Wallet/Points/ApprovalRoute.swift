package import Codecs
package import Money

/// Who calls. The person is the session's, never a name from a body.
package enum WalletSession: Hashable, Sendable {
  case none
  case expired
  case open(user: String, WalletAccess)

  /// The token of a header `Authorization`; nil for another scheme, or an empty one. The scheme is read in any case.
  package static func token(_ header: String?) -> String? {
    guard let header else { return nil }
    let parts = header.split(separator: " ", maxSplits: 1, omittingEmptySubsequences: true)
    guard parts.count == 2, parts[0].lowercased() == "bearer", !parts[1].isEmpty else { return nil }
    return String(parts[1])
  }
}

/// `POST /admin/withdrawals/{id}/approve` as a use case.
package struct ApprovalRoute: Sendable {
  package let machine: WithdrawalMachine
  package let schedule: RetrySchedule

  package init(machine: WithdrawalMachine, schedule: RetrySchedule = RetrySchedule()) {
    self.machine = machine
    self.schedule = schedule
  }

  /// One call to the pool; its id, or what it said.
  package typealias Pool = (PoolCoin, _ amount: UInt256, _ user: String) -> RetriedCall<String, String>

  /// What the route needs from its shell. The pool is asked after the commit that takes the points.
  package struct Shell {
    package let nextID: () -> String
    package let pool: Pool
    package let notify: (Notice) -> Void
    package let pause: (Int64) -> Void

    package init(
      nextID: @escaping () -> String, pool: @escaping Pool, notify: @escaping (Notice) -> Void,
      pause: @escaping (Int64) -> Void
    ) {
      self.nextID = nextID
      self.pool = pool
      self.notify = notify
      self.pause = pause
    }
  }

  /// The answer, and the row of the pool's log when the pool was asked.
  package func answer(
    _ session: WalletSession, request id: String, body: JSON?, book: inout PointBook, at now: Timestamp, shell: Shell
  ) -> (answer: WalletAnswer, row: MoneyCall.Row?) {
    switch session {
    case .none: return (WalletAnswer(401, detail: "unauthorized"), nil)
    case .expired: return (WalletAnswer(401, detail: "session_expired"), nil)
    case .open(let user, let access):
      guard access.may(.approveWithdrawal) else { return (WalletAnswer(403, detail: "forbidden"), nil) }
      guard let asked = ApprovalBody(body) else {
        return (WalletAnswer(422, detail: "the body has a text 'approved_by', and 'finalize' is true or false"), nil)
      }
      guard asked.by == user else { return (WalletAnswer(403, detail: "forbidden"), nil) }
      do {
        return try approve(asked, user, access, id, &book, now, shell)
      } catch {
        let isMissing = error.code == .withdrawalNotFound
        return (isMissing ? WalletAnswer(404, detail: "withdrawal_not_found") : WalletAnswer(error), nil)
      }
    }
  }

  private func approve(
    _ asked: ApprovalBody, _ user: String, _ access: WalletAccess, _ id: String, _ book: inout PointBook,
    _ now: Timestamp, _ shell: Shell
  ) throws(WalletError) -> (answer: WalletAnswer, row: MoneyCall.Row?) {
    let decision = try book.apply(
      .approve(by: user, finalize: asked.finalize, notes: asked.notes, coin: asked.coin), to: id, machine: machine,
      at: now, nextID: shell.nextID)
    func shown(_ withdrawal: Withdrawal) -> WalletAnswer {
      let status = withdrawal.status == .approvedPending ? 202 : 200
      return WalletAnswer(status, .object(Masking.withdrawal(withdrawal.answerJSON, for: access)))
    }
    guard case .askPool(let coin, let amount)? = decision.effect else { return (shown(decision.withdrawal), nil) }
    let ended = MoneyCall.withdrawal.run(
      schedule, { shell.pool(coin, amount, decision.withdrawal.requestedBy) }, notify: shell.notify, pause: shell.pause)
    guard let error = ended.error, ended.row.reference == nil else {
      let answered = try book.apply(
        .poolAnswered(withdrawID: ended.row.reference ?? "", coin: coin.rawValue), to: id, machine: machine, at: now,
        nextID: shell.nextID)
      return (shown(answered.withdrawal), ended.row)
    }
    guard !ended.row.isUnknown else {
      _ = try book.apply(.poolUnknown, to: id, machine: machine, at: now, nextID: shell.nextID)
      shell.notify(decision.withdrawal.unknownNotice(error))
      let said = "Nobody knows whether the pool paid; the points stay deducted until its history or two people say so."
      return (WalletAnswer(502, detail: said), ended.row)
    }
    let failed = try book.apply(
      .poolRefused(by: user, reason: error), to: id, machine: machine, at: now, nextID: shell.nextID)
    shell.notify(failed.withdrawal.failureNotice(error))
    return (WalletAnswer(502, detail: error), ended.row)
  }
}

/// What an approver sends. Who approves is the session's; a name that differs is refused.
struct ApprovalBody {
  let by: String
  let finalize: Bool
  let notes: String?
  let coin: String?

  /// Nil for another shape.
  init?(_ body: JSON?) {
    guard let by = body?["approved_by"]?.string, !by.isEmpty else { return nil }
    let finalize = body?["finalize"] ?? .bool(true)
    guard let isFinal = finalize.bool else { return nil }
    for key in ["notes", "coin"] {
      guard let value = body?[key], !value.isNull else { continue }
      guard value.string != nil else { return nil }
    }
    (self.by, self.finalize) = (by, isFinal)
    (notes, coin) = (body?["notes"]?.string, body?["coin"]?.string)
  }
}

extension Withdrawal {
  /// Members that the approval route shows.
  package var answerJSON: JSONObject {
    let shown: Set<String> = [
      "request_id", "wallet_id", "amount", "status", "requested_by", "approved_by", "approved_at", "notes", "metadata",
    ]
    var object = JSONObject()
    for member in json.members where shown.contains(member.key) { _ = object.append(member.key, member.value) }
    return object
  }

  func unknownNotice(_ reason: String) -> Notice {
    Notice(
      subject: "HashDam withdrawal unknown",
      body: "Request \(id) for user \(requestedBy) has no known outcome, the points stay deducted: \(reason)")
  }
}
