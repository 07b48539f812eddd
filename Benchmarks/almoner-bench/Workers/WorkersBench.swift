import Airdrop
import Chains
import Engine
import Foundation
import Keys
import Payouts
import Store

/// `workers --csv FILE --dir DIR --dsn DSN --workers N [--batch 200] [--live 30] [--per-commit 10]`: every payout of the file
/// from queued to confirmed by N processes on one PostgreSQL store. Each has an account, a signing log and a simulated
/// chain of its own; the campaign's queue they share. The clock runs from the moment at which all are ready.
enum WorkersBench {
  static func run(_ options: Options) throws {
    let directory = try options.text("dir")
    let dsn = try options.text("dsn")
    let path = "\(directory)/workers-\(getpid())"
    defer { Desk.remove(path) }
    var desk = try Desk(path, dsn: dsn, chain: BenchLane.chain, token: BenchLane.token)
    let loaded = try desk.ingest(try options.text("csv"), spill: directory)
    try desk.start(maxBatch: try options.number("batch", 200))
    let count = Int(loaded.summary.accepted)

    let children = try (0..<options.number("workers", 1)).map { number in
      try Child([
        "worker-child", "--dsn", dsn, "--log", "\(path)-log-\(number).db", "--number", "\(number)",
        "--live", "\(try options.number("live", 30))", "--per-commit", "\(try options.number("per-commit", 10))",
      ])
    }
    defer { for number in children.indices { Desk.remove("\(path)-log-\(number).db") } }
    for child in children { try child.expect("ready") }
    let measure = Measure()
    let busy = Measure.machineSeconds()
    for child in children { try child.say("go") }
    var processor = 0.0
    for child in children { processor += try child.number("done") }
    let took = (measure.seconds, processor)
    let spent = Measure.machineSeconds() - busy

    // Everybody was paid by one of the chains, once, and the store agrees.
    for child in children { try child.say("count") }
    var paid = 0
    var most = 0
    for child in children {
      paid += Int(try child.number("paid"))
      most = max(most, Int(try child.number("most")))
      try child.end()
    }
    let tally = try desk.store.tally(desk.campaign.id)
    let problems = try desk.store.checkInvariants()
    guard paid == count, most == 1, tally[.confirmed].count == Int64(count), problems.isEmpty else {
      throw Options.Missing(description: "\(paid) transfers for \(count) payouts; \(tally); \(problems)")
    }
    var line = ResultLine()
    line.add(took, of: count)
    line.add("workers", children.count)
    line.add("busy", String(format: "%.4f", spent))
    line.add("checksum", try LifeCheck.checksum(desk))
    line.print()
  }
}

/// A worker process, told and asked line by line.
private final class Child {
  private let process = Process()
  private let input = Pipe()
  private let output = Pipe()

  init(_ arguments: [String]) throws {
    process.executableURL = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
    process.arguments = arguments
    process.standardInput = input
    process.standardOutput = output
    try process.run()
  }

  func say(_ line: String) throws { try input.fileHandleForWriting.write(contentsOf: Data("\(line)\n".utf8)) }

  @discardableResult
  func expect(_ word: String) throws -> Substring {
    var line: [UInt8] = []
    while let byte = try output.fileHandleForReading.read(upToCount: 1)?.first, byte != UInt8(ascii: "\n") {
      line.append(byte)
    }
    let text = String(decoding: line, as: UTF8.self)
    guard text.hasPrefix(word) else { throw Options.Missing(description: "a worker said \"\(text)\", not \(word)") }
    return text.dropFirst(word.count + 1)
  }

  func number(_ word: String) throws -> Double {
    guard let value = Double(try expect(word)) else { throw Options.Missing(description: "\(word) is no number") }
    return value
  }

  func end() throws {
    try input.fileHandleForWriting.close()
    process.waitUntilExit()
    guard process.terminationStatus == 0 else {
      throw Options.Missing(description: "a worker ended with \(process.terminationStatus)")
    }
  }
}
