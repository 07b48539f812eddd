package import Codecs

/// Dry run.
package struct AutomationDryRunPlannedEvent: LotteryEventBody {
  package static let category: EventCategory? = .automation
  package let botOperator: LotteryAddress
  package let actionId: UInt64
  package let actionHash: [UInt8]
  package let executesAfterTs: UInt64

  package init(botOperator: LotteryAddress, actionId: UInt64, actionHash: [UInt8], executesAfterTs: UInt64) {
    self.botOperator = botOperator
    self.actionId = actionId
    self.actionHash = actionHash
    self.executesAfterTs = executesAfterTs
  }

  package func encode(to bytes: inout BCS.Writer) {
    botOperator.encode(to: &bytes)
    bytes.append(actionId)
    bytes.append(bytes: actionHash)
    bytes.append(executesAfterTs)
  }
}

/// Rejection report.
package struct AutomationCallRejectedEvent: LotteryEventBody {
  package static let category: EventCategory? = .automation
  package let botOperator: LotteryAddress
  package let actionId: UInt64
  package let actionHash: [UInt8]
  package let reasonCode: UInt64

  package init(botOperator: LotteryAddress, actionId: UInt64, actionHash: [UInt8], reasonCode: UInt64) {
    self.botOperator = botOperator
    self.actionId = actionId
    self.actionHash = actionHash
    self.reasonCode = reasonCode
  }

  package func encode(to bytes: inout BCS.Writer) {
    botOperator.encode(to: &bytes)
    bytes.append(actionId)
    bytes.append(bytes: actionHash)
    bytes.append(reasonCode)
  }
}

/// Register and rotate.
package struct AutomationKeyRotatedEvent: LotteryEventBody {
  package static let category: EventCategory? = .automation
  package let botOperator: LotteryAddress
  package let scheduleHash: [UInt8]
  package let expiresAt: UInt64

  package init(botOperator: LotteryAddress, scheduleHash: [UInt8], expiresAt: UInt64) {
    self.botOperator = botOperator
    self.scheduleHash = scheduleHash
    self.expiresAt = expiresAt
  }

  package func encode(to bytes: inout BCS.Writer) {
    botOperator.encode(to: &bytes)
    bytes.append(bytes: scheduleHash)
    bytes.append(expiresAt)
  }
}

/// Success and failure (values after the update).
package struct AutomationTickEvent: LotteryEventBody {
  package static let category: EventCategory? = .automation
  package let botOperator: LotteryAddress
  package let actionId: UInt64
  package let actionHash: [UInt8]
  package let executedTs: UInt64
  package let success: Bool
  package let reputationScore: UInt64
  package let successStreak: UInt64
  package let failureCount: UInt64

  package init(
    botOperator: LotteryAddress, actionId: UInt64, actionHash: [UInt8], executedTs: UInt64, success: Bool,
    reputationScore: UInt64, successStreak: UInt64, failureCount: UInt64
  ) {
    self.botOperator = botOperator
    self.actionId = actionId
    self.actionHash = actionHash
    self.executedTs = executedTs
    self.success = success
    self.reputationScore = reputationScore
    self.successStreak = successStreak
    self.failureCount = failureCount
  }

  package func encode(to bytes: inout BCS.Writer) {
    botOperator.encode(to: &bytes)
    bytes.append(actionId)
    bytes.append(bytes: actionHash)
    bytes.append(executedTs)
    bytes.append(success)
    bytes.append(reputationScore)
    bytes.append(successStreak)
    bytes.append(failureCount)
  }
}

/// Failure (v1 swaps the last two values ). Schema 1 gives the last two values in each other's place.
package struct AutomationErrorEvent: LotteryEventBody {
  package static let category: EventCategory? = .automation
  package let botOperator: LotteryAddress
  package let actionId: UInt64
  package let actionHash: [UInt8]
  package let errorCode: UInt64
  package let timestamp: UInt64

  package init(botOperator: LotteryAddress, actionId: UInt64, actionHash: [UInt8], errorCode: UInt64, timestamp: UInt64)
  {
    self.botOperator = botOperator
    self.actionId = actionId
    self.actionHash = actionHash
    self.errorCode = errorCode
    self.timestamp = timestamp
  }

  package func encode(to bytes: inout BCS.Writer) {
    botOperator.encode(to: &bytes)
    bytes.append(actionId)
    bytes.append(bytes: actionHash)
    bytes.append(errorCode)
    bytes.append(timestamp)
  }
}
