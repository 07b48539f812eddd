import Codecs
import Engine
import MemoryStore
import Money
import Payouts
import TestSupport
import Testing

@Suite("Outbox relay")
struct OutboxRelayTests {
  static let down = BrokerError(.unavailable, "nobody is there")

  @Test func `sends everything once, in order, in pages of bounded size, and then is idle`() throws {
    let desk = try RelayDesk()
    try desk.add(0..<95)
    let broker = ToyBroker()
    let relay = desk.relay(broker, page: 10)
    let steps = try desk.drain(relay)
    #expect(steps.count == 11 && steps.last == .idle && steps.first == .moved(taken: 10, buried: 0))
    #expect(try broker.events.map(\.id) == desk.ids() && broker.longestPage == 10)
    try desk.add(95..<97)
    try desk.drain(relay)
    #expect(try broker.events.map(\.id) == desk.ids())
    #expect(broker.words.allSatisfy { $0 == nil })
  }

  @Test func `a page that is taken in part goes on behind the taken part`() throws {
    let desk = try RelayDesk()
    try desk.add(0..<40)
    var parts = [3, 0, 7, 10, 1]
    let broker = ToyBroker { page, _ in
      guard let part = parts.popLast() else { return nil }
      return Publication(taken: min(part, page.count), stop: .down(OutboxRelayTests.down))
    }
    try desk.drain(desk.relay(broker, page: 10))
    #expect(try broker.events.map(\.id) == desk.ids())
  }

  @Test func `a broker that stops short and says nothing is trusted with what it took, and no more`() throws {
    let desk = try RelayDesk()
    try desk.add(0..<5)
    var isFirst = true
    let broker = ToyBroker { _, _ in
      defer { isFirst = false }
      return isFirst ? Publication(taken: 2, stop: nil) : nil
    }
    let steps = try desk.drain(desk.relay(broker, page: 10))
    guard case .waiting(_, let why)? = steps.first else {
      Issue.record("\(steps)")
      return
    }
    #expect(why.code == .malformed)
    #expect(try broker.events.map(\.id) == desk.ids())
  }

  @Test func `while a broker is down it is asked ever more rarely, nothing grows, and nothing is lost`() throws {
    let desk = try RelayDesk()
    try desk.add(0..<500)
    var isDown = true
    var asked = 0
    let broker = ToyBroker { _, _ in
      asked += 1
      return isDown ? Publication(taken: 0, stop: .down(OutboxRelayTests.down)) : nil
    }
    let relay = desk.relay(broker, page: 50)
    for _ in 0..<3_600 {
      desk.clock.move(1_000)
      guard case .waiting(let until, let why) = try relay.step() else {
        Issue.record("it moved")
        return
      }
      // Full jitter may be nothing; the breaker and the longest wait bound it from above.
      #expect(why == OutboxRelayTests.down && until.milliseconds - desk.clock.now().milliseconds <= 60_000)
    }
    #expect(asked > 40 && asked < 400, "asked \(asked) times in an hour")
    #expect(broker.longestPage == 50)
    isDown = false
    try desk.drain(relay)
    #expect(try broker.events.map(\.id) == desk.ids())
  }

  @Test func `a clock that goes back holds nothing back for long`() throws {
    let desk = try RelayDesk()
    try desk.add(0..<5)
    var failures = 12
    let broker = ToyBroker { _, _ in
      failures -= 1
      return failures >= 0 ? Publication(taken: 0, stop: .down(OutboxRelayTests.down)) : nil
    }
    let relay = desk.relay(broker)
    for _ in 0..<200 where failures > 0 {
      desk.clock.move(30_000)
      _ = try relay.step()
    }
    desk.clock.move(-10_000_000)
    for _ in 0..<61 {
      if try relay.step() == .idle { break }
      desk.clock.move(1_000)
    }
    #expect(try broker.events.map(\.id) == desk.ids())
  }

  @Test func `two relays of one name do each other no harm`() throws {
    let desk = try RelayDesk()
    try desk.add(0..<200)
    let broker = ToyBroker()
    let relays = [desk.relay(broker, page: 7), desk.relay(broker, page: 31)]
    var random = SplitMix64(seed: 5)
    var idle = 0
    while idle < 2 { idle = try relays[Int(random.next() % 2)].step() == .idle ? idle + 1 : 0 }
    #expect(try Events.firsts(broker.events).map(\.id) == desk.ids())
    #expect(try desk.store.outboxCursor(relays[0].name) == 200)
  }

  @Test func `where events are large, pages have fewer of them, and more again later`() throws {
    let desk = try RelayDesk()
    try desk.add(0..<40, bytes: 10_000)
    try desk.add(40..<400, bytes: 10)
    let broker = ToyBroker()
    var pages: [Int] = []
    broker.plan = { page, _ in
      pages.append(page.count)
      return nil
    }
    var settings = RelaySettings()
    settings.page = 50
    settings.pageBytes = 40_000
    let relay = OutboxRelay(
      name: "x", topic: topic, store: desk.store, broker: broker, clock: desk.clock, random: SeededRandom(1),
      settings: settings)
    try desk.drain(relay)
    #expect(try broker.events.map(\.id) == desk.ids())
    // Only the first page was read before anything was known about sizes.
    #expect(pages.first == 50 && pages.dropFirst().prefix(2).allSatisfy { $0 <= 10 } && pages.max() == 50)
    #expect(pages.contains { $0 > 10 && $0 < 50 } && pages.suffix(3).first == 50, "\(pages)")
  }

  @Test func `what is sent is the envelope of the documents`() throws {
    let desk = try RelayDesk()
    try desk.add([7])
    let broker = ToyBroker()
    try desk.drain(desk.relay(broker))
    let sent = try #require(broker.events.first)
    let body = String(decoding: sent.body, as: UTF8.self)
    #expect(
      body
        == #"{"at":1700000000000,"id":"5c0de000-0000-4000-8000-000000000001:1:1","key":"thing/2","payload":{"n":7,"pad":"xxxxxxxxxxxxxxxxxxxx"},"type":"test.happened","version":1}"#
    )
    let parsed = try JSON.parse(sent.body)
    #expect(try CanonicalJSON.bytes(parsed) == sent.body)
    #expect(sent.key == parsed["key"]?.string && sent.type == parsed["type"]?.string && sent.id == parsed["id"]?.string)
  }

  @Test func `after a restore numbers come again, and ids do not`() throws {
    let desk = try RelayDesk()
    try desk.add(0..<3)
    try desk.store.raiseEpoch(reason: "restored", actor: "test", at: desk.clock.now())
    try desk.add(3..<5)
    let broker = ToyBroker()
    try desk.drain(desk.relay(broker))
    #expect(
      broker.events.map { $0.id.split(separator: ":").dropFirst().joined(separator: ":") } == [
        "1:1", "1:2", "1:3", "2:4", "2:5", "2:6",
      ])
  }
}
