/// One call to a custodian without idempotency keys. Source: docs/internals/protocol.md 4.5 and 2.6.
///
/// No state leads back to `sending`: trying again is a new call under a new permit, after this one is dead.
package enum CustodialCall: Hashable, Sendable {
  /// The permit is durable; a request may exist from here on. A crash leaves the call here: unknown, not "not sent".
  case sending(CustodialPermit)
  /// Accepted under this id; not paid yet.
  case answered(CustodialPermit, id: String)
  /// No answer that proves anything. `isSealed`: nobody can send any more; `first`: what the first of two people said.
  case unknown(CustodialPermit, isSealed: Bool, first: PersonAnswer?)
  /// `claimed`: rows of the provider that belong to this call, also canceled ones; unique over all calls.
  case paid(claimed: Set<String>)
  case dead(CustodialDeath, claimed: Set<String>)

  /// What was learned.
  package enum Event: Hashable, Sendable {
    case accepted(id: String, by: CustodialPermit)
    case refused(code: String, by: CustodialPermit)
    /// Time-out, broken connection, 5xx, an answer that cannot be read, or a worker that is gone.
    case noAnswer
    /// The unclaimed rows that a history has for this account, asset and amount, or for the id that is known.
    case history([ProviderRow])
    /// The chain itself shows the effect: for providers without a history.
    case chainShowsPaid(reference: String)
    /// The worker with the permit is attested stopped, or reported, and the longest life of a request is over.
    case sealed
    /// `initiators`: they answer for nothing here. `rows`: every row of this attempt, claimed with the decision.
    case person(PersonAnswer, initiators: Set<String>, rows: Set<String>)
  }

  package var isOpen: Bool {
    switch self {
    case .sending, .answered, .unknown: true
    case .paid, .dead: false
    }
  }

  /// Decides, and does nothing else. Throws `payout.illegal_transition`, `payout.contradicted` for news against what is
  /// written, `payout.not_unknown` for people who are not asked.
  package func applying(_ event: Event, rules: CustodialRules) throws(PayoutError) -> CustodialCall {
    switch (self, event) {
    case (.sending(let permit), .accepted(let id, let by)), (.unknown(let permit, _, _), .accepted(let id, let by)):
      try Self.need(by, permit)
      return .answered(permit, id: id)
    case (.answered(_, let known), .accepted(let id, _)):
      guard id == known else { throw Self.contradicted("two ids for one call") }
      return self
    case (.sending(let permit), .refused(let code, let by)):
      try Self.need(by, permit)
      guard rules.harmlessRefusals.contains(code) else { return .unknown(permit, isSealed: false, first: nil) }
      return .dead(.refused(code: code), claimed: [])
    // A refusal that comes after the call was given up may belong to anything.
    case (.unknown, .refused), (.answered, .refused): return self
    case (.sending(let permit), .noAnswer): return .unknown(permit, isSealed: false, first: nil)
    case (.answered, .noAnswer), (.unknown, .noAnswer): return self
    case (.sending, .history): return self
    case (.answered(_, let id), .history(let rows)): return try known(id, rows)
    case (.unknown(let permit, _, _), .history(let rows)): return try found(permit, rows, rules)
    case (.sending, .chainShowsPaid(let reference)), (.answered, .chainShowsPaid(let reference)),
      (.unknown, .chainShowsPaid(let reference)):
      return .paid(claimed: [reference])
    case (.sending(let permit), .sealed): return .unknown(permit, isSealed: true, first: nil)
    case (.unknown(let permit, _, let first), .sealed): return .unknown(permit, isSealed: true, first: first)
    case (.answered, .sealed): return self
    case (.unknown(let permit, let isSealed, let first), .person(let answer, let initiators, let rows)):
      guard isSealed else { throw Self.early("nobody decides before the sender is attested stopped") }
      return try decided(permit, first, answer, initiators, rows)
    case (.sending, .person), (.answered, .person):
      throw Self.early("the call is not unknown")
    case (.paid, .chainShowsPaid), (.paid, .noAnswer), (.paid, .sealed), (.paid, .accepted), (.paid, .refused),
      (.dead, .noAnswer), (.dead, .sealed), (.dead, .refused):
      return self
    case (.paid(let claimed), .history(let rows)):
      guard rows.allSatisfy({ claimed.contains($0.id) && $0.status != .canceled }) else {
        throw Self.contradicted("the history speaks against a payment that is written")
      }
      return self
    case (.dead(_, let claimed), .history(let rows)):
      guard rows.allSatisfy({ claimed.contains($0.id) && $0.status == .canceled }) else {
        throw Self.contradicted("the history speaks of a call that is dead")
      }
      return self
    case (.dead, .accepted), (.dead, .chainShowsPaid):
      throw Self.contradicted("a call that is dead was answered")
    case (.paid, .person), (.dead, .person):
      throw Self.early("the call is over")
    }
  }

  private func known(_ id: String, _ rows: [ProviderRow]) throws(PayoutError) -> CustodialCall {
    let own = rows.filter { $0.id == id }
    guard own.count <= 1 else { throw Self.contradicted("one id stands twice in the history") }
    switch own.first?.status {
    case .completed?: return .paid(claimed: [id])
    case .canceled?: return .dead(.providerRow(id: id), claimed: [id])
    // No row proves nothing, for ever.
    case .pending?, nil: return self
    }
  }

  private func found(
    _ permit: CustodialPermit, _ rows: [ProviderRow], _ rules: CustodialRules
  ) throws(PayoutError) -> CustodialCall {
    guard rules.hasHistory else { throw Self.contradicted("this provider has no history") }
    guard rows.count <= 1 else { throw Self.contradicted("several rows for one open call: somebody else pays") }
    guard let row = rows.first else { return self }
    switch row.status {
    case .pending: return .answered(permit, id: row.id)
    case .completed: return .paid(claimed: [row.id])
    case .canceled: return .dead(.providerRow(id: row.id), claimed: [row.id])
    }
  }

  private func decided(
    _ permit: CustodialPermit, _ first: PersonAnswer?, _ answer: PersonAnswer, _ initiators: Set<String>,
    _ rows: Set<String>
  ) throws(PayoutError) -> CustodialCall {
    guard !initiators.contains(answer.person) else { throw Self.early("an initiator does not decide") }
    guard let first else { return .unknown(permit, isSealed: true, first: answer) }
    guard first.person != answer.person else { throw Self.early("the second answer is another person's") }
    // Two who disagree settle nothing, and are asked anew.
    guard first.isPaid == answer.isPaid else { return .unknown(permit, isSealed: true, first: nil) }
    return answer.isPaid ? .paid(claimed: rows) : .dead(.people, claimed: rows)
  }

  private static func need(_ by: CustodialPermit, _ permit: CustodialPermit) throws(PayoutError) {
    guard by == permit else {
      throw PayoutError(.illegalTransition, "the answer belongs to permit \(by.id), not \(permit.id)")
    }
  }

  private static func contradicted(_ why: String) -> PayoutError {
    PayoutError(.contradicted, why, hint: "stop the account, and look at the provider's full record")
  }

  private static func early(_ why: String) -> PayoutError { PayoutError(.notUnknown, why) }
}
