package import Chains
package import Signing
import Synchronization

/// The signer's log in memory, for tests and the simulator: the same refusals as `SigningLogFile`, no durability.
///
/// It outlives a simulated crash of the engine because it is another object, as the file is another file.
package final class MemorySigningLog: SigningLog {
  private struct LaneKey: Hashable {
    let chain: ChainID
    let account: Address
  }
  private struct Lane {
    var fence: Int64 = 0
    var slots: [UInt64: [SlotRecord]] = [:]
  }
  private let lanes = Mutex<[LaneKey: Lane]>([:])

  package init() {}

  package func highestFence(_ chain: ChainID, _ account: Address) throws(SigningError) -> Int64 {
    lanes.withLock { $0[LaneKey(chain: chain, account: account)]?.fence ?? 0 }
  }

  package func raiseFence(_ chain: ChainID, _ account: Address, to fence: Int64) throws(SigningError) {
    lanes.withLock { lanes in
      let key = LaneKey(chain: chain, account: account)
      let known = lanes[key]?.fence ?? 0
      if fence > known { lanes[key, default: Lane()].fence = fence }
    }
  }

  package func records(
    _ chain: ChainID, _ account: Address, slots: [UInt64]
  ) throws(SigningError) -> [SlotRecord] {
    lanes.withLock { lanes in
      guard let lane = lanes[LaneKey(chain: chain, account: account)] else { return [] }
      return slots.flatMap { lane.slots[$0] ?? [] }
    }
  }

  package func records(
    _ chain: ChainID, _ account: Address, from slot: UInt64, limit: Int
  ) throws(SigningError) -> [SlotRecord] {
    lanes.withLock { lanes in
      guard let lane = lanes[LaneKey(chain: chain, account: account)] else { return [] }
      let slots = lane.slots.keys.filter { $0 >= slot }.sorted()
      return Array(slots.lazy.flatMap { lane.slots[$0] ?? [] }.prefix(max(0, limit)))
    }
  }

  package func permit(_ chain: ChainID, _ records: [SlotRecord]) throws(SigningError) {
    try lanes.withLock { lanes throws(SigningError) in
      var changed = lanes
      for record in records {
        let key = LaneKey(chain: chain, account: record.account)
        var lane = changed[key] ?? Lane()
        guard record.fence >= lane.fence else { throw SigningLogRefusal.staleFence(record.fence, lane.fence) }
        lane.fence = record.fence
        let known = lane.slots[record.slot] ?? []
        if record.kind != .void,
          known.contains(where: { $0.kind != .void && $0.payloadDigest != record.payloadDigest })
        {
          throw SigningLogRefusal.slotTaken(record.slot)
        }
        if !known.contains(where: { $0.signingHash == record.signingHash }) {
          lane.slots[record.slot] = known + [record]
        }
        changed[key] = lane
      }
      lanes = changed
    }
  }

  package func complete(_ chain: ChainID, _ records: [SlotRecord]) throws(SigningError) {
    try lanes.withLock { lanes throws(SigningError) in
      var changed = lanes
      for record in records {
        let key = LaneKey(chain: chain, account: record.account)
        guard
          let place = changed[key]?.slots[record.slot]?.firstIndex(where: { $0.signingHash == record.signingHash })
        else { throw SigningLogRefusal.notPermitted(record.slot) }
        guard record.signed != nil else { throw SigningLogRefusal.unsigned(record.slot) }
        changed[key]?.slots[record.slot]?[place] = record
      }
      lanes = changed
    }
  }
}
