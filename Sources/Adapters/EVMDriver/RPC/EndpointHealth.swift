package import Chains

/// How a node has behaved since the start. Demotion is a word for reports and an order of asking; it never changes who
/// may vote nor how many must agree. Source: PROTOCOL.md 4.1.
package struct EndpointHealth: Hashable, Sendable {
  package let endpoint: EndpointID
  package private(set) var answers: UInt64 = 0
  package private(set) var failures: UInt64 = 0
  /// Statements against a quorum, and answers that contradict themselves.
  package private(set) var disagreements: UInt64 = 0
  package private(set) var lastFailure: EndpointFailure?
  private var failuresInARow = 0
  var underWay = 0

  init(endpoint: EndpointID) { self.endpoint = endpoint }

  /// Silent or failing for some time, or caught in a contradiction.
  package var isDemoted: Bool { failuresInARow >= 3 || disagreements > 0 }

  mutating func answered() {
    answers &+= 1
    failuresInARow = 0
  }

  mutating func failed(_ failure: EndpointFailure) {
    failures &+= 1
    failuresInARow = min(failuresInARow + 1, 1_000)
    lastFailure = failure
    if failure.code == .inconsistent { disagreements &+= 1 }
  }

  mutating func disagreed() {
    disagreements &+= 1
    lastFailure = EndpointFailure(.inconsistent, "stated what a quorum denies")
  }
}
