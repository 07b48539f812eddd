import Codecs
import Engine
import Money
import OpenSSL
import Payouts
import Testing

@testable import Airdrop

@Suite("Campaign report: terminal, JSON and page")
struct ReportFormsTests {
  @Test func `the terminal's report reads so`() throws {
    let text = try ReportSamples.report(ReportSamples.small(), notices: ["Only one node is configured."]).text
    #expect(
      text == """
        Q4-Rewards  running  2025-10-01 12:05:00 UTC
        6 of 10 recipients are paid (60.0 %); 1 not sent yet; 1 on the way; 1 failed; 1 settled by hand.
        ! Only one node is configured.
        ! The fate of 1 payout is unknown: they wait for evidence or for people, and nothing pays them a second time.
        ! The last reconciliation found rows that do not match.

          queued      ##..................  1 payout              1 token
          submitted   ##..................  1 payout              1 token
          confirmed   ############........  6 payouts             6 tokens
          failed      ##..................  1 payout              1 token
          compensated ##..................  1 payout              1 token
          total                             10 payouts            10 tokens

          batches     1 live, 2 final, 1 dead; 1 of the live ones with an unknown fate
          attempts    7 signed or intended, of them 2 fee bumps and 1 void
          fees        0.008100000000000001 coins were paid for 3 final transactions: 0.001157142857142857 coins for each of 7 credited recipients, and 2 of the smallest unit left over.
          finality    Half of the recipients had their money for good within 15 s, 95 % within 1 min 35 s; the fastest took 12 s, the slowest 1 min 35 s.
          files       13 rows of 1 file: 10 accepted, 2 rejected, 1 duplicate
          approval    One local operator approved on 2025-10-01 11:59:00 UTC the payment of 10 tokens to 10 recipients; no second person was asked.
                      content root 0xaf5701504494180fa7fa6162b7d17d5ee20203b80a56afd7bec196714bac9a6b, as approved
          screening   Screening: none configured, every recipient was allowed.
          ledger      agrees with the payouts in every role
          reconcile   On 2025-10-01 12:03:20 UTC, blocks 1 to 90: rows did not match (3 unpaid).
          audit       45 records; checkpoint 2 of 2025-10-01 12:02:30 UTC seals all but 11 of them.
                      chain 0 head 5 0x00000000000000050000000000000000000000000000000000000000000000aa
                      chain 1 head 40 0x00000000000000280000000000000000000000000000000000000000000000aa

        failed payout.reverted: 1, 1 token
          row 10  row-8  0x0000000000000000000000000000000000000008  execution reverted

        compensated PAID_BY_HAND: 1, 1 token
          row 11  row-9  0x0000000000000000000000000000000000000009
        """)
  }

  @Test func `the JSON form is one report event with stable keys and sums as decimal text`() throws {
    let json = try JSON.parse(ReportSamples.report(ReportSamples.small()).json.text)
    #expect(
      json.object?.keys == [
        "event", "campaign", "generated_at", "store", "notices", "warnings", "moving", "payouts", "loads", "approval",
        "screening", "batches", "fees", "finality", "timeline", "failures", "compensations", "ledger", "reconciliation",
        "audit",
        "operator_actions",
      ])
    #expect(json["event"] == "report" && json["generated_at"] == "2025-10-01T12:05:00.000Z")
    #expect(json["payouts"]?["confirmed"] == ["count": .integer(6), "units": "6000000"])
    #expect(json["fees"]?["total"] == "8100000000000001" && json["fees"]?["per_recipient_rest"] == "2")
    #expect(json["approval"]?["approved_by"] == "operator:local" && json["approval"]?["approvers"]?.uint64 == 1)
    #expect(json["failures"]?.array?.first?["code"] == "payout.reverted")
    #expect(json["timeline"]?["intervals"]?.array?.count == 126)
    #expect(json["reconciliation"]?["clean"] == false)
  }

  @Test func `the page is well-formed, its charts are described, and it neither runs nor loads anything`() throws {
    let page = try MarkupReader.read(ReportSamples.report(ReportSamples.small()).html)
    #expect(!page.text.contains("<"), "markup was shown as text")
    let ids = page.elements.compactMap { $0.attributes["id"] }
    #expect(Set(ids).count == ids.count)
    let charts = page.elements.filter { $0.name == "svg" && $0.attributes["aria-hidden"] == nil }
    #expect(charts.count == 5)
    for chart in charts {
      #expect(chart.attributes["role"] == "img")
      let names = (chart.attributes["aria-labelledby"] ?? "").split(separator: " ").map(String.init)
      #expect(names.count == 2 && names.allSatisfy(ids.contains))
    }
    let words: Set = ["script", "link", "img", "iframe", "object", "embed", "a", "form", "image", "use", "base"]
    #expect(page.elements.allSatisfy { !words.contains($0.name) })
    let names = page.elements.flatMap { $0.attributes.keys }
    #expect(names.allSatisfy { !$0.hasPrefix("on") && !["src", "href", "style", "xlink:href"].contains($0) })
    #expect(!ReportStyle.css.contains("url(") && !ReportStyle.css.contains("@import"))
  }

  @Test func `the content security policy allows the page's own style sheet and nothing else`() throws {
    let page = try MarkupReader.read(ReportSamples.report(ReportSamples.small()).html)
    let policy = try #require(
      page.elements.first { $0.attributes["http-equiv"] == "Content-Security-Policy" }?.attributes["content"])
    let hash = base64(try SHA256.hash(Array(ReportStyle.css.utf8)).bytes)
    #expect(policy == "default-src 'none'; style-src 'sha256-\(hash)'; base-uri 'none'; form-action 'none'")
  }

  @Test func `geometry is drawn in whole numbers within the plots`() throws {
    let page = try MarkupReader.read(ReportSamples.report(ReportSamples.small()).html)
    for element in page.elements where element.name == "rect" {
      for key in ["x", "y", "width", "height"] {
        let value = try #require(element.attributes[key].flatMap { Int64($0) })
        #expect((0...2_000).contains(value))
      }
    }
    for element in page.elements where element.name == "path" {
      #expect(element.attributes["d"]?.allSatisfy { "MLHVZ 0123456789".contains($0) } == true)
    }
  }

  /// What a file, a node or an operator may put into names, reasons and messages.
  static let hostile = [
    "<script>alert(1)</script>", "\"><img src=x onerror=alert(1)>", "' onmouseover='alert(1)", "</title></style><h1>",
    "&lt;b&gt; &#60;i&#62;", "]]><!--", "\u{202e}0x-reversed\u{202c}", "\u{2066}isolate", "bell\u{7}\u{1b}[31mred\u{0}",
    "\u{200b}zero\u{feff}width", "line\u{2028}break\nnew", "\u{e0041}tag", "javascript:alert(1)",
  ]

  @Test(arguments: hostile)
  func `hostile text is shown, and is nothing but text`(text: String) throws {
    var store = try ReportSamples.small()
    store.campaignRow = ReportSamples.campaign(name: text, status: .paused, reason: text)
    let row = store.payoutRow
    store.payoutRow = {
      $0.ordinal == 8 ? ReportSamples.payout($0, .failed, key: text, code: text, message: text) : row($0)
    }
    let detail = JSON.string(text).text
    store.records.append(
      ReportSamples.record(6, text, "{\"reason\":\(detail)}", at: ReportSamples.at(210)))
    let report = try ReportBuilder(store: store, addressText: { _ in text })
      .build(store.campaignRow, at: ReportSamples.at(300), notices: [text])
    let plain = try MarkupReader.read(ReportSamples.report(ReportSamples.small()).html)
    let page = try MarkupReader.read(report.html)
    // The same tags as without the text, but for the places where there was none before.
    let allowed = Set(plain.elements.map(\.name))
    #expect(
      page.elements.allSatisfy { allowed.contains($0.name) && $0.attributes.keys.allSatisfy { !$0.hasPrefix("on") } })
    #expect(page.elements.count { $0.name == "h1" } == 1 && page.elements.count { $0.name == "style" } == 1)
    #expect(page.text.contains(Foreign.text(text)))
    for scalar in report.text.unicodeScalars where scalar != "\n" { #expect(Foreign.isSafe(scalar), "\(scalar.value)") }
    #expect(try JSON.parse(report.json.text)["failures"]?.array?.first?["code"]?.string == text)
  }

  @Test(arguments: hostile)
  func `text put into an attribute ends neither the attribute nor the tag`(text: String) throws {
    let piece: HTML = "<!DOCTYPE html><p title=\"\(text)\">\(text)\(foreign: text)</p>"
    let page = try MarkupReader.read(piece.text)
    #expect(page.elements.map(\.name) == ["p", "bdi"] && page.elements.first?.attributes.keys.sorted() == ["title"])
  }

  @Test func `text of any length from outside is cut on the page`() throws {
    var store = try ReportSamples.small()
    let row = store.payoutRow
    store.payoutRow = {
      $0.ordinal == 8
        ? ReportSamples.payout($0, .failed, code: "c", message: String(repeating: "m", count: 1_000_000)) : row($0)
    }
    #expect(try ReportSamples.report(store).html.utf8.count < 60_000)
  }

  @Test func `everybody paid is said in one sentence`() throws {
    var store = try ReportSamples.small()
    store.tallyRead = { _ in Tally(parts: [.confirmed: ReportSamples.part(1_234_567)]) }
    #expect(try ReportSamples.report(store).text.contains("\nAll 1,234,567 recipients are paid.\n"))
  }

  /// RFC 4648, section 4.
  private func base64(_ bytes: [UInt8]) -> String {
    let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/")
    var out = ""
    for start in stride(from: 0, to: bytes.count, by: 3) {
      let group = bytes[start..<min(start + 3, bytes.count)]
      let word = (0..<3).reduce(0) { $0 << 8 | (start + $1 < bytes.count ? Int(bytes[start + $1]) : 0) }
      for place in 0..<4 { out.append(place <= group.count ? alphabet[word >> (18 - 6 * place) & 63] : "=") }
    }
    return out
  }
}
