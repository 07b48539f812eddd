import Foundation
import Signing

/// Writing files that must not replace others.
enum NewFile {
  /// Writes the bytes under the name whole or not at all. A file that already holds the same bytes is left alone, so a
  /// repeated run is no error; one with others is refused.
  ///
  /// With `durable`, bytes and name are on the disk when the call returns. Throws `signing.file_failed`, or `existing`.
  static func create(
    _ path: String, _ bytes: [UInt8], mode: Int = 0o644, durable: Bool, existing: SigningError.Code
  ) throws(SigningError) {
    if FileManager.default.fileExists(atPath: path) {
      guard let known = try? BoundedFile.read(path, most: bytes.count), Array(known) == bytes else {
        throw SigningError(existing, "\(path) exists already and differs; it is not replaced")
      }
      return
    }
    let url = URL(fileURLWithPath: path)
    let draft = url.deletingLastPathComponent()
      .appendingPathComponent(".\(url.lastPathComponent).\(ProcessInfo.processInfo.processIdentifier)")
    do {
      // The mode comes before the bytes.
      guard
        FileManager.default.createFile(
          atPath: draft.path, contents: nil, attributes: [.posixPermissions: NSNumber(value: mode)])
      else { throw CocoaError(.fileWriteUnknown) }
      let file = try FileHandle(forWritingTo: draft)
      defer { try? file.close() }
      try file.write(contentsOf: Data(bytes))
      if durable { try file.synchronize() }
      try FileManager.default.moveItem(at: draft, to: url)
      if durable { try syncDirectory(url.deletingLastPathComponent()) }
    } catch {
      try? FileManager.default.removeItem(at: draft)
      throw SigningError(.fileFailed, "\(path) cannot be written", hint: "check the directory's owner, mode and space")
    }
  }

  /// Makes the directory and those above it. Throws `signing.file_failed`.
  static func makeDirectory(_ path: String) throws(SigningError) {
    do { try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true) } catch {
      throw SigningError(.fileFailed, "the directory \(path) cannot be made")
    }
  }

  private static func syncDirectory(_ url: URL) throws {
    let directory = try FileHandle(forReadingFrom: url)
    defer { try? directory.close() }
    try directory.synchronize()
  }
}
