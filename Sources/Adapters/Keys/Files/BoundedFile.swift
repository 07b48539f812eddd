import Foundation
import Signing

/// Reading small files that somebody else may have written.
enum BoundedFile {
  static func isDirectory(_ path: String) -> Bool { type(of: path) == .typeDirectory }

  /// The names in a directory, sorted; those with a leading dot are left out. Throws `signing.file_failed`.
  static func names(in directory: String, most: Int) throws(SigningError) -> [String] {
    let names: [String]
    do { names = try FileManager.default.contentsOfDirectory(atPath: directory) } catch {
      throw SigningError(.fileFailed, "the directory \(directory) cannot be read")
    }
    guard names.count <= most else {
      throw SigningError(.fileFailed, "the directory \(directory) holds more than \(most) files")
    }
    return names.filter { !$0.hasPrefix(".") }.sorted()
  }

  /// The whole file. Throws `signing.file_failed` when it is missing, no regular file, or longer than `most` bytes.
  static func read(_ path: String, most: Int) throws(SigningError) -> Data {
    // A pipe or a device would block, or never end.
    guard type(of: path) == .typeRegular else {
      throw SigningError(.fileFailed, "\(path) is missing or no regular file")
    }
    guard let file = FileHandle(forReadingAtPath: path) else {
      throw SigningError(.fileFailed, "\(path) cannot be opened", hint: "check its owner and mode")
    }
    defer { try? file.close() }
    let data: Data
    do { data = try file.read(upToCount: most + 1) ?? Data() } catch {
      throw SigningError(.fileFailed, "\(path) cannot be read")
    }
    guard data.count <= most else {
      throw SigningError(.fileFailed, "\(path) is longer than \(most) bytes")
    }
    return data
  }

  /// Group or others may read it.
  static func isExposed(_ path: String) -> Bool {
    guard let mode = attributes(path)?[.posixPermissions] as? NSNumber else { return false }
    return mode.intValue & 0o044 != 0
  }

  private static func type(of path: String) -> FileAttributeType? { attributes(path)?[.type] as? FileAttributeType }

  /// Of what a symbolic link leads to: mounted secrets are links.
  private static func attributes(_ path: String) -> [FileAttributeKey: Any]? {
    let resolved = URL(fileURLWithPath: path).resolvingSymlinksInPath().path
    return try? FileManager.default.attributesOfItem(atPath: resolved)
  }
}
