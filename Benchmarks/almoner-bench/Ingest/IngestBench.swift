import Airdrop
import Chains
import Engine
import Files
import Foundation
import Keys
import Money
import Payouts
import Store

/// `ingest --csv FILE --dir DIR`: a recipients file into a new SQLite store, as `airdrop recipients ingest` does it:
/// parsed, EIP-55 checked, de-duplicated, ordered in the ledger, durable. `--dsn DSN` takes a PostgreSQL store in an
/// empty database instead.
enum IngestBench {
  static func run(_ options: Options) throws {
    let directory = try options.text("dir")
    let path = "\(directory)/ingest-\(getpid()).db"
    defer { Desk.remove(path) }
    var desk = try Desk(
      path, dsn: options.optional("dsn"), chain: ChainID(.evm, 31_337), token: "0x" + String(repeating: "d1", count: 20)
    )
    let measure = Measure()
    let report = try desk.ingest(try options.text("csv"), spill: directory)
    let took = (measure.seconds, measure.processorSeconds)
    let tally = try desk.store.tally(desk.campaign.id)
    guard tally[.queued].count == report.summary.accepted, tally[.queued].units == report.summary.total else {
      throw Options.Missing(description: "the store holds other recipients than were accepted")
    }
    var line = ResultLine()
    line.add(took, of: Int(report.summary.rows))
    line.add("accepted", report.summary.accepted)
    line.add("total", report.summary.total)
    line.add("bytes", Desk.size(path))
    line.add("peak_kib", Measure.peakKibibytes())
    line.add("checksum", report.contentHash)
    line.print()
  }
}
