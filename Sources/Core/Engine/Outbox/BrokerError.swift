/// Why a broker did not take events. Codes are stable: docs/errors.md.
package struct BrokerError: Error, Hashable, Sendable {
  package enum Code: String, CaseIterable, Sendable {
    /// The broker cannot be reached, or went away. Events wait in the store and nothing is lost.
    case unavailable = "broker.unavailable"
    /// The broker did not acknowledge in time. What it may have taken is sent again, under the same ids.
    case timeout = "broker.timeout"
    /// The broker has no room, or too few replicas to keep what it takes. Events wait in the store.
    case full = "broker.full"
    /// The broker refuses the name, the password, or the right to write to the topic.
    case denied = "broker.denied"
    /// The broker is reached and cannot take events as it is set up; the message says what to change.
    case misconfigured = "broker.misconfigured"
    /// An answer that is not of the broker's protocol.
    case malformed = "broker.malformed"
    /// Nobody in this process has subscribed, so that handing an event over would lose it.
    case noSubscriber = "broker.no_subscriber"
    /// The event is larger than the broker takes. It becomes a dead letter and the others go on.
    case eventTooLarge = "broker.event_too_large"
    /// The broker does not take this very event. It becomes a dead letter and the others go on.
    case eventRefused = "broker.event_refused"
    /// The row of the outbox does not hold JSON. It becomes a dead letter and the others go on.
    case eventUnreadable = "broker.event_unreadable"
    /// AM_QUEUE_URL is not the URL of a broker that is known here.
    case badURL = "broker.bad_url"
    /// AM_OUTBOX_TOPIC is no name that every broker takes.
    case badTopic = "broker.bad_topic"
    /// TLS to this broker is not built; put a local TLS proxy, or a Unix socket, in between.
    case noTLS = "broker.tls_not_supported"
  }
  package let code: Code
  /// One sentence; never a password or a payload.
  package let message: String
  package let hint: String?

  package init(_ code: Code, _ message: String, hint: String? = nil) {
    self.code = code
    self.message = message
    self.hint = hint
  }

  /// Whether time alone may mend it, so that waiting is right. The rest needs a person, and is tried again as well.
  package var isPassing: Bool {
    switch code {
    case .unavailable, .timeout, .full, .noSubscriber: true
    case .denied, .misconfigured, .malformed, .eventTooLarge, .eventRefused, .eventUnreadable, .badURL, .badTopic,
      .noTLS:
      false
    }
  }
}
