import Foundation
import Glibc

/// One measured piece of work per call, so that `Benchmarks/bench.py` can put peers between: see docs/benchmarks.md.
@main struct Main {
  static let rows: [String: @Sendable (Options) throws -> Void] = [
    "sign": SignBench.run, "ingest": IngestBench.run, "ledger": LedgerBench.run, "life": LifeBench.run,
    "kill": KillBench.run,
    "kill-child": KillChild.run, "relay": RelayBench.run, "outbox": OutboxBench.run, "workers": WorkersBench.run,
    "worker-child": WorkerChild.run,
    "addresses": AddressBench.run, "names": NameBench.run, "velocity": VelocityBench.run, "geo": GeoBench.run,
    "beacon": BeaconBench.run, "draw": DrawBench.run, "commitment": CommitmentBench.run,
    "purchases": PurchaseBench.run,
    "organization": OrganizationBench.run, "bonuses": BonusBench.run,
  ]

  static func main() {
    let words = Array(CommandLine.arguments.dropFirst())
    guard let name = words.first, let row = rows[name] else {
      print("usage: almoner-bench \(rows.keys.sorted().joined(separator: "|")) [--option value ...]")
      exit(64)
    }
    do { try row(try Options(Array(words.dropFirst()))) } catch {
      FileHandle.standardError.write(Data("almoner-bench \(name): \(error)\n".utf8))
      exit(1)
    }
  }
}
