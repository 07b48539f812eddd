/// An identifier that cannot be passed where another kind is expected: a 64-bit number, unique in one store.
package struct ID<Entity>: Hashable, Sendable, Comparable, CustomStringConvertible {
  package let raw: Int64

  @inlinable
  package init(_ raw: Int64) { self.raw = raw }

  package var description: String { String(raw) }

  @inlinable
  package static func < (a: ID, b: ID) -> Bool { a.raw < b.raw }
}

package enum CampaignEntity {}
package enum PayoutEntity {}
package enum BatchEntity {}
package enum AttemptEntity {}
package enum LaneEntity {}

/// A campaign's number in its store: 1, 2, 3, ...
package typealias CampaignID = ID<CampaignEntity>
/// `campaign << 32 | ordinal`: the ordinal is the place of the recipient in the sorted order of its load.
package typealias PayoutID = ID<PayoutEntity>
package typealias BatchID = ID<BatchEntity>
package typealias AttemptID = ID<AttemptEntity>
package typealias LaneID = ID<LaneEntity>

extension ID where Entity == PayoutEntity {
  package init(campaign: CampaignID, ordinal: UInt32) { self.init(campaign.raw << 32 | Int64(ordinal)) }
  package var campaign: CampaignID { CampaignID(raw >> 32) }
  package var ordinal: UInt32 { UInt32(truncatingIfNeeded: raw) }
}

/// Milliseconds since 1970-01-01T00:00:00Z, as a port's clock or a block says. Never read from the machine in the core.
package struct Timestamp: Hashable, Sendable, Comparable {
  package let milliseconds: Int64

  @inlinable
  package init(milliseconds: Int64) { self.milliseconds = milliseconds }

  @inlinable
  package static func < (a: Timestamp, b: Timestamp) -> Bool { a.milliseconds < b.milliseconds }

  /// Later by `milliseconds`; stays at the largest time instead of overflowing.
  package func advanced(byMilliseconds step: Int64) -> Timestamp {
    let (sum, overflow) = milliseconds.addingReportingOverflow(step)
    return Timestamp(milliseconds: overflow ? (step < 0 ? .min : .max) : sum)
  }
}
