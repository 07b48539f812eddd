import Foundation

/// Databases of the MaxMind DB format, by tools/make_mmdb.py.
package enum MMDBFile {
  package enum Failure: Error { case notMade }

  /// `lines`: a network, a tab, and its entry as JSON.
  package static func bytes(_ lines: String, _ options: [String] = []) throws -> [UInt8] {
    let folder = try TestFolder("mmdb")
    let out = folder.file("out.mmdb")
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = ["python3", "\(VectorFolder.repositoryPath)/tools/make_mmdb.py", out] + options
    let input = Pipe()
    process.standardInput = input
    try process.run()
    try input.fileHandleForWriting.write(contentsOf: Data(lines.utf8))
    try input.fileHandleForWriting.close()
    process.waitUntilExit()
    guard process.terminationStatus == 0, let data = FileManager.default.contents(atPath: out) else {
      throw Failure.notMade
    }
    return Array(data)
  }
}
