import CSQLite
import Synchronization

/// Stops the statement that a connection is running, from any thread.
///
/// `sqlite3_interrupt` may be called from any thread as long as the connection is open; the lock below makes the
/// closing wait for a call in progress, and turns later calls into nothing. https://sqlite.org/c3ref/interrupt.html
package final class Interrupter: Sendable {
  // A pointer is not Sendable; as a number it is only ever used under the lock.
  private let address: Mutex<UInt>

  init(_ handle: OpaquePointer) {
    address = Mutex(UInt(bitPattern: handle))
  }

  /// The running statement ends with `interrupted`, and its transaction can be rolled back. No effect when idle.
  package func interrupt() {
    address.withLock { address in
      // SQLite does not check for a null handle here.
      guard let handle = unsafe OpaquePointer(bitPattern: address) else { return }
      unsafe sqlite3_interrupt(handle)
    }
  }

  func retire() {
    address.withLock { $0 = 0 }
  }
}
