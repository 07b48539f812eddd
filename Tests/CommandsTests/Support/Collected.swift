import Codecs
@testable import Commands
import Synchronization
import Terminal

/// What a command said, kept apart by stream.
final class Collected: TerminalSink {
  private let text = Mutex((out: "", error: ""))

  func write(_ text: String, toError: Bool) {
    self.text.withLock { if toError { $0.error += text } else { $0.out += text } }
  }

  var hasLostOutput: Bool { false }
  var out: String { text.withLock { $0.out } }
  var error: String { text.withLock { $0.error } }
}

/// Runs one command line in this process, as the binary would.
func shell(
  _ line: String..., as program: String = "almoner", environment: [String: String] = [:]
) -> (status: ExitStatus, out: String, error: String) {
  let sink = Collected()
  let terminal = Terminal(isJSON: line.contains("--json"), isInteractive: false, usesColour: false, sink: sink)
  let status = Shell.run(line, program: program, program == "airdrop", terminal, environment)
  return (status, sink.out, sink.error)
}
