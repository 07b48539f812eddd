import Engine
import Money

extension ReportPage {
  /// Payouts submitted and confirmed so far, and batches per interval, over the same time.
  var timeline: HTML {
    let rows = report.batches.timeline.rows
    guard let first = rows.first, let last = rows.last else {
      return "<section id=\"timeline\"><h2>Timeline</h2><p class=\"say\">No batch has been made yet.</p></section>"
    }
    let width = Wording.duration(report.batches.timeline.widthMilliseconds)
    let end = last.start.advanced(byMilliseconds: report.batches.timeline.widthMilliseconds)
    let labels: HTML = "<div class=\"x\"><span>\(label(first.start))</span><span>\(label(end))</span></div>"
    return """
      <section id="timeline" class="long">
      <h2>Timeline</h2>
      <p class="say">From \(Wording.instant(first.start)) to \(Wording.instant(end)): \
      \(Wording.count(report.batches.count, "batch", "batches")) in intervals of \(width).</p>
      <p class="note">The dashed line counts payouts handed over to be signed and sent, the solid one those that recipients \
      have for good. The gap between the two is money on its way. A payout that was sent again after a proven failure \
      counts as submitted twice, and is confirmed once.</p>
      \(cumulative(rows, labels))
      \(perInterval(rows, labels, width))
      <details><summary>The figures behind these charts</summary>
      <div class="scroll"><table>
      <thead><tr><th scope="col">Interval from</th><th scope="col" class="n">Batches submitted</th>\
      <th scope="col" class="n">Batches final</th><th scope="col" class="n">Batches dead</th>\
      <th scope="col" class="n">Payouts submitted</th><th scope="col" class="n">Payouts confirmed</th></tr></thead>
      <tbody>\(HTML.of(rows.filter { $0.interval != Timeline.Interval() }.map(row)))</tbody>
      </table></div>
      </details>
      </section>
      """
  }

  private typealias Row = (start: Timestamp, interval: Timeline.Interval)

  private func label(_ at: Timestamp) -> String {
    report.batches.timeline.widthMilliseconds < 1_000 ? Wording.iso(at) : Wording.instant(at)
  }

  private func row(_ row: Row) -> HTML {
    """
    <tr><td class="t">\(label(row.start))</td><td class="n">\(Wording.count(row.interval.submittedBatches))</td>\
    <td class="n">\(Wording.count(row.interval.finalBatches))</td><td class="n">\(Wording.count(row.interval.deadBatches))</td>\
    <td class="n">\(Wording.count(row.interval.submittedPayouts))</td>\
    <td class="n">\(Wording.count(row.interval.confirmedPayouts))</td></tr>

    """
  }

  private func cumulative(_ rows: [Row], _ labels: HTML) -> HTML {
    let submitted = sums(rows.map(\.interval.submittedPayouts))
    let confirmed = sums(rows.map(\.interval.confirmedPayouts))
    let top = PlotScale.ceiling(max(1, submitted.last ?? 0, confirmed.last ?? 0))
    let line = steps(confirmed, top: top)
    return """
      <div class="plot">
      <div class="y"><span>\(Wording.count(top))</span><span>0</span></div>
      <svg viewBox="0 0 1000 200" preserveAspectRatio="none" role="img" aria-labelledby="sum-t sum-d">\
      <title id="sum-t">Payouts submitted and confirmed over time</title>\
      <desc id="sum-d">In the end \(Wording.count(submitted.last ?? 0)) submitted and \(Wording.count(confirmed.last ?? 0)) \
      confirmed.</desc>\(gridLines(1_000, 200))<path class="area" d="\(line)L1000 200L0 200Z"/>\
      <path class="l-submitted" d="\(steps(submitted, top: top))"/><path class="l-confirmed" d="\(line)"/>\
      <path class="axis" d="M0 200H1000"/></svg>
      \(labels)
      </div>
      <ul class="legend"><li><span class="dot submitted"></span>payouts submitted so far (dashed)</li>\
      <li><span class="dot confirmed"></span>payouts confirmed so far</li></ul>
      """
  }

  private func perInterval(_ rows: [Row], _ labels: HTML, _ width: String) -> HTML {
    let most =
      rows.map { max($0.interval.submittedBatches, $0.interval.finalBatches + $0.interval.deadBatches) }.max() ?? 1
    let top = PlotScale.ceiling(max(1, most))
    var bars: HTML = ""
    for (index, row) in rows.enumerated() {
      let left = PlotScale.length(Int64(index), of: Int64(rows.count), in: 2_000)
      let right = PlotScale.length(Int64(index + 1), of: Int64(rows.count), in: 2_000)
      let wide = max(1, right - left - (right - left > 6 ? 2 : 0))
      let up = PlotScale.length(row.interval.submittedBatches, of: top, in: 50)
      let done = PlotScale.length(row.interval.finalBatches, of: top, in: 50)
      let dead = PlotScale.length(row.interval.deadBatches, of: top, in: 50)
      if up > 0 { bars += rect("submitted", left, 50 - up, wide, up) }
      if done > 0 { bars += rect("confirmed", left, 50, wide, done) }
      if dead > 0 { bars += rect("failed", left, 50 + done, wide, dead) }
    }
    return """
      <div class="plot low">
      <div class="y"><span>\(Wording.count(top))</span><span>0</span><span>\(Wording.count(top))</span></div>
      <svg viewBox="0 0 2000 100" preserveAspectRatio="none" role="img" aria-labelledby="per-t per-d">\
      <title id="per-t">Batches per interval</title>\
      <desc id="per-d">Above the line batches submitted in each \(width), below it batches that ended.</desc>\
      \(bars)<path class="axis" d="M0 50H2000"/></svg>
      \(labels)
      </div>
      <ul class="legend"><li><span class="dot submitted"></span>batches submitted in each \(width) (upwards)</li>\
      <li><span class="dot confirmed"></span>batches final (downwards)</li>\
      <li><span class="dot failed"></span>batches ended without paying (downwards)</li></ul>
      """
  }

  private func rect(_ kind: String, _ x: Int64, _ y: Int64, _ width: Int64, _ height: Int64) -> HTML {
    "<rect class=\"f-\(kind)\" x=\"\(x)\" y=\"\(y)\" width=\"\(width)\" height=\"\(height)\"/>"
  }

  private func sums(_ values: [Int64]) -> [Int64] {
    var sum: Int64 = 0
    return values.map {
      sum += $0
      return sum
    }
  }

  /// A line of steps from the left edge: each value holds from the end of its interval on.
  private func steps(_ values: [Int64], top: Int64) -> HTML {
    var path: HTML = "M0 200"
    for (index, value) in values.enumerated() {
      let x = PlotScale.length(Int64(index + 1), of: Int64(values.count), in: 1_000)
      path += "L\(x) \(200 - PlotScale.length(value, of: top, in: 200))"
    }
    return path
  }
}
