import Broker
import Engine
import Foundation
import MemoryStore
import Money
import Payouts
import Store
import Synchronization
import TestSupport
import Testing

/// The relay over real servers that are killed and come back, while the store goes on growing.
@Suite("A relay over outages", .serialized)
struct OutageTests {
  struct RealClock: EngineClock {
    func now() -> Timestamp { Timestamp(milliseconds: Int64(Date().timeIntervalSince1970 * 1_000)) }
  }

  @Test(arguments: [BrokerKind.redis, .nats, .kafka])
  func `loses nothing, keeps order per key, and catches up`(kind: BrokerKind) throws {
    let world = try kind.open()
    let folder = FileManager.default.temporaryDirectory.appending(path: "almoner-outage-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let store = try SQLiteStore(path: folder + "/store.db", sha256: Hashing())
    let desk = try RelayDesk(store)
    var settings = RelaySettings()
    settings.page = 40
    settings.backoff = Backoff(baseMilliseconds: 5, mostMilliseconds: 50)
    settings.breaker = CircuitBreaker(threshold: 5, firstPauseMilliseconds: 20, mostPauseMilliseconds: 100)
    func relay() throws -> OutboxRelay {
      OutboxRelay(
        name: "x:airdrop.outbox", topic: topic, store: store, broker: try world.broker(timeoutMilliseconds: 400),
        clock: RealClock(), random: SeededRandom(7), settings: settings)
    }
    var random = SplitMix64(seed: 11)
    var running = try relay()
    var written = 0
    var outages = 0
    for round in 0..<300 {
      let more = Int(random.next() % 12)
      try desk.add(written..<written + more, keys: 6)
      written += more
      // Killed while the relay is in the middle of a backlog; back some turns later.
      if round % 60 == 20 {
        try world.setDown(true)
        outages += 1
      }
      if round % 60 == 26 { try world.setDown(false) }
      if round % 60 == 40 { running = try relay() }
      switch try running.step() {
      case .waiting: Thread.sleep(forTimeInterval: 0.01)
      case .moved, .idle: break
      }
    }
    let deadline = Date(timeIntervalSinceNow: 60)
    while try running.step() != .idle { #expect(Date() < deadline) }
    let firsts = Events.firsts(try world.events(topic))
    Events.expectOrdered(firsts)
    let (found, wanted) = (Set(firsts.map(\.id)), Set(try desk.ids()))
    #expect(found == wanted, "\(wanted.subtracting(found).count) lost, \(found.subtracting(wanted).count) invented")
    #expect(outages == 5 && written > 1_000)
    #expect(try store.deadLetters("x:airdrop.outbox", settled: true, after: 0, limit: 9).isEmpty)
  }

  @Test func `two relays and a server that is paused: repetitions, no hole`() throws {
    let world = try RedisWorld()
    let desk = try RelayDesk()
    try desk.add(0..<400)
    let slow = desk.relay(try world.broker(timeoutMilliseconds: 300), page: 90)
    let fast = desk.relay(try world.broker(timeoutMilliseconds: 300), page: 70)
    var isPaused = false
    for round in 0..<30 {
      if round % 6 == 2 {
        world.server.pause(true)
        isPaused = true
      } else if isPaused {
        world.server.pause(false)
        isPaused = false
      }
      desk.clock.move(100_000)
      _ = try (round % 2 == 0 ? slow : fast).step()
    }
    world.server.pause(false)
    try desk.drain(slow)
    try desk.drain(fast)
    let events = try world.events(topic)
    #expect(try Events.firsts(events).map(\.id) == desk.ids())
    // What the paused server had received it did later: so there are repetitions.
    #expect(events.count > 400)
  }
}
