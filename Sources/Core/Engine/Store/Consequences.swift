package import Audit
import Chains
import Codecs
package import Ledger
import Money
import Payouts
import Policy

/// What follows from a write, in the same transaction: postings, exactly one audit record, events for the world.
package struct Consequences: Sendable {
  /// What the world hears: the audit record's own words.
  package struct Event: Sendable {
    private let record: AuditDraft
    fileprivate init(_ record: AuditDraft) { self.record = record }

    package var type: String { record.action }
    package var key: String { "\(record.entity)/\(record.entityID)" }
    /// Canonical JSON text.
    package var payload: String { record.details }
  }
  package let transfers: [Transfer]
  package let record: AuditDraft
  /// Whether the record becomes an event too.
  package let isPublic: Bool

  package var event: Event? { isPublic ? Event(record) : nil }

  /// Derives everything from the write itself, so that nothing can be forgotten or differ. Pure.
  package static func of(_ write: Write, actor: String) -> Consequences {
    switch write {
    case .createCampaign(let campaign): created(campaign, actor)
    case .changeCampaign(let change): changed(change, actor)
    case .order(let order): ordered(order, actor)
    case .approve(let approval): approved(approval, actor)
    case .intend(let intent): intended(intent, actor)
    case .addAttempt(let added): attemptAdded(added, actor)
    case .recordBytes(let recorded): bytesRecorded(recorded, actor)
    case .recordSent(let sent): handedOver(sent, actor)
    case .endBatch(let end): ended(end, actor)
    case .markUnknown(let batch, let campaign, let why): overdue(batch, campaign, why, actor)
    case .failQueued(let failed): failedQueued(failed, actor)
    case .compensate(let compensation): compensated(compensation, actor)
    case .settle(let settlement): settled(settlement, actor)
    case .changeLane(let change): laneChanged(change, actor)
    case .activatePolicy(let activation): activated(activation, actor)
    case .screen(let part): screened(part, actor)
    case .review(let decision): reviewed(decision, actor)
    case .changeSafety(let change): safetyChanged(change, actor)
    case .note(let note): noted(note, actor)
    case .people(let write): written(write, actor)
    case .journal(let part): appended(part, actor)
    }
  }
}

extension Consequences {
  private init(
    _ action: String, _ actor: String, _ entity: String, _ id: String, _ details: JSON, root: Hash32? = nil,
    transfers: [Transfer] = [], isPublic: Bool = true
  ) {
    // Keys are literals of ours and numbers are whole: the canonical writer has nothing to refuse.
    let text = (try? CanonicalJSON.bytes(details)).map { String(decoding: $0, as: UTF8.self) } ?? "{}"
    self.transfers = transfers
    self.record = AuditDraft(actor: actor, action: action, entity: entity, entityID: id, details: text, root: root)
    self.isPublic = isPublic
  }

  private static func created(_ campaign: Campaign, _ actor: String) -> Consequences {
    Consequences(
      "campaign.created", actor, "campaign", campaign.id.description,
      [
        "uuid": .string(campaign.uuid), "name": .string(campaign.name), "chain": .string(campaign.chain.description),
        "asset": .string(campaign.asset.description),
      ])
  }

  private static func changed(_ change: CampaignChange, _ actor: String) -> Consequences {
    Consequences(
      "campaign.\(change.event)", actor, "campaign", change.campaign.description,
      [
        "from": .string(change.from.rawValue), "to": .string(change.to.rawValue),
        "reason": change.reason.map { .string($0) } ?? .null,
        "planning": change.planning.map {
          [
            "mode": .string($0.mode.rawValue), "priority": .integer($0.priority), "max_batch": .integer($0.maxBatch),
            "canary": .integer($0.canary), "window": $0.window.json,
          ]
        } ?? .null,
      ])
  }

  private static func ordered(_ order: Order, _ actor: String) -> Consequences {
    Consequences(
      "recipients.loaded", actor, "campaign", order.campaign.description,
      [
        "load": .integer(order.load), "content_hash": .string(order.contentHash.description),
        "settings": .string(order.settings), "rows": .integer(order.summary.rows),
        "accepted": .integer(order.summary.accepted), "rejected": .integer(order.summary.rejected),
        "duplicates": .integer(order.summary.duplicates), "total": .string(order.summary.total.description),
      ],
      transfers: [
        .move(
          debit: Account(order.campaign, .external, order.asset),
          credit: Account(order.campaign, .reserved, order.asset),
          units: order.summary.total)
      ].filter { !$0.units.isZero })
  }

  private static func approved(_ approval: Approval, _ actor: String) -> Consequences {
    Consequences(
      "campaign.approved", actor, "campaign", approval.campaign.description,
      [
        "approved_by": .string(approval.approvedBy), "count": .integer(approval.count),
        "total": .string(approval.total.description), "fee_cap": .string(approval.feeCap.description),
        "expires_at": approval.expiresAt.map { .integer($0.milliseconds) } ?? .null,
      ], root: approval.root)
  }

  private static func intended(_ intent: Intent, _ actor: String) -> Consequences {
    let transfers: [Transfer] =
      intent.campaign.map {
        [
          .hold(
            intent.batch, debit: Account($0, .reserved, intent.asset), credit: Account($0, .paid, intent.asset),
            units: intent.total)
        ]
      } ?? []
    return Consequences(
      intent.campaign == nil ? "batch.intended" : "payout.submitted", actor, "batch", intent.batch.description,
      [
        "campaign": campaignJSON(intent.campaign), "slot": .integer(intent.slot), "count": .integer(intent.count),
        "total": .string(intent.total.description), "payouts": runs(intent.runs),
        "kind": .string(intent.attempt.kind.rawValue),
        "signing_hash": .string(intent.attempt.unsigned.signingHash.description),
        "half_of": intent.halfOf.map { .integer($0.raw) } ?? .null, "adopted": .bool(intent.isAdopted),
      ], root: intent.root, transfers: transfers, isPublic: intent.campaign != nil)
  }

  private static func attemptAdded(_ added: AddedAttempt, _ actor: String) -> Consequences {
    Consequences(
      "attempt.added", actor, "batch", added.batch.description,
      [
        "attempt": .integer(added.attempt.id.raw), "kind": .string(added.attempt.kind.rawValue),
        "signing_hash": .string(added.attempt.unsigned.signingHash.description),
        "price": .string(added.attempt.fee.price.description), "tip": .string(added.attempt.fee.tip.description),
        "adopted": .bool(added.isAdopted),
      ], isPublic: false)
  }

  private static func bytesRecorded(_ recorded: RecordedBytes, _ actor: String) -> Consequences {
    Consequences(
      "attempt.signed", actor, "attempt", recorded.attempt.description,
      ["batch": .integer(recorded.batch.raw), "transaction": .string(recorded.signed.hash.description)],
      isPublic: false)
  }

  private static func handedOver(_ sent: RecordedSent, _ actor: String) -> Consequences {
    Consequences(
      "attempt.broadcast", actor, "attempt", sent.attempt.description,
      ["batch": .integer(sent.batch.raw), "taken": .bool(sent.taken), "answers": .string(sent.answers)],
      isPublic: false)
  }

  private static func ended(_ end: BatchEnd, _ actor: String) -> Consequences {
    var transfers: [Transfer] = []
    if let campaign = end.campaign {
      for outcome in end.outcomes {
        switch outcome.kind {
        case .confirmed: transfers.append(.post(end.batch, units: outcome.units))
        case .requeued, .halved: transfers.append(.void(end.batch, units: outcome.units))
        case .failed:
          transfers.append(.void(end.batch, units: outcome.units))
          transfers.append(
            .move(
              debit: Account(campaign, .reserved, end.asset), credit: Account(campaign, .released, end.asset),
              units: outcome.units))
        case .partial: break
        }
      }
    }
    return Consequences(
      end.eventType, actor, "batch", end.batch.description,
      [
        "campaign": campaignJSON(end.campaign), "verdict": .string(end.evidence.verdict.word),
        "transaction": .string(end.evidence.spender.description), "block": .integer(end.evidence.blockNumber),
        "block_hash": .string(end.evidence.blockHash.description),
        "endpoints": .array(end.evidence.statements.map { .string($0.endpoint.name) }),
        "fee_paid": .string(end.evidence.feePaid.description),
        "outcomes": .array(
          end.outcomes.map {
            [
              "outcome": .string($0.kind.word), "count": .integer($0.count), "units": .string($0.units.description),
              "payouts": runs($0.runs),
            ]
          }),
      ], transfers: transfers, isPublic: end.campaign != nil)
  }

  private static func overdue(
    _ batch: BatchID, _ campaign: CampaignID?, _ why: UnknownReason, _ actor: String
  ) -> Consequences {
    Consequences(
      "payout.unknown", actor, "batch", batch.description,
      ["campaign": campaignJSON(campaign), "reason": .string(why.rawValue)])
  }

  private static func failedQueued(_ failed: FailedQueued, _ actor: String) -> Consequences {
    Consequences(
      "payout.failed", actor, "campaign", failed.campaign.description,
      [
        "reason": .string(failed.reason.rawValue), "count": .integer(failed.count),
        "units": .string(failed.units.description), "payouts": runs(failed.runs),
      ],
      transfers: [
        .move(
          debit: Account(failed.campaign, .reserved, failed.asset),
          credit: Account(failed.campaign, .released, failed.asset), units: failed.units)
      ].filter { !$0.units.isZero })
  }

  private static func compensated(_ compensation: Compensation, _ actor: String) -> Consequences {
    let source: Account.Role = compensation.from == .confirmed ? .paid : .released
    return Consequences(
      "payout.compensated", actor, "payout", compensation.payout.description,
      [
        "campaign": .integer(compensation.campaign.raw), "from": .string(compensation.from.rawValue),
        "reason": .string(compensation.reason), "units": .string(compensation.units.description),
      ],
      transfers: [
        .move(
          debit: Account(compensation.campaign, source, compensation.asset),
          credit: Account(compensation.campaign, .compensated, compensation.asset), units: compensation.units)
      ])
  }

  private static func settled(_ settlement: Settlement, _ actor: String) -> Consequences {
    let (batch, units) = (settlement.batch, settlement.units)
    let released = Transfer.move(
      debit: Account(settlement.campaign, .reserved, settlement.asset),
      credit: Account(settlement.campaign, .released, settlement.asset), units: units)
    return Consequences(
      "payout.settled", actor, "payout", settlement.payout.description,
      [
        "batch": .integer(batch.raw), "campaign": .integer(settlement.campaign.raw),
        "outcome": settlement.isPaid ? "paid" : "not_paid", "units": .string(units.description),
      ],
      transfers: settlement.isPaid ? [.post(batch, units: units)] : [.void(batch, units: units), released])
  }

  private static func laneChanged(_ change: LaneChange, _ actor: String) -> Consequences {
    Consequences(
      "lane.changed", actor, "lane", change.lane.description,
      [
        "mode": .string(change.mode.rawValue), "reason": change.reason.map { .string($0) } ?? .null,
        "next_slot": change.nextSlot.map { .integer($0) } ?? .null,
      ])
  }

  private static func written(_ write: PeopleWrite, _ actor: String) -> Consequences {
    let told = write.record
    return Consequences(
      told.action, actor, told.entity, told.id, told.details, root: told.root, isPublic: told.isPublic)
  }

  private static func activated(_ activation: PolicyActivation, _ actor: String) -> Consequences {
    Consequences(
      "policy.activated", actor, "policy", activation.document.digest.description,
      [
        "name": .string(activation.document.name), "proposed_by": .string(activation.proposedBy),
        "activated_by": .string(activation.activatedBy), "rules": .integer(activation.document.rules.count),
      ], root: activation.document.digest)
  }

  private static func screened(_ part: ScreenedPart, _ actor: String) -> Consequences {
    let counts = part.screening.counts.sorted { $0.key < $1.key }.map { [.string($0.key), .integer($0.value)] as JSON }
    return Consequences(
      "campaign.screened", actor, "campaign", part.screening.campaign.description,
      [
        "policy": .string(part.screening.policy.description), "lists": .string(part.screening.lists),
        "from": .integer(part.from), "up_to": .integer(part.screening.upTo), "counts": .array(counts),
        "not_allowed": .integer(part.held.count), "valid_until": .integer(part.screening.validUntil.milliseconds),
      ])
  }

  private static func appended(_ part: JournalPart, _ actor: String) -> Consequences {
    Consequences(
      "journal.appended", actor, "journal", part.journal,
      ["first": .integer(part.after + 1), "last": .integer(part.after + Int64(part.entries.count))],
      root: part.digest, transfers: part.transfers, isPublic: false)
  }

  private static func safetyChanged(_ change: SafetyChange, _ actor: String) -> Consequences {
    Consequences(
      change.isStopped ? "safety.stopped" : "safety.resumed", actor, "store", "safety",
      ["changed_by": .string(change.changedBy), "reason": .string(change.reason)])
  }

  private static func reviewed(_ decision: ReviewDecision, _ actor: String) -> Consequences {
    Consequences(
      decision.isCleared ? "review.cleared" : "review.refused", actor, "payout", decision.payout.description,
      ["decided_by": .string(decision.decidedBy), "reason": .string(decision.reason)])
  }

  private static func noted(_ note: Note, _ actor: String) -> Consequences {
    Consequences(
      note.action, actor, note.entity, note.entityID, note.details, root: note.root, isPublic: note.isPublic)
  }
}

private func campaignJSON(_ campaign: CampaignID?) -> JSON { campaign.map { .integer($0.raw) } ?? .null }

/// `[[first, last], ...]` of payout numbers.
private func runs(_ runs: [PayoutRun]) -> JSON {
  .array(runs.map { .array([.integer($0.first.raw), .integer($0.last.raw)]) })
}

extension BatchEnd {
  /// The event of the catalogue that says the most: confirmed if anybody was paid, failed if anybody failed.
  package var eventType: String {
    guard campaign != nil else { return "batch.ended" }
    if outcomes.contains(where: { $0.kind == .confirmed }) { return "payout.confirmed" }
    if outcomes.contains(where: { if case .failed = $0.kind { true } else { false } }) { return "payout.failed" }
    if outcomes.contains(where: { $0.kind == .partial }) { return "payout.unknown" }
    return "payout.requeued"
  }
}

extension Outcome.Kind {
  /// The word in audit records and events.
  package var word: String {
    switch self {
    case .confirmed: "confirmed"
    case .failed(let why): why.rawValue
    case .requeued: "requeued"
    case .halved: "halved"
    case .partial: "partial"
    }
  }
}

extension Window {
  var json: JSON {
    [
      "start": start.map { .integer($0.milliseconds) } ?? .null, "end": end.map { .integer($0.milliseconds) } ?? .null,
      "daily": daily.map {
        ["from": .integer($0.fromMinute), "to": .integer($0.toMinute), "zone": .string($0.zone)]
      } ?? .null,
    ]
  }
}
