import Foundation

extension App {
  /// A whole file, at most `most` bytes. Throws `command.cannot_read`.
  func bytes(ofFile path: String, most: Int) throws(CommandError) -> [UInt8] {
    let size = (try? FileManager.default.attributesOfItem(atPath: path))?[.size] as? Int
    guard (size ?? 0) <= most, let data = FileManager.default.contents(atPath: path), data.count <= most else {
      throw CommandError(.cannotRead, "\(path) cannot be read, or is larger than \(most) bytes")
    }
    return Array(data)
  }
}
