import Foundation

/// The files of this repository, read as text. Build products and hidden folders are not part of it.
enum Repository {
  static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()

  /// One file: its path from the root, and its text.
  struct File: CustomStringConvertible {
    let path: String
    let text: String
    var description: String { path }
    var lines: [Substring] { text.split(separator: "\n", omittingEmptySubsequences: false) }

    /// The text without comments and string contents, line for line, so that a word in prose is not taken for code.
    let code: [String]

    init(path: String, text: String) {
      self.path = path
      self.text = text
      guard path.hasSuffix(".swift") else {
        code = []
        return
      }
      code = SwiftText.code(of: text).split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    }
  }

  /// All of `Sources`, read once for all tests.
  static let sources = Result { try files(in: "Sources", endings: ".swift") }

  /// Every file below `folder` whose name ends with one of `endings`, in order of path.
  static func files(in folder: String, endings: String...) throws -> [File] {
    guard let walk = FileManager.default.enumerator(atPath: root.appending(path: folder).path) else { return [] }
    var found: [File] = []
    for case let name as String in walk where endings.contains(where: name.hasSuffix) {
      let path = folder == "." ? name : "\(folder)/\(name)"
      guard !path.split(separator: "/").contains(where: { $0.hasPrefix(".") || $0 == "bin" }) else { continue }
      found.append(try file(path))
    }
    return found.sorted { $0.path < $1.path }
  }

  static func file(_ path: String) throws -> File {
    File(path: path, text: try String(contentsOf: root.appending(path: path), encoding: .utf8))
  }

  static func exists(_ path: String) -> Bool { FileManager.default.fileExists(atPath: root.appending(path: path).path) }

  /// Places where `pattern` matches the code (not the comments or strings) of Swift files, as `path:line: text`.
  ///
  /// Only lines with one of `words` are looked at: every match must hold one. It makes the search many times faster.
  static func places(of pattern: String, words: [String], in files: [File]) throws -> [String] {
    let wanted = try Regex(pattern)
    return files.flatMap { file -> [String] in
      guard words.contains(where: file.text.contains) else { return [] }
      return zip(1..., file.code).compactMap { number, line in
        guard words.contains(where: line.contains), line.contains(wanted) else { return nil }
        return "\(file.path):\(number): \(line.trimmingCharacters(in: .whitespaces))"
      }
    }
  }
}
