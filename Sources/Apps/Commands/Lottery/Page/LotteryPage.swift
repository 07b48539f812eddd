import Codecs
import Curves
import Foundation
import Keys
import Lottery

/// The public page of one lottery: one file, no network, a content security policy that lets its own scripts run and
/// nothing else.
struct LotteryPage {
  private let facts: LotteryFacts
  /// The bundle's text, when it stands in the page.
  private let bundle: [UInt8]?
  private let hasFile: Bool

  init(_ facts: LotteryFacts, bundle: [UInt8]?, hasFile: Bool) {
    self.facts = facts
    self.bundle = bundle
    self.hasFile = hasFile
  }

  var title: String {
    let name = String(decoding: facts.config.eventSlug + Array(" ".utf8) + facts.config.seriesCode, as: UTF8.self)
    return "\(name.trimmingCharacters(in: .whitespaces)) (lottery \(facts.id))"
  }

  var html: String {
    let parts = [overview, LotteryChart(facts.sales).html, draw, proof]
    return LotteryPage.document(
      title,
      "<h1>\(HTML.text(title)) <span class=\"status\">\(HTML.text("\(facts.status)"))</span></h1>" + parts.joined(),
      scripts: bundle == nil ? [] : LotteryPage.scripts)
  }

  /// The list of all pages.
  static func index(_ links: [(id: UInt64, title: String, status: String)]) -> String {
    let rows = links.map { link in
      "<li><a href=\"lottery-\(link.id).html\">\(HTML.text(link.title))</a> <span class=\"status\">\(HTML.text(link.status))</span></li>"
    }
    let body = rows.isEmpty ? "<p>There is no lottery yet.</p>" : "<ul>\(rows.joined())</ul>"
    return document("Lotteries", "<h1>Lotteries</h1>\(body)", scripts: [])
  }

  // MARK: The frame

  private static let style = String(decoding: PackageResources.page_css, as: UTF8.self)
  private static let scripts = [
    String(decoding: PackageResources.draw_verifier_js + PackageResources.beacon_verifier_js, as: UTF8.self),
    String(decoding: PackageResources.page_js, as: UTF8.self),
  ]

  private static func document(_ title: String, _ body: String, scripts: [String]) -> String {
    let allowed = scripts.isEmpty ? "'none'" : scripts.map(source).joined(separator: " ")
    let policy =
      "default-src 'none'; script-src \(allowed); style-src \(source(style)); base-uri 'none'; form-action 'none'"
    let run = scripts.map { "<script>\($0)</script>" }.joined()
    return """
      <!doctype html>
      <html lang="en"><head><meta charset="utf-8">
      <meta http-equiv="Content-Security-Policy" content="\(policy)">
      <meta name="viewport" content="width=device-width, initial-scale=1">
      <meta name="referrer" content="no-referrer">
      <title>\(HTML.text(title))</title>
      <style>\(style)</style></head>
      <body><main>\(body)</main>\(run)</body></html>

      """
  }

  /// How a policy names an inline script or style: CSP 3, 2.3.1.
  private static func source(_ text: String) -> String {
    "'sha256-\(Data(OpenSSLHashing().sha256(Array(text.utf8)).bytes).base64EncodedString())'"
  }

  // MARK: Parts

  private var overview: String {
    let config = facts.config
    var rows: [(String, String)] = [
      ("Tickets", "\(facts.ticketsSold) sold, at most \(config.ticketLimits.maxTicketsTotal)"),
      ("Price", "\(config.ticketPrice) base units of \(facts.asset)"),
      ("Taken in", "\(facts.proceeds), of which \(facts.prizes) are set aside for prizes"),
      ("Sales", "\(HTML.time(config.salesWindow.salesStart)) to \(HTML.time(config.salesWindow.salesEnd))"),
      (
        "Prizes",
        config.prizePlan.map { "slot \($0.slotId): \($0.winnersPerSlot)" }.joined(separator: ", ")
          + (config.winnersDedup ? "; a ticket wins once at most" : "; a ticket may win more than once")
      ),
    ]
    if let odds = facts.oddsTimesTen {
      let (whole, tenth) = odds.quotientAndRemainder(dividingBy: 10)
      rows.append(("Odds", "1 in \(whole)\(tenth == 0 ? "" : ".\(tenth)") for each ticket, as sold so far"))
    }
    rows.append(("Rules", "schema \(facts.schema.rawValue)"))
    return HTML.facts(rows)
  }

  private var draw: String {
    guard let course = facts.course else {
      return
        "<h2>The draw</h2><p class=\"soft\">This lottery has no plan of randomness: its draw cannot be checked.</p>"
    }
    var rows = [("Random value from", HTML.source(course.plan.source))]
    if let fallback = course.plan.fallback { rows.append(("Otherwise from", HTML.source(fallback))) }
    rows.append(("Margin, deadline", "\(course.plan.marginSecs) s after the close, then \(course.plan.deadlineSecs) s"))
    for attempt in course.attempts {
      let commitment = attempt.commitment
      rows.append(("Commitment \(commitment.attempt)", "\(commitment.hash), \(HTML.time(commitment.committedAt))"))
      if commitment.schedule.primaryRound > 0 {
        rows.append(
          ("Round \(commitment.attempt)", "\(commitment.schedule.primaryRound), the first after close and margin"))
      }
      rows.append(("Fallback from", HTML.time(commitment.schedule.deadline)))
    }
    return "<h2>The draw</h2>" + HTML.facts(rows) + winners
  }

  private var winners: String {
    guard let bundle = facts.bundle else { return "" }
    let most = 200
    let rows = bundle.winners.prefix(most).map { winner in
      [
        "\(winner.record.slotId)", "\(winner.record.ticketIndex)", LotteryPage.shown(winner.record.winner),
        winner.prize.map { "\($0)" } ?? "not paid yet",
      ]
    }
    let more =
      bundle.winners.count > most ? "<p class=\"soft\">And \(bundle.winners.count - most) more in the file.</p>" : ""
    return "<h2>Winners</h2>" + HTML.table(["Slot", "Ticket", "Buyer", "Prize"], rows) + more
  }

  /// As a wallet shows it, where 20 bytes are all there is.
  private static func shown(_ buyer: LotteryAddress) -> String {
    let bytes = buyer.raw.bytes
    guard bytes.prefix(12).allSatisfy({ $0 == 0 }), let address = EVMAddress(bytes.suffix(20)) else {
      return "\(buyer)"
    }
    return EIP55.text(address)
  }

  private var proof: String {
    guard hasFile else { return "" }
    let file = "draw-\(facts.id).json"
    let link =
      "<p><a href=\"\(file)\" download>\(file)</a>: check it yourself, offline, with "
      + "<code>almoner lottery verify --bundle \(file)</code> or <code>python3 verify_draw.py \(file)</code>.</p>"
    guard let bundle else { return "<h2>Is it right?</h2><p>The file is too large for this page.</p>\(link)" }
    // Inside of a script element only `<` could end it; JSON has that in strings alone, where it may be written so.
    let data = String(decoding: bundle, as: UTF8.self).replacingOccurrences(of: "<", with: "\\u003c")
    return
      "<h2>Is it right?</h2><div id=\"said\"><p class=\"soft\">Your browser has not looked yet; that needs its scripts.</p></div>"
      + link + "<script type=\"application/json\" id=\"draw\">\(data)</script>"
  }
}
