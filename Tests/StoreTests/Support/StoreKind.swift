import Airdrop
import Codecs
import Engine
import Foundation
import MemoryStore
import OpenSSL
import Payouts
import TestSupport
import Testing

@testable import Store

/// Every implementation of the contract: a new store is one case here.
enum StoreKind: String, CaseIterable, CustomTestStringConvertible {
  case memory, sqlite, postgresql

  var testDescription: String { rawValue }

  /// A new, empty store, with what must live as long as it.
  func open() throws -> OpenStore {
    switch self {
    case .memory:
      OpenStore(store: MemoryStore(uuid: UUID().uuidString.lowercased(), sha256: Hashing()), directory: nil)
    case .sqlite:
      try OpenStore(sqlite: TestFolder("store"))
    case .postgresql:
      try OpenStore(postgresql: PostgreSQLDatabase.ofStore())
    }
  }
}

/// A store, and what must live as long as it.
struct OpenStore {
  let store: any PayoutStore & LoadStore
  let directory: TestFolder?
  let database: PostgreSQLDatabase?

  init(
    store: any PayoutStore & LoadStore, directory: TestFolder?, database: PostgreSQLDatabase? = nil
  ) {
    self.store = store
    self.directory = directory
    self.database = database
  }

  /// The contract moves time itself; leases by the server's clock have tests of their own.
  init(postgresql database: PostgreSQLDatabase, _ mode: PostgreSQLStore.Mode = .create) throws {
    var settings = PostgreSQLSettings()
    settings.leaseClock = .caller
    settings.reconnectMostMilliseconds = 200
    self.init(
      store: try PostgreSQLStore(
        PostgreSQLDSN(database.uri), mode: mode, settings: settings, sha256: Hashing(), random: SeededRandom(seed: 1)),
      directory: nil, database: database)
  }

  init(sqlite directory: TestFolder) throws {
    self.init(store: try SQLiteStore(path: directory.file("store.db"), sha256: Hashing()), directory: directory)
  }
}

extension PostgreSQLDatabase {
  /// A database with the tables of this version and nothing in them: a copy of one that was migrated.
  static func ofStore() throws -> PostgreSQLDatabase {
    try PostgreSQLDatabase(template: migrated.get().name)
  }

  private static let migrated = Result {
    let database = try PostgreSQLDatabase()
    let session = try Session.open(
      PostgreSQLDSN(database.uri).place, .writer, PostgreSQLSettings(), isReadOnly: false, generation: 0)
    let migrator = PostgreSQLMigrator(session: session, sha256: Hashing(), migrations: Migration.allOnPostgreSQL)
    #expect(try migrator.migrate() == Migration.allOnPostgreSQL.count)
    return database
  }
}

/// Randomness that repeats.
final class SeededRandom: RandomSource {
  private var numbers: SplitMix64
  init(seed: UInt64) { numbers = SplitMix64(seed: seed) }
  func next() -> UInt64 { numbers.next() }
}

/// SHA-256 by OpenSSL, as the programs have it.
struct Hashing: SHA256Hashing {
  func sha256(_ bytes: [UInt8]) -> Hash32 {
    guard let digest = try? SHA256.hash(bytes) else { return .zero }
    return Hash32(words: digest.words)
  }
}
