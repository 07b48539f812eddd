package import Codecs
package import Money

/// The transactions by which an operator configures a lottery, with the rules that they keep before anything is sent.
/// Source: specification of the operator tools, 1.10.
package enum ConfigurationCall {
  /// The function of a module, or what replaces it as it stands.
  package static func function(_ settings: MonitorSettings, _ module: String, _ name: String) -> String {
    "\(settings.addresses.lottery)::\(settings.modules[module])::\(name)"
  }

  package static func vrfGas(
    price: ChainAmount, limit: ChainAmount, callbackPrice: ChainAmount, callbackLimit: ChainAmount,
    verification: ChainAmount
  ) throws(OperationsError) -> [MoveValue] {
    guard callbackPrice <= price else { throw refusal("the callback's gas price is above the highest") }
    guard callbackLimit <= limit else { throw refusal("the callback's gas limit is above the highest") }
    return [price, limit, callbackPrice, callbackLimit, verification].map(\.moveValue)
  }

  package static func vrfRequest(
    rngCount: UInt64, confirmations: UInt64, clientSeed: UInt64
  ) throws(OperationsError) -> [MoveValue] {
    guard let count = UInt8(exactly: rngCount), count > 0 else { throw refusal("a request is for 1 to 255 numbers") }
    guard (1...20).contains(confirmations) else { throw refusal("confirmations are 1 to 20") }
    return [.u8(count), .u64(confirmations), .u64(clientSeed)]
  }

  package static func snapshot(_ amounts: [ChainAmount]) -> [MoveValue] { amounts.map(\.moveValue) }

  /// Seven shares in basis points: jackpot, prize, treasury, marketing, community, team, partners.
  package static func treasuryDistribution(_ shares: [UInt64]) throws(OperationsError) -> [MoveValue] {
    let sum = shares.reduce(UInt64(0)) { sum, share in
      let (next, overflow) = sum.addingReportingOverflow(share)
      return overflow ? .max : next
    }
    guard shares.count == 7, sum == 10_000 else {
      throw refusal("the shares make \(sum) basis points, not 10000")
    }
    return shares.map { .u64($0) }
  }

  /// The minimum and the fee that the call will set. Throws `operations.rule_broken` when they are not the expected ones.
  package static func minimumBalance(
    _ report: MonitorReport, expectedMinimum: ChainAmount?, expectedFee: ChainAmount?
  ) throws(OperationsError) -> (minimum: UInt256, fee: UInt256) {
    let minimum = ViewValue.integer(report.deposit.minBalance) ?? report.calculation.minBalance.value
    let fee = report.calculation.perRequestFee.value
    if let expectedMinimum, expectedMinimum.value != minimum {
      throw refusal("the minimum is \(minimum), not \(expectedMinimum)")
    }
    if let expectedFee, expectedFee.value != fee { throw refusal("the highest fee is \(fee), not \(expectedFee)") }
    return (minimum, fee)
  }

  /// Throws `operations.rule_broken` while any lottery waits for randomness.
  package static func removeSubscription(
    _ report: MonitorReport, allowsPendingRequest: Bool
  ) throws(OperationsError) {
    let waiting = report.lotteries.filter(\.hasPendingRequest).map { "\($0.id)" }
    guard allowsPendingRequest || waiting.isEmpty else {
      throw refusal("lotteries \(waiting.joined(separator: ", ")) wait for randomness")
    }
  }

  private static func refusal(_ why: String) -> OperationsError {
    OperationsError(.ruleBroken, why, hint: "nothing was sent")
  }
}

extension ChainAmount {
  /// As the chain's u128.
  package var moveValue: MoveValue {
    .u128(UInt128(value.limbs.1) << 64 | UInt128(value.limbs.0))
  }
}
