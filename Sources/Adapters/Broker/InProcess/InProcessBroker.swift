package import Engine
import Foundation

/// A broker inside this process: queues of bounded length, one for each subscriber.
///
/// An event counts as taken when every subscriber of its topic has acknowledged it, so nothing is lost when the process
/// ends; with no subscriber nothing is taken. Any thread may call.
package final class InProcessBroker: EventBroker, @unchecked Sendable {
  // Sendable: `subscribers` is touched only while `condition` is locked; the rest is constant.
  let condition = NSCondition()
  private var subscribers: [InProcessSubscriber] = []
  private let timeoutMilliseconds: Int64

  package init(timeoutMilliseconds: Int64 = 10_000) { self.timeoutMilliseconds = timeoutMilliseconds }

  package var name: String { "memory://" }

  /// From now on events of the topic go to this subscriber as well. It gets what is published, at most `capacity` ahead
  /// of what it has acknowledged. It is one until it is let go.
  package func subscribe(to topic: Topic, capacity: Int = 1_000) -> InProcessSubscriber {
    let made = InProcessSubscriber(topic: topic, capacity: max(1, capacity), broker: self)
    condition.withLock { subscribers.append(made) }
    return made
  }

  func remove(_ subscriber: InProcessSubscriber) {
    condition.withLock {
      subscribers.removeAll { $0 === subscriber }
      condition.broadcast()
    }
  }

  package func publish(
    _ page: [EventMessage], to topic: Topic, again: String?, meanwhile: () -> Void
  ) -> Publication {
    let deadline = Date(timeIntervalSinceNow: TimeInterval(timeoutMilliseconds) / 1_000)
    condition.lock()
    defer { condition.unlock() }
    let listening = subscribers.filter { $0.topic == topic }
    guard !listening.isEmpty else {
      let why = BrokerError(
        .noSubscriber, "nobody in this process listens to \(topic)",
        hint: "memory:// reaches consumers inside this process only; name a broker of its own")
      return Publication(taken: 0, stop: .down(why))
    }
    for subscriber in listening { subscriber.offer(page) }
    defer { for subscriber in listening { subscriber.withdraw() } }
    while true {
      let taken = listening.map(\.acknowledged).min() ?? 0
      if taken == page.count { return Publication(taken: taken, stop: nil) }
      guard !listening.contains(where: { subscriber in !subscribers.contains { $0 === subscriber } }) else {
        return Publication(taken: taken, stop: .down(BrokerError(.noSubscriber, "a subscriber of \(topic) went away")))
      }
      guard condition.wait(until: deadline) else {
        let late = BrokerError(.timeout, "subscribers acknowledged \(taken) of \(page.count) events in time")
        return Publication(taken: taken, stop: .down(late))
      }
    }
  }
}

/// One reader of a topic inside this process. Any thread may call; each event goes to one of the callers.
package final class InProcessSubscriber: @unchecked Sendable {
  // Sendable: everything that changes is touched only while the broker's `condition` is locked; the rest is constant.
  let topic: Topic
  private let capacity: Int
  private let broker: InProcessBroker
  private var page: [EventMessage] = []
  /// Of the page: how many were handed out, and how many acknowledged.
  private var handed = 0
  private(set) var acknowledged = 0
  /// Handed out of pages that were withdrawn: their acknowledgements count for nothing any more.
  private var stale = 0

  init(topic: Topic, capacity: Int, broker: InProcessBroker) {
    self.topic = topic
    self.capacity = capacity
    self.broker = broker
  }

  /// The next event; nil when none came in time. At most `capacity` are out at once.
  package func next(timeoutMilliseconds: Int64) -> EventMessage? {
    let deadline = Date(timeIntervalSinceNow: TimeInterval(timeoutMilliseconds) / 1_000)
    return broker.condition.withLock {
      while handed >= page.count || handed - acknowledged + stale >= capacity {
        guard broker.condition.wait(until: deadline) else { return nil }
      }
      handed += 1
      return page[handed - 1]
    }
  }

  /// The oldest event that was handed out is done with.
  package func acknowledge() {
    broker.condition.withLock {
      if stale > 0 {
        stale -= 1
      } else if acknowledged < handed {
        acknowledged += 1
      }
      broker.condition.broadcast()
    }
  }

  /// No more events: the topic does not wait for this subscriber any longer.
  package func cancel() { broker.remove(self) }

  func offer(_ page: [EventMessage]) {
    self.page = page
    (handed, acknowledged) = (0, 0)
    broker.condition.broadcast()
  }

  func withdraw() {
    stale += handed - acknowledged
    page = []
    (handed, acknowledged) = (0, 0)
  }
}
