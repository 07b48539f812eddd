import Broker
import Engine
import Foundation
import Keys
import Money
import OpenSSL
import Payouts
import Terminal

/// The outbox, the broker of the settings, and what belongs together of them.
struct BrokerFeed: Sendable {
  let url: BrokerURL
  let topic: Topic
  let store: any OutboxStore
  let clock: any EngineClock
  private let timeoutMilliseconds: Int64

  /// Throws `config.missing` without AM_QUEUE_URL, `broker.bad_url`, `broker.bad_topic`, `broker.tls_not_supported`.
  init(_ app: App, store: (any OutboxStore)? = nil) throws {
    clock = app.clock
    url = try app.brokerURL()
    topic = try app.outboxTopic()
    timeoutMilliseconds = try app.queueTimeout()
    self.store = try store ?? app.store()
  }

  /// The cursor's name. Another server of the same kind goes on where the one before was; another kind, or another topic,
  /// gets everything from the beginning.
  var name: String { "\(url.scheme):\(topic)" }

  func broker() -> any EventBroker { Brokers.make(url, timeoutMilliseconds: timeoutMilliseconds) }

  func relay() -> OutboxRelay {
    OutboxRelay(name: name, topic: topic, store: store, broker: broker(), clock: clock, random: SystemRandom())
  }

  func replay(_ events: ClosedRange<Int64>) -> OutboxReplay {
    OutboxReplay(
      events, word: UUID().uuidString, relay: name, topic: topic, store: store, broker: broker(), clock: clock,
      random: SystemRandom())
  }

  /// Open dead letters, page by page.
  func deadLetters(settled: Bool, _ each: (DeadLetter) throws -> Void) throws {
    var after: Int64 = 0
    while true {
      let page = try store.deadLetters(name, settled: settled, after: after, limit: 500)
      for letter in page { try each(letter) }
      guard page.count == 500, let last = page.last else { return }
      after = last.event
    }
  }
}

extension App {
  /// Whether a broker is set at all.
  var hasBroker: Bool { settings["AM_QUEUE_URL"] != nil }

  func brokerURL() throws -> BrokerURL {
    let url = try settings.required("AM_QUEUE_URL", for: "the outbox relay")
    guard let path = settings["AM_QUEUE_PASSWORD_FILE"] else { return try BrokerURL(url) }
    let secret = try SecretFile.read(path)
    let bytes = secret.withBytes { span in span.indices.map { span[$0] } }
    guard let password = String(validating: bytes, as: UTF8.self) else {
      throw CommandError(.badSetting, "the file of AM_QUEUE_PASSWORD_FILE does not hold text")
    }
    return try BrokerURL(url, password: password)
  }

  func outboxTopic() throws -> Topic { try Topic(settings["AM_OUTBOX_TOPIC"] ?? "airdrop.outbox") }

  func queueTimeout() throws -> Int64 { try settings.number("AM_QUEUE_TIMEOUT_MS", in: 100...600_000) ?? 10_000 }
}
