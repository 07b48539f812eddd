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
    let percent = total > 0 ? Int(min(100, max(0, done.multipliedReportingOverflow(by: 100).partialValue / total))) : 0
    guard percent != lastPercent else { return }
    lastPercent = percent
    let filled = percent * 30 / 100
    let bar = String(repeating: "#", count: filled) + String(repeating: "-", count: 30 - filled)
    terminal.status("\(title) [\(bar)] \(percent)%  \(detail)")
  }

  package func finish() { terminal.clearStatus() }
}
