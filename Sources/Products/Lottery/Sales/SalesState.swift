/// What was sold of one lottery: made by the first purchase, with price and shares of the config as it was then.
package struct SalesState: Equatable, Sendable {
  package internal(set) var ticketPrice: UInt64
  package internal(set) var distribution: SalesDistribution
  package internal(set) var accounting = Accounting()
  package internal(set) var proceedsAccum: UInt64 = 0
  package internal(set) var lastPurchaseTs: UInt64 = 0
  package internal(set) var lastPurchaseBlock: UInt64 = 0
  package internal(set) var blockPurchaseCount: UInt64 = 0
  package internal(set) var refund = RefundProgress()
  /// Who owns which ticket, and the commitment to that.
  package internal(set) var tickets: TicketRegister

  package init(ticketPrice: UInt64, distribution: SalesDistribution, schema: Schema) {
    self.ticketPrice = ticketPrice
    self.distribution = distribution
    tickets = TicketRegister(schema: schema)
  }

  package var ticketsSold: UInt64 { tickets.count }
}

/// How far the refund of a canceled lottery is.
package struct RefundProgress: Hashable, Sendable {
  package internal(set) var active = false
  /// Every ticket and all money that was left are back: views show the refund as over. Schema 2.
  package internal(set) var isComplete = false
  package internal(set) var round: UInt64 = 0
  package internal(set) var ticketsProcessed: UInt64 = 0
  package internal(set) var prizeTotal: UInt64 = 0
  package internal(set) var operationsTotal: UInt64 = 0
  package internal(set) var lastRefundTs: UInt64 = 0

  package init() {}
}

package struct RefundProgressView: Hashable, Sendable {
  package var active = false
  package var refundRound: UInt64 = 0
  package var ticketsRefunded: UInt64 = 0
  package var prizeRefunded: UInt64 = 0
  package var operationsRefunded: UInt64 = 0
  package var lastRefundTs: UInt64 = 0
  package var ticketsSold: UInt64 = 0
  package var proceedsAccum: UInt64 = 0

  package init() {}
}
