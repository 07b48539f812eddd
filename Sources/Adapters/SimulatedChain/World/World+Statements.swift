import Chains
import Codecs
import Money

// What endpoints state about slots.
extension World {
  mutating func statements(_ question: SlotQuestion) -> [Statement] {
    guard let account = EVMAddress(question.account.bytes) else { return [] }
    let slot = Slot(account: account, number: question.slot)
    let truth = spent[slot].flatMap { $0.block <= finalHead ? $0 : nil }
    noteDelays(slot, truth)
    var statements: [Statement] = []
    for endpoint in endpoints {
      let honest = truth.flatMap { statement($0, of: endpoint, question) }
      if honest != nil, (blindUntil[slot] ?? 0) > head {
        faults.wasSeen(.blind)
        continue
      }
      if endpoint.isLying(head), let falsehood = lie(of: endpoint, question, truth: truth) {
        faults.wasSeen(.lie)
        statements.append(falsehood)
        continue
      }
      guard let honest else {
        if let truth, truth.block <= finalHead, let why = endpoint.reason(head) { faults.wasSeen(why) }
        continue
      }
      if faults.happens(.silence) {
        faults.wasSeen(.silence)
        continue
      }
      statements.append(honest)
    }
    if !statements.isEmpty, let cause = truth?.cause {
      faults.wasSeen(cause)
      spent[slot]?.cause = nil
    }
    return statements
  }

  /// A fault counts once the answer differs from the one that would have been given without it.
  private mutating func noteDelays(_ slot: Slot, _ truth: Spent?) {
    if truth == nil, stalled > 0, finalHead + stalled >= spent[slot]?.block ?? head + 1, known(slot) {
      faults.wasSeen(.stall)
      stalled = 0
    }
    guard let waiting = delays[slot] else { return }
    let due = waiting.filter { $0.block <= finalHead }
    for delay in due { faults.wasSeen(delay.fault) }
    let left = waiting.filter { $0.block > finalHead }
    delays[slot] = left.isEmpty ? nil : left
  }

  private func known(_ slot: Slot) -> Bool { pool[slot.account]?[slot.number] != nil }

  private func statement(_ spent: Spent, of endpoint: Endpoint, _ question: SlotQuestion) -> Statement? {
    let seen = endpoint.head(head)
    guard spent.block + settings.finalityDepth <= seen else { return nil }
    return Statement(
      endpoint: endpoint.id, verdict: verdict(spent, question), spender: spent.hash, blockNumber: spent.block,
      blockHash: blockHash(spent.block), feePaid: spent.fee)
  }

  private func verdict(_ spent: Spent, _ question: SlotQuestion) -> Verdict {
    guard let spender = known[spent.hash], question.members.contains(where: { $0.signingHash == spender.signingHash })
    else { return .stranger }
    switch spent.outcome {
    case .stranger: return .stranger
    case .reverted: return .reverted
    case .voided: return .voided
    case .settled: return .settled
    case .paid(let credits):
      guard case .pay(_, let legs) = spender.transaction.action else { return .stranger }
      let seen = question.payees.enumerated().map { place, payee in
        legs.indices.contains(place) ? credit(payee, legs[place], credits?[place] ?? .full) : Credit.none
      }
      return seen.allSatisfy { $0 == .full } && seen.count == legs.count ? .paid : .credited(seen)
    }
  }

  /// What a promised payee got out of the leg in its place.
  private func credit(_ payee: Payee, _ leg: SimulatedTransaction.Leg, _ credit: Credit) -> Credit {
    guard payee.address.bytes == leg.to.bytes else { return .none }
    if credit == .full { return payee.units == leg.units ? .full : .other(leg.units) }
    return credit
  }

  /// A false statement, the same from every liar; nil where the lie would be the truth.
  private func lie(of endpoint: Endpoint, _ question: SlotQuestion, truth: Spent?) -> Statement? {
    let draw = SplitMix.mixed(settings.seed &+ SplitMix.mixed(question.slot &+ (head / 8) &* 31))
    let recorded = question.members.compactMap { member in member.hash.map { (member.kind, $0) } }
    let pay = recorded.last { $0.0 == .pay }
    let forged = World.name(draw, question.slot, head / 8, 0x6c69_65)
    let verdict: Verdict
    let spender: Hash32
    switch draw % 6 {
    case 0 where pay != nil: (verdict, spender) = (.paid, pay?.1 ?? forged)
    case 1 where pay != nil: (verdict, spender) = (.reverted, pay?.1 ?? forged)
    case 2 where recorded.contains { $0.0 == .void }:
      (verdict, spender) = (.voided, recorded.last { $0.0 == .void }?.1 ?? forged)
    case 3 where pay != nil && !question.payees.isEmpty:
      (verdict, spender) = (.credited(question.payees.map { _ in Credit.none }), pay?.1 ?? forged)
    case 4 where truth != nil:
      // The right words about a block of another fork.
      (verdict, spender) = (truth.map { self.verdict($0, question) } ?? .stranger, truth?.hash ?? forged)
    default: (verdict, spender) = (.stranger, forged)
    }
    let block = truth?.block ?? finalHead
    return Statement(
      endpoint: endpoint.id, verdict: verdict, spender: spender, blockNumber: block, blockHash: forged, feePaid: .one)
  }
}
