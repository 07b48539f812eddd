package import Engine
import Redis

/// Redis Streams: the topic is a stream, an event an entry with the fields `id`, `type`, `key` and `event`.
///
/// A page is one transaction (MULTI ... EXEC), so that it is taken whole and in order or not at all: of commands that are
/// merely pipelined, a later one may succeed after an earlier one was refused for want of memory. What "taken" is worth is
/// the server's setting: with `appendfsync always` it is on the disk. Nothing is trimmed unless the URL says `maxlen=N`.
package final class RedisBroker: EventBroker {
  private let url: BrokerURL
  private let client: RedisClient

  /// Of one event; Redis itself ends at 512 MB.
  static let mostEventBytes = 16 << 20
  /// Of one transaction.
  private static let mostPageBytes = 4 << 20

  package init(_ url: BrokerURL, timeoutMilliseconds: Int64 = 10_000) {
    self.url = url
    client = RedisClient(url, timeoutMilliseconds: timeoutMilliseconds)
  }

  package var name: String { url.shown }

  package func publish(
    _ page: [EventMessage], to topic: Topic, again: String?, meanwhile: () -> Void
  ) -> Publication {
    var taken = 0
    while taken < page.count {
      let part = RedisBroker.part(of: page, from: taken)
      guard !part.isEmpty else {
        let why = BrokerError(
          .eventTooLarge, "the event has \(page[taken].body.count) bytes, \(RedisBroker.mostEventBytes) is the limit")
        return Publication(taken: taken, stop: .refused(why))
      }
      do throws(BrokerError) {
        try add(page[part], to: topic, meanwhile: part.upperBound == page.count ? meanwhile : {})
      } catch {
        return Publication(taken: taken, stop: .down(error))
      }
      taken = part.upperBound
    }
    return Publication(taken: taken, stop: nil)
  }

  /// The next events that go in one transaction; empty when the next one alone is too large.
  private static func part(of page: [EventMessage], from first: Int) -> Range<Int> {
    var end = first
    var bytes = 0
    while end < page.count, page[end].body.count <= mostEventBytes {
      bytes += page[end].body.count
      if end > first, bytes > mostPageBytes { break }
      end += 1
    }
    return first..<end
  }

  private func add(
    _ part: ArraySlice<EventMessage>, to topic: Topic, meanwhile: () -> Void
  ) throws(BrokerError) {
    var commands = RedisCommands()
    commands.reserve(part.reduce(64) { $0 + $1.body.count + 300 })
    commands.append("MULTI")
    for event in part { append(event, topic, to: &commands) }
    commands.append("EXEC")
    let replies = try client.run(commands, meanwhile: meanwhile)
    // A command that was refused tells why; EXEC only tells that nothing was done.
    if let refusal = replies.lazy.compactMap(\.error).first { throw BrokerError(refusal: refusal, url) }
    guard let results = replies.last?.array, results.count == part.count else {
      throw BrokerError(.malformed, "\(url.shown) does not tell what it did")
    }
    if let refusal = results.lazy.compactMap(\.error).first { throw BrokerError(refusal: refusal, url) }
  }

  private func append(_ event: EventMessage, _ topic: Topic, to commands: inout RedisCommands) {
    let most: Int64? =
      switch url.kind {
      case .redis(_, _, let most), .redisSocket(_, _, let most): most
      case .nats, .kafka, .memory: nil
      }
    commands.begin(words: most == nil ? 11 : 14)
    commands.add("XADD")
    commands.add(topic.name)
    if let most {
      commands.add("MAXLEN")
      commands.add("~")
      commands.add(String(most))
    }
    commands.add("*")
    commands.add("id")
    commands.add(event.id)
    commands.add("type")
    commands.add(event.type)
    commands.add("key")
    commands.add(event.key)
    commands.add("event")
    commands.add(event.body)
  }
}
