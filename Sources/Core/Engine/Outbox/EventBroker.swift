/// An event on its way to a broker.
package struct EventMessage: Hashable, Sendable {
  /// `EventEnvelope.id`.
  package let id: String
  package let type: String
  /// Order is kept per key.
  package let key: String
  /// JSON text.
  package let body: [UInt8]

  package init(id: String, type: String, key: String, body: [UInt8]) {
    self.id = id
    self.type = type
    self.key = key
    self.body = body
  }

  package init(_ envelope: EventEnvelope) {
    self.init(id: envelope.id, type: envelope.event.type, key: envelope.event.key, body: envelope.body)
  }
}

/// How far a broker got with a page.
package struct Publication: Hashable, Sendable {
  package enum Stop: Hashable, Sendable {
    /// The event behind the taken ones is refused for what it is: another try will not help.
    case refused(BrokerError)
    /// The broker, and not the event: the rest may be sent again later.
    case down(BrokerError)
  }
  /// How many of the page, from its beginning, the broker keeps: durably, in its own understanding of that.
  package let taken: Int
  /// Why it stopped; nil when all were taken.
  package let stop: Stop?

  package init(taken: Int, stop: Stop?) {
    self.taken = taken
    self.stop = stop
  }
}

/// Where events go: a message broker, reached anew whenever it was lost. One thread at a time; each call blocks, and is
/// bounded in time and memory.
package protocol EventBroker: AnyObject {
  /// Kind and place, for people; never a password.
  var name: String { get }

  /// Publishes a page in order and says what was taken.
  ///
  /// An implementation promises: no event of the page is taken while an earlier one of the same key is not, unless that
  /// one is refused for what it is. Events behind `taken` may have been taken too: they are sent again under their ids.
  ///
  /// `again` is nil for what follows the outbox. For a replay it is a word of that replay: a broker that drops ids it has
  /// seen must let them pass once more for each such word.
  ///
  /// `meanwhile` is called at most once, after the page was handed over and before its answer is waited for: time in which
  /// the caller may prepare the next one.
  func publish(_ page: [EventMessage], to topic: Topic, again: String?, meanwhile: () -> Void) -> Publication
}

extension EventBroker {
  package func publish(_ page: [EventMessage], to topic: Topic, again: String?) -> Publication {
    publish(page, to: topic, again: again, meanwhile: {})
  }
}
