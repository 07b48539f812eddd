package import Codecs

/// One line of the operations journal: what happened, when, and by whose hand.
///
/// Wire form: one JSON object a line with `at` (milliseconds since 1970, UTC), `by`, `event`, the event's own members,
/// and `previous`, the SHA-256 of the line before it, which the file adds (docs/operate/incidents.md).
package struct OperationsRecord: Equatable, Sendable {
  /// Milliseconds since 1970.
  package let at: Int64
  /// `person:NAME` of a session, or `user:NAME@HOST` of the operating system.
  package let by: String
  package let event: String
  package let body: JSONObject

  package init(at: Int64, by: String, event: String, _ body: JSON) {
    self.at = at
    self.by = by
    self.event = event
    self.body = body.object ?? JSONObject()
  }

  /// The record without its place in the chain.
  package var json: JSON {
    var members: [(key: String, value: JSON)] = [("at", .integer(at)), ("by", .string(by)), ("event", .string(event))]
    members += body.members.map { ($0.key, $0.value) }
    // Names of a body never are those three: only this module writes records.
    return (try? JSONObject(members)).map { .object($0) } ?? .null
  }

  /// Reads a line of the journal; nil for one that is no record. Members that are not known are kept.
  package init?(_ line: JSON) {
    guard let object = line.object, let at = line["at"]?.number.flatMap(Int64.init), let by = line["by"]?.string,
      let event = line["event"]?.string
    else { return nil }
    self.at = at
    self.by = by
    self.event = event
    let rest = object.members.filter { !["at", "by", "event", "previous"].contains($0.key) }
    guard let body = try? JSONObject(rest.map { ($0.key, $0.value) }) else { return nil }
    self.body = body
  }

  package func text(_ name: String) -> String? { body[name]?.string }
  package func number(_ name: String) -> Int? { body[name]?.number.flatMap { Int($0) } }
}
