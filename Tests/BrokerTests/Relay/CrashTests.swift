import Engine
import MemoryStore
import Money
import TestSupport
import Testing

/// Dies at one of its steps: every call of the relay to store or broker, before and after it took effect.
final class Fuse {
  private var left: Int
  private(set) var steps = 0
  init(_ left: Int) { self.left = left }

  /// Throws at the step that was chosen, and at every step after it: a dead process does nothing more.
  func burn() throws(StoreError) {
    steps += 1
    left -= 1
    if left < 0 { throw StoreError(.unavailable, "killed") }
  }
  var isBurnt: Bool { left < 0 }
}

/// The store as a process sees it that may die at any moment.
struct MortalStore: OutboxStore, @unchecked Sendable {
  // Sendable: a test uses it from one thread.
  let inner: any OutboxStore
  let fuse: Fuse

  func identity() throws(StoreError) -> StoreIdentity { try inner.identity() }
  func outbox(after: Int64, limit: Int) throws(StoreError) -> [OutboxEvent] {
    try fuse.burn()
    return try inner.outbox(after: after, limit: limit)
  }
  func outboxCursor(_ relay: String) throws(StoreError) -> Int64 { try inner.outboxCursor(relay) }
  func moveOutboxCursor(_ relay: String, to id: Int64) throws(StoreError) -> Int64 {
    try fuse.burn()
    let place = try inner.moveOutboxCursor(relay, to: id)
    try fuse.burn()
    return place
  }
  func outboxBacklog(after: Int64) throws(StoreError) -> OutboxBacklog { try inner.outboxBacklog(after: after) }
  func bury(_ letter: DeadLetter) throws(StoreError) {
    try fuse.burn()
    try inner.bury(letter)
    try fuse.burn()
  }
  func deadLetters(_ relay: String, settled: Bool, after: Int64, limit: Int) throws(StoreError) -> [DeadLetter] {
    try inner.deadLetters(relay, settled: settled, after: after, limit: limit)
  }
  func settleDeadLetters(_ relay: String, _ events: ClosedRange<Int64>, at: Timestamp) throws(StoreError) {
    try fuse.burn()
    try inner.settleDeadLetters(relay, events, at: at)
    try fuse.burn()
  }
}

@Suite("A relay killed at any step")
struct CrashTests {
  /// Runs relays one after the other, each dying at its own step, until one lives to the end; what the topic then holds.
  /// A death inside the broker's call leaves a part of the page there.
  func run(_ desk: RelayDesk, page: Int, deaths: [Int], seed: UInt64, poison: Set<Int>) throws -> ToyBroker {
    var random = SplitMix64(seed: seed)
    var fuse = Fuse(.max)
    let broker = ToyBroker { page, topic in
      if topic == BrokerTests.topic, let place = page.firstIndex(where: { poison.contains(Events.number($0)) }) {
        return Publication(taken: place, stop: .refused(BrokerError(.eventRefused, "poison")))
      }
      do { try fuse.burn() } catch {
        let part = Int(random.next() % UInt64(page.count + 1))
        return Publication(taken: part, stop: .down(OutboxRelayTests.down))
      }
      return nil
    }
    for death in deaths {
      fuse = Fuse(death)
      let relay = desk.relay(broker, store: MortalStore(inner: desk.store, fuse: fuse), page: page, seed: seed)
      do { try desk.drain(relay) } catch is StoreError {}
    }
    fuse = Fuse(.max)
    try desk.drain(desk.relay(broker, page: page, seed: seed))
    return broker
  }

  @Test func `never leaves a hole, never changes an id, never turns the order of a key`() throws {
    // The steps of a whole run, counted; then one run for a death at each of them, and each pair of neighbours.
    let count = 30
    for death in 0..<80 {
      for second in [nil, 0, 1, 2, 3, 7] as [Int?] {
        let desk = try RelayDesk()
        try desk.add(0..<count)
        let broker = try run(
          desk, page: 7, deaths: [death] + (second.map { [$0] } ?? []), seed: UInt64(death), poison: [])
        let firsts = Events.firsts(broker.events)
        #expect(try firsts.map(\.id) == desk.ids(), "death at step \(death), then at \(second ?? -1)")
        // A repetition is the same event, byte for byte.
        let bodies = Dictionary(grouping: broker.events, by: \.id).mapValues { Set($0.map(\.body)).count }
        #expect(bodies.values.allSatisfy { $0 == 1 })
      }
    }
  }

  @Test(arguments: UInt64(0)..<40)
  func `any number of deaths, with refused events in between`(seed: UInt64) throws {
    var random = SplitMix64(seed: seed)
    let desk = try RelayDesk()
    try desk.add(0..<60, keys: 4)
    let poison = Set((0..<Int(random.next() % 6)).map { _ in Int(random.next() % 60) + 1 })
    let deaths = (0..<Int(random.next() % 12)).map { _ in Int(random.next() % 9) }
    let broker = try run(
      desk, page: Int(random.next() % 12) + 1, deaths: deaths, seed: seed, poison: poison)
    let firsts = Events.firsts(broker.events)
    Events.expectOrdered(firsts)
    #expect(firsts.map(Events.number) == (1...60).filter { !poison.contains($0) })
    #expect(
      try desk.store.deadLetters("test:airdrop.outbox", settled: false, after: 0, limit: 99).map { Int($0.event) }
        == poison.sorted())
    let dead = Set((broker.topics[topic.dead] ?? []).map(Events.number))
    #expect(dead == poison)
    #expect(try desk.store.outboxCursor("test:airdrop.outbox") == 60)
  }
}
