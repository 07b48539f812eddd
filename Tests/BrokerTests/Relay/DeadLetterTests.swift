import Codecs
import Engine
import MemoryStore
import Money
import Testing

@Suite("Dead letters and replay")
struct DeadLetterTests {
  static let relay = "test:airdrop.outbox"
  static let poison = BrokerError(.eventTooLarge, "the event has 9 bytes, 8 is the limit")

  /// Refuses these numbers on the topic, and on the dead-letter topic if `everywhere`.
  static func broker(refusing numbers: Set<Int>, everywhere: Bool = false) -> ToyBroker {
    ToyBroker { page, topic in
      guard everywhere || topic == BrokerTests.topic,
        let place = page.firstIndex(where: { numbers.contains(Events.number($0)) })
      else { return nil }
      return Publication(taken: place, stop: .refused(poison))
    }
  }

  func letters(_ desk: RelayDesk, settled: Bool = false) throws -> [DeadLetter] {
    try desk.store.deadLetters(Self.relay, settled: settled, after: 0, limit: 100)
  }

  @Test func `a refused event goes to the dead-letter topic with its reason, and the others go on`() throws {
    let desk = try RelayDesk()
    try desk.add(0..<8)
    let broker = Self.broker(refusing: [1, 4, 5, 8])
    let steps = try desk.drain(desk.relay(broker))
    #expect(broker.events.map(Events.number) == [2, 3, 6, 7])
    #expect(steps.map { if case .moved(_, let buried) = $0 { buried } else { 0 } }.reduce(0, +) == 4)
    let dead = try #require(broker.topics[topic.dead])
    #expect(dead.map(Events.number) == [1, 4, 5, 8])
    let first = try JSON.parse(dead[0].body)
    #expect(first["code"]?.string == "broker.event_too_large" && first["message"]?.string == Self.poison.message)
    #expect(first["event"]?["payload"]?["n"]?.uint64 == 0 && first["event"]?["id"]?.string == dead[0].id)
    #expect(try CanonicalJSON.bytes(first) == dead[0].body)
    let letters = try letters(desk)
    #expect(letters.map(\.event) == [1, 4, 5, 8] && letters.allSatisfy { $0.isOnTopic && $0.settledAt == nil })
    #expect(letters[0].code == "broker.event_too_large" && letters[0].message == Self.poison.message)
  }

  @Test func `what the dead-letter topic refuses as well is kept in the store alone`() throws {
    let desk = try RelayDesk()
    try desk.add(0..<3)
    let broker = Self.broker(refusing: [2], everywhere: true)
    try desk.drain(desk.relay(broker))
    #expect(broker.events.map(Events.number) == [1, 3] && broker.topics[topic.dead]?.isEmpty != false)
    #expect(try letters(desk).map(\.isOnTopic) == [false])
  }

  @Test func `a broker that goes down while an event is put aside loses neither event nor letter`() throws {
    let desk = try RelayDesk()
    try desk.add(0..<5)
    var failures = 3
    let broker = ToyBroker { page, topic in
      if topic == BrokerTests.topic.dead {
        failures -= 1
        return failures >= 0 ? Publication(taken: 0, stop: .down(OutboxRelayTests.down)) : nil
      }
      return page.firstIndex { Events.number($0) == 3 }.map {
        Publication(taken: $0, stop: .refused(DeadLetterTests.poison))
      }
    }
    try desk.drain(desk.relay(broker))
    #expect(broker.events.map(Events.number) == [1, 2, 4, 5])
    #expect(broker.topics[topic.dead]?.map(Events.number) == [3])
    #expect(try letters(desk).map(\.event) == [3])
  }

  @Test func `a broker that is down makes no dead letter, however long`() throws {
    let desk = try RelayDesk()
    try desk.add(0..<3)
    let broker = ToyBroker { _, _ in Publication(taken: 0, stop: .down(BrokerError(.denied, "no"))) }
    let relay = desk.relay(broker)
    for _ in 0..<500 {
      desk.clock.move(61_000)
      _ = try relay.step()
    }
    #expect(try letters(desk).isEmpty && desk.store.outboxCursor(Self.relay) == 0)
  }

  @Test func `an event that is no JSON is put aside without asking the broker for it`() throws {
    let desk = try RelayDesk()
    try desk.add(0..<4)
    let broker = ToyBroker()
    try desk.drain(desk.relay(broker, store: BrokenRow(inner: desk.store, id: 2)))
    #expect(broker.events.map(Events.number) == [1, 3, 4])
    let dead = try #require(broker.topics[topic.dead]?.first)
    #expect(try JSON.parse(dead.body)["event"] == .null)
    #expect(try letters(desk).map(\.code) == ["broker.event_unreadable"])
  }

  // MARK: Replay

  func replay(_ desk: RelayDesk, _ broker: ToyBroker, _ events: ClosedRange<Int64>, word: String = "w") throws -> Int {
    var settings = RelaySettings()
    settings.page = 3
    let replay = OutboxReplay(
      events, word: word, relay: Self.relay, topic: topic, store: desk.store, broker: broker, clock: desk.clock,
      random: SeededRandom(1), settings: settings)
    var taken = 0
    for _ in 0..<200 {
      switch try replay.step() {
      case .idle: return taken
      case .moved(let count, _): taken += count
      case .waiting(let until, _): desk.clock.move(max(1, until.milliseconds - desk.clock.now().milliseconds))
      }
    }
    throw DeskFailure.neverIdle
  }

  @Test func `a replay sends a stretch again under the same ids, and moves no cursor`() throws {
    let desk = try RelayDesk()
    try desk.add(0..<20)
    let broker = ToyBroker()
    try desk.drain(desk.relay(broker))
    let before = broker.events
    #expect(try replay(desk, broker, 5...11, word: "r7") == 7)
    #expect(Array(broker.events.dropFirst(20)) == Array(before[4..<11]))
    #expect(broker.words.suffix(3) == ["r7", "r7", "r7"])
    #expect(try desk.store.outboxCursor(Self.relay) == 20)
    #expect(try replay(desk, broker, 19...Int64.max) == 2)
    #expect(try replay(desk, broker, 21...30) == 0)
  }

  @Test func `a replay gets through what was refused, and says so; what is refused again stays open`() throws {
    let desk = try RelayDesk()
    try desk.add(0..<9)
    try desk.drain(desk.relay(Self.broker(refusing: [2, 5, 8])))
    let better = Self.broker(refusing: [5])
    var isDown = true
    let plan = better.plan
    better.plan = { page, topic in
      defer { isDown = false }
      return isDown ? Publication(taken: 0, stop: .down(OutboxRelayTests.down)) : try plan(page, topic)
    }
    #expect(try replay(desk, better, 1...6) == 5)
    #expect(better.events.map(Events.number) == [1, 2, 3, 4, 6])
    #expect(try letters(desk).map(\.event) == [5, 8])
    let all = try letters(desk, settled: true)
    #expect(all.map(\.event) == [2, 5, 8] && all[0].settledAt != nil && all[1].settledAt == nil)
  }
}

/// A store one of whose rows was damaged.
struct BrokenRow: OutboxStore {
  let inner: any OutboxStore
  let id: Int64

  func outbox(after: Int64, limit: Int) throws(StoreError) -> [OutboxEvent] {
    try inner.outbox(after: after, limit: limit).map { event in
      event.id == id
        ? OutboxEvent(id: id, epoch: event.epoch, type: event.type, key: event.key, payload: "{\"a\":", at: event.at)
        : event
    }
  }
  func identity() throws(StoreError) -> StoreIdentity { try inner.identity() }
  func outboxCursor(_ relay: String) throws(StoreError) -> Int64 { try inner.outboxCursor(relay) }
  func moveOutboxCursor(_ relay: String, to id: Int64) throws(StoreError) -> Int64 {
    try inner.moveOutboxCursor(relay, to: id)
  }
  func outboxBacklog(after: Int64) throws(StoreError) -> OutboxBacklog { try inner.outboxBacklog(after: after) }
  func bury(_ letter: DeadLetter) throws(StoreError) { try inner.bury(letter) }
  func deadLetters(_ relay: String, settled: Bool, after: Int64, limit: Int) throws(StoreError) -> [DeadLetter] {
    try inner.deadLetters(relay, settled: settled, after: after, limit: limit)
  }
  func settleDeadLetters(_ relay: String, _ events: ClosedRange<Int64>, at: Timestamp) throws(StoreError) {
    try inner.settleDeadLetters(relay, events, at: at)
  }
}
