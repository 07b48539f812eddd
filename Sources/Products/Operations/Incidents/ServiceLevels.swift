/// What an incident is about; each kind has milestones and the time by which they must be reached.
package enum IncidentKind: String, CaseIterable, Sendable {
  case incident
  case vrfDeposit = "vrf-deposit"
  case salesPause = "sales-pause"
  case partner, cancellation, refund, support, vulnerability

  /// Which type of event its row of the log gets.
  package var rowType: String {
    switch self {
    case .incident, .salesPause, .partner, .support: "Incident"
    case .vrfDeposit: "VRF top-up"
    case .cancellation, .refund: "Cancellation"
    case .vulnerability: "Bug bounty"
    }
  }
}

/// One promise: what must have happened how many seconds after the incident began.
package struct ServiceLevel: Hashable, Sendable {
  package let milestone: String
  package let seconds: Int64

  /// The promises for an incident, the nearest first. Source: specification of the operator tools, 3.4.
  package static func all(_ kind: IncidentKind, _ severity: IncidentSeverity) -> [ServiceLevel] {
    var levels: [String: Int64] = [:]
    switch severity {
    case .critical: levels = ["acknowledged": 15 * minute, "closed": 24 * hour, "reported": 24 * hour]
    case .high: levels = ["acknowledged": 30 * minute, "closed": 24 * hour, "reported": 24 * hour]
    case .medium: levels = ["closed": 72 * hour, "reported": 72 * hour]
    case .low: break
    }
    switch kind {
    case .incident: break
    case .vrfDeposit: levels["topped-up"] = 15 * minute
    case .salesPause: levels["paused"] = 5 * minute
    case .partner: levels["answered"] = 30 * minute
    case .cancellation: levels["refunded"] = 24 * hour
    case .refund:
      levels = [
        "acknowledged": levels["acknowledged"] ?? 30 * minute, "players-notified": 30 * minute,
        "first-batch": 12 * hour,
        "refunded": 24 * hour, "retrospective": 72 * hour,
      ]
    case .support: levels = ["acknowledged": 15 * minute, "resolved": 4 * hour]
    case .vulnerability:
      levels = ["acknowledged": 48 * hour, "triaged": 72 * hour]
      if severity == .critical { levels["fixed"] = 14 * 24 * hour }
      if severity == .high { levels["fixed"] = 30 * 24 * hour }
    }
    return levels.map { ServiceLevel(milestone: $0.key, seconds: $0.value) }
      .sorted { ($0.seconds, $0.milestone) < ($1.seconds, $1.milestone) }
  }

  /// Every milestone that some kind of incident has.
  package static let milestones = Set(
    IncidentKind.allCases.flatMap { kind in IncidentSeverity.allCases.flatMap { all(kind, $0) } }.map(\.milestone))

  private static let minute: Int64 = 60
  private static let hour: Int64 = 3_600
}
