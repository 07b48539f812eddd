import Chains
import Codecs
import Engine
import Foundation
import Keys
import Money
import Payouts
import Store

/// `outbox --dsn DSN --events N [--batch 100] [--page 100] [--bytes 100]`: a job that does nothing, from its commit to its
/// acknowledgement. `batch` events a commit, each with its record in the audit chain; then a relay reads `page` of them,
/// hands them to a consumer that does nothing, and keeps its cursor. Every commit is on the disk.
enum OutboxBench {
  static func run(_ options: Options) throws {
    let count = try options.number("events", 20_000)
    let batch = try options.number("batch", 100)
    let store = try PostgreSQLStore(
      PostgreSQLDSN(try options.text("dsn")), sha256: OpenSSLHashing(), random: Jitter())
    let pad = String(repeating: "x", count: try options.number("bytes", 100))

    let measure = Measure()
    for start in stride(from: 0, to: count, by: batch) {
      let notes = (start..<min(start + batch, count)).map { n in
        Write.note(
          Note(
            action: "bench.job", entity: "job", entityID: "\(n)", details: ["n": .integer(n), "pad": .string(pad)],
            isPublic: true))
      }
      try store.commit(Commit(guardedBy: nil, actor: Desk.actor, at: WallClock().now(), writes: notes))
    }
    let queued = measure.seconds

    let consumer = Consumer(count)
    var settings = RelaySettings()
    settings.page = try options.number("page", 100)
    let relay = OutboxRelay(
      name: "bench", topic: try Topic("bench"), store: store, broker: consumer, clock: WallClock(), random: Jitter(),
      settings: settings)
    loop: while true {
      switch try relay.step() {
      case .moved: continue
      case .idle: break loop
      case .waiting(_, let why): throw why
      }
    }
    let took = (measure.seconds, measure.processorSeconds)

    guard consumer.ids.count == count, try store.outboxCursor("bench") == Int64(count) else {
      throw Options.Missing(description: "\(consumer.ids.count) of \(count) jobs were done")
    }
    var line = ResultLine()
    line.add(took, of: count)
    line.add("enqueue_per_second", String(format: "%.1f", Double(count) / queued))
    line.add("lease_per_second", String(format: "%.1f", Double(count) / (took.0 - queued)))
    line.print()
  }

  /// Does nothing with a job but to know that it was there.
  private final class Consumer: EventBroker {
    private(set) var ids: Set<String> = []
    init(_ count: Int) { ids.reserveCapacity(count) }
    var name: String { "nobody" }

    func publish(_ page: [EventMessage], to topic: Topic, again: String?, meanwhile: () -> Void) -> Publication {
      for message in page { ids.insert(message.id) }
      meanwhile()
      return Publication(taken: page.count, stop: nil)
    }
  }
}
