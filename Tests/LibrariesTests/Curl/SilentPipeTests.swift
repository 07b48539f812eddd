import Foundation
import Testing

@testable import Curl

/// Each in a process of its own, where the signal has its usual effect whatever the test runner did with it.
@Suite("Silent pipe")
struct SilentPipeTests {
  @Test func `a broken pipe inside does not end the process`() async {
    await #expect(processExitsWith: .success) {
      signal(SIGPIPE, SIG_DFL)
      for _ in 0..<3 { withoutBrokenPipeSignal { _ = raise(SIGPIPE) } }
      exit(EXIT_SUCCESS)
    }
  }

  @Test func `a broken pipe outside ends it as ever`() async {
    await #expect(processExitsWith: .signal(SIGPIPE)) {
      signal(SIGPIPE, SIG_DFL)
      withoutBrokenPipeSignal { _ = raise(SIGPIPE) }
      raise(SIGPIPE)
      exit(EXIT_SUCCESS)
    }
  }
}
