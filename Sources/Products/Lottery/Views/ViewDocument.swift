package import Codecs

/// Writes views as JSON, in the form that `ViewSchema` describes.
package struct ViewDocument: Hashable, Sendable {
  /// How 64-bit numbers are written.
  package let major: ViewSchema.Major

  package init(major: ViewSchema.Major = .one) { self.major = major }

  /// The minor number that this engine writes.
  private static let minor = 5

  /// The top object around views.
  package func envelope(updatedAt date: String?, views: JSONObject) -> JSON {
    var info = ViewObject(self)
    info.add("version", .string("\(major.rawValue).0.\(ViewDocument.minor)"))
    if let date { info.add("updated_at", .string(date)) }
    var top = ViewObject(self)
    top.add("info", info.json)
    top.add("views", .object(views))
    return top.json
  }

  /// A 64-bit number: a JSON number in 1.0.N, decimal text in 2.0.N (GAP 6).
  package func u64(_ value: UInt64) -> JSON { major == .one ? .integer(value) : .string("\(value)") }

  package func ids(_ ids: [UInt64]) -> JSON { .array(ids.map(u64)) }

  package func bytes(_ bytes: [UInt8]) -> JSON { .string(Hex.prefixed(bytes)) }

  // MARK: Records

  package func json(_ view: LotteryStatusView) -> JSON {
    var object = ViewObject(self)
    object.add("status", .integer(view.status))
    object.add("snapshot_frozen", .bool(view.snapshotFrozen))
    object.add("primary_type", .integer(view.primaryType))
    object.add("tags_mask", view.tagsMask)
    return object.json
  }

  package func json(badges: (primaryType: UInt8, tagsMask: UInt64)) -> JSON {
    var object = ViewObject(self)
    object.add("primary_type", .integer(badges.primaryType))
    object.add("tags_mask", badges.tagsMask)
    return object.json
  }

  package func json(_ view: BadgeMetadata) -> JSON {
    var object = ViewObject(self)
    object.add("primary_label", .string(view.primaryLabel))
    object.add("is_experimental", .bool(view.isExperimental))
    object.add("tags_mask", view.tagsMask)
    return object.json
  }

  package func json(_ accounting: Accounting) -> JSON {
    var object = ViewObject(self)
    object.add("total_sales", accounting.totalSales)
    object.add("total_allocated", accounting.totalAllocated)
    object.add("total_prize_paid", accounting.totalPrizePaid)
    object.add("total_operations_paid", accounting.totalOperationsPaid)
    object.add("total_operations_allocated", accounting.totalOperationsAllocated)
    object.add("jackpot_allowance_token", accounting.jackpotAllowanceToken)
    return object.json
  }

  package func json(_ status: VrfDeposit.Status) -> JSON {
    var object = ViewObject(self)
    object.add("total_balance", status.totalBalance)
    object.add("minimum_balance", status.minimumBalance)
    object.add("effective_balance", status.effectiveBalance)
    object.add("required_minimum", status.requiredMinimum)
    object.add("last_update_ts", status.lastUpdateTs)
    object.add("requests_paused", .bool(status.requestsPaused))
    object.add("paused_since_ts", status.pausedSinceTs)
    return object.json
  }

  package func json(_ summary: LotterySummary) -> JSON {
    var object = ViewObject(self)
    object.add("id", summary.id)
    object.add("status", .integer(summary.status))
    object.add("event_slug", bytes(summary.eventSlug))
    object.add("series_code", bytes(summary.seriesCode))
    object.add("run_id", summary.runId)
    object.add("tickets_sold", summary.ticketsSold)
    object.add("proceeds_accum", summary.proceedsAccum)
    object.add("total_allocated", summary.totalAllocated)
    object.add("total_prize_paid", summary.totalPrizePaid)
    object.add("total_operations_paid", summary.totalOperationsPaid)
    object.add("vrf_status", .integer(summary.vrfStatus))
    object.add("primary_type", .integer(summary.primaryType))
    object.add("tags_mask", summary.tagsMask)
    object.add("snapshot_hash", bytes(summary.snapshotHash))
    object.add("slots_checksum", bytes(summary.slotsChecksum))
    object.add("winners_batch_hash", bytes(summary.winnersBatchHash))
    object.add("checksum_after_batch", bytes(summary.checksumAfterBatch))
    object.add("payout_round", summary.payoutRound)
    object.add("created_at", summary.createdAt)
    object.add("closed_at", summary.closedAt)
    object.add("finalized_at", summary.finalizedAt)
    return object.json
  }
}

/// An object whose keys are written in code, in order.
struct ViewObject {
  private let document: ViewDocument
  private var object = JSONObject()

  init(_ document: ViewDocument) { self.document = document }

  mutating func add(_ key: String, _ value: JSON) {
    let isNew = object.append(key, value)
    precondition(isNew, "the key \(key) is written twice")
  }

  mutating func add(_ key: String, _ value: UInt64) { add(key, document.u64(value)) }

  var json: JSON { .object(object) }
}
