import Glibc

/// An open file, closed when the value's last owner lets go. One thread at a time, but for `read(at:)` and `write`,
/// which the system makes safe.
package final class Descriptor: Sendable {
  private let number: Int32
  private let closes: Bool

  private init(_ number: Int32, closes: Bool) {
    self.number = number
    self.closes = closes
  }

  deinit { if closes { _ = Glibc.close(number) } }

  /// The standard input of the process. It is not closed.
  package static let standardInput = Descriptor(STDIN_FILENO, closes: false)

  /// Opens a file for reading. Throws `file.not_a_file` for a directory.
  package static func reading(_ path: String) throws(FileError) -> Descriptor {
    let opened = unsafe path.withCString { path in unsafe open(path, O_RDONLY | O_CLOEXEC) }
    guard opened >= 0 else { throw FileError(errno, "opening a file") }
    let descriptor = Descriptor(opened, closes: true)
    guard try descriptor.status().isReadable else { throw FileError(EISDIR, "opening a file") }
    return descriptor
  }

  /// Creates a file that nobody else may read (mode 0600); throws when something stands there already.
  package static func creating(_ path: String) throws(FileError) -> Descriptor {
    let opened = unsafe path.withCString { path in
      unsafe open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, mode_t(0o600))
    }
    guard opened >= 0 else { throw FileError(errno, "creating a file") }
    return Descriptor(opened, closes: true)
  }

  /// Creates a file of mode 0600 in `directory` that has no name: it is gone when it is closed, whatever happens.
  package static func unnamed(in directory: String) throws(FileError) -> Descriptor {
    var template = Array("\(directory)/almoner-XXXXXX".utf8CString)
    let opened = unsafe template.withUnsafeMutableBufferPointer { template -> Int32 in
      guard let start = template.baseAddress else { return -1 }
      let made = unsafe mkstemp(start)
      guard made >= 0 else { return made }
      _ = unsafe unlink(start)
      _ = fcntl(made, F_SETFD, FD_CLOEXEC)
      return made
    }
    guard opened >= 0 else { throw FileError(errno, "creating a temporary file") }
    return Descriptor(opened, closes: true)
  }

  /// What the system knows about the file.
  package struct Status: Hashable, Sendable {
    /// Bytes; 0 for a pipe.
    package let size: Int64
    /// A file with a size, as opposed to a pipe or terminal.
    package let isRegular: Bool
    let isReadable: Bool
    /// Which file it is, and when it was written last: another text is another content.
    package let mark: String
  }

  package func status() throws(FileError) -> Status {
    var out = stat()
    guard unsafe fstat(number, &out) == 0 else { throw FileError(errno, "asking about a file") }
    let kind = out.st_mode & S_IFMT
    return Status(
      size: Int64(out.st_size), isRegular: kind == S_IFREG, isReadable: kind != S_IFDIR,
      mark: "\(out.st_dev) \(out.st_ino) \(out.st_size) \(out.st_mtim.tv_sec) \(out.st_mtim.tv_nsec)")
  }
}

// MARK: Bytes

extension Descriptor {
  /// Reads what comes next into `buffer[range]`; 0 at the end. A short count is not the end.
  package func read(into buffer: inout [UInt8], _ range: Range<Int>) throws(FileError) -> Int {
    try unsafe transfer(&buffer, range, "reading a file") { unsafe Glibc.read($0, $1, $2) }
  }

  /// Reads from `offset` on, wherever other reads are; 0 past the end.
  package func read(at offset: Int64, into buffer: inout [UInt8], _ range: Range<Int>) throws(FileError) -> Int {
    try unsafe transfer(&buffer, range, "reading a file") { unsafe pread($0, $1, $2, off_t(offset)) }
  }

  /// Writes all of `bytes`. Throws `file.full` when there is no room; what was written by then stays.
  package func write(_ bytes: [UInt8]) throws(FileError) {
    var done = 0
    while done < bytes.count {
      let count = unsafe bytes.withUnsafeBytes { source in
        unsafe Glibc.write(number, source.baseAddress?.advanced(by: done), source.count - done)
      }
      if count < 0 {
        if errno == EINTR { continue }
        throw FileError(errno, "writing a file")
      }
      done += count
    }
  }

  /// Returns when the bytes are on the disk.
  package func synchronize() throws(FileError) {
    guard fsync(number) == 0 else { throw FileError(errno, "flushing a file") }
  }

  private func transfer(
    _ buffer: inout [UInt8], _ range: Range<Int>, _ operation: String,
    _ call: (Int32, UnsafeMutableRawPointer?, Int) -> Int
  ) throws(FileError) -> Int {
    precondition(range.lowerBound >= 0 && range.upperBound <= buffer.count, "reading outside of a buffer")
    while true {
      let count = unsafe buffer.withUnsafeMutableBytes { bytes in
        unsafe call(number, bytes.baseAddress?.advanced(by: range.lowerBound), range.count)
      }
      if count >= 0 { return count }
      guard errno == EINTR else { throw FileError(errno, operation) }
    }
  }
}

// MARK: Names

/// Operations on names, not on open files.
package enum FileName {
  /// Puts `from` in the place of `to`, at once.
  package static func rename(_ from: String, to: String) throws(FileError) {
    let done = unsafe from.withCString { from in unsafe to.withCString { to in unsafe Glibc.rename(from, to) } }
    guard done == 0 else { throw FileError(errno, "renaming a file") }
  }

  /// Gives the file a second name; throws when something has that name already.
  package static func link(_ from: String, to: String) throws(FileError) {
    let done = unsafe from.withCString { from in unsafe to.withCString { to in unsafe Glibc.link(from, to) } }
    guard done == 0 else { throw FileError(errno, "naming a file") }
  }

  /// Returns when the names in a folder are on the disk.
  package static func synchronize(folder: String) throws(FileError) {
    let opened = unsafe folder.withCString { unsafe open($0, O_RDONLY | O_DIRECTORY | O_CLOEXEC) }
    guard opened >= 0 else { throw FileError(errno, "opening a folder") }
    defer { _ = Glibc.close(opened) }
    guard fsync(opened) == 0 else { throw FileError(errno, "flushing a folder") }
  }

  /// Removes a name; one that is not there is fine.
  package static func remove(_ path: String) throws(FileError) {
    let done = unsafe path.withCString { unsafe unlink($0) }
    guard done == 0 || errno == ENOENT else { throw FileError(errno, "removing a file") }
  }
}
