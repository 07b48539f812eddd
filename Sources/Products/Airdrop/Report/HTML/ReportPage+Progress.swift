import Engine
import Money
import Payouts

extension ReportPage {
  /// What became of the recipients, and of the money: two stacked bars and the figures under them.
  var progress: HTML {
    """
    <section id="progress">
    <h2>Progress</h2>
    <p class="note">How many recipients, and how much of the ordered sum, are paid, on the way or still to be sent. A part \
    that is too small to see is drawn a little wider than it is; the table is exact.</p>
    <p class="cap">By recipients</p>
    \(stack("people", "Recipients by status", PayoutStatus.allCases.map { UInt256(UInt64(max(0, report.tally[$0].count))) }))
    <p class="cap">By amount</p>
    \(stack("money", "Amount by status", PayoutStatus.allCases.map { report.tally[$0].units }))
    <div class="scroll"><table>
    <thead><tr><th scope="col">Status</th><th scope="col" class="mean">Meaning</th><th scope="col" class="n">Recipients</th>\
    <th scope="col" class="n">Share</th><th scope="col" class="n">Amount</th></tr></thead>
    <tbody>
    \(HTML.of(Self.order.map(row)))
    </tbody>
    <tfoot><tr><th scope="row">total</th><td class="mean">everything ordered</td><td class="n">\(Wording.count(report.ordered.count))</td>\
    <td></td><td class="n">\(report.amount(report.ordered.units))</td></tr></tfoot>
    </table></div>
    </section>
    """
  }

  /// Done first: the bar fills from the left.
  private static let order: [PayoutStatus] = [.confirmed, .submitted, .queued, .failed, .compensated]

  private func row(_ status: PayoutStatus) -> HTML {
    let part = report.tally[status]
    let meaning =
      switch status {
      case .confirmed: "the chain has credited the recipient, for good"
      case .submitted:
        report.tally.unknown > 0
          ? "on the way; of these, \(Wording.count(report.tally.unknown)) with an unknown fate"
          : "on the way to the chain"
      case .queued: "not sent yet"
      case .failed: "not paid, and will not be: see Failures"
      case .compensated: "settled in the ledger by an operator, with a reason"
      }
    return """
      <tr><th scope="row" class="t"><span class="dot \(status.rawValue)"></span>\(status.rawValue)</th><td class="mean">\(meaning)</td>\
      <td class="n">\(Wording.count(part.count))</td><td class="n">\(Wording.share(part.count, of: report.ordered.count))</td>\
      <td class="n">\(report.amount(part.units))</td></tr>

      """
  }

  private func stack(_ id: String, _ title: String, _ parts: [UInt256]) -> HTML {
    let byStatus = Dictionary(uniqueKeysWithValues: zip(PayoutStatus.allCases, parts))
    let lengths = PlotScale.stacked(Self.order.map { byStatus[$0] ?? .zero }, in: 1_000, least: 4)
    var x: Int64 = 0
    var bars: HTML = ""
    for (status, length) in zip(Self.order, lengths) where length > 0 {
      bars += "<rect class=\"f-\(status.rawValue)\" x=\"\(x)\" y=\"0\" width=\"\(length)\" height=\"10\"/>"
      x += length
    }
    let said = Self.order.map { "\($0.rawValue) \(byStatus[$0] ?? .zero)" }.joined(separator: ", ")
    return """
      <svg class="stack" viewBox="0 0 1000 10" preserveAspectRatio="none" role="img" aria-labelledby="\(id)-t \(id)-d">\
      <title id="\(id)-t">\(title)</title><desc id="\(id)-d">\(said).</desc>\(bars)</svg>
      """
  }
}
