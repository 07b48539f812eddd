import Lottery

/// Caps: what is paid under a cap never exceeds it, nonces only grow by their stride, and lists are as a plain model
/// has them.
enum CapHistory {
  private struct Partner {
    let partner: LotteryAddress
    let total: UInt64
    var paid: UInt64 = 0
    var payouts: UInt64 = 0
  }

  static func violations(seed: UInt64, schema: Schema) throws -> [String] {
    var history = RandomHistory(seed: seed)
    try history.engine.initRoles(schema: schema, history.at())
    var partners: [Partner] = []
    // Batches of each scope since the cap was granted, and the operations money of all of them.
    var batches: [NonceScope: UInt64] = [:]
    var operationsPaid: UInt64 = 0
    for _ in 0..<60 {
      history.now += history.below(5)
      let address = LotteryAddress(1 + history.below(4))
      let context = history.at()
      switch history.below(6) {
      case 0:
        let total = history.amount()
        let done = history.attempt { (engine) throws(LotteryError) in
          try engine.upsertPartnerPayoutCapAdmin(
            partner: address, maxTotalPayout: total, payoutCooldownSecs: 0, nonceStride: 1, expiresAt: 0, context)
        }
        guard done.result != nil else { break }
        let fresh = Partner(partner: address, total: total)
        if let place = partners.firstIndex(where: { $0.partner == address }) {
          partners[place] = fresh
        } else {
          partners.append(fresh)
        }
      case 1:
        let done = history.attempt { (engine) throws(LotteryError) in
          try engine.revokePartnerPayoutCapAdmin(partner: address, context)
        }
        if done.result != nil, let place = partners.firstIndex(where: { $0.partner == address }) {
          partners.swapAt(place, partners.count - 1)
          partners.removeLast()
        }
      case 2, 3: pay(address, &partners, &history)
      case 4:
        let done = history.attempt { (engine) throws(LotteryError) in
          try engine.setPayoutBatchCapAdmin(
            holder: address, maxBatchSize: 9, operationsBudgetTotal: 50, cooldownSecs: 0, nonceStride: 1, context)
        }
        if done.result != nil { (batches, operationsPaid) = ([:], 0) }
      default: batch(&batches, &operationsPaid, &history)
      }
      let listed = (try? history.engine.listPartnerCaps()) ?? []
      history.expect(listed.map(\.partner) == partners.map(\.partner), "the list of partners")
      history.expect(
        zip(listed, partners).allSatisfy { $0.remainingPayout == $1.total - $1.paid }, "what a partner has left")
    }
    return history.violations
  }

  private static func pay(_ address: LotteryAddress, _ partners: inout [Partner], _ history: inout RandomHistory) {
    let (amount, now) = (history.below(30), history.now)
    let place = partners.firstIndex { $0.partner == address }
    let expected = place.map { partners[$0].payouts + 1 } ?? 1
    let nonce = history.chance(80) ? expected : history.below(5)
    let done = history.attempt { (engine) throws(LotteryError) in
      engine.apply(try engine.consumedPartnerPayout(partner: address, amount: amount, now: now, nonce: nonce))
    }
    guard done.result != nil else { return }
    guard let place else { return history.expect(false, "paid without a cap") }
    partners[place].paid += amount
    partners[place].payouts += 1
    history.expect(partners[place].paid <= partners[place].total, "paid beyond the cap")
    history.expect(nonce == partners[place].payouts, "a nonce out of order")
    if partners[place].paid > partners[place].total { partners[place].paid = partners[place].total }
  }

  private static func batch(
    _ batches: inout [NonceScope: UInt64], _ operationsPaid: inout UInt64, _ history: inout RandomHistory
  ) {
    let scopes: [NonceScope] = [.engine, .payouts(lottery: 1), .payouts(lottery: 2), .refunds(lottery: 1)]
    let scope = scopes[Int(history.below(UInt64(scopes.count)))]
    let (items, operations, now) = (history.below(12), history.below(20), history.now)
    let nonce = history.chance(80) ? batches[scope, default: 0] + 1 : history.below(4)
    let done = history.attempt { (engine) throws(LotteryError) in
      engine.apply(
        try engine.consumedPayoutBatch(items: items, operations: operations, now: now, nonce: nonce, scope: scope))
    }
    guard done.result != nil else { return }
    batches[scope, default: 0] += 1
    operationsPaid += operations
    history.expect(nonce == batches[scope], "a batch's nonce out of order")
    history.expect(items <= 9 && operationsPaid <= 50, "a batch beyond the cap")
  }
}
