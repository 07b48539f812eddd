package import Codecs

/// What the engine does for a bot, with everything that it depends on, so that an announcement names one act and no
/// other. Not in schema 1, where a bot acted elsewhere and only said so (GAP 20).
package enum AutomationEffect: Hashable, Sendable, BCSEncodable {
  case autoClose(lottery: UInt64)
  case retryVrf(lottery: UInt64)
  case payoutBatch(lottery: UInt64, round: UInt64, winnersPaid: UInt64, prizePaid: UInt64, operationsPaid: UInt64)
  case cancel(lottery: UInt64, reason: UInt8)

  package var action: AutomationAction {
    switch self {
    case .autoClose: .autoClose
    case .retryVrf: .retryVrf
    case .payoutBatch: .payoutBatch
    case .cancel: .cancel
    }
  }

  /// What a bot announces: SHA3-256 of the bytes.
  package var digest: [UInt8] { Keccak.sha3(bcs).bytes }

  package func encode(to bytes: inout BCS.Writer) {
    bytes.append(action.rawValue)
    switch self {
    case .autoClose(let lottery), .retryVrf(let lottery): bytes.append(lottery)
    case .payoutBatch(let lottery, let round, let winnersPaid, let prizePaid, let operationsPaid):
      bytes.append(lottery)
      bytes.append(round)
      bytes.append(winnersPaid)
      bytes.append(prizePaid)
      bytes.append(operationsPaid)
    case .cancel(let lottery, let reason):
      bytes.append(lottery)
      bytes.append(reason)
    }
  }
}

extension VrfDeposit.Reading {
  /// What a bot announces before it writes a reading: SHA3-256 of the four numbers.
  package func digest(at timestamp: UInt64) -> Hash32 {
    var bytes = BCS.Writer()
    bytes.append(total)
    bytes.append(minimum)
    bytes.append(effective)
    bytes.append(timestamp)
    return Keccak.sha3(bytes.bytes)
  }
}
