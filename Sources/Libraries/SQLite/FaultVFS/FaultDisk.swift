import Synchronization

/// A disk in memory that loses what was not synced, tears writes and fails on request, below an unchanged SQLite.
///
/// Every file has a volatile content, which programs see, and a durable one, which survives `crash`. The `decide`
/// closure is asked before every operation, so a test or a simulator can fail or stop the machine at any of them.
/// While the disk is down every operation fails and changes nothing: what a dead process still does has no effect.
///
/// Any thread may use it. Lifetime: it is registered as a VFS as long as somebody holds it; open files do too.
package final class FaultDisk: Sendable {
  /// What a connection names in its configuration.
  package let name: String
  let state: Mutex<DiskState>
  private let decide: @Sendable (DiskOperation) -> DiskVerdict
  // The address of the registered sqlite3_vfs; only registration and its end touch it.
  private let registration: UInt

  /// `seed`: for SQLite's own randomness and for what a crash keeps.
  package init(seed: UInt64, decide: @escaping @Sendable (DiskOperation) -> DiskVerdict = { _ in .proceed })
    throws(SQLiteError)
  {
    let name = "almoner-fault-\(FaultDisk.count.add(1, ordering: .relaxed).newValue)"
    self.name = name
    self.decide = decide
    self.state = Mutex(DiskState(seed: seed))
    let made = unsafe FaultVFS.make(name)
    self.registration = UInt(bitPattern: made)
    try unsafe FaultVFS.register(made, for: self)
  }

  deinit {
    FaultVFS.retire(registration)
    state.withLock { $0.free() }
  }

  private static let count = Atomic<UInt64>(0)

  /// Asks for the verdict about an operation; counts it.
  func verdict(_ kind: DiskOperation.Kind, _ file: String, bytes: Int = 0) -> DiskVerdict {
    let operation = state.withLock { state -> DiskOperation? in
      guard !state.isDown else { return nil }
      if kind.isDurable { state.operations += 1 }
      return DiskOperation(kind: kind, file: file, bytes: bytes, number: state.operations)
    }
    guard let operation else { return .fail(.down) }
    let verdict = decide(operation)
    if verdict == .crashBefore { state.withLock { $0.isDown = true } }
    return verdict
  }

  /// The machine stops now: nothing more reaches the disk until `restart`.
  package func stop() { state.withLock { $0.isDown = true } }

  package var isDown: Bool { state.withLock { $0.isDown } }

  /// Writes, syncs, truncations and deletions so far.
  package var operations: Int { state.withLock { $0.operations } }

  /// Starts the machine again. Connections from before must be closed.
  @discardableResult
  package func restart(_ survival: Survival) -> DiskLosses { state.withLock { $0.restart(survival) } }

  /// The durable content of every file: what a copy of a stopped machine's disk would hold.
  package var image: DiskImage { state.withLock { $0.image } }

  /// Replaces every file by those of the image, durably. Connections from before must be closed.
  package func load(_ image: DiskImage) { state.withLock { $0.load(image) } }
}

/// Files by name, as they lie on a disk.
package struct DiskImage: Hashable, Sendable {
  package var files: [String: [UInt8]]
  package init(files: [String: [UInt8]] = [:]) { self.files = files }
}

/// One operation of SQLite on a file.
package struct DiskOperation: Hashable, Sendable {
  package enum Kind: String, CaseIterable, Sendable {
    case read, write, truncate, sync, delete

    /// Whether it changes what is on the disk, or promises to have done so.
    package var isDurable: Bool { self != .read }
  }
  package let kind: Kind
  package let file: String
  package let bytes: Int
  /// The how-manieth durable operation of the disk it is, from 1; for a read, how many came before.
  package let number: Int
}

/// What becomes of an operation.
package enum DiskVerdict: Hashable, Sendable {
  case proceed
  case fail(DiskFailure)
  /// The machine stops before it.
  case crashBefore
  /// The machine stops when it is done, before SQLite hears of it.
  case crashAfter
}

package enum DiskFailure: String, CaseIterable, Sendable {
  /// No space: nothing is written.
  case full
  /// An input/output error: a write leaves part of itself behind; what a failed sync was asked for may never arrive,
  /// and a later sync does not mend that.
  case io
  case down
}

/// What a stop of the machine does to what was not synced.
package enum Survival: Hashable, Sendable {
  /// The process was killed, the machine was not: the system's memory holds everything.
  case all
  /// Power was cut: nothing that was not synced is there.
  case synced
  /// Power was cut: each unsynced write is there, missing, or torn at sectors of 512 bytes.
  case torn
}

/// What a restart found missing.
package struct DiskLosses: Hashable, Sendable {
  package var lostWrites = 0
  package var tornWrites = 0
  package init() {}
}
