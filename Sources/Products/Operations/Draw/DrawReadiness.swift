package import Codecs
package import Money

/// Whether a draw may be asked for, and why not. Source: specification of the operator tools, 1.7.
package struct DrawReadiness: Equatable, Sendable {
  /// What is asked of a lottery before its draw.
  package struct Rules: Hashable, Sendable {
    package var minTickets: UInt64 = 5
    package var checksSchedule = true
    package var allowsPendingRequest = false
    package var checksMinBalance = true
    package var requiresAggregator = false
    /// Each must be in the whitelist, compared without regard to case.
    package var expectedAggregators: [String] = []
    package init() {}
  }

  package enum Reason: Equatable, Sendable {
    case ticketsUnknown
    case ticketsBelowMinimum(needed: UInt64, have: UInt256)
    case drawNotScheduled
    case pendingRequest
    case minBalanceNotMet
    case aggregatorsEmpty
    case aggregatorsMissing([String])

    /// Stable.
    package var code: String {
      switch self {
      case .ticketsUnknown: "tickets_unknown"
      case .ticketsBelowMinimum: "tickets_below_minimum"
      case .drawNotScheduled: "draw_not_scheduled"
      case .pendingRequest: "pending_request"
      case .minBalanceNotMet: "min_balance_not_met"
      case .aggregatorsEmpty: "aggregators_empty"
      case .aggregatorsMissing: "aggregators_missing"
      }
    }

    package var text: String {
      switch self {
      case .ticketsUnknown: "ticket count is unavailable"
      case .ticketsBelowMinimum(let needed, let have): "not enough tickets: need at least \(needed), have \(have)"
      case .drawNotScheduled: "draw is not scheduled (draw_scheduled=false)"
      case .pendingRequest: "a VRF request is already open (pending_request=true)"
      case .minBalanceNotMet: "deposit minimum balance condition is not met"
      case .aggregatorsEmpty: "aggregator whitelist is empty"
      case .aggregatorsMissing(let names): "aggregators not whitelisted: \(names.joined(separator: ", "))"
      }
    }
  }

  package let report: MonitorReport
  package let rules: Rules
  package let reasons: [Reason]
  /// Nil when the chain does not say.
  package let ticketCount: UInt256?

  package var isReady: Bool { reasons.isEmpty }

  /// Judges the primary lottery of a report. Throws `operations.unreadable` for a ticket count that is no number.
  package init(_ report: MonitorReport, rules: Rules) throws(OperationsError) {
    self.report = report
    self.rules = rules
    let lottery = report.primary
    var reasons: [Reason] = []
    if let count = lottery?.ticketCount {
      guard let tickets = ViewValue.integer(count) else {
        throw OperationsError(.unreadable, "the ticket count is no number")
      }
      ticketCount = tickets
      if tickets < UInt256(rules.minTickets) {
        reasons.append(.ticketsBelowMinimum(needed: rules.minTickets, have: tickets))
      }
    } else {
      ticketCount = nil
      reasons.append(.ticketsUnknown)
    }
    if rules.checksSchedule, !(lottery?.isScheduled ?? false) { reasons.append(.drawNotScheduled) }
    if !rules.allowsPendingRequest, lottery?.hasPendingRequest ?? false { reasons.append(.pendingRequest) }
    if rules.checksMinBalance, !report.isMinimumGood { reasons.append(.minBalanceNotMet) }
    let known = report.aggregators
    if rules.requiresAggregator, known.isEmpty { reasons.append(.aggregatorsEmpty) }
    let missing = rules.expectedAggregators.filter { wanted in
      !known.contains { $0.lowercased() == wanted.lowercased() }
    }
    if !missing.isEmpty { reasons.append(.aggregatorsMissing(missing)) }
    self.reasons = reasons
  }

  /// The short form for programs; with the report when asked for.
  package func summary(includingReport: Bool = false) -> JSON {
    let lottery = report.primary
    var object = ReportObject()
    object.add("ready", .bool(isReady))
    object.add("reasons", .array(reasons.map { ["code": .string($0.code), "text": .string($0.text)] }))
    object.add("ticket_count", ticketCount.map { .number($0.description) } ?? .null)
    object.add("min_tickets_required", .integer(rules.minTickets))
    object.add("draw_scheduled", .bool(lottery?.isScheduled ?? false))
    object.add("pending_request", .bool(lottery?.hasPendingRequest ?? false))
    object.add("pending_request_id", lottery?.openRequest ?? .null)
    object.add("min_balance_reached", .bool(report.deposit.isMinimumReached))
    object.add("aggregators", .array(report.aggregators.map { .string($0) }))
    if !rules.expectedAggregators.isEmpty {
      object.add("expected_aggregators", .array(rules.expectedAggregators.map { .string($0) }))
    }
    if report.settings.meaning == .chain { object.add("min_balance_ok", .bool(report.isMinimumGood)) }
    if includingReport { object.add("report", report.json) }
    return object.json
  }

  /// For people.
  package var lines: [String] {
    guard isReady else { return ["❌ The draw is not ready:"] + reasons.map { "- \($0.text)" } }
    let tickets = ticketCount?.description ?? "unknown"
    return ["✅ The draw is ready: \(tickets) tickets, at least \(rules.minTickets) needed"]
  }
}
