import Airdrop
import Chains
import Codecs
import Engine
import Files
import Foundation
import Keys
import Money
import Payouts
import Store

/// A store with one campaign, put together as the command line does it.
struct Desk {
  static let actor = "operator:bench"
  let path: String
  let store: SQLiteStore
  let service: CampaignService
  private(set) var campaign: Campaign

  init(_ path: String, chain: ChainID, token: String?) throws {
    self.path = path
    store = try SQLiteStore(path: path, sha256: OpenSSLHashing())
    service = CampaignService(store: store, clock: WallClock(), actor: Desk.actor)
    campaign = try service.create(
      name: "bench", uuid: "00000000-0000-4000-8000-000000000001",
      asset: AssetID(chain: chain.description, token: token), chain: chain)
  }

  mutating func ingest(_ csv: String, spill directory: String) throws -> IngestReport {
    let store = store
    let ingest = IngestService(
      loads: store, commit: { (commit: Commit) throws(StoreError) in try store.commit(commit) },
      space: SpillDirectory(directory), hashing: StreamHashing(), sha256: OpenSSLHashing(),
      parser: EVMRecipientAddresses(), beside: WorkThread())
    let report = try ingest.ingest(
      try SourceFile.open(csv), format: .csv, into: campaign, options: IngestOptions(),
      by: IngestService.Actor(name: Desk.actor, at: WallClock().now()), rejects: RejectFile("\(path).rejects.csv"))
    guard report.outcome == .loaded, report.summary.rejected == 0 else {
      throw Options.Missing(description: "\(csv): \(report.summary.rejected) rows were refused")
    }
    campaign = try service.campaign(named: campaign.name)
    return report
  }

  /// Approves and starts: every payout is queued, and workers may take it.
  mutating func start(maxBatch: Int) throws {
    _ = try service.approve(campaign, feeCap: .max)
    campaign = try service.start(
      campaign,
      planning: CampaignChange.Planning(
        mode: .asyncBatch, priority: 5, window: .always, maxBatch: maxBatch, canary: 0))
  }

  static let endings = ["", "-wal", "-shm", ".rejects.csv"]

  static func remove(_ path: String) {
    for ending in endings { try? FileManager.default.removeItem(atPath: path + ending) }
  }

  /// Bytes of the database and its log.
  static func size(_ path: String) -> Int {
    endings.reduce(0) { sum, ending in
      let attributes = try? FileManager.default.attributesOfItem(atPath: path + ending)
      return sum + ((attributes?[.size] as? Int) ?? 0)
    }
  }
}

/// The machine's clock.
struct WallClock: EngineClock {
  func now() -> Timestamp { Timestamp(milliseconds: Int64(Date().timeIntervalSince1970 * 1000)) }
}
