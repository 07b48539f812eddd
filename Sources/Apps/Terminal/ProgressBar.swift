/// A bar on standard error for a person, nothing for a pipe.
package struct ProgressBar {
  private let terminal: Terminal
  private let title: String
  private var lastPercent = -1

  package init(_ terminal: Terminal, _ title: String) {
    self.terminal = terminal
    self.title = title
  }

  /// Draws when a whole percent was gained.
  package mutating func show(_ done: Int64, of total: Int64, _ detail: String) {
    let percent = ProgressBar.percent(max(0, done), of: total)
    guard percent != lastPercent else { return }
    lastPercent = percent
    let filled = percent * 30 / 100
    let bar = String(repeating: "#", count: filled) + String(repeating: "-", count: 30 - filled)
    terminal.status("\(title) [\(bar)] \(percent)%  \(detail)")
  }

  /// Whole percents, also of counts whose hundredfold would not fit.
  private static func percent(_ done: Int64, of total: Int64) -> Int {
    guard total > 0 else { return 0 }
    guard done < total else { return 100 }
    return Int(total.dividingFullWidth(done.multipliedFullWidth(by: 100)).quotient)
  }

  package func finish() { terminal.clearStatus() }
}
