import Foundation
import SQLite
import Wallet

/// `bonuses --sponsors FILE --orders FILE [--dir FOLDER --batch N]`: bonuses over twenty levels, one percent each.
///
/// `--orders` has `buyer pv` a line, pv in units of 0.0001. Without a folder they are computed only; with one they become
/// rows of a SQLite database there, N orders a commit, and the clock runs over computing, inserting and committing.
enum BonusBench {
  private static let plan = LevelBonuses(rates: Array(repeating: 100, count: 20))

  private typealias Order = LevelBonuses.Order

  static func run(_ options: Options) throws {
    var tree = BinaryTree()
    for sponsor in try OrganizationBench.sponsors(try options.text("sponsors")) { _ = try tree.add(below: sponsor) }
    let orders = try OrganizationBench.numbers(try options.text("orders")).map { line in
      guard line.count == 2, let buyer = Int32(exactly: line[0]), let pointValue = UInt64(exactly: line[1]) else {
        throw Options.Missing(description: "an order is a buyer and a point value")
      }
      return Order(buyer: buyer, pointValue: pointValue)
    }
    if let folder = options.optional("dir") {
      try durable(tree.parents, orders, folder, try options.number("batch", 1))
    } else {
      try compute(tree.parents, orders)
    }
  }

  // MARK: Computed

  private static func compute(_ parents: [Int32], _ orders: [Order]) throws {
    // Where each order's entries begin is kept, as a list for each order would keep it.
    var (entries, starts) = ([LevelBonuses.Entry](), [Int]())
    let measure = Measure()
    entries.reserveCapacity(orders.count * plan.rates.count)
    starts.reserveCapacity(orders.count + 1)
    try plan.append(orders[...], parents: parents.span, to: &entries, starts: &starts)
    let took = (seconds: measure.seconds, processor: measure.processorSeconds)
    starts.append(entries.count)
    var sum: UInt64 = 0
    for number in orders.indices {
      for entry in entries[starts[number]..<starts[number + 1]] { sum &+= term(number, entry) }
    }
    try report(took, entries.count, orders.count, sum)
  }

  private static func term(_ number: Int, _ entry: LevelBonuses.Entry) -> UInt64 {
    UInt64(number + 1) &* UInt64(entry.recipient + 1) &* UInt64(entry.level) &+ entry.amount
  }

  private static func report(
    _ took: (seconds: Double, processor: Double), _ count: Int, _ orders: Int, _ sum: UInt64
  ) throws {
    var line = ResultLine()
    line.add(took, of: count)
    line.add("orders", orders)
    line.add("checksum", OrganizationBench.hex(sum))
    line.print()
  }

  // MARK: Durable

  private static func durable(_ parents: [Int32], _ orders: [Order], _ folder: String, _ batch: Int) throws {
    let path = folder + "/ours-bonuses.db"
    for suffix in ["", "-wal", "-shm"] { try? FileManager.default.removeItem(atPath: path + suffix) }
    let store = try Connection(path: path)
    try BonusTables.make(store)
    var (count, sum, amounts) = (0, UInt64(0), UInt64(0))
    let measure = Measure()
    var start = 0
    while start < orders.count {
      let end = min(start + batch, orders.count)
      try store.transaction(failure: { $0 as any Error }) { () throws(any Error) in
        var (entries, starts) = ([LevelBonuses.Entry](), [Int]())
        try plan.append(orders[start..<end], parents: parents.span, to: &entries, starts: &starts)
        starts.append(entries.count)
        for number in start..<end {
          let order = orders[number]
          try BonusTables.insert(order: number, buyer: order.buyer, pointValue: order.pointValue, into: store)
          for entry in entries[starts[number - start]..<starts[number - start + 1]] {
            count += 1
            sum &+= term(number, entry)
            amounts += entry.amount
            try BonusTables.insert(
              entry, number: count, order: number, buyer: order.buyer, pointValue: order.pointValue, into: store)
          }
        }
      }
      start = end
    }
    let took = (seconds: measure.seconds, processor: measure.processorSeconds)
    let stored = try BonusTables.totals(store)
    guard stored == (Int64(count), Int64(amounts * 10_000)) else {
      throw Options.Missing(description: "the rows are not what was computed")
    }
    try report(took, count, orders.count, sum)
  }
}

/// Rows of bonuses with the constraints of the peer's bonuses.sql. Ids are whole numbers here; `order-7`, `u9` and
/// `bonus-3` are how they are shown.
private enum BonusTables {
  static func make(_ store: Connection) throws {
    try store.execute(
      """
      CREATE TABLE orders (
        order_id INTEGER PRIMARY KEY,
        user_id INTEGER NOT NULL,
        pv_amount INTEGER NOT NULL CHECK (pv_amount >= 0),
        status TEXT NOT NULL
      ) STRICT
      """)
    try store.execute(
      """
      CREATE TABLE bonus_transactions (
        bonus_id INTEGER PRIMARY KEY,
        user_id INTEGER NOT NULL,
        source_user_id INTEGER,
        bonus_type TEXT NOT NULL,
        order_id INTEGER NOT NULL REFERENCES orders,
        level INTEGER NOT NULL CHECK (level BETWEEN 0 AND 20),
        pv_amount INTEGER NOT NULL CHECK (pv_amount >= 0),
        bonus_amount INTEGER NOT NULL CHECK (bonus_amount >= 0),
        status TEXT NOT NULL DEFAULT 'PENDING' CHECK (status IN ('PENDING', 'CONFIRMED', 'RETRY', 'FAILED')),
        hold_until INTEGER,
        created_at INTEGER NOT NULL,
        confirmed_at INTEGER,
        UNIQUE (order_id, bonus_type, user_id, level)
      ) STRICT
      """)
    try store.execute("CREATE INDEX bonus_by_user ON bonus_transactions (user_id, status)")
  }

  static func insert(order: Int, buyer: Int32, pointValue: UInt64, into store: Connection) throws {
    let insert = try store.cached("INSERT INTO orders VALUES (?, ?, ?, 'PAID')")
    try insert.statement.bind(1, order)
    try insert.statement.bind(2, Int(buyer))
    try insert.statement.bind(3, Int64(pointValue))
    try insert.statement.run()
  }

  static func insert(
    _ entry: LevelBonuses.Entry, number: Int, order: Int, buyer: Int32, pointValue: UInt64, into store: Connection
  ) throws {
    let insert = try store.cached(
      """
      INSERT INTO bonus_transactions (bonus_id, user_id, source_user_id, bonus_type, order_id, level, pv_amount, bonus_amount, created_at)
      VALUES (?, ?, ?, 'sponsor', ?, ?, ?, ?, ?)
      """)
    try insert.statement.bind(1, number)
    try insert.statement.bind(2, Int(entry.recipient))
    try insert.statement.bind(3, Int(buyer))
    try insert.statement.bind(4, order)
    try insert.statement.bind(5, Int(entry.level))
    try insert.statement.bind(6, Int64(pointValue))
    try insert.statement.bind(7, Int64(entry.amount * 10_000))
    try insert.statement.bind(8, 1_735_732_800_000 + order)
    try insert.statement.run()
  }

  static func totals(_ store: Connection) throws -> (Int64, Int64) {
    let query = try store.cached("SELECT count(*), sum(bonus_amount) FROM bonus_transactions")
    guard try query.statement.step() else { return (0, 0) }
    let found = (try query.statement.int64(0), try query.statement.int64(1))
    query.statement.reset()
    return found
  }
}
