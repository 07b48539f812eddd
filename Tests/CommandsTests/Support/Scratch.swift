import Foundation
import TestSupport

/// A folder of one test, removed with it: what the program under test finds and leaves.
final class Scratch: Sendable {
  private let folder: TestFolder
  var path: String { folder.path }

  init() throws { folder = try TestFolder("cli") }

  func callAsFunction(_ name: String) -> String { folder.file(name) }

  @discardableResult
  func write(_ text: String, to name: String) throws -> String { try write(Data(text.utf8), to: name) }

  @discardableResult
  func write(_ data: Data, to name: String) throws -> String { try folder.write(data, to: name, mode: 0o644) }

  func read(_ name: String) throws -> String { try folder.read(name) }

  var names: [String] { get throws { try folder.names } }
}
