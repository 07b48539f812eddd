import Chains
import Codecs
import Engine
import Foundation
import Keys
import Money
import Payouts
import SimulatedChain
import Store

/// `worker-child --dsn DSN --log FILE --number N`: one of several workers. Says `ready`, waits for a line, works until its
/// lane has nothing left, says `done SECONDS` of processor time, waits for a line, and says what its chain has seen.
enum WorkerChild {
  static func run(_ options: Options) throws {
    let store = try PostgreSQLStore(
      PostgreSQLDSN(try options.text("dsn")), mode: .existing, sha256: OpenSSLHashing(), random: Jitter())
    var secret = SignBench.secret
    secret[31] = UInt8(truncatingIfNeeded: try options.number("number", 0, from: 0) + 1)
    let lane = try BenchLane(log: try options.text("log"), secret: secret)
    let asset = AssetID(chain: BenchLane.chain.description, token: BenchLane.token)
    let world = try BenchLane.world(blocksEachLook: 4, payer: lane.key.account, asset: asset)
    var settings = WorkerSettings()
    settings.mostLive = try options.number("live", 30)
    settings.mostPerCommit = try options.number("per-commit", 10)
    settings.pollMilliseconds = 1
    let worker = lane.worker(store, world, settings, observer: nil)

    say("ready")
    _ = readLine()
    let measure = Measure()
    try BenchLane.run(worker) { try isOver(store) }
    say("done \(String(format: "%.4f", measure.processorSeconds))")
    worker.release()

    _ = readLine()
    let seen = try look(store, world, asset)
    say("paid \(seen.paid)\nmost \(seen.most)")
  }

  /// At once: a pipe would keep it back.
  private static func say(_ line: String) { FileHandle.standardOutput.write(Data("\(line)\n".utf8)) }

  /// A lane that has nothing of its own left may still be needed for what another leaves.
  private static func isOver(_ store: PostgreSQLStore) throws -> Bool {
    try store.campaigns(after: nil, limit: 10).allSatisfy { $0.status == .completed }
  }

  /// Transfers that this worker's chain has made to the campaign's recipients, and the most to one of them.
  private static func look(
    _ store: PostgreSQLStore, _ world: SimulatedChain, _ asset: AssetID
  ) throws -> (paid: Int, most: Int) {
    var (paid, most) = (0, 0)
    for campaign in try store.campaigns(after: nil, limit: 10) {
      var after: PayoutID?
      while true {
        let page = try store.payouts(campaign.id, status: nil, after: after, limit: 5_000)
        guard let last = page.last else { break }
        for got in try world.received(asset, by: page.map(\.address)) {
          paid += got.times
          most = max(most, got.times)
        }
        after = last.payout
      }
    }
    return (paid, most)
  }
}
