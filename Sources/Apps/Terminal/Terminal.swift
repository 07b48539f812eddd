import Foundation
import Synchronization

/// Where a command writes: results to standard output, progress and complaints to standard error.
///
/// Nothing from outside reaches a terminal raw: every line goes through `Printable`.
package final class Terminal: Sendable {
  /// One object per line instead of text for people.
  package let isJSON: Bool
  /// Whether a person is looking at standard error: progress bars make sense.
  package let isInteractive: Bool
  package let usesColour: Bool
  private let sink: any TerminalSink
  private let lock = Mutex(())

  package init(isJSON: Bool, isInteractive: Bool, usesColour: Bool, sink: any TerminalSink) {
    self.isJSON = isJSON
    self.isInteractive = isInteractive
    self.usesColour = usesColour
    self.sink = sink
  }

  /// The process's own streams. `NO_COLOR`, `TERM=dumb` and a pipe turn colour and progress off.
  package convenience init(isJSON: Bool, environment: [String: String]) {
    StandardStreams.occupy()
    let isDumb = environment["TERM"] == "dumb" || environment["TERM"] == nil
    let isTTY = isatty(STDERR_FILENO) == 1 && !isDumb && !isJSON
    self.init(
      isJSON: isJSON, isInteractive: isTTY, usesColour: isTTY && environment["NO_COLOR"] == nil,
      sink: StandardStreams())
  }

  /// A line of result.
  package func line(_ text: String) {
    if isJSON { return jsonLine(text) }
    write(Printable.lines(text) + "\n", toError: false)
  }

  /// A line of JSON, its data exactly as they are.
  package func jsonLine(_ text: String) { write(Printable.json(text) + "\n", toError: false) }

  /// A line of progress or complaint.
  package func note(_ text: String) { write(Printable.lines(text) + "\n", toError: true) }

  /// Text that stays on the current line of standard error; only for interactive use.
  package func status(_ text: String) {
    guard isInteractive else { return }
    write("\r\u{1b}[2K" + Printable.line(text), toError: true)
  }

  package func clearStatus() {
    guard isInteractive else { return }
    write("\r\u{1b}[2K", toError: true)
  }

  /// Asks on standard error and reads a line of standard input; nil at its end.
  package func ask(_ question: String) -> String? {
    write(Printable.line(question) + " ", toError: true)
    if let answer = readLine(strippingNewline: true) { return answer }
    // Nobody typed the line end: what follows begins on a line of its own.
    write("\n", toError: true)
    return nil
  }

  /// Asks on standard error; whoever calls reads the answer.
  package func prompt(_ question: String) { write(Printable.line(question) + " ", toError: true) }

  /// Whether a result was lost on its way to standard output: the command's work is done, its words are not whole.
  package var hasLostOutput: Bool { sink.hasLostOutput }

  package func colour(_ text: String, _ colour: Colour) -> String {
    usesColour ? "\u{1b}[\(colour.rawValue)m\(text)\u{1b}[0m" : text
  }

  package enum Colour: Int, Sendable { case red = 31, green = 32, yellow = 33, dim = 2, bold = 1 }

  private func write(_ text: String, toError: Bool) {
    lock.withLock { _ in sink.write(text, toError: toError) }
  }
}

/// The end of the pipe; tests collect instead.
package protocol TerminalSink: Sendable {
  func write(_ text: String, toError: Bool)
  /// Whether a result was lost on its way to standard output.
  var hasLostOutput: Bool { get }
}

final class StandardStreams: TerminalSink {
  private let lost = Mutex(false)
  var hasLostOutput: Bool { lost.withLock { $0 } }

  func write(_ text: String, toError: Bool) {
    let handle = toError ? FileHandle.standardError : FileHandle.standardOutput
    do { try handle.write(contentsOf: Data(text.utf8)) } catch {
      // A closed pipe is the reader's choice, not a failure of the command; a full disk behind the stream is one.
      let cause = (error as NSError).userInfo[NSUnderlyingErrorKey] as? NSError
      if !toError, cause?.code != Int(EPIPE) { lost.withLock { $0 = true } }
    }
  }

  /// Opens the null device for every standard stream that the caller closed: the next file to be opened would get its
  /// number, and what is meant for a person would be written into it.
  static func occupy() {
    while let null = FileHandle(forUpdatingAtPath: "/dev/null") {
      guard null.fileDescriptor <= STDERR_FILENO else {
        try? null.close()
        return
      }
      kept.withLock { $0.append(null) }
    }
  }
  private static let kept = Mutex<[FileHandle]>([])
}
