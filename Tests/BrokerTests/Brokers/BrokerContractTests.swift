import Broker
import Engine
import TestSupport
import Testing

/// What every broker must hold to, on real servers (Kafka: librdkafka's mock cluster, there is no broker in Debian).
@Suite("Every broker", .serialized)
struct BrokerContractTests {
  @Test(arguments: BrokerKind.allCases)
  func `takes pages whole, in order per key, with everything that belongs to an event`(kind: BrokerKind) throws {
    let world = try kind.open()
    let broker = try world.broker()
    let all = Events.messages(0..<2_500)
    for start in stride(from: 0, to: all.count, by: 700) {
      let page = Array(all[start..<min(start + 700, all.count)])
      #expect(broker.publish(page, to: topic, again: nil) == Publication(taken: page.count, stop: nil))
    }
    let found = try world.events(topic)
    Events.expectOrdered(found)
    let isSame = found.sorted { Events.number($0) < Events.number($1) } == all
    #expect(isSame, "\(found.count) events, or others than were sent")
    #expect(broker.publish([], to: topic, again: nil) == Publication(taken: 0, stop: nil))
  }

  @Test(arguments: [BrokerKind.redis, .nats, .kafka])
  func `an event that is too large is refused by itself, and what follows it waits`(kind: BrokerKind) throws {
    let world = try kind.open()
    let broker = try world.broker(timeoutMilliseconds: 10_000)
    var page = Events.messages(0..<6)
    page[3] = EventMessage(
      id: page[3].id, type: "x", key: page[3].key, body: [UInt8](repeating: 97, count: world.tooMany))
    let first = broker.publish(page, to: topic, again: nil)
    guard case .refused(let why)? = first.stop else {
      Issue.record("\(first)")
      return
    }
    #expect(first.taken == 3 && why.code == .eventTooLarge)
    #expect(broker.publish(Array(page[4...]), to: topic, again: nil) == Publication(taken: 2, stop: nil))
    #expect(try Events.firsts(world.events(topic)).map(Events.number).sorted() == [0, 1, 2, 4, 5])
  }

  @Test(arguments: BrokerKind.allCases)
  func `down for a while, it says so in time, and the same client goes on when it is back`(kind: BrokerKind) throws {
    let world = try kind.open()
    let broker = try world.broker(timeoutMilliseconds: 1_500)
    let all = Events.messages(0..<30)
    #expect(broker.publish(Array(all[..<10]), to: topic, again: nil).stop == nil)
    try world.setDown(true)
    let began = ContinuousClock.now
    for _ in 0..<2 {
      let lost = broker.publish(Array(all[10...]), to: topic, again: nil)
      guard case .down(let why)? = lost.stop else {
        Issue.record("\(lost)")
        return
      }
      #expect(lost.taken == 0 && world.downCodes.contains(why.code), "\(why)")
    }
    #expect(ContinuousClock.now - began < .seconds(10))
    try world.setDown(false)
    var back = Publication(taken: 0, stop: nil)
    for _ in 0..<20 {
      back = broker.publish(Array(all[10...]), to: topic, again: nil)
      if back.stop == nil { break }
    }
    #expect(back == Publication(taken: 20, stop: nil))
    let firsts = Events.firsts(try world.events(topic))
    Events.expectOrdered(firsts)
    #expect(firsts.map(Events.number).sorted() == Array(0..<30))
  }

  @Test(arguments: BrokerKind.allCases)
  func `a replay passes a broker that drops ids it knows, once for each replay`(kind: BrokerKind) throws {
    let world = try kind.open()
    let broker = try world.broker()
    let page = Events.messages(0..<4)
    for again in [nil, nil, "r1", "r1", "r2"] {
      #expect(broker.publish(page, to: topic, again: again) == Publication(taken: 4, stop: nil))
    }
    let count = try world.events(topic).count
    // NATS drops within its window what the same relay or the same replay sent before; the others keep all.
    #expect(count == (kind == .nats ? 12 : 20))
  }

  @Test(arguments: BrokerKind.allCases)
  func `names itself without a password`(kind: BrokerKind) throws {
    let world = try kind.open()
    #expect(try world.broker().name.hasPrefix(kind.rawValue + "://"))
  }
}
