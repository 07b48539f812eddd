import Glibc

/// A file that only grows, held by one process at a time: the kernel's lock ends with the process, however it ends.
package final class AppendedFile: Sendable {
  private let number: Int32

  private init(_ number: Int32) { self.number = number }

  deinit { _ = Glibc.close(number) }

  /// Opens the file, made with mode 0600 when it is not there, and waits for the lock (flock(2)).
  ///
  /// Whoever makes it sees to it that its name is on the disk: `FileName.synchronize(folder:)`.
  package static func open(_ path: String) throws(FileError) -> AppendedFile {
    let opened = unsafe path.withCString { path in
      unsafe Glibc.open(path, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW, mode_t(0o600))
    }
    guard opened >= 0 else { throw FileError(errno, "opening a file") }
    let file = AppendedFile(opened)
    var status = stat()
    guard unsafe fstat(opened, &status) == 0 else { throw FileError(errno, "asking about a file") }
    guard status.st_mode & S_IFMT == S_IFREG else { throw FileError(EISDIR, "opening a file") }
    while flock(opened, LOCK_EX) != 0 {
      guard errno == EINTR else { throw FileError(errno, "locking a file") }
    }
    return file
  }

  /// All that is in it, from the start. Throws `file.io` when there is more than `most` bytes.
  package func contents(most: Int) throws(FileError) -> [UInt8] {
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 65_536)
    while true {
      let place = off_t(bytes.count)
      let got = unsafe buffer.withUnsafeMutableBytes { unsafe pread(number, $0.baseAddress, $0.count, place) }
      if got < 0, errno == EINTR { continue }
      guard got >= 0 else { throw FileError(errno, "reading a file") }
      guard got > 0 else { return bytes }
      bytes += buffer[..<got]
      guard bytes.count <= most else { throw FileError(EFBIG, "reading a file") }
    }
  }

  /// Adds bytes and returns when they are on the disk.
  package func append(_ bytes: [UInt8]) throws(FileError) {
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
    guard fsync(number) == 0 else { throw FileError(errno, "flushing a file") }
  }

  /// Cuts what a torn write left behind the last whole record.
  package func cut(to length: Int) throws(FileError) {
    guard ftruncate(number, off_t(length)) == 0, fsync(number) == 0 else { throw FileError(errno, "cutting a file") }
  }
}
