import Chains
import Codecs
import Engine
import Money
import Payouts

extension CampaignReport {
  /// The report as one page that needs nothing else: no script, no font, no image, no connection. For a browser, on
  /// paper, in the dark. Well-formed as XML too.
  package var html: String { ReportPage(report: self).document.text }
}

/// The page, section by section; charts stand in files of their own.
struct ReportPage {
  let report: CampaignReport

  var document: HTML {
    """
    <!DOCTYPE html>
    <html lang="en">
    <head>
    <meta charset="utf-8"/>
    <meta http-equiv="Content-Security-Policy" content="\(ReportStyle.policy)"/>
    <meta name="viewport" content="width=device-width, initial-scale=1"/>
    <meta name="color-scheme" content="light dark"/>
    <meta name="referrer" content="no-referrer"/>
    <title>Campaign report: \(Foreign.text(report.campaign.name))</title>
    \(style)
    </head>
    <body>
    <main>
    \(header)
    \(warnings)
    \(keys)
    \(progress)
    \(fees)
    \(timeline)
    \(finality)
    \(failures)
    \(batches)
    \(approval)
    \(proof)
    \(life)
    <footer><p>Made by Almoner from its store alone. This page holds no script and loads nothing, so it can be filed and \
    printed as it is. All times are UTC; all sums are exact. Make it again with: airdrop report --campaign \
    \(foreign: report.campaign.name) --html FILE</p></footer>
    </main>
    </body>
    </html>

    """
  }

  /// The style sheet goes in as it is: its hash is in the policy, and it is no data.
  private var style: HTML { HTML(stringLiteral: "<style>" + ReportStyle.css + "</style>") }

  private var header: HTML {
    let campaign = report.campaign
    let reason: HTML = campaign.reason.map { "<p>Reason given: \(foreign: $0)</p>" } ?? ""
    return """
      <header>
      <p class="over">Campaign report</p>
      <h1>\(foreign: campaign.name) <span class="pill \(campaign.status.rawValue)">\(campaign.status.rawValue)</span></h1>
      <p class="lead">\(report.headline)</p>
      \(reason)
      <dl class="meta">
      <div><dt>As of</dt><dd>\(Wording.instant(report.generatedAt))</dd></div>
      <div><dt>Chain</dt><dd>\(campaign.chain.description)</dd></div>
      <div><dt>Asset</dt><dd class="m">\(foreign: campaign.asset.token ?? "the chain's own coin")</dd></div>
      <div><dt>Campaign id</dt><dd class="m">\(foreign: campaign.uuid)</dd></div>
      <div><dt>Store</dt><dd class="m">\(foreign: report.store.uuid), epoch \(report.store.epoch)</dd></div>
      </dl>
      </header>
      """
  }

  private var warnings: HTML {
    let warnings = report.warnings
    if warnings.isEmpty { return "" }
    return
      "<ul class=\"warn\" aria-label=\"Warnings\">\(HTML.of(warnings.map { "<li>\(foreign: $0, most: 600)</li>" }))</ul>"
  }

  private var keys: HTML {
    let tally = report.tally
    let (open, over) = tally[.queued].units.addingReportingOverflow(tally[.submitted].units)
    let openCount = tally[.queued].count + tally[.submitted].count
    let share = report.batches.fees.shared(among: report.batches.credited)
    return """
      <dl class="keys">
      \(key("Paid", Wording.count(tally[.confirmed].count), report.amount(tally[.confirmed].units)))
      \(key("Still open", Wording.count(openCount), report.amount(over ? .max : open)))
      \(key("Failed", Wording.count(tally[.failed].count), report.amount(tally[.failed].units)))
      \(key("Fees", Wording.coins(report.batches.fees.total), share.map { "\(Wording.coins($0.each)) per recipient" } ?? "none yet"))
      </dl>
      """
  }

  private func key(_ title: String, _ figure: String, _ detail: String) -> HTML {
    let size = figure.utf8.count > 13 ? "long" : "short"
    return "<div class=\"key \(size)\"><dt>\(title)</dt><dd>\(figure)</dd><dd>\(detail)</dd></div>"
  }

  private var approval: HTML {
    let given = report.approval.approval
    let cap =
      given.map { $0.feeCap == .max ? "none" : Wording.coins($0.feeCap) + " per transaction" } ?? "nothing is approved"
    let isSame = given == nil ? "not approved" : report.approval.holds ? "the same" : "NOT the same"
    return """
      <section id="approval">
      <h2>Approval</h2>
      <p class="say">\(report.approvalSentence) \(report.contentSentence)</p>
      <p class="say">\(report.screeningSentence)</p>
      <p class="note">The fingerprint (content root) stands for every recipient, amount and their order: one changed digit \
      anywhere gives another fingerprint.</p>
      <div class="scroll"><table class="kv">
      <tbody>
      <tr><th scope="row">Approved fingerprint</th><td class="m">\(given?.root.description ?? "none")</td></tr>
      <tr><th scope="row">Fingerprint as it stands</th><td class="m">\(report.approval.root.description)</td></tr>
      <tr><th scope="row">Comparison</th><td class="\(report.approval.holds ? "good" : "bad")">\(isSame)</td></tr>
      <tr><th scope="row">Fee cap</th><td>\(cap)</td></tr>
      <tr><th scope="row">Source files</th><td>\(report.loadText)</td></tr>
      <tr><th scope="row">Newest file's hash</th><td class="m">\(foreign: report.loads.newestHash ?? "none")</td></tr>
      </tbody>
      </table></div>
      </section>
      """
  }

  private var life: HTML {
    let life = report.life
    if life.first.isEmpty { return "" }
    func row(_ event: LifeFigures.Event) -> HTML {
      """
      <tr><td class="t">\(Wording.instant(event.at))</td><td>\(foreign: event.actor)</td>\
      <td class="t">\(foreign: event.action, most: 60)</td><td class="msg">\(foreign: event.detail)</td></tr>
      """
    }
    let gap: HTML =
      life.omitted == 0 ? "" : "<tr><td colspan=\"4\">\(Wording.count(life.omitted)) actions more</td></tr>"
    return """
      <section id="actions" class="long">
      <h2>What operators did</h2>
      <p class="note">Every action of a person on this campaign, as the audit trail holds it. The machine's own steps are \
      in the trail too, and are not listed here.</p>
      <div class="scroll"><table>
      <thead><tr><th scope="col">When</th><th scope="col">Who</th><th scope="col">Action</th>\
      <th scope="col">Detail</th></tr></thead>
      <tbody>\(HTML.of(life.first.map(row)))\(gap)\(HTML.of(life.last.map(row)))</tbody>
      </table></div>
      </section>
      """
  }
}

extension CampaignReport {
  func amount(_ units: UInt256) -> String { Wording.amount(units, scale) }
}
