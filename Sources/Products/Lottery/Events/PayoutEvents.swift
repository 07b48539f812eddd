package import Codecs

/// Winner batch. Batches count from 0.
package struct WinnersComputedEvent: LotteryEventBody {
  package static let category: EventCategory? = .payout
  package let lotteryId: UInt64
  package let batchNo: UInt64
  package let assignedInBatch: UInt64
  package let totalAssigned: UInt64
  package let winnersBatchHash: [UInt8]
  package let checksumAfterBatch: [UInt8]

  package init(
    lotteryId: UInt64, batchNo: UInt64, assignedInBatch: UInt64, totalAssigned: UInt64, winnersBatchHash: [UInt8],
    checksumAfterBatch: [UInt8]
  ) {
    self.lotteryId = lotteryId
    self.batchNo = batchNo
    self.assignedInBatch = assignedInBatch
    self.totalAssigned = totalAssigned
    self.winnersBatchHash = winnersBatchHash
    self.checksumAfterBatch = checksumAfterBatch
  }

  package func encode(to bytes: inout BCS.Writer) {
    bytes.append(lotteryId)
    bytes.append(batchNo)
    bytes.append(assignedInBatch)
    bytes.append(totalAssigned)
    bytes.append(bytes: winnersBatchHash)
    bytes.append(bytes: checksumAfterBatch)
  }
}

/// Payout batch.
package struct PayoutBatchEvent: LotteryEventBody {
  package static let category: EventCategory? = .payout
  package let lotteryId: UInt64
  package let payoutRound: UInt64
  package let winnersPaid: UInt64
  package let prizePaid: UInt64
  package let operationsPaid: UInt64
  package let timestamp: UInt64

  package init(
    lotteryId: UInt64, payoutRound: UInt64, winnersPaid: UInt64, prizePaid: UInt64, operationsPaid: UInt64,
    timestamp: UInt64
  ) {
    self.lotteryId = lotteryId
    self.payoutRound = payoutRound
    self.winnersPaid = winnersPaid
    self.prizePaid = prizePaid
    self.operationsPaid = operationsPaid
    self.timestamp = timestamp
  }

  package func encode(to bytes: inout BCS.Writer) {
    bytes.append(lotteryId)
    bytes.append(payoutRound)
    bytes.append(winnersPaid)
    bytes.append(prizePaid)
    bytes.append(operationsPaid)
    bytes.append(timestamp)
  }
}

/// Partner payout.
package struct PartnerPayoutEvent: LotteryEventBody {
  package static let category: EventCategory? = .payout
  package let lotteryId: UInt64
  package let partner: LotteryAddress
  package let amount: UInt64
  package let payoutRound: UInt64
  package let timestamp: UInt64

  package init(lotteryId: UInt64, partner: LotteryAddress, amount: UInt64, payoutRound: UInt64, timestamp: UInt64) {
    self.lotteryId = lotteryId
    self.partner = partner
    self.amount = amount
    self.payoutRound = payoutRound
    self.timestamp = timestamp
  }

  package func encode(to bytes: inout BCS.Writer) {
    bytes.append(lotteryId)
    partner.encode(to: &bytes)
    bytes.append(amount)
    bytes.append(payoutRound)
    bytes.append(timestamp)
  }
}

/// Refund batch. Totals are cumulative; amounts are prize and operations together.
package struct RefundBatchEvent: LotteryEventBody {
  package static let category: EventCategory? = .refund
  package let lotteryId: UInt64
  package let refundRound: UInt64
  package let ticketsRefunded: UInt64
  package let prizeRefunded: UInt64
  package let operationsRefunded: UInt64
  package let totalTicketsRefunded: UInt64
  package let totalAmountRefunded: UInt64
  package let timestamp: UInt64

  package init(
    lotteryId: UInt64, refundRound: UInt64, ticketsRefunded: UInt64, prizeRefunded: UInt64, operationsRefunded: UInt64,
    totalTicketsRefunded: UInt64, totalAmountRefunded: UInt64, timestamp: UInt64
  ) {
    self.lotteryId = lotteryId
    self.refundRound = refundRound
    self.ticketsRefunded = ticketsRefunded
    self.prizeRefunded = prizeRefunded
    self.operationsRefunded = operationsRefunded
    self.totalTicketsRefunded = totalTicketsRefunded
    self.totalAmountRefunded = totalAmountRefunded
    self.timestamp = timestamp
  }

  package func encode(to bytes: inout BCS.Writer) {
    bytes.append(lotteryId)
    bytes.append(refundRound)
    bytes.append(ticketsRefunded)
    bytes.append(prizeRefunded)
    bytes.append(operationsRefunded)
    bytes.append(totalTicketsRefunded)
    bytes.append(totalAmountRefunded)
    bytes.append(timestamp)
  }
}
