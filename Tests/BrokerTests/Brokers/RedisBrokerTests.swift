import Broker
import Engine
import Foundation
import Redis
import TestSupport
import Testing

@Suite("Redis Streams", .serialized)
struct RedisBrokerTests {
  func down(_ publication: Publication) -> BrokerError.Code? {
    if case .down(let why)? = publication.stop { why.code } else { nil }
  }

  @Test func `a server without room takes no part of a page, and all of it when there is room`() throws {
    let world = try RedisWorld(["--maxmemory", "40mb", "--maxmemory-policy", "noeviction"])
    for n in 0..<7 { _ = try world.run(RedisCommands("SET", "ballast\(n)", [UInt8](repeating: 1, count: 4 << 20))) }
    let broker = try world.broker()
    // Whole pages until there is no room; then nothing of the page that met the wall.
    var taken = 0
    var met: Publication?
    for round in 0..<200 {
      let page = Events.messages(round * 100..<round * 100 + 100, bytes: 3_000)
      let got = broker.publish(page, to: topic, again: nil)
      taken += got.taken
      if got.stop != nil {
        met = got
        break
      }
    }
    let wall = try #require(met)
    #expect(down(wall) == .full && wall.taken == 0 && taken > 0)
    #expect(try world.events(topic).count == taken)
    var free = RedisCommands()
    free.append(["DEL"] + (0..<7).map { "ballast\($0)" })
    #expect(try world.run(free).integer ?? 0 > 2)
    let rest = Events.messages(taken..<taken + 100, bytes: 3_000)
    #expect(broker.publish(rest, to: topic, again: nil) == Publication(taken: 100, stop: nil))
    #expect(try world.events(topic).map(Events.number) == Array(0..<taken + 100))
  }

  @Test func `a page larger than one transaction goes in several, in order`() throws {
    let world = try RedisWorld()
    let page = Events.messages(0..<120, bytes: 100_000)
    #expect(try world.broker().publish(page, to: topic, again: nil) == Publication(taken: 120, stop: nil))
    #expect(try world.events(topic).map(Events.number) == Array(0..<120))
  }

  @Test func `login, database, socket and trimming come from the URL`() throws {
    let world = try RedisWorld(["--requirepass", "p@ss:/word"])
    let place = "127.0.0.1:\(world.server.port)"
    func publish(_ text: String) throws -> Publication {
      Brokers.make(try BrokerURL(text), timeoutMilliseconds: 5_000)
        .publish(Events.messages(0..<400), to: topic, again: nil)
    }
    let open = try publish("redis://\(place)")
    #expect(down(open) == .denied, "\(open)")
    #expect(try down(publish("redis://:wrong@\(place)")) == .denied)
    #expect(try down(publish("redis://default:wrong@\(place)")) == .denied)
    #expect(try down(publish("redis://:p%40ss%3A%2Fword@\(place)/99")) == .denied)
    #expect(try publish("redis://:p%40ss%3A%2Fword@\(place)/3").stop == nil)
    #expect(try publish("redis+unix://default:p%40ss%3A%2Fword@\(world.server.socket)?db=4&maxlen=100").stop == nil)
    let connection = try RedisConnection(.unix(path: world.server.socket))
    var commands = RedisCommands("AUTH", "p@ss:/word")
    for database in [0, 3, 4] {
      commands.append("SELECT", database)
      commands.append("XLEN", topic.name)
    }
    let lengths = try connection.run(commands, timeoutMilliseconds: 5_000).compactMap(\.integer)
    #expect(lengths.count == 3 && lengths[0] == 0 && lengths[1] == 400 && (100..<300).contains(lengths[2]))
  }

  @Test func `a key that holds something else, and a user without the right, are told apart`() throws {
    let world = try RedisWorld()
    _ = try world.run(RedisCommands("SET", topic.name, "text"))
    let broker = try world.broker()
    let first = broker.publish(Events.messages(0..<3), to: topic, again: nil)
    #expect(down(first) == .misconfigured && first.taken == 0)
    _ = try world.run(RedisCommands("DEL", topic.name))
    _ = try world.run(RedisCommands("ACL", "SETUSER", "reader", "on", ">pw", "~*", "+@read", "+multi", "+exec"))
    let reader = Brokers.make(try BrokerURL("redis://reader:pw@127.0.0.1:\(world.server.port)"))
    #expect(down(reader.publish(Events.messages(0..<3), to: topic, again: nil)) == .denied)
    #expect(broker.publish(Events.messages(0..<3), to: topic, again: nil).stop == nil)
  }

  @Test(
    arguments: [
      "HTTP/1.1 400 Bad Request\r\n\r\n", "+OK\r\n+QUEUED\r\n+QUEUED\r\n*1\r\n$3\r\n1-0\r\n",
      "+OK\r\n+QUEUED\r\n+QUEUED\r\n*-1\r\n", "+OK\r\n+OK\r\n+OK\r\n+OK\r\n", "*0\r\n*0\r\n*0\r\n*0\r\n",
      "+OK\r\n+QUEUED\r\n+QUEUED\r\n*2\r\n-WRONGTYPE no\r\n$3\r\n1-0\r\n",
    ])
  func `an answer that does not say that all was taken takes nothing`(answer: String) throws {
    let server = try ScriptedServer([Array("+PONG\r\n".utf8), Array(answer.utf8)], .turns)
    let broker = Brokers.make(try BrokerURL("redis://127.0.0.1:\(server.port)"), timeoutMilliseconds: 500)
    let got = broker.publish(Events.messages(0..<2), to: topic, again: nil)
    #expect(got.taken == 0 && [.malformed, .misconfigured].contains(down(got)), "\(got)")
  }

  // MARK: Consumers

  @Test func `each entry goes to one consumer of a group, and comes again until it is acknowledged`() throws {
    let world = try RedisWorld()
    let url = try BrokerURL(world.server.url)
    _ = try world.broker().publish(Events.messages(0..<50), to: topic, again: nil)
    func consumer(_ name: String, group: String = "g") throws -> RedisGroup {
      try RedisGroup(url, topic: topic, group: group, consumer: name)
    }
    let (one, two) = (try consumer("one"), try consumer("two"))
    let first = try one.read(20, waitMilliseconds: 0)
    let second = try two.read(100, waitMilliseconds: 50)
    #expect(first.map { Events.number($0.event) } == Array(0..<20))
    #expect(second.map { Events.number($0.event) } == Array(20..<50))
    #expect(try one.read(10, waitMilliseconds: 50).isEmpty && two.read(10, waitMilliseconds: 0).isEmpty)
    // One acknowledges a part and dies. Its rest is nobody's until it has been idle for long enough.
    try one.acknowledge(Array(first.prefix(5)))
    try two.acknowledge(second)
    #expect(try two.claim(idleMilliseconds: 60_000, most: 100).isEmpty)
    Thread.sleep(forTimeInterval: 0.15)
    let claimed = try two.claim(idleMilliseconds: 100, most: 100)
    #expect(claimed.map { Events.number($0.event) } == Array(5..<20))
    #expect(claimed.map(\.event) == first.dropFirst(5).map(\.event))
    try two.acknowledge(claimed)
    #expect(try two.claim(idleMilliseconds: 0, most: 100).isEmpty)
    // Another group begins at the beginning.
    #expect(try consumer("one", group: "h").read(1_000, waitMilliseconds: 0).count == 50)
  }

  @Test func `a claim goes through a long list in steps, and past what was deleted`() throws {
    let world = try RedisWorld()
    let url = try BrokerURL(world.server.url)
    _ = try world.broker().publish(Events.messages(0..<700), to: topic, again: nil)
    let dead = try RedisGroup(url, topic: topic, group: "g", consumer: "dead")
    let had = try dead.read(700, waitMilliseconds: 0)
    _ = try world.run(RedisCommands("XTRIM", topic.name, "MAXLEN", 600))
    let heir = try RedisGroup(url, topic: topic, group: "g", consumer: "heir")
    var got: [RedisGroup.Delivery] = []
    while true {
      let part = try heir.claim(idleMilliseconds: 0, most: 250)
      if part.isEmpty { break }
      got += part
      try heir.acknowledge(part)
    }
    #expect(got.map(\.entry) == had.dropFirst(100).map(\.entry))
  }
}
