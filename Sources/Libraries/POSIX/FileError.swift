import Glibc

/// Why the operating system refused a file operation. It names the operation and the reason, and no content.
package struct FileError: Error, Hashable, Sendable {
  /// Stable across releases. Add cases freely; never rename or reuse one.
  package enum Code: String, CaseIterable, Sendable {
    /// No such file or directory.
    case notFound = "file.not_found"
    /// The operating system does not allow it.
    case denied = "file.denied"
    /// The disk, the quota or the process's file size limit is exhausted.
    case full = "file.full"
    /// A directory, a socket or another thing stands where a file was expected.
    case notAFile = "file.not_a_file"
    /// The device failed, or the system refused for another reason.
    case io = "file.io"
  }
  package let code: Code
  /// The system's own number (`errno`).
  package let number: Int32
  package let operation: String

  package init(_ number: Int32, _ operation: String) {
    self.number = number
    self.operation = operation
    code =
      switch number {
      case ENOENT: .notFound
      case EACCES, EPERM, EROFS: .denied
      case ENOSPC, EDQUOT, EFBIG: .full
      case EISDIR, ENOTDIR, ESPIPE: .notAFile
      default: .io
      }
  }

  /// The system's words for the number.
  package var message: String {
    var buffer = [CChar](repeating: 0, count: 256)
    let text = unsafe buffer.withUnsafeMutableBufferPointer { buffer -> String? in
      guard let start = buffer.baseAddress, unsafe strerror_r(number, start, buffer.count) == 0 else { return nil }
      return unsafe String(cString: start)
    }
    return "\(operation): \(text ?? "error \(number)")"
  }
}
