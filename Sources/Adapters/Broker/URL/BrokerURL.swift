package import Engine

/// Where the broker is, from AM_QUEUE_URL: `redis://[user[:password]@]host[:port][/database][?maxlen=N]`,
/// `redis+unix:///path/to.sock`, `nats://[user[:password]@]host[:port],...`, `kafka://host[:port],...`, `memory://`.
package struct BrokerURL: Hashable, Sendable {
  package struct Place: Hashable, Sendable {
    package let host: String
    package let port: UInt16
    /// An IPv6 address in brackets.
    package var text: String { host.utf8.contains(UInt8(ascii: ":")) ? "[\(host)]:\(port)" : "\(host):\(port)" }
  }

  package enum Kind: Hashable, Sendable {
    /// `most` entries are kept, roughly; nil keeps all.
    case redis(Place, database: Int, most: Int64?)
    case redisSocket(path: String, database: Int, most: Int64?)
    case nats([Place])
    case kafka([Place])
    case memory
  }

  package let kind: Kind
  package let user: String?
  package let password: String?

  /// `password`: one from elsewhere. Throws `broker.bad_url`, also when there are two passwords, or one where none is
  /// taken, and `broker.tls_not_supported` for a scheme that asks for TLS.
  package init(_ text: String, password: String? = nil) throws(BrokerError) {
    let parts = try URLParts(text)
    switch parts.scheme {
    case "redis":
      let places = try parts.places(port: 6379)
      guard places.count == 1, let place = places.first else { throw parts.bad("names one server") }
      kind = .redis(place, database: try parts.database(parts.path), most: try parts.most())
    case "redis+unix":
      guard parts.authority.isEmpty, parts.path.utf8.count > 1 else {
        throw parts.bad("names a socket: redis+unix:///run/redis.sock")
      }
      kind = .redisSocket(path: parts.path, database: try parts.database(parts.options["db"]), most: try parts.most())
    case "nats":
      kind = .nats(try parts.places(port: 4222))
      try parts.refuse(path: true, options: true)
    case "kafka":
      kind = .kafka(try parts.places(port: 9092))
      try parts.refuse(path: true, options: true)
      guard parts.user == nil, parts.password == nil else {
        throw parts.bad("takes no login: SASL is not built yet")
      }
    case "memory":
      kind = .memory
      guard parts.authority.isEmpty else { throw parts.bad("takes nothing behind it") }
      try parts.refuse(path: true, options: true)
    case "rediss", "tls", "nats+tls", "kafka+ssl", "kafkas", "natss":
      throw BrokerError(
        .noTLS, "\(parts.scheme):// asks for TLS, which is not built for brokers (hiredis 0.14 has none)",
        hint: "use a Unix socket (redis+unix://), or a TLS proxy on this machine, and name that")
    default: throw parts.bad("is redis, redis+unix, nats, kafka or memory")
    }
    (user, self.password) = (parts.user, password ?? parts.password)
    guard user == nil || self.password != nil else { throw parts.bad("has a user and no password") }
    guard password != nil else { return }
    switch kind {
    case .redis, .redisSocket, .nats: break
    case .kafka, .memory: throw parts.bad("takes no password")
    }
    guard parts.password == nil || parts.password == "" else {
      throw BrokerError(.badURL, "a password is in the URL and in a file", hint: "take it out of AM_QUEUE_URL")
    }
  }

  /// `redis`, `nats`, `kafka` or `memory`: the first word of the relay's name.
  package var scheme: String {
    switch kind {
    case .redis, .redisSocket: "redis"
    case .nats: "nats"
    case .kafka: "kafka"
    case .memory: "memory"
    }
  }

  /// For people: without user and password.
  package var shown: String {
    switch kind {
    case .redis(let place, let database, _): "redis://\(place.text)/\(database)"
    case .redisSocket(let path, _, _): "redis+unix://\(path)"
    case .nats(let places): "nats://" + places.map(\.text).joined(separator: ",")
    case .kafka(let places): "kafka://" + places.map(\.text).joined(separator: ",")
    case .memory: "memory://"
    }
  }
}

extension BrokerURL: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  package var description: String { shown }
  package var debugDescription: String { shown }
  package var customMirror: Mirror { Mirror(self, children: []) }
}
