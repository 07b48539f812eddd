import Codecs
import Money

/// An event as brokers and files carry it: docs/reference/events.md.
///
/// `{"at":1700000000000,"id":"...","key":"campaign/1","payload":{...},"type":"campaign.created","version":1}`: canonical
/// JSON, so the same event has the same bytes whenever it is sent.
package struct EventEnvelope: Hashable, Sendable {
  /// The same for every delivery of this event, and of no other: store, epoch, number. Consumers drop ids they have seen.
  ///
  /// The epoch is that of the row: after a restore numbers come again, for other events.
  package let id: String
  package let event: OutboxEvent
  /// The JSON text.
  package let body: [UInt8]

  package static let version = 1

  /// Throws `broker.event_unreadable` for a row whose payload is not JSON.
  package init(_ event: OutboxEvent, store: String) throws(BrokerError) {
    do throws(JSONError) { try JSON.check(event.payload) } catch {
      throw BrokerError(.eventUnreadable, "event \(event.id) holds no JSON: \(error.message)")
    }
    id = EventEnvelope.id(event, store: store)
    self.event = event
    var body: [UInt8] = []
    body.reserveCapacity(event.payload.utf8.count + 200)
    body += "{\"at\":".utf8
    body += String(event.at.milliseconds).utf8
    body += ",\"id\":".utf8
    JSON.append(quoted: id, to: &body)
    body += ",\"key\":".utf8
    JSON.append(quoted: event.key, to: &body)
    // As it stands in the row, the audit record and every later delivery.
    body += ",\"payload\":".utf8
    body += event.payload.utf8
    body += ",\"type\":".utf8
    JSON.append(quoted: event.type, to: &body)
    body += ",\"version\":1}".utf8
    self.body = body
  }

  package static func id(_ event: OutboxEvent, store: String) -> String { "\(store):\(event.epoch):\(event.id)" }
}

extension OutboxEvent {
  /// What the dead-letter topic carries: the event's envelope under `event` (null when it has none), and why it was refused.
  func deadLetterBody(id: String, envelope: [UInt8]?, _ why: BrokerError, at: Timestamp) -> [UInt8] {
    var body = Array("{\"at\":\(at.milliseconds),\"code\":".utf8)
    JSON.append(quoted: why.code.rawValue, to: &body)
    body += ",\"event\":".utf8
    body += envelope ?? Array("null".utf8)
    body += ",\"id\":".utf8
    JSON.append(quoted: id, to: &body)
    body += ",\"key\":".utf8
    JSON.append(quoted: key, to: &body)
    body += ",\"message\":".utf8
    JSON.append(quoted: why.message, to: &body)
    body += ",\"type\":".utf8
    JSON.append(quoted: type, to: &body)
    body += ",\"version\":1}".utf8
    return body
  }
}
