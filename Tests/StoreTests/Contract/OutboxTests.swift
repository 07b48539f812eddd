import Audit
import Codecs
import Engine
import Foundation
import Money
import Synchronization
import Testing

@Suite("The outbox in every store")
struct OutboxTests {
  static func commit(_ store: any PayoutStore, _ numbers: some Sequence<Int>, actor: String = "w") throws {
    let notes = numbers.map { n in
      Write.note(
        Note(action: "test.happened", entity: "thing", entityID: "\(n)", details: ["n": .integer(n)], isPublic: true))
    }
    try store.commit(Commit(guardedBy: nil, actor: actor, at: Timestamp(milliseconds: 1), writes: notes))
  }

  /// The promise that every relay rests on: a store whose numbers become visible out of order fails here.
  @Test(arguments: StoreKind.allCases)
  func `nothing appears behind a reader while several write at once`(kind: StoreKind) async throws {
    let opened = try kind.open()
    let store = opened.store
    let (writers, commits) = (4, 60)
    let failures = Mutex<[String]>([])
    let ended = Mutex(0)
    for writer in 0..<writers {
      Thread {
        do {
          // Commits of different lengths, so that a number is given out long before another commit is done.
          for commit in 0..<commits {
            try OutboxTests.commit(store, 0..<(1 + (commit * 7 + writer * 13) % 23))
            // Else a store in memory is full before the reader begins.
            usleep(500)
          }
        } catch { failures.withLock { $0.append("\(error)") } }
        ended.withLock { $0 += 1 }
      }.start()
    }
    var seen: [Int64] = []
    var isOver = false
    while true {
      let page = try store.outbox(after: seen.last ?? 0, limit: 500)
      seen += page.map(\.id)
      if !page.isEmpty { continue }
      // One more look after the last writer has ended.
      if isOver { break }
      isOver = ended.withLock { $0 } == writers
      await Task.yield()
    }
    #expect(failures.withLock { $0 } == [])
    let all = try store.outbox(after: 0, limit: 1_000_000).map(\.id)
    let written = (0..<writers).reduce(0) { sum, writer in
      sum + (0..<commits).reduce(0) { $0 + 1 + ($1 * 7 + writer * 13) % 23 }
    }
    #expect(all.count == written)
    #expect(zip(all, all.dropFirst()).allSatisfy { $0 < $1 })
    #expect(seen.count == all.count && seen == all, "\(all.count - seen.count) events appeared behind the reader")
  }

  @Test(arguments: StoreKind.allCases)
  func `a relay's place never goes back, and each has its own`(kind: StoreKind) throws {
    let opened = try kind.open()
    let store = opened.store
    for (place, then) in [(5, 5), (3, 5), (0, 5), (6, 6)] as [(Int64, Int64)] {
      #expect(try store.moveOutboxCursor("redis:a", to: place) == then)
      #expect(try store.outboxCursor("redis:a") == then)
    }
    #expect(try store.outboxCursor("redis:b") == 0)
  }

  /// Records are written a part at a time, and become events by stretches.
  @Test(arguments: StoreKind.allCases, [1, 249, 250, 251, 701])
  func `a long commit has a record for each write, and an event for each public one, in order`(
    kind: StoreKind, count: Int
  ) throws {
    let opened = try kind.open()
    let store = opened.store
    try OutboxTests.commit(store, 0..<1)
    let notes = (0..<count).map { n in
      // Words that need escaping, a record that stays inside, and stretches of every length.
      Write.note(
        Note(
          action: "test.\(n % 3)", entity: "th\"ing/\(n % 2)", entityID: "\(n)\\é",
          details: ["n": .integer(n), "t": "a\n\"ü"],
          isPublic: n % 7 != 3 && !(300..<600).contains(n)))
    }
    try store.commit(Commit(guardedBy: nil, actor: "w", at: Timestamp(milliseconds: 2), writes: notes))
    let records = try store.auditRecords(after: nil, limit: 10_000)
    #expect(records.map(\.sequence) == (1...Int64(count + 1)).map { $0 })
    var verifier = AuditVerifier(sha256: Hashing(), checkpoints: [])
    for record in records { verifier.take(record) }
    verifier.finish()
    #expect(verifier.findings.isEmpty)
    let published = records.enumerated().filter { place, _ in
      place == 0 || ((place - 1) % 7 != 3 && !(300..<600).contains(place - 1))
    }.map(\.element)
    let events = try store.outbox(after: 0, limit: 10_000)
    #expect(events.map(\.id) == (1...Int64(published.count)).map { $0 })
    #expect(events.map(\.type) == published.map(\.draft.action))
    #expect(events.map(\.key) == published.map { "\($0.draft.entity)/\($0.draft.entityID)" })
    #expect(events.map(\.payload) == published.map(\.draft.details))
    #expect(events.map(\.at.milliseconds) == published.map(\.at))
  }

  @Test(arguments: StoreKind.allCases)
  func `the backlog counts what lies after a place`(kind: StoreKind) throws {
    let opened = try kind.open()
    let store = opened.store
    #expect(try store.outboxBacklog(after: 0) == OutboxBacklog(count: 0, oldest: nil, newest: 0))
    try OutboxTests.commit(store, 0..<10)
    let all = try store.outbox(after: 0, limit: 100)
    try #require(all.count == 10)
    #expect(try store.outboxBacklog(after: 0) == OutboxBacklog(count: 10, oldest: all[0], newest: all[9].id))
    #expect(try store.outboxBacklog(after: all[6].id) == OutboxBacklog(count: 3, oldest: all[7], newest: all[9].id))
    #expect(try store.outboxBacklog(after: all[9].id) == OutboxBacklog(count: 0, oldest: nil, newest: all[9].id))
  }

  @Test(arguments: StoreKind.allCases)
  func `an event keeps the epoch that it was written in`(kind: StoreKind) throws {
    let opened = try kind.open()
    let store = opened.store
    try OutboxTests.commit(store, 0..<2)
    try store.raiseEpoch(reason: "restored", actor: "w", at: Timestamp(milliseconds: 2))
    try OutboxTests.commit(store, 2..<3)
    #expect(try store.outbox(after: 0, limit: 9).map(\.epoch) == [1, 1, 2, 2])
  }

  @Test(arguments: StoreKind.allCases)
  func `dead letters are kept per relay, replaced by the newest refusal, and settled by range`(kind: StoreKind) throws {
    let opened = try kind.open()
    let store = opened.store
    func letter(_ event: Int64, _ message: String = "m", relay: String = "a", onTopic: Bool = false) -> DeadLetter {
      DeadLetter(
        relay: relay, event: event, code: "broker.event_refused", message: message, isOnTopic: onTopic,
        at: Timestamp(milliseconds: 7))
    }
    for event in [4, 1, 9, 2] as [Int64] { try store.bury(letter(event)) }
    try store.bury(letter(4, "again", onTopic: true))
    try store.bury(letter(1, relay: "b"))
    let open = try store.deadLetters("a", settled: false, after: 0, limit: 10)
    #expect(open == [letter(1), letter(2), letter(4, "again", onTopic: true), letter(9)])
    #expect(try store.deadLetters("a", settled: false, after: 1, limit: 2).map(\.event) == [2, 4])
    let now = Timestamp(milliseconds: 99)
    try store.settleDeadLetters("a", 2...8, at: now)
    try store.settleDeadLetters("a", 2...8, at: Timestamp(milliseconds: 100))
    #expect(try store.deadLetters("a", settled: false, after: 0, limit: 10).map(\.event) == [1, 9])
    #expect(
      try store.deadLetters("a", settled: true, after: 0, limit: 10).map(\.settledAt) == [nil, now, now, nil])
    #expect(try store.deadLetters("b", settled: false, after: 0, limit: 10).count == 1)
    // Refused once more, it waits again.
    try store.bury(letter(2))
    #expect(try store.deadLetters("a", settled: false, after: 0, limit: 10).map(\.event) == [1, 2, 9])
  }
}
