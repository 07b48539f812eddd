import Engine
import Money

extension ReportPage {
  /// What the chain took: totals, and how many transactions cost how much.
  var fees: HTML {
    let fees = report.batches.fees
    let share = fees.shared(among: report.batches.credited)
    let each: String =
      share.map {
        "\(Wording.coins($0.each))\($0.rest == 0 ? "" : ", rest \(Wording.count($0.rest)) of the smallest unit")"
      }
      ?? "none yet"
    return """
      <section id="fees">
      <h2>Fees</h2>
      <p class="say">\(report.feeSentence)</p>
      <p class="note">Fees go to the chain and not to recipients; they are paid in the chain's own coin. Transactions that \
      belong to no campaign (deploying the batch contract, an allowance, the repair of a gap) are not in these figures.</p>
      \(feeChart)
      <div class="scroll"><table class="kv">
      <tbody>
      <tr><th scope="row">Paid for transactions that paid recipients</th><td class="n">\(Wording.coins(fees.ofPaying))</td></tr>
      <tr><th scope="row">Paid for transactions that paid nobody (reverted or voided)</th><td class="n">\(Wording.coins(fees.ofDead))</td></tr>
      <tr><th scope="row">For each credited recipient</th><td class="n">\(each)</td></tr>
      <tr><th scope="row">Cheapest and dearest transaction</th>\
      <td class="n">\(fees.lowest.map(Wording.coins) ?? "none")<br/>\(fees.highest.map(Wording.coins) ?? "none")</td></tr>
      </tbody>
      <tfoot><tr><th scope="row">total</th><td class="n">\(Wording.coins(fees.total))</td></tr></tfoot>
      </table></div>
      </section>
      """
  }

  private var feeChart: HTML {
    let bins = report.batches.fees.histogram.bins
    guard let first = bins.first, let last = bins.last, report.batches.fees.batches > 1 else { return "" }
    let top = PlotScale.ceiling(bins.map(\.count).max() ?? 1)
    let width = 1_000 / Int64(max(bins.count, 8))
    var bars: HTML = ""
    for (index, bin) in bins.enumerated() where bin.count > 0 {
      let height = max(3, PlotScale.length(bin.count, of: top, in: 200))
      bars += """
        <rect class="f-submitted" x="\(Int64(index) * width + 1)" y="\(200 - height)" width="\(max(1, width - 2))" \
        height="\(height)"><title>\(Wording.count(bin.count, "transaction")): from \(Wording.coins(bin.from)) to below \
        \(Wording.coins(bin.below))</title></rect>
        """
    }
    // Few bins do not fill the width: the last label stands under the last bar.
    let drawn = Int64(bins.count) * width
    return """
      <div class="plot">
      <div class="y"><span>\(Wording.count(top))</span><span>0</span></div>
      <svg viewBox="0 0 \(drawn) 200" preserveAspectRatio="none" role="img" aria-labelledby="fee-t fee-d">\
      <title id="fee-t">Transactions by fee</title>\
      <desc id="fee-d">\(Wording.count(report.batches.fees.batches, "transaction")), grouped by what each cost, in steps \
      of \(Wording.coins(report.batches.fees.histogram.step)).</desc>\
      \(gridLines(drawn, 200))\(bars)<path class="axis" d="M0 200H\(drawn)"/></svg>
      <div class="x"><span>\(Wording.coins(first.from))</span><span>\(Wording.coins(last.below))</span></div>
      </div>
      <p class="cap">Transactions by fee: each bar is a price range, its height the number of transactions in it.</p>
      """
  }

  /// Three lines across a plot.
  func gridLines(_ width: Int64, _ height: Int64) -> HTML {
    "<path class=\"grid\" d=\"M0 1H\(width)M0 \(height / 4)H\(width)M0 \(height / 2)H\(width)M0 \(height * 3 / 4)H\(width)\"/>"
  }
}
