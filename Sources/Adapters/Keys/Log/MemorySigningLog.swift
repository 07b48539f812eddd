package import Chains
import Codecs
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
    /// Place of each slot's first permission among those of all lanes.
    var order: [UInt64: Int64] = [:]
    var claims: [UInt64: [PayoutClaim]] = [:]
    var released: Set<UInt64> = []
  }
  private let lanes = Mutex<[LaneKey: Lane]>([:])

  package init() {}

  package func accounts(_ chain: ChainID) throws(SigningError) -> [Address] {
    lanes.withLock { lanes in lanes.keys.filter { $0.chain == chain }.map(\.account).sorted() }
  }

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

  /// As the port says; also raises the fence to that of the records.
  /// Throws `signing.stale_fence` or `signing.slot_taken`, and then changes nothing.
  package func order(
    _ chain: ChainID, _ account: Address, slots: [UInt64]
  ) throws(SigningError) -> [UInt64: Int64] {
    lanes.withLock { lanes in
      guard let lane = lanes[LaneKey(chain: chain, account: account)] else { return [:] }
      return Dictionary(uniqueKeysWithValues: Set(slots).compactMap { slot in lane.order[slot].map { (slot, $0) } })
    }
  }

  package func permit(_ chain: ChainID, _ records: [SlotRecord]) throws(SigningError) {
    try lanes.withLock { lanes throws(SigningError) in
      // Checked whole before anything is written; what one call brings counts for its own later records.
      var digests: [LaneKey: [UInt64: Hash32]] = [:]
      for record in records {
        let key = LaneKey(chain: chain, account: record.account)
        let fence = lanes[key]?.fence ?? 0
        guard record.fence >= fence else { throw SigningLogRefusal.staleFence(record.fence, fence) }
        if let claim = record.claim {
          let place = SlotPlace(account: record.account, slot: record.slot)
          let brought = records.contains {
            $0.claim?.overlaps(claim) == true && ($0.account != record.account || $0.slot != record.slot)
          }
          guard !brought, MemorySigningLog.holders(chain, claim, lanes).allSatisfy({ $0 == place }) else {
            throw SigningLogRefusal.payoutTaken(record.slot)
          }
        }
        guard record.kind != .void else { continue }
        let known = digests[key]?[record.slot] ?? lanes[key]?.slots[record.slot]?.content
        guard known == nil || known == record.payloadDigest else { throw SigningLogRefusal.slotTaken(record.slot) }
        digests[key, default: [:]][record.slot] = record.payloadDigest
      }
      for record in records {
        let key = LaneKey(chain: chain, account: record.account)
        lanes[key, default: Lane()].fence = max(record.fence, lanes[key]?.fence ?? 0)
        if lanes[key]?.order[record.slot] == nil {
          lanes[key, default: Lane()].order[record.slot] = lanes.values.reduce(1) { $0 + Int64($1.order.count) }
        }
        lanes[key, default: Lane()].slots[record.slot, default: []].add(record)
        if let claim = record.claim { lanes[key, default: Lane()].claims[record.slot, default: []].append(claim) }
      }
    }
  }

  package func holders(_ chain: ChainID, _ claim: PayoutClaim) throws(SigningError) -> [SlotPlace] {
    lanes.withLock { MemorySigningLog.holders(chain, claim, $0) }
  }

  private static func holders(_ chain: ChainID, _ claim: PayoutClaim, _ lanes: [LaneKey: Lane]) -> [SlotPlace] {
    lanes.filter { $0.key.chain == chain }.flatMap { key, lane in
      lane.claims.filter { !lane.released.contains($0.key) && $0.value.contains { $0.overlaps(claim) } }
        .map { SlotPlace(account: key.account, slot: $0.key) }
    }
  }

  package func release(_ chain: ChainID, _ place: SlotPlace, evidence: String) throws(SigningError) {
    lanes.withLock { lanes in
      _ = lanes[LaneKey(chain: chain, account: place.account)]?.released.insert(place.slot)
    }
  }

  /// As the port says. Throws `signing.log_failed` for a record without permit, and then changes nothing.
  package func complete(_ chain: ChainID, _ records: [SlotRecord]) throws(SigningError) {
    try lanes.withLock { lanes throws(SigningError) in
      var places: [Int] = []
      for record in records {
        guard record.signed != nil else { throw SigningLogRefusal.unsigned(record.slot) }
        guard
          let place = lanes[LaneKey(chain: chain, account: record.account)]?.slots[record.slot]?.place(of: record)
        else { throw SigningLogRefusal.notPermitted(record.slot) }
        places.append(place)
      }
      for (record, place) in zip(records, places) {
        lanes[LaneKey(chain: chain, account: record.account)]?.slots[record.slot]?[place] = record
      }
    }
  }
}

extension [SlotRecord] {
  /// What the slot was permitted for, voids left out.
  fileprivate var content: Hash32? { first { $0.kind != .void }?.payloadDigest }

  fileprivate func place(of record: SlotRecord) -> Int? { firstIndex { $0.signingHash == record.signingHash } }

  fileprivate mutating func add(_ record: SlotRecord) {
    if place(of: record) == nil { append(record) }
  }
}
