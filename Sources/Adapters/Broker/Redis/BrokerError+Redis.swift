import Engine
import Redis

extension BrokerError {
  /// The one place where the wrapper's errors become the broker's.
  init(_ error: RedisError, _ url: BrokerURL) {
    switch error.code {
    case .cannotConnect, .connectionLost, .closed, .outOfMemory:
      self.init(.unavailable, "\(url.shown): \(error.message)", hint: "is Redis running there?")
    case .timeout: self.init(.timeout, "\(url.shown): \(error.message)")
    case .malformed, .tooLarge: self.init(.malformed, "\(url.shown): \(error.message)", hint: "is that a Redis server?")
    }
  }

  /// What a refusal means, by its first word. Source: error prefixes of Redis 7.0, `server.c` and `acl.c`.
  init(refusal text: String, _ url: BrokerURL) {
    let words = "\(url.shown) answers: \(text.prefix(200))"
    switch text.prefix(while: { $0 != " " }) {
    case "OOM", "NOREPLICAS", "MISCONF":
      self.init(.full, words, hint: "give it room, replicas or its disk; events wait meanwhile")
    case "NOAUTH", "WRONGPASS", "NOPERM":
      self.init(.denied, words, hint: "check user and password of AM_QUEUE_URL and their rights")
    case "LOADING", "MASTERDOWN", "BUSY", "TRYAGAIN", "CLUSTERDOWN", "READONLY", "UNKILLABLE":
      self.init(.unavailable, words)
    case "MOVED", "ASK", "CROSSSLOT":
      self.init(.misconfigured, words, hint: "a Redis Cluster is not supported: name a server of its own")
    case "WRONGTYPE":
      self.init(.misconfigured, words, hint: "the key of AM_OUTBOX_TOPIC holds something else; choose another topic")
    default: self.init(.misconfigured, words)
    }
  }
}
