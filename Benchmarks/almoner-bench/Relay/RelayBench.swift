import Broker
import Chains
import Codecs
import Engine
import Foundation
import Keys
import Money
import Payouts
import Store

/// `relay --url URL --dir DIR --events N --bytes N`: a full outbox on its way to a broker, read from SQLite page by page, the
/// cursor durable after each page.
enum RelayBench {
  static func run(_ options: Options) throws {
    let url = try BrokerURL(try options.text("url"))
    let count = try options.number("events", 100_000)
    let path = "\(try options.text("dir"))/relay-\(getpid()).db"
    defer { Desk.remove(path) }
    let store = try SQLiteStore(path: path, sha256: OpenSSLHashing())
    try fill(store, count, bytes: try options.number("bytes", 400))

    let topic = try Topic("bench.\(getpid())")
    let relay = OutboxRelay(
      name: "bench", topic: topic, store: store, broker: Brokers.make(url), clock: WallClock(), random: NoWait())
    let measure = Measure()
    var taken = 0
    loop: while true {
      switch try relay.step() {
      case .moved(let some, _): taken += some
      case .idle: break loop
      case .waiting(_, let why): throw why
      }
    }
    let took = (measure.seconds, measure.processorSeconds)
    guard taken == count, try store.outboxCursor("bench") == Int64(count) else {
      throw Options.Missing(description: "\(taken) of \(count) events were taken")
    }
    var line = ResultLine()
    line.add(took, of: count)
    line.add("topic", topic)
    line.print()
  }

  /// Events with the size of a batch's end.
  private static func fill(_ store: SQLiteStore, _ count: Int, bytes: Int) throws {
    let pad = String(repeating: "x", count: bytes)
    for start in stride(from: 0, to: count, by: 1_000) {
      let notes = (start..<min(start + 1_000, count)).map { n in
        Write.note(
          Note(
            action: "payout.confirmed", entity: "batch", entityID: "\(n)",
            details: ["n": .integer(n), "pad": .string(pad)], isPublic: true))
      }
      try store.commit(Commit(guardedBy: nil, actor: Desk.actor, at: WallClock().now(), writes: notes))
    }
  }

  private final class NoWait: RandomSource {
    func next() -> UInt64 { 0 }
  }
}
