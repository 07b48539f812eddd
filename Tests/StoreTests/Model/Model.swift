import Engine
import Money
import Payouts

/// What payouts, batches and money must do, without tables: a list of payouts, a list of batches, and who owns what.
struct Model {
  enum Place: Hashable {
    case queued
    /// Under a dead batch, waiting for a half.
    case waiting(BatchID)
    case submitted(BatchID)
    case stuck
    case confirmed
    case failed
    case compensated

    var status: PayoutStatus {
      switch self {
      case .queued, .waiting: .queued
      case .submitted, .stuck: .submitted
      case .confirmed: .confirmed
      case .failed: .failed
      case .compensated: .compensated
      }
    }
  }

  struct Promise {
    let intent: Intent
    let ordinals: [Int]
    var isSigned = false
    var isUnknown = false
  }

  var payouts: [Place] = []
  var live: [BatchID: Promise] = [:]
  var isRunning = false

  func worth(_ status: PayoutStatus) -> UInt256 {
    Bench.worth(payouts.indices.filter { payouts[$0].status == status })
  }

  /// Whether these payouts may be promised together, as a half of `parent` or of nothing.
  func allows(_ ordinals: [Int], halfOf parent: BatchID?) -> Bool {
    let wanted: Place = parent.map { .waiting($0) } ?? .queued
    return isRunning && !ordinals.isEmpty
      && ordinals.allSatisfy { payouts.indices.contains($0) && payouts[$0] == wanted }
  }

  var tally: Tally {
    var tally = Tally()
    for status in PayoutStatus.allCases {
      let count = Int64(payouts.count { $0.status == status })
      if count > 0 { tally.parts[status] = Tally.Part(count: count, units: worth(status)) }
    }
    tally.unknown =
      Int64(payouts.count { $0 == .stuck })
      + live.values.reduce(0) { $0 + ($1.isUnknown ? Int64($1.ordinals.count) : 0) }
    return tally
  }
}
