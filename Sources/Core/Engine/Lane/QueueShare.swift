import Chains
package import Money
import Payouts

/// The part of a campaign's queue that one of several lanes plans, so that workers who do not talk with each other do
/// not take the same payouts: the queue is cut into stripes of one batch each, dealt to the lanes in turn.
///
/// A courtesy, never a rule: what two lanes take at once, the store gives to the one that commits first.
package struct QueueShare: Hashable, Sendable {
  /// Which of the lanes, from 0.
  package let place: UInt32
  package let lanes: UInt32
  /// Payouts in a stripe.
  package let stripe: UInt32

  /// Nil when there is nothing to share: one lane, or a lane that is not among them.
  package init?(of lane: LaneID, among lanes: [LaneID], stripe: Int) {
    guard lanes.count > 1, let place = lanes.sorted().firstIndex(of: lane) else { return nil }
    self.place = UInt32(clamping: place)
    self.lanes = UInt32(clamping: lanes.count)
    self.stripe = UInt32(clamping: max(1, stripe))
  }

  package func owns(_ ordinal: UInt32) -> Bool { ordinal / stripe % lanes == place }

  /// The last ordinal of the stripe that holds this one.
  package func end(of ordinal: UInt32) -> UInt32 {
    let (end, over) = (ordinal / stripe * stripe).addingReportingOverflow(stripe - 1)
    return over ? .max : end
  }

  /// The first ordinal of the next stripe of this lane after the stripe that holds this one; nil past the last.
  package func next(after ordinal: UInt32) -> UInt32? {
    let current = UInt64(ordinal / stripe)
    let ahead = (UInt64(place) + UInt64(lanes) - current % UInt64(lanes)) % UInt64(lanes)
    let start = (current + (ahead == 0 ? UInt64(lanes) : ahead)) * UInt64(stripe)
    return UInt32(exactly: start)
  }
}

extension Lane {
  /// Lanes of the chain that somebody works at this moment, as far as the store shows: whoever is in doubt counts.
  static func worked(_ chain: ChainID, in lanes: [Lane], at now: Timestamp) -> [LaneID] {
    lanes.filter { $0.chain == chain && $0.mode == .open && !$0.isFree(at: now) }.map(\.id)
  }
}
