import Codecs
import Curves
import Foundation
import Lottery

/// Words of outside data as HTML: nothing of it can become a tag.
enum HTML {
  static func text(_ words: String) -> String {
    var out = ""
    for scalar in words.unicodeScalars {
      switch scalar {
      case "&": out += "&amp;"
      case "<": out += "&lt;"
      case ">": out += "&gt;"
      case "\"": out += "&quot;"
      case "'": out += "&#39;"
      default: out.unicodeScalars.append(scalar)
      }
    }
    return out
  }

  /// `2026-11-22 06:00:00 UTC`; the plain number for what no calendar has.
  static func time(_ seconds: UInt64) -> String {
    guard seconds < 253_402_300_800 else { return "\(seconds)" }
    let text = Date(timeIntervalSince1970: TimeInterval(seconds)).formatted(.iso8601)
    return text.replacingOccurrences(of: "T", with: " ").replacingOccurrences(of: "Z", with: " UTC")
  }

  static func source(_ source: RandomnessPlan.Source) -> String {
    switch source {
    case .beacon(let chain):
      "drand, chain \(DrandChain.known.first { $0.hash == chain }?.name ?? chain.description)"
    case .vrf(let key): "a verifiable random function, key \(Hex.prefixed(key))"
    case .callback(let network): "the network \(String(decoding: network, as: UTF8.self))"
    }
  }

  static func facts(_ rows: [(String, String)]) -> String {
    "<dl>" + rows.map { "<dt>\(text($0.0))</dt><dd>\(text($0.1))</dd>" }.joined() + "</dl>"
  }

  static func table(_ head: [String], _ rows: [[String]]) -> String {
    let names = head.map { "<th>\(text($0))</th>" }.joined()
    let lines = rows.map { "<tr>" + $0.map { "<td>\(text($0))</td>" }.joined() + "</tr>" }.joined()
    return "<div class=\"scroll\"><table><thead><tr>\(names)</tr></thead><tbody>\(lines)</tbody></table></div>"
  }
}

/// Tickets sold over time, as a drawing inside of the page. Whole numbers alone.
struct LotteryChart {
  private let sales: [LotteryFacts.Sold]
  private static let (width, height, left, bottom): (UInt64, UInt64, UInt64, UInt64) = (640, 220, 8, 24)

  init(_ sales: [LotteryFacts.Sold]) { self.sales = sales }

  var html: String {
    guard let first = sales.first, let last = sales.last, last.tickets > 0 else { return "" }
    let (chart, floor) = (LotteryChart.self, LotteryChart.height - LotteryChart.bottom)
    let (span, top) = (max(1, last.at - min(first.at, last.at)), last.tickets)
    var (points, height) = ("\(chart.left),\(floor)", floor)
    for sold in sales {
      let x = chart.left + chart.scaled(sold.at - min(first.at, sold.at), of: span, to: chart.width - 2 * chart.left)
      points += " \(x),\(height)"
      height = floor - chart.scaled(sold.tickets, of: top, to: floor - 16)
      points += " \(x),\(height)"
    }
    let right = chart.width - chart.left
    points += " \(right),\(height)"
    return """
      <h2>Sales</h2><svg viewBox="0 0 \(chart.width) \(chart.height)" role="img" aria-label="\(last.tickets) tickets sold over time">\
      <line class="grid" x1="\(chart.left)" y1="\(floor)" x2="\(right)" y2="\(floor)"/>\
      <polygon class="area" points="\(points) \(right),\(floor)"/><polyline class="sold" points="\(points)"/>\
      <text x="\(chart.left)" y="12">\(last.tickets) tickets</text>\
      <text x="\(chart.left)" y="\(chart.height - 6)">\(HTML.time(first.at))</text>\
      <text x="\(right)" y="\(chart.height - 6)" text-anchor="end">\(HTML.time(last.at))</text></svg>
      """
  }

  private static func scaled(_ value: UInt64, of whole: UInt64, to length: UInt64) -> UInt64 {
    let product = min(value, whole).multipliedFullWidth(by: length)
    return whole > product.high ? whole.dividingFullWidth(product).quotient : length
  }
}
