import Engine
import NATS

extension BrokerError {
  /// The one place where the wrapper's errors become the broker's.
  init(_ error: NATSError, _ url: BrokerURL) {
    let words = "\(url.shown): \(error.message)"
    switch error.code {
    case .cannotConnect, .connectionLost, .outOfMemory, .failed:
      self.init(.unavailable, words, hint: "is nats-server running there?")
    case .denied: self.init(.denied, words, hint: "check user and password of AM_QUEUE_URL and their rights")
    case .timeout: self.init(.timeout, words)
    case .noResponders:
      self.init(
        .misconfigured, "\(url.shown): no stream takes the topic, or JetStream is off",
        hint: "start nats-server with JetStream (-js), or check the account's rights")
    case .refused: self.init(jetStream: error.jetStream, words)
    case .tooLarge: self.init(.eventTooLarge, words)
    case .badRequest: self.init(.eventRefused, words)
    }
  }

  /// What a refusal of JetStream means. Source: `jsErrCode` of nats.c 3.4, errors.json of nats-server 2.9.
  init(jetStream number: Int, _ words: String) {
    switch number {
    // message_exceeds_maximum
    case 10054: self.init(.eventTooLarge, words)
    // insufficient_resources, memory, storage, store_failed ("maximum messages exceeded"), account and stream limits
    case 10002, 10023, 10028, 10047, 10053, 10077, 10122:
      self.init(.full, words, hint: "give the stream room; events wait meanwhile")
    // not enabled, not enabled for account
    case 10076, 10039:
      self.init(.misconfigured, words, hint: "start nats-server with JetStream (-js)")
    // cluster states that pass
    case 10004, 10007, 10008, 10009, 10118: self.init(.unavailable, words)
    // sealed
    default: self.init(.misconfigured, words)
    }
  }
}
