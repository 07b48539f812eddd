import Audit
import Chains
import Codecs
import Engine
import Money
import Payouts

extension CampaignReport {
  /// The report for a terminal: about thirty lines without colours or control characters.
  package var text: String {
    var out = [
      "\(Foreign.text(campaign.name))  \(campaign.status.rawValue)\(reasonText)  \(Wording.instant(generatedAt))"
    ]
    out.append(headline)
    for warning in warnings { out.append("! \(Foreign.text(warning))") }
    out.append("")
    for status in PayoutStatus.allCases where tally[status].count > 0 || status == .confirmed {
      out.append(
        row(
          status.rawValue, bar(tally[status].count), Wording.count(tally[status].count, "payout"), tally[status].units))
    }
    out.append(row("total", "", Wording.count(ordered.count, "payout"), ordered.units))
    out.append("")
    out.append(line("batches", batchText))
    out.append(line("attempts", attemptText))
    out.append(line("fees", feeSentence))
    if batches.finality.count > 0 { out.append(line("finality", finalitySentence)) }
    if loads.files > 0 { out.append(line("files", loadText)) }
    out.append(line("approval", approvalSentence))
    out.append(line("", "content root \(approval.root)\(approval.holds ? ", as approved" : "")"))
    out.append(line("screening", screeningSentence))
    out.append(line("ledger", ledgerText))
    out.append(line("reconcile", reconciliationSentence))
    out.append(line("audit", auditSentence))
    for head in audit.heads.prefix(8) { out.append(line("", "chain \(head.chain) head \(head.sequence) \(head.hash)")) }
    if audit.heads.count > 8 { out.append(line("", "and \(Wording.count(audit.heads.count - 8)) chains more")) }
    list("failed", failures, &out)
    list("compensated", compensations, &out)
    return out.joined(separator: "\n")
  }

  private var reasonText: String { campaign.reason.map { " (\(Foreign.text($0, most: 120)))" } ?? "" }

  var batchText: String {
    BatchState.allCases.map { "\(Wording.count(batches[$0].batches)) \($0.rawValue)" }.joined(separator: ", ")
      + (batches.unknown > 0 ? "; \(Wording.count(batches.unknown)) of the live ones with an unknown fate" : "")
  }

  var attemptText: String {
    "\(Wording.count(batches.attempts)) signed or intended, of them \(Wording.count(batches.bumps, "fee bump")) and "
      + Wording.count(batches.voids, "void")
  }

  var loadText: String {
    "\(Wording.count(loads.rows, "row")) of \(Wording.count(loads.files, "file")): \(Wording.count(loads.accepted)) accepted, "
      + "\(Wording.count(loads.rejected)) rejected, \(Wording.count(loads.duplicates, "duplicate"))"
  }

  var ledgerText: String {
    let wrong = ledger.filter { !$0.agrees }
    if wrong.isEmpty { return "agrees with the payouts in every role" }
    return "differs from the payouts in: \(wrong.map(\.role).joined(separator: ", "))"
  }

  private func list(_ title: String, _ reasons: ReasonFigures, _ out: inout [String]) {
    let groups = reasons.sorted
    guard !groups.isEmpty else { return }
    out.append("")
    for group in groups.prefix(10) {
      out.append(
        "\(title) \(Foreign.text(group.code, most: 60)): \(Wording.count(group.count)), \(Wording.amount(group.units, scale))"
      )
      for example in group.examples.prefix(3) {
        let message = example.message.map { "  \(Foreign.text($0, most: 80))" } ?? ""
        out.append(
          "  row \(example.row)  \(Foreign.text(example.key, most: 60))  \(Foreign.text(example.address, most: 100))\(message)"
        )
      }
    }
    if groups.count > 10 { out.append("and \(Wording.count(groups.count - 10)) reasons more") }
  }

  private func row(_ name: String, _ bar: String, _ count: String, _ units: UInt256) -> String {
    "  \(padded(name, 12))\(padded(bar, 22))\(padded(count, 22))\(Wording.amount(units, scale))"
  }

  private func line(_ name: String, _ text: String) -> String { "  \(padded(name, 12))\(text)" }

  private func bar(_ part: Int64) -> String {
    let filled = PlotScale.length(part, of: ordered.count, in: 20)
    return String(repeating: "#", count: Int(filled)) + String(repeating: ".", count: Int(20 - filled))
  }

  private func padded(_ text: String, _ width: Int) -> String {
    text.count >= width ? text + " " : text + String(repeating: " ", count: width - text.count)
  }
}
