package import Engine
import NATS

/// NATS JetStream: the topic is a subject, kept by a stream on disk that is made when no stream has it.
///
/// A page is published without waiting in between. Each message names the one that must stand before it in the stream, so
/// a refusal in the middle refuses what follows, and order holds. The event's id is the message id, by which the server
/// drops repetitions within its own window; consumers drop them after that.
package final class NATSBroker: EventBroker {
  private let url: BrokerURL
  private let timeoutMilliseconds: Int64
  private var link: Link?
  private var round = 0

  /// How long the server remembers message ids: its own standard.
  private static let duplicateSeconds: Int64 = 120
  /// Room for the headers, which count as payload.
  private static let headerBytes = 1_024

  private struct Link {
    let connection: NATSConnection
    let inbox: NATSInbox
    var topics: Set<Topic> = []
  }

  package init(_ url: BrokerURL, timeoutMilliseconds: Int64 = 10_000) {
    self.url = url
    self.timeoutMilliseconds = timeoutMilliseconds
  }

  package var name: String { url.shown }

  package func publish(
    _ page: [EventMessage], to topic: Topic, again: String?, meanwhile: () -> Void
  ) -> Publication {
    var taken = 0
    while taken < page.count {
      do throws(BrokerError) {
        let (count, answer) = try round(page[taken...], topic, again, meanwhile: taken == 0 ? meanwhile : {})
        taken += count
        switch answer {
        case nil, .taken: break
        // Somebody else wrote to the stream: go on from here, where nothing is named as the one before.
        case .outOfOrder where count > 0: break
        case .outOfOrder: throw BrokerError(.unavailable, "\(name): another writer keeps coming in between")
        case .refused(let why): return Publication(taken: taken, stop: .refused(why))
        case .down(let why): throw why
        }
      } catch {
        // Answers that are still on their way must not be taken for those of the next page.
        link = nil
        return Publication(taken: taken, stop: .down(error))
      }
    }
    return Publication(taken: taken, stop: nil)
  }

  /// Publishes events and waits for their answers: how many from the first were taken, and what became of the next.
  private func round(
    _ events: ArraySlice<EventMessage>, _ topic: Topic, _ again: String?, meanwhile: () -> Void
  ) throws(BrokerError) -> (taken: Int, next: JetStreamAnswer?) {
    let link = try linked(topic)
    round += 1
    let deadline = ContinuousClock.now + .milliseconds(timeoutMilliseconds)
    do throws(NATSError) {
      let sent: Int
      switch try handOver(events, topic, again, link) {
      case .refused(let why): return (0, .refused(why))
      case .sent(let count): sent = count
      }
      meanwhile()
      var answers = [JetStreamAnswer?](repeating: nil, count: sent)
      var missing = sent
      while missing > 0 {
        let left = deadline - ContinuousClock.now
        guard left > .zero, let answer = try link.inbox.next(timeoutMilliseconds: left.wholeMilliseconds) else { break }
        guard let place = place(of: answer.subject, in: answers.indices), answers[place] == nil else { continue }
        answers[place] = JetStreamAnswer(answer.payload, from: name)
        missing -= 1
      }
      return outcome(answers, events)
    } catch { throw BrokerError(error, url) }
  }

  private enum HandOver {
    /// So many are on their way: all, or those before the first that cannot be sent.
    case sent(Int)
    /// The very first cannot be sent, for what it is.
    case refused(BrokerError)
  }

  private func handOver(
    _ events: ArraySlice<EventMessage>, _ topic: Topic, _ again: String?, _ link: Link
  ) throws(NATSError) -> HandOver {
    let most = link.connection.mostPayloadBytes - NATSBroker.headerBytes
    var before: String?
    for (place, event) in events.enumerated() {
      let id = again.map { "\(event.id)/\($0)" } ?? event.id
      var headers = [("Nats-Msg-Id", id), ("Almoner-Type", event.type), ("Almoner-Key", event.key)]
      if let before { headers.append(("Nats-Expected-Last-Msg-Id", before)) }
      do throws(NATSError) {
        guard event.body.count <= most else {
          throw NATSError(.tooLarge, "the event has \(event.body.count) bytes, the server takes \(most)")
        }
        try link.connection.publish(
          topic.name, reply: "\(link.inbox.prefix).\(round)-\(place)", headers: headers, payload: event.body)
      } catch {
        guard error.code == .tooLarge || error.code == .badRequest else { throw error }
        return place > 0 ? .sent(place) : .refused(BrokerError(error, url))
      }
      before = id
    }
    return .sent(events.count)
  }

  private func outcome(
    _ answers: [JetStreamAnswer?], _ events: ArraySlice<EventMessage>
  ) -> (taken: Int, next: JetStreamAnswer?) {
    let taken = answers.prefix { $0 == .taken }.count
    guard taken < answers.count else { return (taken, nil) }
    let late = BrokerError(.timeout, "\(name) acknowledged \(taken) of \(events.count) events in time")
    return (taken, answers[taken] ?? .down(late))
  }

  /// The number at the end of `_INBOX.x.<round>-<place>`, if it is of this round.
  private func place(of subject: String, in places: Range<Int>) -> Int? {
    let parts = subject.split(separator: ".").last?.split(separator: "-") ?? []
    guard parts.count == 2, Int(parts[0]) == round, let place = Int(parts[1]), places.contains(place) else {
      return nil
    }
    return place
  }

  private func linked(_ topic: Topic) throws(BrokerError) -> Link {
    do throws(NATSError) {
      var open: Link
      if let link, link.connection.isOpen {
        open = link
      } else {
        let connection = try connect()
        open = Link(connection: connection, inbox: try connection.inbox())
      }
      if !open.topics.contains(topic) {
        try open.connection.makeStream(
          NATSStream(
            name: NATSBroker.stream(topic), subject: topic.name, duplicateSeconds: NATSBroker.duplicateSeconds))
        open.topics.insert(topic)
      }
      link = open
      return open
    } catch {
      link = nil
      throw BrokerError(error, url)
    }
  }

  /// Connects and logs in.
  func logIn() throws(BrokerError) {
    do throws(NATSError) { _ = try connect() } catch { throw BrokerError(error, url) }
  }

  private func connect() throws(NATSError) -> NATSConnection {
    guard case .nats(let places) = url.kind else { throw NATSError(.badRequest, "\(url.shown) is no NATS") }
    let login = url.password.map { NATSConnection.Login(name: url.user ?? "", password: $0) }
    return try NATSConnection(
      servers: places.map { "nats://\($0.text)" }, login: login, timeoutMilliseconds: timeoutMilliseconds)
  }

  /// The name of a topic's stream: stream names have no dots. `airdrop.outbox` is `airdrop_outbox`.
  package static func stream(_ topic: Topic) -> String {
    String(topic.name.map { $0 == "." ? "_" : $0 })
  }
}

extension Duration {
  /// At least 1, so that a rest is waited for.
  var wholeMilliseconds: Int64 {
    let (seconds, attoseconds) = components
    return max(1, seconds * 1_000 + attoseconds / 1_000_000_000_000_000)
  }
}
