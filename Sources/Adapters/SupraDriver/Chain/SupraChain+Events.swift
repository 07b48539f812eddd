package import Chains
package import Codecs

/// One event of a module, in a final block.
package struct SupraEvent: Equatable, Sendable {
  package let height: UInt64
  package let transaction: String
  package let sequenceNumber: String
  package let data: JSON

  /// As the tools show it.
  package var json: JSON {
    [
      "sequence_number": .string(sequenceNumber), "data": data, "block_height": .integer(height),
      "transaction_hash": .string(transaction),
    ]
  }
}

/// How far the events of one type have been read: everything below this block.
package struct EventCursor: Hashable, Sendable {
  package let type: String
  package let next: UInt64

  package init(type: String, next: UInt64 = 0) {
    self.type = type
    self.next = next
  }
}

extension SupraChain {
  /// Events of a type in blocks `from` up to but not including `to`, agreed by a quorum, in order.
  ///
  /// Throws `rail.view_refused` for more than `most`, and for blocks that nodes have pruned.
  package func events(
    _ type: String, from: UInt64, to: UInt64, most: Int = 10_000
  ) throws(RailError) -> [SupraEvent] {
    guard from < to else { return [] }
    var lists: [[SupraEvent]] = []
    var failure: RailError?
    for endpoint in nodes.endpoints {
      let alone = SupraNodes(
        endpoints: [endpoint], quorum: nodes.quorum, chainID: nodes.chainID, limits: nodes.limits, http: nodes.http)
      do throws(RailError) {
        let list = try SupraChain.pages(type, from..<to, most, at: alone, path("events"))
        lists.append(list)
        if lists.count(where: { $0 == list }) >= quorum.size { return list }
      } catch {
        if error.code == .viewRefused || failure == nil { failure = error }
      }
    }
    throw failure ?? nodes.noQuorum([])
  }

  /// What came since the cursor, up to a few blocks behind the head, and where to go on.
  package func events(
    after cursor: EventCursor, behind blocks: UInt64 = 3, mostBlocks: UInt64 = 100_000
  ) throws(RailError) -> (events: [SupraEvent], next: EventCursor) {
    let head = try head().height
    let (end, overflow) = head.subtractingReportingOverflow(blocks)
    guard !overflow, end > cursor.next else { return ([], cursor) }
    let to = min(end, cursor.next + mostBlocks)
    return (try events(cursor.type, from: cursor.next, to: to), EventCursor(type: cursor.type, next: to))
  }

  private static let pageSize = 100

  private static func pages(
    _ type: String, _ blocks: Range<UInt64>, _ most: Int, at node: SupraNodes, _ base: String
  ) throws(RailError) -> [SupraEvent] {
    var events: [SupraEvent] = []
    var cursor: String?
    while true {
      var path = "\(base)/\(PlainWords.encoded(type))?start_height=\(blocks.lowerBound)&end_height=\(blocks.upperBound)"
      path += "&limit=\(pageSize)" + (cursor.map { "&start=\(PlainWords.encoded($0))" } ?? "")
      switch node.ask([NodeRequest(path)])[0][0] {
      case .value(let json, let next):
        guard let data = json["data"]?.array else { throw malformed("page of events") }
        for entry in data {
          guard let event = SupraEvent(entry), blocks.contains(event.height) else { throw malformed("event") }
          events.append(event)
        }
        guard events.count <= most else {
          throw RailError(.viewRefused, "there are more than \(most) events", hint: "ask for fewer blocks")
        }
        guard let next, !next.isEmpty, next != cursor, !data.isEmpty else { return events }
        cursor = next
      case .notFound: return events
      case .refused(let status, let message): throw refusal(status, message)
      case .none(let why): throw RailError(.noQuorum, why)
      }
    }
  }
}

extension SupraEvent {
  init?(_ json: JSON) {
    let event = json["event"] ?? json
    guard let height = json["block_height"].flatMap(MoveAnswer.digits).flatMap({ UInt64($0) }), let data = event["data"]
    else { return nil }
    self.init(
      height: height, transaction: json["transaction_hash"]?.string ?? "",
      sequenceNumber: event["sequence_number"].flatMap(MoveAnswer.digits) ?? "", data: MoveAnswer.plain(data))
  }
}
