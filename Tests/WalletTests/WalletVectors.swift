import Codecs
import Foundation
import TestSupport
import Testing

/// Files of Tests/Vectors/wallet-mining. `required*` members win over observed ones.
enum WalletVectors {
  static func cases(_ name: String) throws -> [JSON] {
    let path = VectorFolder.repositoryPath + "/Tests/Vectors/wallet-mining/\(name).json"
    let json = try JSON.parse(Array(try Data(contentsOf: URL(fileURLWithPath: path))))
    return try #require(json["cases"]?.array)
  }
}

/// Counts `node-1`, `node-2`, ... in the order of calls.
final class NodeCounter {
  private var count = 0
  func next() -> String {
    count += 1
    return "node-\(count)"
  }
}
