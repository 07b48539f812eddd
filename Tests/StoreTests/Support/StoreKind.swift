import Airdrop
import Codecs
import Engine
import Foundation
import MemoryStore
import OpenSSL
import TestSupport
import Testing
import Store

/// Every implementation of the contract: a new store is one case here.
enum StoreKind: String, CaseIterable, CustomTestStringConvertible {
  case memory, sqlite

  var testDescription: String { rawValue }

  /// A new, empty store, with what must live as long as it.
  func open() throws -> OpenStore {
    switch self {
    case .memory:
      OpenStore(store: MemoryStore(uuid: UUID().uuidString.lowercased(), sha256: Hashing()), directory: nil)
    case .sqlite:
      try OpenStore(sqlite: TestFolder("store"))
    }
  }
}

struct OpenStore {
  let store: any PayoutStore & LoadStore
  let directory: TestFolder?

  init(store: any PayoutStore & LoadStore, directory: TestFolder?) {
    self.store = store
    self.directory = directory
  }

  init(sqlite directory: TestFolder) throws {
    self.init(store: try SQLiteStore(path: directory.file("store.db"), sha256: Hashing()), directory: directory)
  }
}

/// SHA-256 by OpenSSL, as the programs have it.
struct Hashing: SHA256Hashing {
  func sha256(_ bytes: [UInt8]) -> Hash32 {
    guard let digest = try? SHA256.hash(bytes) else { return .zero }
    return Hash32(words: digest.words)
  }
}
