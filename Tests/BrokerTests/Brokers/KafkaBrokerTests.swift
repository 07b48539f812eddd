import Broker
import Engine
import Kafka
import TestSupport
import Testing

/// On librdkafka's mock cluster: real sockets and the real protocol, no disk. Debian has no Kafka broker.
@Suite("Kafka", .serialized)
struct KafkaBrokerTests {
  @Test func `a record that a broker refuses is tried alone, and only it is blamed`() throws {
    let world = try KafkaWorld()
    let broker = try world.broker(timeoutMilliseconds: 8_000)
    // One refusal hits a whole batch; alone, each of its records is taken.
    world.cluster.refuseNext([.tooLarge])
    let page = Events.messages(0..<30)
    #expect(broker.publish(page, to: topic, again: nil) == Publication(taken: 30, stop: nil))
    let firsts = Events.firsts(try world.events(topic))
    Events.expectOrdered(firsts)
    #expect(firsts.map(Events.number).sorted() == Array(0..<30))
  }

  @Test func `a record that is refused alone as well is refused for itself`() throws {
    let world = try KafkaWorld()
    let broker = try world.broker(timeoutMilliseconds: 8_000)
    world.cluster.refuseNext([.invalidRecord])
    let got = broker.publish(Events.messages(7..<8), to: topic, again: nil)
    guard got.taken == 0, case .refused(let why)? = got.stop else {
      Issue.record("\(got)")
      return
    }
    #expect(why.code == .eventRefused)
    #expect(broker.publish(Events.messages(8..<9), to: topic, again: nil).stop == nil)
  }

  @Test func `what passes is tried again by the producer, and order holds`() throws {
    let world = try KafkaWorld()
    let broker = try world.broker(timeoutMilliseconds: 15_000)
    world.cluster.refuseNext([.notEnoughReplicas, .notLeader, .notEnoughReplicas, .notLeader])
    #expect(broker.publish(Events.messages(0..<300), to: topic, again: nil) == Publication(taken: 300, stop: nil))
    let found = try world.events(topic)
    Events.expectOrdered(found)
    #expect(found.count == 300)
  }

  @Test func `a login that is refused is no dead letter`() throws {
    let world = try KafkaWorld()
    let broker = try world.broker(timeoutMilliseconds: 5_000)
    world.cluster.refuseNext([.denied])
    let got = broker.publish(Events.messages(0..<1), to: topic, again: nil)
    guard case .down(let why)? = got.stop else {
      Issue.record("\(got)")
      return
    }
    #expect(why.code == .denied && got.taken == 0)
  }

  @Test func `one key stays in one partition, whichever producer sends it`() throws {
    let world = try KafkaWorld()
    for n in 0..<4 {
      #expect(
        try world.broker().publish(Events.messages(n * 50..<n * 50 + 50, keys: 20), to: topic, again: nil).stop == nil)
    }
    let consumer = try KafkaConsumer(
      brokers: world.cluster.brokers, topic: topic.name, partitions: 0..<KafkaWorld.partitions)
    var partitions: [String: Set<Int32>] = [:]
    for _ in 0..<200 {
      let record = try #require(try consumer.next(timeoutMilliseconds: 20_000))
      partitions[String(decoding: record.key, as: UTF8.self), default: []].insert(record.partition)
    }
    #expect(partitions.count == 20 && partitions.values.allSatisfy { $0.count == 1 })
    #expect(Set(partitions.values.joined()).count == Int(KafkaWorld.partitions))
  }

  @Test func `a setting that librdkafka does not know, or no broker at all, is an error and not a trap`() throws {
    #expect(throws: KafkaError.self) {
      try KafkaProducer(brokers: ["127.0.0.1:1"], mostRecordBytes: -5, timeoutMilliseconds: 100)
    }
    let broker = Brokers.make(
      try BrokerURL("kafka://127.0.0.1:\(LoopbackSocket.freePort())"), timeoutMilliseconds: 600)
    let began = ContinuousClock.now
    let got = broker.publish(Events.messages(0..<2), to: topic, again: nil)
    #expect(got.taken == 0 && got.stop != nil && ContinuousClock.now - began < .seconds(8), "\(got)")
  }
}
