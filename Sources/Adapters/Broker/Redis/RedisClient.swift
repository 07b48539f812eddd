import Engine
import Redis

/// A connection to the Redis of a URL: logged in, on its database, and made anew after it was lost.
final class RedisClient {
  private let url: BrokerURL
  private let timeoutMilliseconds: Int64
  private var connection: RedisConnection?

  init(_ url: BrokerURL, timeoutMilliseconds: Int64) {
    self.url = url
    self.timeoutMilliseconds = timeoutMilliseconds
  }

  /// The answers to these commands. Throws `broker.unavailable`, `broker.timeout`, `broker.malformed`, `broker.denied`;
  /// a refusal of a command is an answer.
  func run(
    _ commands: RedisCommands, waiting extra: Int64 = 0, meanwhile: () -> Void = {}
  ) throws(BrokerError) -> [RedisReply] {
    let open = try connected()
    do throws(RedisError) {
      return try open.run(commands, timeoutMilliseconds: timeoutMilliseconds + extra, meanwhile: meanwhile)
    } catch {
      connection = nil
      throw BrokerError(error, url)
    }
  }

  /// One command's answer; a refusal is thrown.
  func ask(_ command: RedisCommands, waiting extra: Int64 = 0) throws(BrokerError) -> RedisReply {
    guard let reply = try run(command, waiting: extra).first else {
      throw BrokerError(.malformed, "\(url.shown) gave no answer")
    }
    if let refusal = reply.error { throw BrokerError(refusal: refusal, url) }
    return reply
  }

  /// Connects and logs in.
  func logIn() throws(BrokerError) { _ = try connected() }

  private func connected() throws(BrokerError) -> RedisConnection {
    if let connection { return connection }
    let (address, database): (RedisConnection.Address, Int)
    switch url.kind {
    case .redis(let place, let number, _): (address, database) = (.tcp(host: place.host, port: place.port), number)
    case .redisSocket(let path, let number, _): (address, database) = (.unix(path: path), number)
    case .nats, .kafka, .memory: throw BrokerError(.badURL, "\(url.shown) is no Redis")
    }
    var limits = RedisConnection.Limits()
    limits.connectMilliseconds = timeoutMilliseconds
    var hello = RedisCommands()
    if let password = url.password {
      if let user = url.user { hello.append("AUTH", user, password) } else { hello.append("AUTH", password) }
    }
    if database != 0 { hello.append("SELECT", database) }
    // Before a login, Redis reads short commands only, and hangs up on longer ones.
    hello.append("PING")
    let made: RedisConnection
    let replies: [RedisReply]
    do throws(RedisError) {
      made = try RedisConnection(address, limits)
      replies = try made.run(hello, timeoutMilliseconds: timeoutMilliseconds)
    } catch { throw BrokerError(error, url) }
    // A user may lack the right to ping, and need no other.
    for refusal in replies.compactMap(\.error) where !refusal.hasPrefix("NOPERM") {
      let told = BrokerError(refusal: refusal, url)
      guard told.code == .misconfigured else { throw told }
      throw BrokerError(.denied, told.message, hint: "check user, password and database of AM_QUEUE_URL")
    }
    connection = made
    return made
  }
}
