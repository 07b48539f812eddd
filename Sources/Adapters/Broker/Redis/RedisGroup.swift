package import Engine
import Redis

/// A consumer of a topic in a group: each entry goes to one consumer of the group, and comes again until it is
/// acknowledged - to another consumer, once its own has been silent for long enough. One thread at a time.
///
/// Consumers drop event ids they have seen. Within one group several consumers see one key's events side by side: whoever
/// needs order has one consumer, or gives each key to one of them.
package final class RedisGroup {
  /// One entry as it was delivered.
  package struct Delivery: Hashable, Sendable {
    /// Redis's own id, `1700000000000-0`: to acknowledge with.
    package let entry: String
    package let event: EventMessage
  }

  private let client: RedisClient
  private let url: BrokerURL
  private let topic: Topic
  private let group: String
  private let consumer: String

  /// Makes the group at the beginning of the topic unless it exists. Throws as a broker does.
  package init(
    _ url: BrokerURL, topic: Topic, group: String, consumer: String, timeoutMilliseconds: Int64 = 10_000
  ) throws(BrokerError) {
    self.url = url
    self.topic = topic
    self.group = group
    self.consumer = consumer
    client = RedisClient(url, timeoutMilliseconds: timeoutMilliseconds)
    let replies = try client.run(RedisCommands("XGROUP", "CREATE", topic.name, group, "0", "MKSTREAM"))
    if let refusal = replies.first?.error, !refusal.hasPrefix("BUSYGROUP") {
      throw BrokerError(refusal: refusal, url)
    }
  }

  /// Entries that no consumer of the group has had; empty when none came in time. A wait of 0 asks once.
  package func read(_ most: Int, waitMilliseconds: Int64) throws(BrokerError) -> [Delivery] {
    var command = RedisCommands()
    if waitMilliseconds > 0 {
      command.append(
        "XREADGROUP", "GROUP", group, consumer, "COUNT", most, "BLOCK", waitMilliseconds, "STREAMS", topic.name, ">")
    } else {
      command.append("XREADGROUP", "GROUP", group, consumer, "COUNT", most, "STREAMS", topic.name, ">")
    }
    let reply = try client.ask(command, waiting: waitMilliseconds)
    if reply == .null { return [] }
    guard let streams = reply.array, let stream = streams.first?.array, stream.count == 2 else { throw malformed }
    return try deliveries(stream[1])
  }

  /// Takes over entries that other consumers have had for that long without acknowledging: theirs died, or hang.
  package func claim(idleMilliseconds: Int64, most: Int) throws(BrokerError) -> [Delivery] {
    var found: [Delivery] = []
    var cursor = "0-0"
    // Each call looks at a stretch of what is pending; a cursor of 0-0 says that the end was reached.
    for _ in 0..<1_000 where found.count < most {
      let reply = try client.ask(
        RedisCommands(
          "XAUTOCLAIM", topic.name, group, consumer, idleMilliseconds, cursor, "COUNT", most - found.count))
      guard let parts = reply.array, parts.count >= 2, let next = parts[0].text else { throw malformed }
      found += try deliveries(parts[1])
      if next == "0-0" || next == cursor { break }
      cursor = next
    }
    return found
  }

  /// The group will not deliver these again.
  package func acknowledge(_ deliveries: [Delivery]) throws(BrokerError) {
    guard !deliveries.isEmpty else { return }
    var command = RedisCommands()
    command.append(["XACK", topic.name, group] + deliveries.map(\.entry))
    _ = try client.ask(command)
  }

  private func deliveries(_ entries: RedisReply) throws(BrokerError) -> [Delivery] {
    guard let list = entries.array else { throw malformed }
    var found: [Delivery] = []
    for entry in list {
      // An entry that was deleted meanwhile is null, or has no fields.
      guard let parts = entry.array, parts.count == 2, let id = parts[0].text, let fields = parts[1].array else {
        continue
      }
      var values: [String: RedisReply] = [:]
      for place in stride(from: 0, to: fields.count - 1, by: 2) { values[fields[place].text ?? ""] = fields[place + 1] }
      guard case .bytes(let body)? = values["event"], let event = values["id"]?.text else { continue }
      found.append(
        Delivery(
          entry: id,
          event: EventMessage(
            id: event, type: values["type"]?.text ?? "", key: values["key"]?.text ?? "", body: body)))
    }
    return found
  }

  private var malformed: BrokerError { BrokerError(.malformed, "\(url.shown) gave an answer of another shape") }
}
