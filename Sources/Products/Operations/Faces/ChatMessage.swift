package import Codecs

/// The report as a message of a chat. Source: specification of the operator tools, 1.5.
package struct ChatMessage: Equatable, Sendable {
  /// What the receiving end takes.
  package enum Kind: String, CaseIterable, Sendable { case slack, generic, teams }

  package let report: MonitorReport
  package let title: String
  /// Whether the run ends as low, because `--fail-on-low` was asked for.
  package let isFailing: Bool
  package let includesReport: Bool

  package init(_ report: MonitorReport, title: String, isFailing: Bool, includesReport: Bool = false) {
    self.report = report
    self.title = title
    self.isFailing = isFailing
    self.includesReport = includesReport
  }

  package static let standardTitle = "Supra dVRF status"
  private static let lowLine = "⚠️ Deposit balance is below the required minimum!"

  private var head: String { "\(report.isBelowCalculated ? "⚠️" : "✅") \(title)" }

  /// Name and value of each line below the title.
  private var facts: [(name: String, value: String)] {
    let deposit = report.deposit
    var facts = [
      ("Profile", report.settings.profile), ("Deposit balance", ViewValue.text(deposit.balance)),
      ("Required minimum", report.calculation.minBalance.description),
      (
        "Gas limits",
        "price=\(ViewValue.text(deposit.maxGasPrice)) | limit=\(ViewValue.text(deposit.maxGasLimit))"
      ),
      ("Minimum balance flag", "\(deposit.isMinimumReached)"),
    ]
    if let lottery = report.primary { facts.append(("Lottery", ChatMessage.line(lottery))) }
    return facts
  }

  private static func line(_ lottery: MonitorReport.Lottery) -> String {
    var parts = ["lottery_id=\(lottery.id)"]
    if lottery.snapshot.object != nil {
      if let tickets = lottery.snapshot["ticket_count"] { parts.append("tickets=\(ViewValue.text(tickets))") }
      if let scheduled = lottery.snapshot["draw_scheduled"] { parts.append("scheduled=\(ViewValue.text(scheduled))") }
      if let pending = lottery.snapshot["has_pending_request"] {
        parts.append("has_pending=\(ViewValue.text(pending))")
      }
    }
    if !lottery.openRequest.isNull { parts.append("pending_request_id=\(ViewValue.text(lottery.openRequest))") }
    return parts.joined(separator: " | ")
  }

  /// One item per line, with a line end behind the last.
  package var text: String {
    var lines = [head] + facts.map { "\($0.name): \($0.value)" }
    if isFailing { lines.append(ChatMessage.lowLine) }
    let message = lines.joined(separator: "\n") + "\n"
    return includesReport ? message + "\n```\n\(PrettyJSON.text(report.json))\n```" : message
  }

  /// The body of the request.
  package func payload(_ kind: Kind) -> JSON {
    switch kind {
    case .slack: ["text": .string(text)]
    case .generic: ["message": .string(text), "data": report.json, "status": .integer(isFailing ? 1 : 0)]
    case .teams:
      [
        "type": "message",
        "attachments": [["contentType": "application/vnd.microsoft.card.adaptive", "content": card]],
      ]
    }
  }

  private var card: JSON {
    var body: [JSON] = [
      ["type": "TextBlock", "size": "Medium", "weight": "Bolder", "text": .string(head), "wrap": true],
      [
        "type": "FactSet",
        "facts": .array(facts.map { ["title": .string($0.name), "value": .string($0.value)] }),
      ],
    ]
    if isFailing {
      body.append(["type": "TextBlock", "color": "Attention", "text": .string(ChatMessage.lowLine), "wrap": true])
    }
    if includesReport {
      body.append(["type": "TextBlock", "fontType": "Monospace", "text": .string(report.json.text), "wrap": true])
    }
    return [
      "$schema": "http://adaptivecards.io/schemas/adaptive-card.json", "type": "AdaptiveCard", "version": "1.4",
      "body": .array(body),
    ]
  }
}
