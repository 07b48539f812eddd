/// Why a Redis server gave no answer. What it answers with, refusals too, is a `RedisReply`.
package struct RedisError: Error, Hashable, Sendable {
  /// Stable across releases. Add cases freely; never rename or reuse one.
  package enum Code: String, CaseIterable, Sendable {
    /// The host or the socket does not exist, or nobody listens there.
    case cannotConnect = "redis.cannot_connect"
    /// No whole answer within the time that was set. The server may have done what it was told.
    case timeout = "redis.timeout"
    /// The connection ended before the answer did. The server may have done what it was told.
    case connectionLost = "redis.connection_lost"
    /// What came back is not the Redis protocol.
    case malformed = "redis.malformed"
    /// The answer passed the limit of bytes or elements and was dropped.
    case tooLarge = "redis.too_large"
    case outOfMemory = "redis.out_of_memory"
    /// The connection was used again after it failed.
    case closed = "redis.closed"
  }
  package let code: Code
  /// One sentence; never what was sent.
  package let message: String

  package init(_ code: Code, _ message: String) {
    self.code = code
    self.message = message
  }
}
