import Chains
import Codecs
import Engine
import Foundation
import Money
import Payouts
import Policy
import Testing

/// docs/reference/events.md against what a store really sends.
@Suite("The events page")
struct EventsPageTests {
  static let page = Result {
    let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent()
    return try String(contentsOf: root.appending(path: "docs/reference/events.md"), encoding: .utf8)
  }

  /// A row of the catalogue: the kind of key, and the members of the payload.
  struct Row: Hashable {
    let key: String
    let members: Set<String>
  }

  static func catalogue() throws -> [String: [Row]] {
    var rows: [String: [Row]] = [:]
    let table = try page.get().components(separatedBy: "## Catalogue")[1].components(separatedBy: "\n## ")[0]
    for line in table.split(separator: "\n") where line.hasPrefix("| `") {
      let cells = line.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
      func words(_ cell: String) -> [String] { cell.matches(of: /`([^`]+)`/).map { String($0.1) } }
      let members = words(cells[2].components(separatedBy: ";")[0].components(separatedBy: ":")[0])
      let row = Row(key: String(words(cells[1])[0].prefix { $0 != "/" }), members: Set(members))
      for type in words(cells[0]) { rows[type, default: []].append(row) }
    }
    return rows
  }

  /// Events of every kind that a store writes by itself.
  static func events() throws -> (uuid: String, events: [OutboxEvent]) {
    let bench = try Bench(.memory)
    try Filling.fill(bench)
    let campaign = try #require(try bench.store.campaign(CampaignID(1)))
    let queued = try bench.store.queued(campaign.id, after: nil, limit: 1)
    let payout = try #require(queued.first)
    try bench.change(campaign, .paused)
    try bench.change(campaign, .canceled)
    try bench.commit(
      .failQueued(
        FailedQueued(
          campaign: campaign.id, asset: campaign.asset, reason: .canceled,
          runs: [PayoutRun(first: payout.payout, last: payout.payout)], count: 1, units: payout.units)),
      guarded: false)
    let lane = try #require(bench.held?.lane)
    try bench.commit(.changeLane(LaneChange(lane: lane, mode: .draining, reason: "r", nextSlot: nil)))
    try bench.enrol("eve", key: 1)
    try bench.people(.ask(bench.request(1)), .vote(bench.vote("eve")))
    try bench.people(.reject(ApprovalRejection(request: 1, by: PersonName("eve"), reason: "no")))
    let made = try bench.proposal(1)
    try bench.people(.propose(made), .answer(bench.answer(made)), .book(bench.entry(1)))
    try bench.people(.book(bench.entry(1, isRemoval: true)))
    try bench.store.raiseEpoch(reason: "restored", actor: "a", at: bench.time())
    return (try bench.store.identity().uuid, try bench.store.outbox(after: 0, limit: 1_000))
  }

  @Test func `every event is in the catalogue, with its key and all its members`() throws {
    let catalogue = try Self.catalogue()
    #expect(catalogue.count >= 20)
    let (_, events) = try Self.events()
    #expect(Set(events.map(\.type)).count >= 11, "\(Set(events.map(\.type)))")
    for event in events {
      let members = Set(try #require(try JSON.parse(event.payload).object).keys)
      let kind = String(event.key.prefix { $0 != "/" })
      // The end of a batch that moved another sum has the members of every end.
      let rows =
        (catalogue[event.type] ?? []) + (event.type == "payout.unknown" ? catalogue["payout.confirmed"] ?? [] : [])
      #expect(rows.contains(Row(key: kind, members: members)), "\(event.type) \(event.key) \(members.sorted())")
    }
  }

  @Test func `every envelope fits the schema of the page`() throws {
    let text = try Self.page.get().components(separatedBy: "```json schema\n")[1].components(separatedBy: "```")[0]
    let schema = try JSON.parse(text.trimmingCharacters(in: .whitespacesAndNewlines))
    let (uuid, events) = try Self.events()
    for event in events {
      let body = try EventEnvelope(event, store: uuid).body
      #expect(try Self.faults(JSON.parse(body), schema) == [], "\(String(decoding: body, as: UTF8.self))")
      #expect(try CanonicalJSON.bytes(JSON.parse(body)) == body)
    }
    // And the schema is one that can say no.
    for wrong in [
      "{}", #"{"at":1,"id":"x","key":"a/1","payload":{},"type":"a.b","version":1}"#,
      #"{"at":1,"id":"5c0de000-0000-4000-8000-000000000001:1:1","key":"a/1","payload":{},"type":"a.b","version":2}"#,
      #"{"at":1,"id":"5c0de000-0000-4000-8000-000000000001:1:1","key":"a/1","payload":{},"type":"a.b","version":1,"x":0}"#,
    ] {
      #expect(try !Self.faults(JSON.parse(wrong), schema).isEmpty, "\(wrong)")
    }
  }

  /// The part of JSON Schema that the page uses.
  static func faults(_ value: JSON, _ schema: JSON) -> [String] {
    var found: [String] = []
    switch schema["type"]?.string {
    case "object" where value.object == nil: found.append("no object")
    case "string" where value.string == nil: found.append("no string")
    case "integer" where value.number.flatMap { Int64($0) } == nil: found.append("no integer")
    default: break
    }
    if let constant = schema["const"], constant != value { found.append("not \(constant.text)") }
    if let pattern = schema["pattern"]?.string, let text = value.string {
      let matches = (try? Regex(pattern).firstMatch(in: text)) ?? nil
      if matches == nil { found.append("\(text) does not match \(pattern)") }
    }
    let properties = schema["properties"]?.object
    for name in schema["required"]?.array ?? [] where value[name.string ?? ""] == nil {
      found.append("lacks \(name.text)")
    }
    for member in value.object?.members ?? [] {
      if let rule = properties?[member.key] {
        found += faults(member.value, rule)
      } else if schema["additionalProperties"] == false {
        found.append("has \(member.key)")
      }
    }
    return found
  }
}
