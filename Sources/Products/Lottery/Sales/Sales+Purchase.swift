extension LotteryEngine {
  /// Creates the sales store, once. Throws `notAuthorized`, `alreadyInitialized`.
  package mutating func initSales(_ context: Context) throws(LotteryError) {
    try requireAdmin(context)
    guard sales == nil else { throw LotteryError(.alreadyInitialized) }
    sales = SalesStore()
  }

  /// Sells `quantity` tickets to the caller. Throws, in the order of the specification (2.7), what stands in the way; an
  /// error over a rate limit carries the event for the record.
  package mutating func purchaseTicketsPublic(
    _ id: UInt64, quantity: UInt64, _ context: Context
  ) throws(LotteryError) -> [LotteryEvent] {
    try purchase(id, quantity, premium: false, context)
  }

  /// As `purchaseTicketsPublic`, for holders of premium access: they skip the rule of the last 15 seconds.
  package mutating func purchaseTicketsPremium(
    _ id: UInt64, quantity: UInt64, _ context: Context
  ) throws(LotteryError) -> [LotteryEvent] {
    try requireNotStopped()
    try requirePremium(context)
    return try purchase(id, quantity, premium: true, context)
  }

  private mutating func purchase(
    _ id: UInt64, _ quantity: UInt64, premium: Bool, _ context: Context
  ) throws(LotteryError) -> [LotteryEvent] {
    try requireNotStopped()
    guard quantity > 0 else { throw LotteryError(.purchaseQtyZero) }
    guard quantity <= Limits.ticketsPerPurchase else {
      throw LotteryError(.purchaseQtyLimit, "\(quantity) tickets, at most \(Limits.ticketsPerPurchase)")
    }
    try requireFeature(.purchase, premium: premium)
    let lottery = try lottery(id)
    guard lottery.status == .active else { throw LotteryError(.lotteryNotActive, "lottery \(id) is \(lottery.status)") }
    let window = lottery.config.salesWindow
    guard window.salesStart <= context.now, context.now <= window.salesEnd else {
      throw LotteryError(.salesWindowClosed, "sales run from \(window.salesStart) to \(window.salesEnd)")
    }
    guard sales != nil else { throw LotteryError(.registryMissing) }
    let sale = try decidedSale(lottery, quantity, premium: premium, context)
    write(sale, lottery, quantity, context)
    return [.ticketPurchase(sale.event)]
  }

  /// Everything that a sale changes, computed from the state as it is. The state itself is not held.
  private func decidedSale(
    _ lottery: Lottery, _ quantity: UInt64, premium: Bool, _ context: Context
  ) throws(LotteryError) -> Sale {
    let figures = SalesFigures(sales?.states[lottery.id], lottery, buyer: context.actor)
    let limits = lottery.config.ticketLimits
    let pace = try figures.pace(lottery, premium: premium, context)
    let sold = try figures.ticketsSold.adding(quantity)
    guard limits.maxTicketsTotal == 0 || sold <= limits.maxTicketsTotal else {
      throw LotteryError(.purchaseTotalLimit, "\(sold) of \(limits.maxTicketsTotal) tickets would be sold")
    }
    let owned = try figures.buyer.tickets.adding(quantity)
    guard limits.mayHold(owned) else {
      throw LotteryError(.purchaseAddressLimit, "\(owned) of \(limits.maxTicketsPerAddress) tickets would be held")
    }
    let amount = try quantity.multiplied(by: figures.ticketPrice, .amountOverflow)
    let split = try lottery.config.salesDistribution.split(amount)
    var buyer = pace.buyer
    buyer.tickets = owned
    let proceeds = try figures.proceedsAccum.adding(amount)
    return Sale(
      buyer: buyer, blockCount: pace.blockCount, accounting: try figures.accounting.selling(amount, split),
      event: TicketPurchaseEvent(
        lotteryId: lottery.id, buyer: context.actor, quantity: quantity, saleAmount: amount,
        prizeAllocation: split.prize, jackpotAllocation: split.jackpot, operationsAllocation: split.operations,
        reserveAllocation: split.reserve, ticketsSold: sold, proceedsAccum: proceeds))
  }

  private mutating func write(_ sale: Sale, _ lottery: Lottery, _ quantity: UInt64, _ context: Context) {
    let id = lottery.id
    if sales?.states[id] == nil {
      sales?.states[id] = SalesState(
        ticketPrice: lottery.config.ticketPrice, distribution: lottery.config.salesDistribution, schema: lottery.schema)
    }
    sales?.states[id]?.record(sale, quantity, context)
  }
}

extension TicketLimits {
  fileprivate func mayHold(_ owned: UInt64) -> Bool {
    #if ALMONER_MUTANTS
      if LotteryDeskMutant.addressLimitIgnored.isActive { return true }
    #endif
    return maxTicketsPerAddress == 0 || owned <= maxTicketsPerAddress
  }
}

/// One accepted purchase: what the state becomes.
struct Sale {
  let buyer: Buyer
  let blockCount: UInt64
  let accounting: Accounting
  let event: TicketPurchaseEvent
}

extension SalesState {
  fileprivate mutating func record(_ sale: Sale, _ quantity: UInt64, _ context: Context) {
    let place = tickets.buyers.admit(context.actor)
    tickets.buyers[place] = sale.buyer
    tickets.append(quantity: quantity, buyer: place)
    accounting = sale.accounting
    proceedsAccum = sale.event.proceedsAccum
    blockPurchaseCount = sale.blockCount
    lastPurchaseBlock = context.block
    lastPurchaseTs = context.now
  }
}
