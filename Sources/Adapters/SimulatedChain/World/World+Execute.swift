import Chains
import Codecs
import Money

// What a transaction does to balances.
extension World {
  /// Executes a transaction in the newest block. It spends its slot and its fee whatever becomes of it.
  mutating func execute(_ hash: Hash32, cause: ChainFault?) {
    guard let entry = known[hash] else { return }
    let transaction = entry.transaction
    let fee = chargeFee(transaction)
    let (outcome, why) = effect(of: transaction)
    spent[entry.slot] = Spent(hash: hash, block: head, outcome: outcome, fee: fee, cause: why ?? cause)
    nonces[transaction.account] = transaction.slot + 1
    journals[head, default: []].append(.spent(entry.slot))
    contents[head, default: []].append(hash)
    if faults.happens(.blind) { blindUntil[entry.slot] = head + settings.finalityDepth + 2 + UInt64(faults.pick(20)) }
  }

  private mutating func chargeFee(_ transaction: SimulatedTransaction) -> UInt256 {
    guard transaction.fee.limit > 0 else { return .zero }
    let work = UInt256(min(transaction.fee.limit, SimulatedFees.work(payees: transaction.legCount)))
    // The account covers price times limit, so neither product nor difference can fail.
    let price = min(transaction.fee.price, (try? basePrice.adding(transaction.fee.tip)) ?? transaction.fee.price)
    let fee = (try? price.multiplied(by: work)) ?? .zero
    take(fee, of: nil, from: transaction.account)
    return fee
  }

  private mutating func effect(of transaction: SimulatedTransaction) -> (Spent.Outcome, ChainFault?) {
    switch transaction.action {
    case .void: return (.voided, nil)
    case .stranger: return (.stranger, .stranger)
    case .deploy: return (.settled, nil)
    case .allowance(let token, let spender, let units):
      guard spender == SimulatedCodec.batchContract else { return (.settled, nil) }
      let holding = Holding(token: token, owner: transaction.account)
      journals[head, default: []].append(.allowance(holding, allowances[holding] ?? .zero))
      allowances[holding] = units
      return (.settled, nil)
    case .pay(let token, let legs):
      guard transaction.fee.limit >= SimulatedFees.work(payees: legs.count), legs.count <= settings.mostPayees,
        let total = World.sum(legs), units(token, transaction.account) >= total,
        !legs.contains(where: { behaviors[$0.to] == .rejects }), draw(total, of: token, from: transaction.account)
      else { return (.reverted, nil) }
      guard !faults.happens(.revert) else {
        giveBackDraw(total, of: token, to: transaction.account)
        return (.reverted, .revert)
      }
      return (.paid(pay(legs, token, from: transaction.account)), nil)
    }
  }

  /// Uses up the allowance where one is needed; false when it is too small.
  private mutating func draw(_ units: UInt256, of token: EVMAddress?, from account: EVMAddress) -> Bool {
    guard settings.needsAllowance, let token else { return true }
    let holding = Holding(token: token, owner: account)
    let allowed = allowances[holding] ?? .zero
    guard let left = try? allowed.subtracting(units) else { return false }
    if allowed == .max { return true }
    journals[head, default: []].append(.allowance(holding, allowed))
    allowances[holding] = left
    return true
  }

  private mutating func giveBackDraw(_ units: UInt256, of token: EVMAddress?, to account: EVMAddress) {
    guard settings.needsAllowance, let token else { return }
    let holding = Holding(token: token, owner: account)
    if let allowed = allowances[holding], allowed != .max, let before = try? allowed.adding(units) {
      allowances[holding] = before
    }
  }

  /// Credits every leg; nil when all were credited in full.
  private mutating func pay(_ legs: [SimulatedTransaction.Leg], _ token: EVMAddress?, from: EVMAddress) -> [Credit]? {
    var credits: [Credit]?
    var gone = UInt256.zero
    for (place, leg) in legs.enumerated() {
      let credited = credited(leg, token)
      if credited != leg.units {
        if credits == nil { credits = Array(repeating: .full, count: legs.count) }
        credits?[place] = credited.isZero ? .none : .other(credited)
      }
      guard !credited.isZero else { continue }
      // What the token keeps is gone too; the sum of all legs was checked to fit.
      gone = (try? gone.adding(leg.units)) ?? gone
      change(Holding(token: token, owner: leg.to)) { purse in
        purse.units = (try? purse.units.adding(credited)) ?? .max
        purse.received = (try? purse.received.adding(credited)) ?? .max
        purse.times += 1
      }
    }
    take(gone, of: token, from: from)
    return credits
  }

  private func credited(_ leg: SimulatedTransaction.Leg, _ token: EVMAddress?) -> UInt256 {
    guard token != nil, !behaviors.isEmpty, let behavior = behaviors[leg.to] else { return leg.units }
    switch behavior {
    case .rejects, .withoutEffect: return .zero
    case .feeOnTransfer(let percent):
      let hundredth = leg.units.quotientAndRemainder(dividingBy: 100)?.quotient ?? .zero
      let kept = (try? hundredth.multiplied(by: UInt256(min(percent, 100)))) ?? .zero
      return (try? leg.units.subtracting(max(kept, .one))) ?? .zero
    }
  }

  private mutating func take(_ units: UInt256, of token: EVMAddress?, from account: EVMAddress) {
    change(Holding(token: token, owner: account)) { $0.units = (try? $0.units.subtracting(units)) ?? .zero }
  }

  private mutating func change(_ holding: Holding, _ body: (inout Purse) -> Void) {
    var purse = purses[holding] ?? Purse()
    if settings.finalityDepth > 0 { journals[head, default: []].append(.purse(holding, purse)) }
    body(&purse)
    purses[holding] = purse
  }
}

extension SimulatedTransaction {
  var legCount: Int { if case .pay(_, let legs) = action { legs.count } else { 1 } }
}
