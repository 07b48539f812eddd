package import Chains
import Codecs
package import Money
import Transport
import Synchronization

extension EVMRail {
  package func fee(for purpose: Purpose, account: Address) throws(RailError) -> FeeTerms {
    let limit = try gasLimit(of: purpose, account: account)
    let today = try market(mayBeRemembered: true)
    return try terms(limit: limit, wanted: wanted(today), least: least(today))
  }

  package func expectedCost(of purpose: Purpose, account: Address) throws(RailError) -> UInt256 {
    let used: UInt64
    switch purpose {
    case .void: used = GasTable.transaction
    case .allowance: used = GasTable.usualApprove
    case .deploy(let code): used = gas.deploy(bytes: code.count)
    case .pay(let asset, let payees):
      guard let first = payees.first else { throw evmCodec.badRequest("a payment needs a payee") }
      let native = asset.token == nil
      let transfer = native ? 0 : try transferGas(asset, account: account, payee: first)
      used = gas.expected(count: payees.count, native: native, transfer: transfer)
    }
    let today = try market(mayBeRemembered: true)
    let (cost, overflow) = least(today).price.multipliedReportingOverflow(by: UInt256(used))
    guard !overflow else { throw RailError(.feeTooHigh, "the price of gas is beyond all numbers") }
    return cost
  }

  package func bumped(_ fee: FeeTerms) throws(RailError) -> FeeTerms {
    let today = try market(mayBeRemembered: false)
    let floor = Price(price: try raised(fee.price), tip: try raised(fee.tip))
    let wanted = wanted(today)
    let price = max(floor.price, wanted.price)
    let least = Price(price: max(floor.price, least(today).price), tip: max(floor.tip, wanted.tip))
    return try terms(
      limit: fee.limit, wanted: Price(price: max(price, least.tip), tip: least.tip),
      least: Price(price: max(least.price, least.tip), tip: least.tip))
  }

  // MARK: Price

  struct Price {
    let price: UInt256
    let tip: UInt256
  }

  /// The price we like to offer: headroom lets a transaction live through rising base fees without a bump.
  private func wanted(_ today: MarketView) -> Price {
    switch configuration.feeForm {
    case .dynamic:
      return Price(price: sum(percent(today.baseFee, 100 + configuration.headroomPercent), today.tip), tip: today.tip)
    case .legacy:
      // A legacy price is paid in full, so headroom is money: a tenth at most.
      let price = percent(today.gasPrice, 100 + min(10, configuration.headroomPercent))
      return Price(price: price, tip: price)
    }
  }

  /// The lowest price that would be carried now.
  private func least(_ today: MarketView) -> Price {
    switch configuration.feeForm {
    case .dynamic: Price(price: sum(today.baseFee, today.tip), tip: today.tip)
    case .legacy: Price(price: today.gasPrice, tip: today.gasPrice)
    }
  }

  /// What is wanted, cut to the cap; throws `rail.fee_too_high` when the cap is below what is needed.
  private func terms(limit: UInt64, wanted: Price, least: Price) throws(RailError) -> FeeTerms {
    guard let (cap, _) = configuration.mostFee.quotientAndRemainder(dividingBy: limit), cap >= least.price else {
      throw RailError(
        .feeTooHigh, "\(limit) gas at \(least.price) wei is above the cap of \(configuration.mostFee) wei",
        hint: "wait for a lower price, use smaller batches, or raise AM_MAX_FEE")
    }
    let price = min(wanted.price, cap)
    return FeeTerms(limit: limit, price: price, tip: configuration.feeForm == .legacy ? price : min(wanted.tip, price))
  }

  /// Raised by what every pool asks for, and by one wei at least.
  private func raised(_ value: UInt256) throws(RailError) -> UInt256 {
    let up = percent(value, 100 + EVMRail.bumpPercent)
    guard up < UInt256.max else { throw RailError(.feeTooHigh, "the price cannot be raised any more") }
    return sum(up, .one)
  }

  /// Prices by the lower median, which no minority of nodes can move past an honest one.
  private func market(mayBeRemembered: Bool) throws(RailError) -> MarketView {
    let now = ContinuousClock.now
    if mayBeRemembered, let known = marketMemory.withLock({ $0.price }), known.at.duration(to: now) < EVMRail.priceLife
    {
      return known.view
    }
    let form = configuration.feeForm
    let (views, failures) = fleet.ask(settled: { $0.count >= self.quorum.size }) {
      conversation throws(EndpointFailure) in
      try conversation.market(form)
    }
    guard views.count >= quorum.size else { throw noQuorum("the price of gas", failures) }
    let view = MarketView(
      baseFee: median(views.values.map(\.baseFee)), tip: median(views.values.map(\.tip)),
      gasPrice: median(views.values.map(\.gasPrice)))
    marketMemory.withLock { $0.price = (view, now) }
    return view
  }

  private static var priceLife: Duration { .seconds(2) }

  private func median(_ values: [UInt256]) -> UInt256 {
    let sorted = values.sorted()
    return sorted.isEmpty ? .zero : sorted[(sorted.count - 1) / 2]
  }

  private func sum(_ a: UInt256, _ b: UInt256) -> UInt256 {
    let (sum, overflow) = a.addingReportingOverflow(b)
    return overflow ? .max : sum
  }

  /// Rounded up; the largest number instead of an overflow, which the cap then refuses.
  private func percent(_ value: UInt256, _ percent: UInt64) -> UInt256 {
    let (product, overflow) = value.multipliedReportingOverflow(by: UInt256(percent))
    guard !overflow, let (quotient, rest) = product.quotientAndRemainder(dividingBy: 100) else { return .max }
    return rest == 0 ? quotient : sum(quotient, .one)
  }

  // MARK: Gas

  private func gasLimit(of purpose: Purpose, account: Address) throws(RailError) -> UInt64 {
    switch purpose {
    case .void: return GasTable.transaction
    case .allowance: return min(configuration.mostGas, GasTable.approve)
    case .deploy(let code): return gas.deploy(bytes: code.count)
    case .pay(let asset, let payees):
      guard let first = payees.first else { throw evmCodec.badRequest("a payment needs a payee") }
      let native = asset.token == nil
      let transfer = native ? 0 : try transferGas(asset, account: account, payee: first)
      let toContract = native && payees.count == 1 ? try mayRunCode(first.address) : false
      return gas.pay(count: payees.count, native: native, transfer: transfer, toContract: toContract)
    }
  }

  /// Whether any node sees code at the address: more gas than needed costs nothing, less fails the payment.
  private func mayRunCode(_ address: Address) throws(RailError) -> Bool {
    let recipient = try evmCodec.evm(address)
    let answers = try ask("the code of a recipient") { conversation throws(EndpointFailure) -> Bool in
      guard let code = try conversation.first(try conversation.begin([.code(recipient, "latest")])).data else {
        throw EndpointFailure(.malformed, "code is data")
      }
      return !code.isEmpty
    }
    return answers.values.contains(true)
  }

  /// The most that any node says one transfer of the token needs, within bounds; asked once for each token.
  private func transferGas(_ asset: AssetID, account: Address, payee: Payee) throws(RailError) -> UInt64 {
    guard let token = try evmCodec.token(of: asset) else { return 0 }
    if let known = marketMemory.withLock({ $0.transferGas[token] }) { return known }
    let data = ERC20.transfer(to: try evmCodec.evm(payee.address), payee.units)
    let from = try evmCodec.evm(account)
    let (answers, _) = fleet.ask(settled: { $0.count >= self.quorum.size }) {
      conversation throws(EndpointFailure) -> UInt64 in
      let call: JSON = ["from": .data(from.bytes), "to": .data(token.bytes), "data": .data(data)]
      let answer = try conversation.first(try conversation.begin([RPCCall("eth_estimateGas", [call])]))
      guard let gas = answer.quantity else { throw EndpointFailure(.malformed, "gas is a quantity") }
      return gas
    }
    // A call that would fail today (no balance yet) has no estimate; the usual bound serves until one is had.
    guard let most = answers.values.max(), most > GasTable.transaction else { return GasTable.usualTransfer }
    let range = GasTable.transferRange
    let bounded = min(max(most - GasTable.transaction, range.lowerBound), range.upperBound)
    marketMemory.withLock { $0.transferGas[token] = bounded }
    return bounded
  }
}

extension Conversation {
  /// Today's prices. A node that has no opinion on tips is taken to mean the gas price above the base fee.
  fileprivate func market(_ form: EVMCodec.FeeForm) throws(EndpointFailure) -> MarketView {
    var calls = [RPCCall("eth_getBlockByNumber", ["latest", false]), RPCCall("eth_gasPrice")]
    if form == .dynamic { calls.append(RPCCall("eth_maxPriorityFeePerGas")) }
    let replies = try begin(calls)
    let head = try BlockHeader(try first(replies))
    guard let gasPrice = try replies.dropFirst().first.orMalformed().get().quantity256 else {
      throw EndpointFailure(.malformed, "a price is a quantity")
    }
    guard form == .dynamic else { return MarketView(baseFee: .zero, tip: gasPrice, gasPrice: gasPrice) }
    guard let baseFee = head.baseFee else {
      throw EndpointFailure(.refused, "the chain has no base fee: use legacy fees")
    }
    let above = gasPrice.subtractingReportingOverflow(baseFee)
    var tip = above.overflow ? UInt256.zero : above.partialValue
    if case .success(let value)? = replies.last, let stated = value.quantity256 { tip = stated }
    return MarketView(baseFee: baseFee, tip: tip, gasPrice: gasPrice)
  }
}
