package import Airdrop
import Foundation
import Synchronization

/// A thread that does one piece of work after the other. It ends when its owner lets go of it and all work is done.
package final class WorkThread: WorkBeside {
  private let desk = Desk()

  package init() { Thread.detachNewThread { [desk] in desk.work() } }

  deinit { desk.close() }

  package func start(_ work: @escaping @Sendable () -> Void) -> any StartedWork {
    let piece = Piece(work)
    desk.add(piece)
    return piece
  }

  package func settle() { start {}.wait() }

  private final class Piece: StartedWork {
    /// Nil when it is done.
    private let work: Mutex<(@Sendable () -> Void)?>
    private let done = DispatchSemaphore(value: 0)

    init(_ work: @escaping @Sendable () -> Void) { self.work = Mutex(work) }

    var isDone: Bool { work.withLockIfAvailable { $0 == nil } ?? false }

    func run() {
      // What the work held on to goes before it counts as done.
      work.withLock { work in
        work?()
        work = nil
      }
      done.signal()
    }

    func wait() {
      done.wait()
      // For whoever else waits.
      done.signal()
    }
  }

  private final class Desk: Sendable {
    private let pieces = Mutex<(waiting: [Piece], isOpen: Bool)>(([], true))
    private let bell = DispatchSemaphore(value: 0)

    func add(_ piece: Piece) {
      pieces.withLock { $0.waiting.append(piece) }
      bell.signal()
    }

    func close() {
      pieces.withLock { $0.isOpen = false }
      bell.signal()
    }

    func work() {
      while true {
        bell.wait()
        let (piece, isOpen) = pieces.withLock { ($0.waiting.isEmpty ? nil : $0.waiting.removeFirst(), $0.isOpen) }
        guard let piece else {
          if isOpen { continue }
          return
        }
        piece.run()
      }
    }
  }
}
