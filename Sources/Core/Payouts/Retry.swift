/// Randomness as a port: the machine's in service, a seed's in the simulator.
package protocol RandomSource: AnyObject {
  func next() -> UInt64
}

/// Exponential backoff with full jitter: the wait is uniform between 0 and a bound that doubles.
/// Source: "Exponential Backoff And Jitter", AWS Architecture Blog, 2015.
package struct Backoff: Hashable, Sendable {
  package let baseMilliseconds: Int64
  package let mostMilliseconds: Int64

  package init(baseMilliseconds: Int64, mostMilliseconds: Int64) {
    precondition(baseMilliseconds > 0 && mostMilliseconds >= baseMilliseconds)
    self.baseMilliseconds = baseMilliseconds
    self.mostMilliseconds = mostMilliseconds
  }

  /// The bound before the `attempt`-th retry (from 0).
  package func bound(attempt: Int) -> Int64 {
    var bound = baseMilliseconds
    for _ in 0..<max(0, min(attempt, 62)) where bound < mostMilliseconds {
      bound = bound > mostMilliseconds / 2 ? mostMilliseconds : bound * 2
    }
    return min(bound, mostMilliseconds)
  }

  package func wait(attempt: Int, random: any RandomSource) -> Int64 {
    Int64(random.next() % UInt64(bound(attempt: attempt) + 1))
  }
}
