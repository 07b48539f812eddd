/// A topic's name, in the letters that every broker takes: a Redis key, a NATS subject, a Kafka topic.
///
/// Parts of letters, digits, `-` and `_`, joined by dots, 200 characters at most. Source: Kafka allows 249 characters of
/// `[a-zA-Z0-9._-]`, NATS splits subjects at dots and gives meaning to `*` and `>`.
package struct Topic: Hashable, Sendable, CustomStringConvertible {
  package let name: String

  /// Throws `broker.bad_topic`.
  package init(_ name: String) throws(BrokerError) {
    let parts = name.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
    let isPlain = parts.allSatisfy { part in
      !part.isEmpty
        && part.allSatisfy { byte in
          switch byte {
          case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"):
            true
          default: false
          }
        }
    }
    guard isPlain, name.utf8.count <= Topic.mostBytes else {
      throw BrokerError(
        .badTopic, "\(name) is no topic",
        hint: "letters, digits, - and _, in parts joined by dots: airdrop.outbox")
    }
    self.name = name
  }

  private init(unchecked name: String) { self.name = name }

  private static let mostBytes = 200

  /// Where refused events go: `airdrop.outbox.dead`.
  package var dead: Topic { Topic(unchecked: name + ".dead") }

  package var description: String { name }
}
