import Broker
import Codecs
import Engine
import Foundation
import Kafka
import NATS
import Redis
import Synchronization
import TestSupport
import Testing

/// Every implementation of `EventBroker`: a new one is one case here.
enum BrokerKind: String, CaseIterable, CustomTestStringConvertible {
  case redis, nats, kafka, memory
  var testDescription: String { rawValue }

  func open() throws -> any BrokerWorld {
    switch self {
    case .redis: try RedisWorld()
    case .nats: try NATSWorld()
    case .kafka: try KafkaWorld()
    case .memory: MemoryWorld()
    }
  }
}

/// A broker's server with everything in it, as a test sees it.
protocol BrokerWorld: AnyObject {
  /// A new client.
  func broker(timeoutMilliseconds: Int64) throws -> any EventBroker
  /// Everything that the topic holds, in the order of the topic (of each partition, where there are several).
  func events(_ topic: Topic) throws -> [EventMessage]
  /// Ends, or comes back with what it kept.
  func setDown(_ isDown: Bool) throws
  /// More bytes than it takes in one event.
  var tooMany: Int { get }
  /// The errors of a broker that is down.
  var downCodes: Set<BrokerError.Code> { get }
}

extension BrokerWorld {
  func broker() throws -> any EventBroker { try broker(timeoutMilliseconds: 5_000) }
}

final class RedisWorld: BrokerWorld {
  let server: BrokerServer
  init(_ arguments: [String] = []) throws { server = try BrokerServer(.redis, arguments) }

  func broker(timeoutMilliseconds: Int64) throws -> any EventBroker {
    Brokers.make(try BrokerURL(server.url), timeoutMilliseconds: timeoutMilliseconds)
  }

  func run(_ command: RedisCommands) throws -> RedisReply {
    let connection = try RedisConnection(.tcp(host: "127.0.0.1", port: server.port))
    return try #require(try connection.run(command, timeoutMilliseconds: 10_000).first)
  }

  func events(_ topic: Topic) throws -> [EventMessage] {
    let entries = try #require(try run(RedisCommands("XRANGE", topic.name, "-", "+")).array)
    return try entries.map { entry in
      let fields = try #require(entry.array?.last?.array)
      #expect(fields.count == 8 && fields[0].text == "id" && fields[6].text == "event")
      guard case .bytes(let body) = fields[7] else { throw WorldFailure.noBody }
      return EventMessage(
        id: fields[1].text ?? "", type: fields[3].text ?? "", key: fields[5].text ?? "", body: body)
    }
  }

  func setDown(_ isDown: Bool) throws { if isDown { server.kill() } else { try server.start() } }
  let tooMany = (16 << 20) + 1
  let downCodes: Set<BrokerError.Code> = [.unavailable]
}

enum WorldFailure: Error { case noBody }

final class NATSWorld: BrokerWorld {
  let server: BrokerServer
  init() throws { server = try BrokerServer(.nats) }

  func broker(timeoutMilliseconds: Int64) throws -> any EventBroker {
    Brokers.make(try BrokerURL(server.url), timeoutMilliseconds: timeoutMilliseconds)
  }

  func connect() throws -> NATSConnection {
    try NATSConnection(servers: [server.url], login: nil, timeoutMilliseconds: 5_000)
  }

  func events(_ topic: Topic) throws -> [EventMessage] {
    let pull = try connect().pull(topic.name, durable: "reader-\(UInt64.random(in: .min ... .max))")
    var found: [EventMessage] = []
    while true {
      let page = try pull.fetch(500, timeoutMilliseconds: 300)
      if page.isEmpty { return found }
      for delivery in page {
        found.append(
          EventMessage(
            id: delivery.header("Nats-Msg-Id") ?? "", type: delivery.header("Almoner-Type") ?? "",
            key: delivery.header("Almoner-Key") ?? "", body: delivery.message.payload))
        try delivery.acknowledge()
      }
    }
  }

  func setDown(_ isDown: Bool) throws { if isDown { server.kill() } else { try server.start() } }
  let tooMany = 1 << 20
  let downCodes: Set<BrokerError.Code> = [.unavailable]
}

final class KafkaWorld: BrokerWorld {
  static let partitions: Int32 = 3
  let cluster: KafkaMockCluster
  init() throws {
    cluster = try KafkaMockCluster()
    for name in [topic, topic.dead] { try cluster.makeTopic(name.name, partitions: KafkaWorld.partitions) }
  }

  func broker(timeoutMilliseconds: Int64) throws -> any EventBroker {
    let places = try cluster.brokers.map { address in
      let parts = address.split(separator: ":")
      return try #require(BrokerURL("kafka://\(parts[0]):\(parts[1])").places.first)
    }
    return KafkaBroker(places, timeoutMilliseconds: timeoutMilliseconds)
  }

  func events(_ topic: Topic) throws -> [EventMessage] {
    let consumer = try KafkaConsumer(
      brokers: cluster.brokers, topic: topic.name, partitions: 0..<KafkaWorld.partitions)
    var found: [EventMessage] = []
    var wait: Int64 = 5_000
    while let record = try consumer.next(timeoutMilliseconds: wait) {
      found.append(
        EventMessage(
          id: record.headers["id"] ?? "", type: record.headers["type"] ?? "",
          key: String(decoding: record.key, as: UTF8.self), body: record.value))
      wait = 1_000
    }
    return found
  }

  func setDown(_ isDown: Bool) throws { cluster.setDown(1, isDown) }
  let tooMany = 1_000_000
  let downCodes: Set<BrokerError.Code> = [.unavailable, .timeout]
}

/// A subscriber on a thread of its own keeps what it gets.
final class MemoryWorld: BrokerWorld, Sendable {
  let made = InProcessBroker(timeoutMilliseconds: 5_000)
  private let kept = Mutex<[Topic: [EventMessage]]>([:])
  private let readers = Mutex<[Topic: InProcessSubscriber]>([:])

  deinit { readers.withLock { for reader in $0.values { reader.cancel() } } }

  func broker(timeoutMilliseconds: Int64) throws -> any EventBroker {
    for name in ["airdrop.outbox", "airdrop.outbox.dead"] { try listen(Topic(name)) }
    return made
  }

  private func listen(_ topic: Topic) throws {
    let subscriber = made.subscribe(to: topic)
    readers.withLock { $0[topic] = subscriber }
    Thread { [weak self] in
      while self != nil {
        guard let event = subscriber.next(timeoutMilliseconds: 50) else { continue }
        self?.kept.withLock { $0[topic, default: []].append(event) }
        subscriber.acknowledge()
      }
    }.start()
  }

  func events(_ topic: Topic) throws -> [EventMessage] { kept.withLock { $0[topic] ?? [] } }

  func setDown(_ isDown: Bool) throws {
    if isDown {
      readers.withLock { for reader in $0.values { reader.cancel() } }
    } else {
      for name in ["airdrop.outbox", "airdrop.outbox.dead"] { try listen(Topic(name)) }
    }
  }
  let tooMany = Int.max
  let downCodes: Set<BrokerError.Code> = [.noSubscriber]
}

extension BrokerURL {
  /// The servers it names.
  var places: [Place] {
    switch kind {
    case .redis(let place, _, _): [place]
    case .nats(let places), .kafka(let places): places
    case .redisSocket, .memory: []
    }
  }
}
