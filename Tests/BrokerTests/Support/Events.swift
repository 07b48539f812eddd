import Codecs
import Engine
import Money
import Testing

let topic = try! Topic("airdrop.outbox")

/// Events of a few keys, in order.
enum Events {
  static func messages(_ numbers: some Sequence<Int>, keys: Int = 5, bytes: Int = 40) -> [EventMessage] {
    numbers.map { n in
      EventMessage(
        id: "store:1:\(n)", type: "payout.confirmed", key: "batch/\(n % keys)",
        body: Array("{\"n\":\(n),\"pad\":\"\(String(repeating: "x", count: bytes))\"}".utf8))
    }
  }

  /// The first delivery of each id, in the order of the topic: what a consumer that drops repetitions sees.
  static func firsts(_ events: [EventMessage]) -> [EventMessage] {
    var seen: Set<String> = []
    return events.filter { seen.insert($0.id).inserted }
  }

  /// The number at the end of an id.
  static func number(_ event: EventMessage) -> Int { Int(event.id.split(separator: ":").last ?? "") ?? -1 }

  /// Each key's events come in ascending order.
  static func expectOrdered(_ events: [EventMessage], _ place: SourceLocation = #_sourceLocation) {
    var last: [String: Int] = [:]
    for event in events {
      let number = number(event)
      #expect(
        number > last[event.key] ?? -1, "\(event.key): \(number) after \(last[event.key] ?? -1)", sourceLocation: place)
      last[event.key] = number
    }
  }
}
