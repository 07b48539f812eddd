import Foundation

/// A thread of its own that can be waited for: the engine's workers block, so tests of them do too.
final class SigningThread {
  private let done = DispatchSemaphore(value: 0)

  init(_ body: @escaping @Sendable () -> Void) {
    let done = done
    Thread {
      body()
      done.signal()
    }.start()
  }

  func join() { done.wait() }
}
