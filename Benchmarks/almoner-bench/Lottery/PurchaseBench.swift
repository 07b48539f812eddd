import Chains
import Codecs
import Engine
import Foundation
import Keys
import Lottery
import Money
import SQLite
import Store

/// `purchases --dir DIR --count N --together N --rows FILE`: tickets sold at the desk over a SQLite store, so many requests
/// a commit. Each is by another buyer, so that no limit is met and the tables grow as fast as they can.
///
/// Afterwards the journal's rows go into FILE, for the peer to write the same ones.
enum PurchaseBench {
  private struct Reply: Error, CustomStringConvertible { let description: String }

  static func run(_ options: Options) throws {
    let count = try options.number("count", 100_000)
    let together = try options.number("together", 1_000)
    let path = try options.text("dir") + "/purchases.db"
    Desk.remove(path)
    defer { Desk.remove(path) }
    let store = try SQLiteStore(path: path, sha256: OpenSSLHashing())
    let desk = try open(store)
    let requests = (0..<count).map { number in
      LotteryRequest(
        key: "order-\(number)", actor: buyer(UInt64(number)),
        operation: .purchaseTicketsPublic(id: BenchLottery.id, quantity: 1 + UInt64(number % 5)))
    }
    let before = try store.lastEntry(LotteryEntry.journal)
    let measure = Measure()
    for start in stride(from: 0, to: count, by: together) {
      for outcome in try desk.perform(many: Array(requests[start..<min(count, start + together)])) {
        guard case .done(_, _, true) = outcome else { throw Reply(description: "\(outcome)") }
      }
    }
    let took = (seconds: measure.seconds, processor: measure.processorSeconds)
    let bytes = try write(store, after: before, to: try options.text("rows"))
    guard try desk.check() == [] else { throw Reply(description: "the books do not agree") }
    var line = ResultLine()
    line.add(took, of: count)
    line.add("together", together)
    line.add("checksum", "\(count)/\(bytes)")
    line.add("rows", try rows(path))
    line.print()
  }

  /// The last twenty bytes of any address, as a chain knows it.
  private static func buyer(_ number: UInt64) -> LotteryAddress {
    var words = SeededWords(number)
    return LotteryAddress(Hash32(words: (0, words.next() & 0xffff_ffff, words.next(), words.next() | 1)))
  }

  private static func open(_ store: SQLiteStore) throws -> LotteryDesk {
    let chain = ChainID(.simulated, 1)
    let settings = LotterySettings(
      admin: BenchLottery.admin, chain: chain, asset: AssetID(chain: chain.description, token: nil))
    let desk = try LotteryDesk(
      store: store, settings: settings, time: ClockTime(clock: WallClock(), chainID: 1), clock: WallClock(),
      actor: Desk.actor)
    let steps: [LotteryOperation] = [
      .initRegistry, .initSales, .initDraw, .initPayouts,
      .createDraftAdmin(id: BenchLottery.id, config: try BenchLottery.config(100).bcs, schema: .v2),
      .advanceStatus(id: BenchLottery.id, status: .active),
    ]
    for (place, step) in steps.enumerated() {
      let request = LotteryRequest(key: "open-\(place)", actor: BenchLottery.admin, operation: step)
      guard case .done = try desk.perform(request) else { throw Reply(description: "step \(place) was refused") }
    }
    return desk
  }

  /// One line for each purchase: key, kind, body as hex. Returns the bytes of all bodies.
  private static func write(_ store: SQLiteStore, after first: Int64, to path: String) throws -> Int {
    var (last, bytes, text) = (first, 0, "")
    while true {
      let rows = try store.entries(LotteryEntry.journal, after: last, limit: 5_000)
      guard let end = rows.last else { break }
      for row in rows {
        bytes += row.entry.body.count
        text += "\(row.entry.key)\t\(row.entry.kind)\t\(Hex.text(row.entry.body))\n"
      }
      last = end.number
    }
    try text.write(toFile: path, atomically: false, encoding: .utf8)
    return bytes
  }

  /// How many rows there are of each kind, `journal:100006,audit:113`.
  private static func rows(_ path: String) throws -> String {
    let connection = try Connection(path: path)
    func count(_ name: String, _ sql: StaticString) throws -> String {
      var statement = try connection.prepare(sql)
      guard try statement.step() else { return "" }
      defer { statement.reset() }
      return "\(name):\(try statement.int64(0))"
    }
    return try [
      count("journal", "SELECT count(*) FROM journal"), count("audit", "SELECT count(*) FROM audit_log"),
      count("outbox", "SELECT count(*) FROM outbox"), count("transfers", "SELECT count(*) FROM transfers"),
    ].joined(separator: ",")
  }
}
