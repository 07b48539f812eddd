package import Codecs

/// Purchase. The last two fields are totals after the sale.
package struct TicketPurchaseEvent: LotteryEventBody {
  package static let category: EventCategory? = .sales
  package let lotteryId: UInt64
  package let buyer: LotteryAddress
  package let quantity: UInt64
  package let saleAmount: UInt64
  package let prizeAllocation: UInt64
  package let jackpotAllocation: UInt64
  package let operationsAllocation: UInt64
  package let reserveAllocation: UInt64
  package let ticketsSold: UInt64
  package let proceedsAccum: UInt64

  package init(
    lotteryId: UInt64, buyer: LotteryAddress, quantity: UInt64, saleAmount: UInt64, prizeAllocation: UInt64,
    jackpotAllocation: UInt64, operationsAllocation: UInt64, reserveAllocation: UInt64, ticketsSold: UInt64,
    proceedsAccum: UInt64
  ) {
    self.lotteryId = lotteryId
    self.buyer = buyer
    self.quantity = quantity
    self.saleAmount = saleAmount
    self.prizeAllocation = prizeAllocation
    self.jackpotAllocation = jackpotAllocation
    self.operationsAllocation = operationsAllocation
    self.reserveAllocation = reserveAllocation
    self.ticketsSold = ticketsSold
    self.proceedsAccum = proceedsAccum
  }

  package func encode(to bytes: inout BCS.Writer) {
    bytes.append(lotteryId)
    buyer.encode(to: &bytes)
    bytes.append(quantity)
    bytes.append(saleAmount)
    bytes.append(prizeAllocation)
    bytes.append(jackpotAllocation)
    bytes.append(operationsAllocation)
    bytes.append(reserveAllocation)
    bytes.append(ticketsSold)
    bytes.append(proceedsAccum)
  }
}

/// Rejected purchase — lost with the abort. Travels in `LotteryError.audit`, because the purchase itself is undone.
package struct PurchaseRateLimitHitEvent: LotteryEventBody {
  package static let category: EventCategory? = .sales
  package let lotteryId: UInt64
  package let buyer: LotteryAddress
  package let timestamp: UInt64
  package let currentBlock: UInt64
  package let reasonCode: UInt8

  package init(lotteryId: UInt64, buyer: LotteryAddress, timestamp: UInt64, currentBlock: UInt64, reasonCode: UInt8) {
    self.lotteryId = lotteryId
    self.buyer = buyer
    self.timestamp = timestamp
    self.currentBlock = currentBlock
    self.reasonCode = reasonCode
  }

  package func encode(to bytes: inout BCS.Writer) {
    bytes.append(lotteryId)
    buyer.encode(to: &bytes)
    bytes.append(timestamp)
    bytes.append(currentBlock)
    bytes.append(reasonCode)
  }
}
