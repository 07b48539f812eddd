import Codecs
import Airdrop
import Engine
import Money
import Payouts
import SQLite
import TestSupport
import Testing

@testable import Store

@Suite("Removing an abandoned load from SQLite")
struct RemovalTests {
  /// A removal goes in bounded transactions. When it breaks off between two, the same file may come again after all.
  @Test(arguments: [0, 2, 5])
  func `a load that was removed in part is gone on with`(placed: Int) throws {
    let directory = try TestFolder("store")
    let bench = Bench(try OpenStore(sqlite: directory))
    let campaign = try bench.createCampaign()
    let begun = try bench.store.begin(campaign.id, contentHash: .zero, settings: "{}")
    let whole = try bench.store.insert(Bench.chunk(0..<5, keys: "k"), into: begun)
    try bench.store.place(Bench.keys(5 - placed..<5, "k", from: UInt32(5 - placed)), of: whole)
    let database = Database(try Connection(path: directory.file("store.db")))
    let isGone = try database.write { () throws(StoreError) in
      guard let row = try database.loadRow(whole.number) else { throw StoreError(.notFound, "no load") }
      return try database.removeEnd(of: row, limit: 3) { Array(Hashing().sha256(Array($0.utf8)).bytes.prefix(16)) }
    }
    #expect(!isGone)
    let left = try bench.store.begin(campaign.id, contentHash: .zero, settings: "{}")
    #expect(left.nextOrdinal == 2)
    let load = try bench.store.insert(Bench.chunk(2..<4, keys: "k"), into: left)
    try bench.store.place(Bench.keys(0..<4, "k"), of: load)
    try bench.commit(.order(Bench.order(load, campaign, Bench.worth(0..<4))), guarded: false)
    #expect(try bench.store.takenKeys(["k/0", "k/1", "k/2", "k/3", "k/4"]) == ["k/0", "k/1", "k/2", "k/3"])
    try bench.expectSound()
  }
}
