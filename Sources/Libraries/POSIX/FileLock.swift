import Glibc

/// A file that one process holds for itself: the kernel's lock on an open file, gone with the process however it ends.
///
/// It says nothing whether the file exists. Source: flock(2).
package final class FileLock: Sendable {
  private let number: Int32

  private init(_ number: Int32) { self.number = number }

  deinit { _ = Glibc.close(number) }

  /// Takes the lock, and makes the file (mode 0600) when it is not there. Nil while another process holds it.
  package static func take(_ path: String) throws(FileError) -> FileLock? {
    let opened = unsafe path.withCString { path in
      unsafe open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, mode_t(0o600))
    }
    guard opened >= 0 else { throw FileError(errno, "opening a lock file") }
    let lock = FileLock(opened)
    guard flock(opened, LOCK_EX | LOCK_NB) == 0 else {
      guard errno == EWOULDBLOCK else { throw FileError(errno, "locking a file") }
      return nil
    }
    return lock
  }

  /// Puts words for people into the file, in place of those before.
  package func write(_ text: String) throws(FileError) {
    guard ftruncate(number, 0) == 0 else { throw FileError(errno, "writing a lock file") }
    let bytes = Array(text.utf8)
    let written = unsafe bytes.withUnsafeBytes { unsafe pwrite(number, $0.baseAddress, $0.count, 0) }
    guard written == bytes.count else { throw FileError(errno, "writing a lock file") }
  }
}
