/// How a connection is opened. The defaults are those of the ledger: WAL, every commit durable.
package struct Configuration: Sendable {
  package enum Mode: Sendable {
    /// Reads an existing database.
    case readOnly
    /// Reads and writes an existing database; a missing file is refused.
    case readWrite
    /// As `readWrite`, and makes the file when it is missing.
    case create
  }

  /// Bytes per page, fixed when the file is made.
  package enum PageSize: Sendable { case bytes4096, bytes8192 }

  /// https://sqlite.org/pragma.html#pragma_synchronous
  package enum Synchronous: Sendable {
    /// A commit is on the disk when it returns. The only setting for money.
    case full
    /// A power cut may lose the last commits but not break the file: for what can be read again from elsewhere.
    case normal
  }

  package var mode: Mode
  /// The name of a registered VFS; nil is the system's.
  package var vfs: String?
  /// How long a writer waits for another process's write lock. Waits with the VFS's own sleep.
  package var busyTimeoutMilliseconds: Int32
  package var pageSize: PageSize
  package var synchronous: Synchronous
  /// Page cache in KiB.
  package var cacheKibibytes: Int32
  /// A commit that leaves this many pages or more in the WAL runs a checkpoint; 0 leaves it to `checkpoint`.
  package var walAutocheckpointPages: Int32
  /// Holds the file lock for the life of the connection. WAL then keeps its index on the heap, so the VFS needs no
  /// shared memory; no other connection can open the file.
  package var exclusive: Bool
  /// Keeps sorter and temporary tables in memory instead of temporary files.
  package var temporaryInMemory: Bool

  package init(
    mode: Mode = .create, vfs: String? = nil, busyTimeoutMilliseconds: Int32 = 5000,
    pageSize: PageSize = .bytes4096, synchronous: Synchronous = .full, cacheKibibytes: Int32 = 8192,
    walAutocheckpointPages: Int32 = 1000, exclusive: Bool = false, temporaryInMemory: Bool = false
  ) {
    self.mode = mode
    self.vfs = vfs
    self.busyTimeoutMilliseconds = busyTimeoutMilliseconds
    self.pageSize = pageSize
    self.synchronous = synchronous
    self.cacheKibibytes = cacheKibibytes
    self.walAutocheckpointPages = walAutocheckpointPages
    self.exclusive = exclusive
    self.temporaryInMemory = temporaryInMemory
  }
}
