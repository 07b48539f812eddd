import Audit
import Chains
package import Codecs
import Engine
import Money
import Payouts

extension CampaignReport {
  /// The report for programs: one object, `"event": "report"`. Sums are base units as decimal text, times RFC 3339.
  package var json: JSON {
    [
      "event": "report", "campaign": campaignJSON, "generated_at": time(generatedAt),
      "store": ["uuid": .string(store.uuid), "epoch": .integer(store.epoch), "schema": .integer(store.schemaVersion)],
      "notices": .array(notices.map { .string($0) }), "warnings": .array(warnings.map { .string($0) }),
      "moving": .bool(isMoving), "payouts": payoutsJSON, "loads": loadsJSON, "approval": approvalJSON,
      "batches": batchesJSON, "fees": feesJSON, "finality": finalityJSON, "timeline": timelineJSON,
      "failures": reasons(failures), "compensations": reasons(compensations),
      "ledger": .array(
        ledger.map {
          [
            "role": .string($0.role), "payout_status": .string($0.status.rawValue), "ledger": sum($0.ledger),
            "payouts": sum($0.payouts), "agrees": .bool($0.agrees),
          ]
        }), "reconciliation": reconciliationJSON, "audit": auditJSON,
      "operator_actions": [
        "events": .array((life.first + life.last).map(event)), "omitted": .integer(life.omitted),
      ],
    ]
  }

  private func time(_ at: Timestamp?) -> JSON { at.map { .string(Wording.iso($0)) } ?? .null }
  private func sum(_ units: UInt256?) -> JSON { units.map { .string($0.description) } ?? .null }
  private func part(_ part: Tally.Part) -> JSON { ["count": .integer(part.count), "units": sum(part.units)] }

  private var campaignJSON: JSON {
    [
      "id": .string(campaign.uuid), "name": .string(campaign.name), "status": .string(campaign.status.rawValue),
      "reason": campaign.reason.map { .string($0) } ?? .null, "chain": .string(campaign.chain.description),
      "token": campaign.asset.token.map { .string($0) } ?? .null,
      "decimals": scale.decimals.map { .integer($0) } ?? .null, "mode": .string(campaign.mode.rawValue),
      "created_by": .string(campaign.createdBy), "created_at": time(campaign.createdAt),
    ]
  }

  private var payoutsJSON: JSON {
    var object = JSONObject()
    for status in PayoutStatus.allCases { _ = object.append(status.rawValue, part(tally[status])) }
    _ = object.append("unknown", .integer(tally.unknown))
    _ = object.append("total", part(ordered))
    return .object(object)
  }

  private var loadsJSON: JSON {
    [
      "files": .integer(loads.files), "rows": .integer(loads.rows), "accepted": .integer(loads.accepted),
      "rejected": .integer(loads.rejected), "duplicates": .integer(loads.duplicates),
      "newest_content_hash": loads.newestHash.map { .string($0) } ?? .null,
    ]
  }

  private var approvalJSON: JSON {
    let given = approval.approval
    return [
      "approved_by": given.map { .string($0.approvedBy) } ?? .null,
      "approvers": .integer(approval.approvers), "approved_at": time(approval.approvedAt),
      "approved_root": given.map { .string($0.root.description) } ?? .null,
      "approved_count": given.map { .integer($0.count) } ?? .null, "approved_units": sum(given?.total),
      "fee_cap": sum(given?.feeCap), "root": .string(approval.root.description), "holds": .bool(approval.holds),
    ]
  }

  private var batchesJSON: JSON {
    var states = JSONObject()
    for state in BatchState.allCases {
      _ = states.append(
        state.rawValue,
        ["batches": .integer(batches[state].batches), "payouts": .integer(batches[state].payouts)])
    }
    var verdicts = JSONObject()
    for (word, count) in batches.verdicts.sorted(by: { $0.key < $1.key }) { _ = verdicts.append(word, .integer(count)) }
    return [
      "count": .integer(batches.count), "states": .object(states), "unknown": .integer(batches.unknown),
      "verdicts": .object(verdicts), "attempts": .integer(batches.attempts), "bumps": .integer(batches.bumps),
      "voids": .integer(batches.voids), "credited": .integer(batches.credited),
      "fewest_witnesses": batches.fewestWitnesses.map { .integer($0) } ?? .null,
      "waiting": .array(batches.waiting.map(line)), "slowest": .array(batches.slowest.map(line)),
    ]
  }

  private func line(_ line: BatchFigures.Line) -> JSON {
    [
      "batch": .integer(line.batch.raw), "lane": .integer(line.lane.raw), "slot": .integer(line.slot),
      "state": .string(line.state.rawValue), "payouts": .integer(line.payouts), "units": sum(line.units),
      "attempts": .integer(line.attempts), "unknown": line.unknown.map { .string($0.rawValue) } ?? .null,
      "intended_at": time(line.createdAt), "ended_at": time(line.endedAt),
      "milliseconds": line.took.map { .integer($0) } ?? .null,
      "tx_hash": line.transaction.map { .string($0.description) } ?? .null,
    ]
  }

  private var feesJSON: JSON {
    let fees = batches.fees
    let share = fees.shared(among: batches.credited)
    return [
      "total": sum(fees.total), "paying": sum(fees.ofPaying), "dead": sum(fees.ofDead),
      "transactions": .integer(fees.batches), "lowest": sum(fees.lowest), "highest": sum(fees.highest),
      "per_recipient": sum(share?.each), "per_recipient_rest": share.map { .string(String($0.rest)) } ?? .null,
      "histogram": .array(
        fees.histogram.bins.map { ["from": sum($0.from), "below": sum($0.below), "batches": .integer($0.count)] }),
    ]
  }

  private var finalityJSON: JSON {
    [
      "payouts": .integer(batches.finality.count),
      "shortest_ms": batches.finality.shortest.map { .integer($0) } ?? .null,
      "longest_ms": batches.finality.longest.map { .integer($0) } ?? .null,
      "classes": .array(
        batches.finality.classes.map {
          [
            "from_ms": .integer($0.fromMilliseconds), "below_ms": $0.belowMilliseconds.map { .integer($0) } ?? .null,
            "payouts": .integer($0.count),
          ]
        }),
    ]
  }

  private var timelineJSON: JSON {
    [
      "interval_ms": .integer(batches.timeline.widthMilliseconds),
      "intervals": .array(
        batches.timeline.rows.map { row in
          [
            "start": time(row.start), "submitted_batches": .integer(row.interval.submittedBatches),
            "submitted_payouts": .integer(row.interval.submittedPayouts),
            "final_batches": .integer(row.interval.finalBatches),
            "confirmed_payouts": .integer(row.interval.confirmedPayouts),
            "dead_batches": .integer(row.interval.deadBatches),
          ]
        }),
    ]
  }

  private func reasons(_ figures: ReasonFigures) -> JSON {
    .array(
      figures.sorted.map { group in
        [
          "code": .string(group.code), "count": .integer(group.count), "units": sum(group.units),
          "examples": .array(
            group.examples.map {
              [
                "payout_id": .string($0.key), "address": .string($0.address), "amount": sum($0.units),
                "row": .integer($0.row), "tx_hash": $0.transaction.map { .string($0.description) } ?? .null,
                "error_msg": $0.message.map { .string($0) } ?? .null,
              ]
            }),
        ]
      })
  }

  private var reconciliationJSON: JSON {
    guard let found = reconciliation else { return .null }
    return [
      "at": time(found.at), "clean": .bool(found.isClean), "from_block": .string(found.fromBlock),
      "through_block": .string(found.throughBlock), "ordered": .string(found.ordered),
      "ledger_paid": .string(found.ledgerPaid), "on_chain": .string(found.onChain),
      "mismatches": .array(
        found.mismatches.map { ["kind": .string($0.kind), "count": .string($0.count)] }),
    ]
  }

  private var auditJSON: JSON {
    [
      "records": .integer(audit.records), "unsealed": .integer(audit.unsealed),
      "checkpoint": audit.checkpoint.map { ["number": .integer($0.number), "at": time($0.at)] } ?? .null,
      "whole": audit.verification.map { .bool($0.isWhole) } ?? .null,
      "heads": .array(
        audit.heads.map {
          ["chain": .integer($0.chain), "sequence": .integer($0.sequence), "hash": .string($0.hash.description)]
        }),
    ]
  }

  private func event(_ event: LifeFigures.Event) -> JSON {
    [
      "at": time(event.at), "actor": .string(event.actor), "action": .string(event.action),
      "detail": .string(event.detail),
    ]
  }
}
