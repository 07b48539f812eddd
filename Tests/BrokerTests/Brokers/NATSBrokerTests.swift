import Broker
import Engine
import Foundation
import NATS
import TestSupport
import Testing

@Suite("NATS JetStream", .serialized)
struct NATSBrokerTests {
  func down(_ publication: Publication) -> BrokerError.Code? {
    if case .down(let why)? = publication.stop { why.code } else { nil }
  }

  @Test func `a full stream takes what fits, in order, and nothing behind it`() throws {
    let world = try NATSWorld()
    try world.connect().makeStream(
      NATSStream(name: "mine", subject: topic.name, duplicateSeconds: 120, mostMessages: 25))
    let broker = try world.broker()
    let got = broker.publish(Events.messages(0..<40), to: topic, again: nil)
    #expect(got.taken == 25 && down(got) == .full, "\(got)")
    // What was taken is known by its id: the same page again gets no further, and repeats nothing.
    #expect(broker.publish(Events.messages(0..<40), to: topic, again: nil).taken == 25)
    #expect(try world.events(topic).map(Events.number) == Array(0..<25))
  }

  @Test func `what the stream itself refuses stops the page there, and nothing gets ahead of it`() throws {
    let world = try NATSWorld()
    try world.connect().makeStream(
      NATSStream(name: "mine", subject: topic.name, duplicateSeconds: 120, mostMessageBytes: 2_000))
    let broker = try world.broker()
    var page = Events.messages(0..<10)
    page[4] = EventMessage(id: page[4].id, type: "x", key: "x", body: [UInt8](repeating: 97, count: 5_000))
    let got = broker.publish(page, to: topic, again: nil)
    guard got.taken == 4, case .refused(let why)? = got.stop, why.code == .eventTooLarge else {
      Issue.record("\(got)")
      return
    }
    #expect(try world.events(topic).map(Events.number) == Array(0..<4))
    #expect(broker.publish(Array(page[5...]), to: topic, again: nil) == Publication(taken: 5, stop: nil))
    #expect(try world.events(topic).map(Events.number) == [0, 1, 2, 3, 5, 6, 7, 8, 9])
  }

  @Test func `an event that no header can carry is refused by itself`() throws {
    let world = try NATSWorld()
    let broker = try world.broker()
    var page = Events.messages(0..<4)
    page[2] = EventMessage(id: page[2].id, type: "a\r\nNats-Msg-Id: x", key: "k", body: page[2].body)
    let got = broker.publish(page, to: topic, again: nil)
    guard got.taken == 2, case .refused(let why)? = got.stop, why.code == .eventRefused else {
      Issue.record("\(got)")
      return
    }
    #expect(broker.publish([page[3]], to: topic, again: nil).stop == nil)
    #expect(try world.events(topic).map(Events.number) == [0, 1, 3])
  }

  @Test func `another writer on the same stream slows a page down and does not break it`() throws {
    let world = try NATSWorld()
    try world.connect().makeStream(NATSStream(name: "mine", subject: topic.name, duplicateSeconds: 120))
    let url = world.server.url
    let done = DispatchSemaphore(value: 0)
    let other = Thread {
      defer { done.signal() }
      guard let connection = try? NATSConnection(servers: [url], login: nil, timeoutMilliseconds: 5_000) else { return }
      for n in 0..<40 {
        try? connection.publish(
          topic.name, reply: "nobody", headers: [("Nats-Msg-Id", "other:1:\(n)")], payload: Array("{}".utf8))
        try? connection.flush(timeoutMilliseconds: 1_000)
        usleep(2_000)
      }
    }
    other.start()
    let broker = try world.broker()
    let all = Events.messages(0..<3_000)
    var taken = 0
    for _ in 0..<100 where taken < all.count {
      taken += broker.publish(Array(all[taken..<min(taken + 500, all.count)]), to: topic, again: nil).taken
    }
    done.wait()
    let ours = try world.events(topic).filter { $0.id.hasPrefix("store:") }
    #expect(Events.firsts(ours).map(Events.number) == Array(0..<3_000))
  }

  @Test func `login is taken from the URL, and a wrong one is denied`() throws {
    let server = try BrokerServer(.nats, ["--user", "relay", "--pass", "s3 cret"])
    func publish(_ login: String) throws -> Publication {
      let url = try BrokerURL("nats://\(login)127.0.0.1:\(server.port)")
      return Brokers.make(url, timeoutMilliseconds: 3_000).publish(Events.messages(0..<2), to: topic, again: nil)
    }
    #expect(try publish("relay:s3%20cret@").stop == nil)
    #expect(try down(publish("relay:wrong@")) == .denied)
    #expect(try down(publish("")) == .denied)
  }

  @Test func `the first server of a list that answers is taken`() throws {
    let server = try BrokerServer(.nats)
    let url = try BrokerURL("nats://127.0.0.1:\(LoopbackSocket.freePort()),127.0.0.1:\(server.port)")
    let broker = Brokers.make(url, timeoutMilliseconds: 3_000)
    #expect(broker.publish(Events.messages(0..<2), to: topic, again: nil).stop == nil)
  }

  @Test(
    arguments: [
      "", "nonsense\r\n", "INFO {}\r\n", "INFO {\"max_payload\":-5}\r\n",
      "INFO \(String(repeating: "[", count: 5_000))\r\n",
      "-ERR 'no'\r\n",
      "INFO {\"server_id\":\"x\",\"version\":\"2.9.0\",\"headers\":true,\"max_payload\":1048576}\r\nPONG\r\n",
      "INFO {\"server_id\":\"x\",\"version\":\"2.9.0\",\"headers\":true,\"max_payload\":1048576}\r\nPONG\r\nMSG a 1 99999999999\r\nx\r\n",
    ])
  func `a server that is none ends in an error, in time`(words: String) throws {
    let server = try ScriptedServer([Array(words.utf8)], .first)
    let broker = Brokers.make(try BrokerURL("nats://127.0.0.1:\(server.port)"), timeoutMilliseconds: 700)
    let began = ContinuousClock.now
    let got = broker.publish(Events.messages(0..<2), to: topic, again: nil)
    #expect(got.taken == 0 && down(got) != nil, "\(got)")
    #expect(ContinuousClock.now - began < .seconds(8))
  }

  @Test func `without JetStream it says what to do`() throws {
    let port = try LoopbackSocket.freePort()
    let process = Process()
    process.executableURL = URL(filePath: "/usr/sbin/nats-server")
    process.arguments = ["-a", "127.0.0.1", "-p", "\(port)", "-l", "/dev/null"]
    try Signals.unblocked { try process.run() }
    defer { kill(process.processIdentifier, SIGKILL) }
    for _ in 0..<200 where !LoopbackSocket.answers(port, asked: "", with: "INFO ") { usleep(20_000) }
    let broker = Brokers.make(try BrokerURL("nats://127.0.0.1:\(port)"), timeoutMilliseconds: 2_000)
    let got = broker.publish(Events.messages(0..<2), to: topic, again: nil)
    guard case .down(let why)? = got.stop else {
      Issue.record("\(got)")
      return
    }
    #expect(why.code == .misconfigured && why.hint?.contains("-js") == true, "\(why)")
  }
}
