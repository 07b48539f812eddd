import Audit
import Codecs
import Engine
import Money
import Payouts

extension ReportPage {
  var finality: HTML {
    let classes = report.batches.finality.classes
    let most = classes.map(\.count).max() ?? 0
    let whole = report.batches.finality.count
    let rows = HTML.of(
      classes.map { part in
        let name =
          part.belowMilliseconds.map {
            part.fromMilliseconds == 0
              ? "under \(Wording.duration($0))"
              : "\(Wording.duration(part.fromMilliseconds)) to \(Wording.duration($0))"
          } ?? "\(Wording.duration(part.fromMilliseconds)) or more"
        return """
          <tr><th scope="row" class="t">\(name)</th><td class="n">\(Wording.count(part.count))</td>\
          <td class="n">\(Wording.share(part.count, of: whole))</td>\
          <td class="w">\(bar("confirmed", part.count, of: most))</td></tr>

          """
      })
    return """
      <section id="finality">
      <h2>Time to finality</h2>
      <p class="say">\(report.finalitySentence)</p>
      <p class="note">Counted from the moment a payment was written down to be sent until enough nodes showed it in a block \
      that no longer goes away.</p>
      \(classes.isEmpty ? "" : table(["Time", "#Recipients", "#Share", ""], rows))
      </section>
      """
  }

  var failures: HTML {
    let failed = report.failures.sorted
    let compensated = report.compensations.sorted
    let settled: HTML = compensated.isEmpty ? "" : "<h3>Settled by hand</h3>"
    return """
      <section id="failures" class="long">
      <h2>Failures</h2>
      <p class="say">\(report.failureSentence)</p>
      \(reasons("Reason", failed, "failed"))
      \(settled)
      \(reasons("Operator's reason", compensated, "compensated"))
      </section>
      """
  }

  /// The largest groups as bars; then examples of each.
  private func reasons(_ title: String, _ groups: [ReasonFigures.Group], _ kind: String) -> HTML {
    if groups.isEmpty { return "" }
    let shown = groups.prefix(20)
    let most = groups.map(\.count).max() ?? 0
    var rows = HTML.of(
      shown.map { group in
        """
        <tr><th scope="row" class="m t">\(foreign: group.code, most: 80)</th><td class="n">\(Wording.count(group.count))</td>\
        <td class="n">\(report.amount(group.units))</td><td class="w">\(bar(kind, group.count, of: most))</td></tr>

        """
      })
    if groups.count > shown.count {
      let rest = groups.dropFirst(shown.count)
      rows += """
        <tr><th scope="row">\(Wording.count(rest.count)) reasons more</th>\
        <td class="n">\(Wording.count(rest.reduce(0) { $0 + $1.count }))</td><td></td><td></td></tr>
        """
    }
    return "\(table([title, "#Payouts", "#Amount", ""], rows))\(HTML.of(shown.map(examples)))"
  }

  private func examples(_ group: ReasonFigures.Group) -> HTML {
    let rows = HTML.of(
      group.examples.map { example in
        """
        <tr><td class="n">\(Wording.count(example.row))</td><td class="m">\(foreign: example.key, most: 120)</td>\
        <td class="m">\(foreign: example.address, most: 120)</td><td class="n">\(report.amount(example.units))</td>\
        <td class="msg">\(foreign: example.message ?? "")</td>\
        <td class="m">\(example.transaction?.description ?? "none")</td></tr>

        """
      })
    let shown =
      group.count > Int64(group.examples.count)
      ? "the first \(group.examples.count) of \(Wording.count(group.count))" : "all \(group.examples.count)"
    return """
      <details><summary>\(foreign: group.code, most: 80): \
      \(shown)\
      </summary>\(table(["#Row", "Payout", "Address", "#Amount", "Message", "Transaction"], rows))</details>
      """
  }

  var batches: HTML {
    let figures = report.batches
    let states = HTML.of(
      BatchState.allCases.map { state in
        let meaning =
          switch state {
          case .live: "may still take effect; being watched"
          case .final: "took effect, for good"
          case .dead: "ended without paying; the recipients went back to the queue or failed"
          }
        return """
          <tr><th scope="row">\(state.rawValue)</th><td class="mean">\(meaning)</td><td class="n">\(Wording.count(figures[state].batches))</td>\
          <td class="n">\(Wording.count(figures[state].payouts))</td></tr>

          """
      })
    return """
      <section id="batches" class="long">
      <h2>Batches</h2>
      <p class="say">\(Wording.count(figures.count, "batch", "batches")): \(report.batchText). \
      Attempts: \(report.attemptText).</p>
      <p class="note">A batch is one transaction that pays many recipients at once. A fee bump sends the same payment again \
      at a higher price on the same place in the queue, so that only one of them can ever take effect; a void uses the place \
      up without paying anybody.</p>
      \(table(["State", "~Meaning", "#Batches", "#Payouts in them"], states))
      \(list("Waiting longest", "Unknown ones first, then the oldest; at most \(BatchFigures.mostLines).", figures.waiting))
      \(list("Slowest", "Ended batches that took longest; at most \(BatchFigures.mostLines).", figures.slowest))
      </section>
      """
  }

  private func list(_ title: String, _ note: String, _ lines: [BatchFigures.Line]) -> HTML {
    if lines.isEmpty { return "" }
    let rows = HTML.of(
      lines.map { line in
        let state = line.unknown.map { "unknown (\($0.rawValue))" } ?? line.state.rawValue
        return """
          <tr><td class="n">\(line.batch.raw)</td><td class="n">\(line.lane.raw)</td><td class="n">\(line.slot)</td>\
          <td class="\(line.unknown == nil ? "t" : "bad")">\(state)</td><td class="n">\(Wording.count(line.payouts))</td>\
          <td class="n">\(Wording.count(line.attempts))</td><td class="t">\(Wording.instant(line.createdAt))</td>\
          <td class="n">\(Wording.duration(line.took ?? line.age(at: report.generatedAt)))</td>\
          <td class="m">\(line.transaction?.description ?? "none yet")</td></tr>

          """
      })
    let head = ["#Batch", "#Lane", "#Slot", "State", "#Payouts", "#Attempts", "Since", "#Age", "Newest transaction"]
    return """
      <details><summary>\(title): \(Wording.count(lines.count, "batch", "batches"))</summary>
      <p class="note">\(note)</p>\(table(head, rows))</details>
      """
  }

  var proof: HTML {
    let ledger = HTML.of(
      report.ledger.map { line in
        """
        <tr><th scope="row">\(line.role)</th><td>\(line.status.rawValue)</td>\
        <td class="n">\(line.ledger.map(report.amount) ?? "below zero")</td><td class="n">\(report.amount(line.payouts))</td>\
        <td class="\(line.agrees ? "good" : "bad")">\(line.agrees ? "equal" : "DIFFERS")</td></tr>

        """
      })
    let heads = HTML.of(
      report.audit.heads.prefix(50).map {
        "<tr><td class=\"n\">\($0.chain)</td><td class=\"n\">\(Wording.count($0.sequence))</td><td class=\"m\">\($0.hash.description)</td></tr>"
      })
    let witnesses =
      report.batches.fewestWitnesses.map {
        "Every ended batch was vouched for by \(Wording.count($0, "node")) or more."
      }
      ?? "No batch has ended yet."
    return """
      <section id="proof" class="long">
      <h2>Proof</h2>
      <p class="note">Three independent accounts of the same money - the ledger, the payouts and the chain - and a trail of \
      records that cannot be rewritten unseen.</p>
      <h3>Ledger beside payouts</h3>
      \(table(["Account", "Payouts that are", "#Ledger", "#Payouts", "Comparison"], ledger))
      <h3>Chain, ledger and file</h3>
      <p class="say">\(report.reconciliationSentence) \(witnesses)</p>
      <h3>Audit trail</h3>
      <p class="say">\(report.auditSentence)</p>
      <p class="note">Write the heads below down outside of this machine: anybody can later check with almoner audit verify \
      that the records up to them are still the same.</p>
      \(heads.text.isEmpty ? "" : table(["#Chain", "#Records", "Head"], heads))
      </section>
      """
  }

  // MARK: Parts

  /// A table. Titles that start with `#` stand over numbers; with `~`, over what a narrow screen leaves out.
  private func table(_ titles: [String], _ rows: HTML) -> HTML {
    let head = HTML.of(titles.map(heading))
    return "<div class=\"scroll\"><table><thead><tr>\(head)</tr></thead><tbody>\(rows)</tbody></table></div>"
  }

  private func heading(_ title: String) -> HTML {
    switch title.first {
    case nil: "<td></td>"
    case "#": "<th scope=\"col\" class=\"n\">\(String(title.dropFirst()))</th>"
    case "~": "<th scope=\"col\" class=\"mean\">\(String(title.dropFirst()))</th>"
    default: "<th scope=\"col\">\(title)</th>"
    }
  }

  /// A bar in a table's cell. The number stands beside it, so it says nothing of its own to a screen reader.
  private func bar(_ kind: String, _ part: Int64, of whole: Int64) -> HTML {
    let length = part > 0 ? max(6, PlotScale.length(part, of: whole, in: 1_000)) : 0
    return """
      <svg class="bar" viewBox="0 0 1000 10" preserveAspectRatio="none" aria-hidden="true">\
      <rect class="f-\(kind)" x="0" y="0" width="\(length)" height="10"/></svg>
      """
  }
}
