package import Codecs

/// Snapshot / alert.
package struct VrfDepositSnapshotEvent: LotteryEventBody {
  package static let category: EventCategory? = .infrastructure
  package let totalBalance: UInt64
  package let minimumBalance: UInt64
  package let effectiveBalance: UInt64
  package let requiredMinimum: UInt64
  package let effectiveFloor: UInt64
  package let timestamp: UInt64

  package init(
    totalBalance: UInt64, minimumBalance: UInt64, effectiveBalance: UInt64, requiredMinimum: UInt64,
    effectiveFloor: UInt64, timestamp: UInt64
  ) {
    self.totalBalance = totalBalance
    self.minimumBalance = minimumBalance
    self.effectiveBalance = effectiveBalance
    self.requiredMinimum = requiredMinimum
    self.effectiveFloor = effectiveFloor
    self.timestamp = timestamp
  }

  package func encode(to bytes: inout BCS.Writer) {
    bytes.append(totalBalance)
    bytes.append(minimumBalance)
    bytes.append(effectiveBalance)
    bytes.append(requiredMinimum)
    bytes.append(effectiveFloor)
    bytes.append(timestamp)
  }
}

/// Snapshot / alert.
package struct VrfDepositAlertEvent: LotteryEventBody {
  package static let category: EventCategory? = .infrastructure
  package let totalBalance: UInt64
  package let minimumBalance: UInt64
  package let effectiveBalance: UInt64
  package let requiredMinimum: UInt64
  package let effectiveFloor: UInt64
  package let timestamp: UInt64

  package init(
    totalBalance: UInt64, minimumBalance: UInt64, effectiveBalance: UInt64, requiredMinimum: UInt64,
    effectiveFloor: UInt64, timestamp: UInt64
  ) {
    self.totalBalance = totalBalance
    self.minimumBalance = minimumBalance
    self.effectiveBalance = effectiveBalance
    self.requiredMinimum = requiredMinimum
    self.effectiveFloor = effectiveFloor
    self.timestamp = timestamp
  }

  package func encode(to bytes: inout BCS.Writer) {
    bytes.append(totalBalance)
    bytes.append(minimumBalance)
    bytes.append(effectiveBalance)
    bytes.append(requiredMinimum)
    bytes.append(effectiveFloor)
    bytes.append(timestamp)
  }
}

/// Pause edge.
package struct VrfRequestsPausedEvent: LotteryEventBody {
  package static let category: EventCategory? = .infrastructure
  package let pausedSinceTs: UInt64

  package init(pausedSinceTs: UInt64) {
    self.pausedSinceTs = pausedSinceTs
  }

  package func encode(to bytes: inout BCS.Writer) {
    bytes.append(pausedSinceTs)
  }
}

/// Resume edge.
package struct VrfRequestsResumedEvent: LotteryEventBody {
  package static let category: EventCategory? = .infrastructure
  package let resumedTs: UInt64

  package init(resumedTs: UInt64) {
    self.resumedTs = resumedTs
  }

  package func encode(to bytes: inout BCS.Writer) {
    bytes.append(resumedTs)
  }
}
