import Foundation
import SQLite
import Synchronization

/// Moves the write-ahead log into the database beside the writer, on a thread and a connection of its own: a load then
/// waits for its own commits only.
///
/// It owes nothing: what it leaves, the writer's own checkpoint moves when the log has grown to `mostPages`.
final class LogMover: Sendable {
  /// Pages that the log may grow to meanwhile, 32 MiB.
  static let mostPages: Int32 = 4000
  /// The writer's threshold at other times.
  static let usualPages: Int32 = 1000

  private let path: String
  private let isAtWork = Mutex(false)
  private let changed = NSCondition()

  init(path: String) { self.path = path }

  /// Begins, unless it is still at work. Returns at once.
  func start() {
    let isFree = isAtWork.withLock { isAtWork in
      defer { isAtWork = true }
      return !isAtWork
    }
    guard isFree else { return }
    Thread.detachNewThread { [self] in
      move()
      changed.lock()
      isAtWork.withLock { $0 = false }
      changed.broadcast()
      changed.unlock()
    }
  }

  /// Returns when it is not at work: whoever closes the store leaves no connection behind.
  func settle() {
    changed.lock()
    while isAtWork.withLock({ $0 }) { changed.wait() }
    changed.unlock()
  }

  private func move() {
    // Opened each time: a connection that stays open would be one more to close in the right order.
    guard let connection = try? Connection(path: path, Configuration(mode: .readWrite, cacheKibibytes: 64)) else {
      return
    }
    _ = try? connection.checkpoint(.passive)
  }
}
