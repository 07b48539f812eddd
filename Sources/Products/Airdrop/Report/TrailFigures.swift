import Audit
import Codecs
import Money

/// What the operators' audit records say about one campaign: files, approval, actions, reconciliation.
///
/// A record that does not read as expected is left out: the report shows what is written, `audit verify` judges it.
struct TrailFigures {
  private let campaign: String
  private(set) var loads = LoadFigures()
  private(set) var approvedAt: Timestamp?
  private(set) var reconciliation: ReconcileFigures?
  private(set) var life = LifeFigures()
  private var stated: Set<Int> = []
  private var isUnstated = false

  init(_ campaign: CampaignID) { self.campaign = campaign.description }

  /// Decimals of the asset, when every file was read with the same.
  var decimals: Int? { stated.count == 1 && !isUnstated ? stated.first : nil }

  mutating func add(_ record: AuditRecord) {
    let draft = record.draft
    guard draft.entity == "campaign", draft.entityID == campaign else { return }
    let details = (try? JSON.parse(draft.details)) ?? .null
    let at = Timestamp(milliseconds: record.at)
    switch draft.action {
    case "recipients.loaded": addLoad(details)
    case "campaign.approved": approvedAt = at
    case "reconcile.completed": reconciliation = ReconcileFigures(details, at: at)
    default: break
    }
    life.add(
      LifeFigures.Event(at: at, actor: draft.actor, action: draft.action, detail: TrailFigures.detail(draft, details)))
  }

  private mutating func addLoad(_ details: JSON) {
    loads.files += 1
    loads.rows += whole(details["rows"])
    loads.accepted += whole(details["accepted"])
    loads.rejected += whole(details["rejected"])
    loads.duplicates += whole(details["duplicates"])
    loads.newestHash = details["content_hash"]?.string
    let settings = (details["settings"]?.string).flatMap { try? JSON.parse($0) }
    let decimals = settings?["choices"]?["decimals"]?.uint64
    if let decimals, decimals <= UInt64(DecimalText.mostDecimals) {
      stated.insert(Int(decimals))
    } else {
      isUnstated = true
    }
  }

  /// A row count; what no file can hold counts as nothing, so that sums cannot overflow.
  private func whole(_ json: JSON?) -> Int64 {
    guard let value = json?.uint64, value <= UInt64(UInt32.max) * 1_000 else { return 0 }
    return Int64(value)
  }

  private static func detail(_ draft: AuditDraft, _ details: JSON) -> String {
    switch draft.action {
    case "recipients.loaded":
      "\(number(details["accepted"])) recipients from \(number(details["rows"])) rows, "
        + "\(number(details["rejected"])) rejected"
    case "campaign.approved": "\(number(details["count"])) recipients, root \(draft.root?.description ?? "-")"
    case "payout.failed": "\(number(details["count"])) queued payouts: \(details["reason"]?.string ?? "-")"
    case "reconcile.completed": details["clean"]?.bool == true ? "clean" : "rows do not match"
    default: details["reason"]?.string ?? ""
    }
  }

  private static func number(_ json: JSON?) -> String { json?.uint64.map { Wording.count($0) } ?? "?" }
}

extension ReconcileFigures {
  fileprivate init?(_ details: JSON, at: Timestamp) {
    guard let isClean = details["clean"]?.bool else { return nil }
    self.init(
      at: at, isClean: isClean, fromBlock: details["from_block"]?.number ?? "?",
      throughBlock: details["through_block"]?.number ?? "?", ordered: details["ordered"]?.string ?? "?",
      ledgerPaid: details["ledger_paid"]?.string ?? "?", onChain: details["on_chain"]?.string ?? "?",
      mismatches: (details["mismatches"]?.object?.members ?? []).prefix(20).map {
        Mismatch(kind: $0.key, count: $0.value.number ?? "?")
      })
  }
}
