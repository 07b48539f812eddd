import Codecs
import Foundation

/// The folder of golden vectors: the one that the environment variable VECTORS names, else `Tests/Vectors`.
package struct VectorFolder: Sendable {
  package let path: String
  /// Whether the folder is ours, which must be complete; another set may lack files.
  package let isOwn: Bool

  package init(path: String, isOwn: Bool) {
    self.path = path
    self.isOwn = isOwn
  }

  /// The folder of this run.
  package static let current: VectorFolder = {
    if let path = ProcessInfo.processInfo.environment["VECTORS"], !path.isEmpty {
      return VectorFolder(path: path, isOwn: false)
    }
    return VectorFolder(path: repositoryPath + "/Tests/Vectors", isOwn: true)
  }()

  /// The root of the repository, found from this file.
  package static var repositoryPath: String {
    URL(fileURLWithPath: #filePath)
      .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
      .path
  }

  package func contains(_ file: VectorFileName) -> Bool {
    FileManager.default.fileExists(atPath: path + "/" + file.rawValue)
  }

  /// The bytes of a file. Throws when it cannot be read.
  package func bytes(of file: VectorFileName) throws -> [UInt8] {
    Array(try Data(contentsOf: URL(fileURLWithPath: path + "/" + file.rawValue)))
  }

  /// Paths of all JSON files inside the folder, sorted.
  package func jsonFiles() -> [String] {
    let walker = FileManager.default.enumerator(atPath: path)
    var found: [String] = []
    while let next = walker?.nextObject() as? String { if next.hasSuffix(".json") { found.append(next) } }
    return found.sorted()
  }

  /// How the folder and the suites fit together.
  package func inventory() -> VectorInventory {
    let known = Set(VectorFileName.allCases.map(\.rawValue))
    let files = jsonFiles()
    return VectorInventory(
      lacking: VectorFileName.allCases.filter { !files.contains($0.rawValue) },
      withoutCode: files.filter { file in
        !known.contains(file) && VectorFileName.familiesWithoutCode.contains { file.hasPrefix($0) }
      },
      withoutAssertion: files.filter { file in
        !known.contains(file) && !VectorFileName.familiesWithoutCode.contains { file.hasPrefix($0) }
      })
  }
}

/// Which files of a folder are checked, and which are not.
package struct VectorInventory {
  /// Files that suites know and the folder lacks.
  package let lacking: [VectorFileName]
  /// Files of families this release has no code for.
  package let withoutCode: [String]
  /// Files that nobody checks: a failure.
  package let withoutAssertion: [String]
}
