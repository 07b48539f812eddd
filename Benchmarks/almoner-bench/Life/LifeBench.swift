import Airdrop
import Chains
import Codecs
import Engine
import Foundation
import Keys
import Money
import Payouts
import SimulatedChain
import Store

/// `life --csv FILE --dir DIR [--batch 200] [--live 30] [--per-commit 10]`: every payout of the file from queued to
/// confirmed, by the real lane worker: intent, signing guard with durable log, signature, hand-over, evidence of a
/// quorum, ledger, audit chain, outbox. SQLite on disk, every commit flushed; `--dsn DSN` takes a PostgreSQL store in an
/// empty database instead.
enum LifeBench {
  static func run(_ options: Options) throws {
    let directory = try options.text("dir")
    let path = "\(directory)/life-\(getpid()).db"
    let log = "\(directory)/life-log-\(getpid()).db"
    defer {
      Desk.remove(path)
      Desk.remove(log)
    }
    var desk = try Desk(path, dsn: options.optional("dsn"), chain: BenchLane.chain, token: BenchLane.token)
    let loaded = try desk.ingest(try options.text("csv"), spill: directory)
    try desk.start(maxBatch: try options.number("batch", 200))
    let lane = try BenchLane(log: log)
    let world = try BenchLane.world(blocksEachLook: 4, payer: lane.key.account, asset: desk.campaign.asset)
    var settings = WorkerSettings()
    settings.mostLive = try options.number("live", 30)
    settings.mostPerCommit = try options.number("per-commit", 10)
    settings.pollMilliseconds = 1
    let watch = CommitCounter()
    let worker = lane.worker(desk.store, world, settings, observer: watch)

    let measure = Measure()
    let spent = try BenchLane.run(worker)
    let took = (measure.seconds, measure.processorSeconds)
    worker.release()

    let found = try LifeCheck.look(desk, world, of: Int(loaded.summary.accepted))
    guard found.isRight else { throw Options.Missing(description: "\(found)") }
    var line = ResultLine()
    line.add(took, of: Int(loaded.summary.accepted))
    line.add("commits", watch.commits)
    for (phase, seconds) in spent.sorted(by: { $0.key.rawValue < $1.key.rawValue }) {
      line.add("cpu_\(phase.rawValue)", String(format: "%.3f", seconds))
    }
    line.add("database_bytes", Desk.size(path))
    line.add("peak_kib", Measure.peakKibibytes())
    line.add("checksum", try LifeCheck.checksum(desk))
    line.print()
  }
}

final class CommitCounter: EngineObserver {
  private(set) var commits = 0
  func observe(_ event: EngineEvent) {
    switch event {
    case .committed: commits += 1
    case .alarm(let error): FileHandle.standardError.write(Data("alarm \(error.code): \(error.message)\n".utf8))
    default: break
    }
  }
}

/// What must be true when everything was paid: nobody twice, nobody lost, the ledger balanced. The chain's own books are
/// the witness.
enum LifeCheck {
  struct Found {
    /// Recipients whom more than one transfer reached, or who got more than promised.
    var double = 0
    /// Recipients who got less than promised, or whose payout is not confirmed.
    var lost = 0
    /// The store's own sentences that are not true: ledger, holds, tallies.
    var problems: [String] = []
    var isRight: Bool { double == 0 && lost == 0 && problems.isEmpty }
  }

  static func look(_ desk: Desk, _ world: SimulatedChain, of count: Int) throws -> Found {
    var found = Found(problems: try desk.store.checkInvariants())
    var seen = 0
    try each(desk) { page in
      let received = try world.received(desk.campaign.asset, by: page.map(\.address))
      for (view, got) in zip(page, received) {
        if got.times > 1 || got.units > view.units { found.double += 1 }
        if got.units < view.units || view.status != .confirmed { found.lost += 1 }
      }
      seen += page.count
    }
    found.lost += max(0, count - seen)
    return found
  }

  /// Over every payout's address, amount and state, in order: transaction hashes depend on the clock, these do not.
  static func checksum(_ desk: Desk) throws -> Hash32 {
    var checksum = Checksum()
    try each(desk) { page in
      var text = ""
      for view in page { text += "\(view.address.bytes) \(view.units) \(view.status.rawValue)\n" }
      checksum.add(Keccak.hash256(Array(text.utf8)))
    }
    return checksum.value
  }

  private static func each(_ desk: Desk, _ body: ([PayoutView]) throws -> Void) throws {
    var after: PayoutID?
    while true {
      let page = try desk.store.payouts(desk.campaign.id, status: nil, after: after, limit: 5_000)
      guard let last = page.last else { return }
      try body(page)
      after = last.payout
    }
  }
}
