import Foundation
import Money
import Payouts
import Testing

/// What spin found the models to do, move by move, done again by the machines. Each file is one way to an end.
@Suite("Trails of the models")
struct TrailReplayTests {
  @Test func `every trail of spin replays through the machines`() throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "almoner-trails-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: folder) }
    let spin = Process()
    spin.executableURL = URL(filePath: "/usr/bin/env")
    spin.arguments = ["bash", ModelTable.models.appending(path: "trails.sh").path, folder.path, "5"]
    spin.standardOutput = FileHandle.nullDevice
    try spin.run()
    spin.waitUntilExit()
    #expect(spin.terminationStatus == 0)

    let model = try ModelTable()
    var seen: Set<Move> = []
    let files = try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
    for file in files.sorted(by: { $0.path < $1.path }) {
      var replay = TrailReplay(otherRails: model.ofOtherRails)
      for line in try String(contentsOf: file, encoding: .utf8).split(separator: "\n") where !line.hasPrefix("#") {
        try replay.take(line, in: file.lastPathComponent)
      }
      seen.formUnion(replay.seen)
    }
    #expect(files.count > 30)
    #expect(seen.count > 20, "the trails walk few moves: \(seen.sorted())")
  }

  @Test func `a move that a machine refuses is noticed`() throws {
    var replay = TrailReplay(otherRails: [])
    try replay.take("payout 0 queued intended submitted batch=1", in: "made up")
    #expect(throws: PayoutError.self) {
      try replay.take("payout 0 submitted intended submitted batch=2", in: "made up")
    }
    #expect(throws: TrailReplay.Refusal.self) { try replay.take("payout 0 queued canceled failed", in: "made up") }
    #expect(throws: TrailReplay.Refusal.self) { try replay.take("batch 1 live paid final", in: "made up") }
  }
}

/// The machines of one trail's payouts, batches and attempts.
struct TrailReplay {
  enum Refusal: Error { case move(String), words(String) }

  let otherRails: Set<Move>
  private(set) var seen: Set<Move> = []
  private var payouts: [Substring: PayoutState] = [:]
  private var batches: [Substring: BatchState] = [:]
  private var attempts: [Substring: AttemptState] = [:]

  init(otherRails: Set<Move>) { self.otherRails = otherRails }

  /// Takes one line: `payout NUMBER FROM EVENT TO [batch=NUMBER]`, or the same of a batch or an attempt.
  /// Throws unless the machine stands at FROM and the event leads to TO.
  mutating func take(_ line: Substring, in file: String) throws {
    let words = line.split(separator: " ")
    guard words.count >= 5 else { throw Refusal.words("\(file): \(line)") }
    let move = Move(machine: String(words[0]), from: String(words[2]), event: String(words[3]), to: String(words[4]))
    guard state(move.machine, words[1]) == move.from else {
      throw Refusal.move("\(file): \(line): it is \(state(move.machine, words[1]))")
    }
    switch move.machine {
    case "payout": try payout(words[1], move, batch: words.last { $0.hasPrefix("batch=") }?.dropFirst(6))
    case "batch": try batch(words[1], move)
    case "attempt": try attempt(words[1], move)
    default: throw Refusal.words("\(file): \(line)")
    }
    guard state(move.machine, words[1]) == move.to else {
      throw Refusal.move("\(file): \(line): it becomes \(state(move.machine, words[1]))")
    }
    seen.insert(move)
  }

  private func state(_ machine: String, _ name: Substring) -> String {
    switch machine {
    case "payout": (payouts[name] ?? .queued).status.rawValue
    case "batch": batches[name]?.rawValue ?? "none"
    default: attempts[name]?.rawValue ?? "none"
    }
  }

  private mutating func payout(_ name: Substring, _ move: Move, batch: Substring?) throws {
    let state = payouts[name] ?? .queued
    let id = BatchID(batch.flatMap { Int64($0) } ?? -1)
    let event: PayoutEvent
    switch move.event {
    case "intended": event = .intended(id)
    case "canceled": event = .canceled
    case "denied": event = .denied
    case "expired": event = .expired
    case "answered": event = .answered
    case "patience_over": event = .patienceOver(id, .overdue)
    case "paid": event = .paid(id)
    case "dead": event = .dead(id, move.to == PayoutStatus.queued.rawValue ? .again : .fail(.reverted))
    case "contrary": event = .contrary
    case "compensated": event = .compensated
    default: throw Refusal.words(move.description)
    }
    payouts[name] = try state.applying(event).0
  }

  /// A batch of another rail ends in a way that this machine has no event for: the table's word is taken for it.
  private mutating func batch(_ name: Substring, _ move: Move) throws {
    if move.event == "intended" {
      batches[name] = .live
    } else if otherRails.contains(move) {
      batches[name] = BatchState(rawValue: move.to)
    } else if let event = MachineTable.batchEvents.first(where: { MachineTable.word($0) == move.event }) {
      batches[name] = try batches[name]?.applying(event)
    } else {
      throw Refusal.words(move.description)
    }
  }

  private mutating func attempt(_ name: Substring, _ move: Move) throws {
    if move.event == "intended" {
      attempts[name] = .intended
    } else if let event = MachineTable.attemptEvents.first(where: { MachineTable.word($0) == move.event }) {
      attempts[name] = try attempts[name]?.applying(event)
    } else {
      throw Refusal.words(move.description)
    }
  }
}
