package import Engine

/// The one place that knows which broker goes with which URL.
package enum Brokers {
  /// A broker that connects when it is first used. `timeoutMilliseconds` bounds connecting, and each page.
  package static func make(_ url: BrokerURL, timeoutMilliseconds: Int64 = 10_000) -> any EventBroker {
    switch url.kind {
    case .redis, .redisSocket: RedisBroker(url, timeoutMilliseconds: timeoutMilliseconds)
    case .nats: NATSBroker(url, timeoutMilliseconds: timeoutMilliseconds)
    case .kafka(let places): KafkaBroker(places, timeoutMilliseconds: timeoutMilliseconds)
    case .memory: InProcessBroker(timeoutMilliseconds: timeoutMilliseconds)
    }
  }

  /// Connects and logs in, and publishes nothing. Throws `broker.*`: `broker.denied` for a wrong password,
  /// `broker.bad_url` for a broker that takes none.
  package static func logIn(_ url: BrokerURL, timeoutMilliseconds: Int64) throws(BrokerError) {
    switch url.kind {
    case .redis, .redisSocket: try RedisClient(url, timeoutMilliseconds: timeoutMilliseconds).logIn()
    case .nats: try NATSBroker(url, timeoutMilliseconds: timeoutMilliseconds).logIn()
    case .kafka, .memory: throw BrokerError(.badURL, "\(url.shown) takes no password")
    }
  }
}
