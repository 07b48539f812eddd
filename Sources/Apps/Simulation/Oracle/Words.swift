import Chains
import Engine
import Money
import Payouts

extension Write {
  /// The word for traces and for the list of boundaries.
  var word: String {
    switch self {
    case .createCampaign: "createCampaign"
    case .changeCampaign(let change): "changeCampaign(\(change.event))"
    case .order: "order"
    case .approve: "approve"
    case .intend(let intent): "intend(\(intent.attempt.kind.rawValue))"
    case .addAttempt(let added): "addAttempt(\(added.attempt.kind.rawValue))"
    case .recordBytes: "recordBytes"
    case .recordSent: "recordSent"
    case .endBatch(let end): "endBatch(\(end.evidence.verdict.word))"
    case .markUnknown: "markUnknown"
    case .failQueued: "failQueued"
    case .compensate: "compensate"
    case .settle(let settlement): "settle(\(settlement.isPaid ? "paid" : "not_paid"))"
    case .changeLane(let change): "changeLane(\(change.mode.rawValue))"
    case .journal(let part): "journal(\(part.journal) \(part.entries.count))"
    case .changeSafety(let change): change.isStopped ? "safety(stopped)" : "safety(resumed)"
    case .activatePolicy: "activatePolicy"
    case .screen: "screen"
    case .review(let decision): decision.isCleared ? "review(cleared)" : "review(refused)"
    case .note(let note): "note(\(note.action))"
    case .people(let write): "people(\(write.record.action))"
    }
  }
}

extension Write {
  /// The word and what it is about, for traces.
  var line: String {
    switch self {
    case .intend(let intent):
      "\(word) batch \(intent.batch.place) slot \(intent.slot) payouts \(intent.runs.map { "\($0.first.ordinal)-\($0.last.ordinal)" })\(intent.halfOf.map { " half of \($0.place)" } ?? "")"
    case .addAttempt(let added): "\(word) batch \(added.batch.place)"
    case .recordBytes(let recorded): "\(word) batch \(recorded.batch.place)"
    case .recordSent(let sent): "\(word) batch \(sent.batch.place) taken \(sent.taken)"
    case .endBatch(let end):
      "\(word) batch \(end.batch.place) \(end.to.rawValue) \(end.outcomes.map { "\($0.kind.word) \($0.count)" })"
    default: word
    }
  }
}

extension ID where Entity == BatchEntity {
  /// The number within its lane.
  var place: String { "\(raw >> 40)/\(raw & (1 << 40 - 1))" }
}

extension Commit {
  /// The kinds of its writes, each once, in order.
  var words: String {
    var seen: [String] = []
    for write in writes where !seen.contains(write.word) { seen.append(write.word) }
    return seen.joined(separator: "+")
  }
}
