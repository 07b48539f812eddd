package import Foundation

/// A folder of a test's own, gone with the test.
///
/// It lies in one folder of the test process, which goes when the process ends: also what a suite holds for ever is
/// gone then. What a killed process left is removed by the next one.
package final class TestFolder: Sendable {
  package let path: String

  /// `name` shows in the path whose folder it is.
  package init(_ name: String) throws {
    path = try "\(TestFolder.ofProcess.get())/\(name)-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { TestFolder.remove(path) }

  package func file(_ name: String) -> String { "\(path)/\(name)" }

  /// Names of what is in it, in order.
  package var names: [String] { get throws { try FileManager.default.contentsOfDirectory(atPath: path).sorted() } }

  @discardableResult
  package func write(_ text: String, to name: String, mode: Int = 0o600) throws -> String {
    try write(Data(text.utf8), to: name, mode: mode)
  }

  @discardableResult
  package func write(_ data: Data, to name: String, mode: Int = 0o600) throws -> String {
    try data.write(to: URL(filePath: file(name)))
    try FileManager.default.setAttributes([.posixPermissions: NSNumber(value: mode)], ofItemAtPath: file(name))
    return file(name)
  }

  package func read(_ name: String) throws -> String { try String(contentsOfFile: file(name), encoding: .utf8) }

  // MARK: Of the process

  private static let ofProcess: Result<String, any Error> = Result {
    let all = FileManager.default.temporaryDirectory.appending(path: "almoner-tests-\(getuid())").path
    sweep(all)
    let own = "\(all)/\(ProcessInfo.processInfo.processIdentifier)"
    try FileManager.default.createDirectory(atPath: own, withIntermediateDirectories: true)
    atexit { if let own = try? TestFolder.ofProcess.get() { TestFolder.remove(own) } }
    return own
  }

  /// Removes the folders of processes that are no more.
  private static func sweep(_ all: String) {
    for name in (try? FileManager.default.contentsOfDirectory(atPath: all)) ?? [] {
      guard let process = Int32(name), process > 0, kill(process, 0) == -1, errno == ESRCH else { continue }
      remove("\(all)/\(name)")
    }
  }

  private static func remove(_ path: String) {
    if (try? FileManager.default.removeItem(atPath: path)) != nil { return }
    // A test may have taken the right to write away.
    let folders = [path] + ((try? FileManager.default.subpathsOfDirectory(atPath: path)) ?? []).map { "\(path)/\($0)" }
    for folder in folders { try? FileManager.default.setAttributes([.posixPermissions: 0o700], ofItemAtPath: folder) }
    try? FileManager.default.removeItem(atPath: path)
  }
}
