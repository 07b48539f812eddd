import Codecs
import Foundation
import TestSupport
import Testing

/// Files of Tests/Vectors/wallet-mining. `required*` members win over observed ones.
enum WalletVectors {
  static func cases(_ name: String) throws -> [JSON] { try #require(try file(name)["cases"]?.array) }

  /// The whole file, with its notes.
  static func file(_ name: String) throws -> JSON {
    let path = VectorFolder.repositoryPath + "/Tests/Vectors/wallet-mining/\(name).json"
    return try JSON.parse(Array(try Data(contentsOf: URL(fileURLWithPath: path))))
  }
}

/// Counts `node-1`, `node-2`, ... in the order of calls.
final class NodeCounter {
  private var count = 0
  private let prefix: String

  init(_ prefix: String = "node-") { self.prefix = prefix }

  func next() -> String {
    count += 1
    return "\(prefix)\(count)"
  }
}

extension JSON {
  /// The text under a key; empty without one.
  func text(_ key: String) -> String { self[key]?.string ?? "" }

  /// The elements under a key; none without one.
  func list(_ key: String) -> [JSON] { self[key]?.array ?? [] }
}

extension Optional where Wrapped == String {
  /// A text, or null.
  var json: JSON { map { .string($0) } ?? .null }
}
