import Engine
import Money
import Payouts

// What the figures mean, one sentence each: the same words in the terminal and on the page.
extension CampaignReport {
  var headline: String {
    guard ordered.count > 0 else { return "No recipients have been loaded yet." }
    let confirmed = tally[.confirmed].count
    if confirmed == ordered.count {
      return ordered.count == 1
        ? "The one recipient is paid." : "All \(Wording.count(ordered.count)) recipients are paid."
    }
    var parts = [
      "\(Wording.count(confirmed)) of \(Wording.count(ordered.count, "recipient")) "
        + "\(confirmed == 1 ? "is" : "are") paid (\(Wording.share(confirmed, of: ordered.count)))"
    ]
    if tally[.queued].count > 0 { parts.append("\(Wording.count(tally[.queued].count)) not sent yet") }
    if tally[.submitted].count > 0 { parts.append("\(Wording.count(tally[.submitted].count)) on the way") }
    if tally[.failed].count > 0 { parts.append("\(Wording.count(tally[.failed].count)) failed") }
    if tally[.compensated].count > 0 { parts.append("\(Wording.count(tally[.compensated].count)) settled by hand") }
    return parts.joined(separator: "; ") + "."
  }

  /// What needs a reader's attention, the caller's warnings first.
  var warnings: [String] {
    var out = notices
    if isMoving {
      out.append(
        "Payouts moved while this report was read: its parts may be seconds apart. Make it again once all rests.")
    }
    if tally.unknown > 0 {
      out.append(
        "The fate of \(Wording.count(tally.unknown, "payout")) is unknown: they wait for evidence or for people, and "
          + "nothing pays them a second time.")
    }
    if let fewest = batches.fewestWitnesses, fewest < 2 {
      out.append(
        "At least one batch ended on the word of a single node. Name three or more for protection from a lying one.")
    }
    if approval.approval != nil, !approval.holds {
      out.append("What stands in the campaign is not what was approved: recipients or amounts changed since.")
    }
    if !isMoving, ledger.contains(where: { !$0.agrees }) {
      out.append("The ledger and the payouts do not agree. Stop, and run: almoner store check")
    }
    if let reconciliation, !reconciliation.isClean {
      out.append("The last reconciliation found rows that do not match.")
    }
    if let verification = audit.verification, !verification.isWhole {
      out.append("The audit trail is NOT whole. Run: almoner audit verify")
    }
    return out
  }

  var approvalSentence: String {
    guard let given = approval.approval else {
      return approval.rule == nil
        ? "Nobody has approved this campaign yet, so nothing can be sent."
        : "Too few people have approved this campaign yet, so nothing can be sent."
    }
    if let rule = approval.rule {
      let when = approval.approvedAt.map { ", the last on \(Wording.instant($0))," } ?? ""
      return
        "\(Foreign.text(given.approvedBy))\(when) approved the payment of \(Wording.amount(given.total, scale)) to "
        + "\(Wording.count(given.count, "recipient")), by the rule \(rule): nobody of them prepared it."
    }
    let who =
      given.approvedBy == "operator:local"
      ? "One local operator approved" : "\(Foreign.text(given.approvedBy)), alone, approved"
    let when = approval.approvedAt.map { " on \(Wording.instant($0))" } ?? ""
    return "\(who)\(when) the payment of \(Wording.amount(given.total, scale)) to "
      + "\(Wording.count(given.count, "recipient")); no second person was asked."
  }

  var contentSentence: String {
    guard approval.approval != nil else { return "The fingerprint of what stands is shown for a later approval." }
    return approval.holds
      ? "The fingerprint of all recipients and amounts, computed anew for this report, is the approved one."
      : "The fingerprint of what stands now differs from the approved one: recipients or amounts changed since."
  }

  var feeSentence: String {
    guard batches.fees.batches > 0 else { return "No fee has been paid yet." }
    var out =
      "\(Wording.coins(batches.fees.total)) were paid for \(Wording.count(batches.fees.batches, "final transaction"))"
    if let share = batches.fees.shared(among: batches.credited) {
      out += ": \(Wording.coins(share.each)) for each of \(Wording.count(batches.credited, "credited recipient"))"
      out += share.rest == 0 ? ", exactly" : ", and \(Wording.count(share.rest)) of the smallest unit left over"
    }
    return out + "."
  }

  var failureSentence: String {
    guard failures.count > 0 else { return "No payout has failed." }
    return "\(Wording.count(failures.count, "payout")) failed. Nothing that was sent can pay them any more: such a "
      + "recipient is paid by a new order, or settled by hand."
  }

  var finalitySentence: String {
    guard let shortest = batches.finality.shortest, let longest = batches.finality.longest else {
      return "No payout is final yet."
    }
    func within(_ percent: Int64) -> String {
      batches.finality.bound(percent: percent).map { Wording.duration(min($0, longest)) } ?? Wording.duration(longest)
    }
    return "Half of the recipients had their money for good within \(within(50)), 95 % within \(within(95)); "
      + "the fastest took \(Wording.duration(shortest)), the slowest \(Wording.duration(longest))."
  }

  var reconciliationSentence: String {
    guard let reconciliation else {
      return "Chain, ledger and file have not been compared yet: airdrop reconcile does it."
    }
    let when = Wording.instant(reconciliation.at)
    let blocks = "blocks \(reconciliation.fromBlock) to \(reconciliation.throughBlock)"
    if reconciliation.isClean { return "On \(when), \(blocks): chain, ledger and file agreed on every row." }
    let kinds = reconciliation.mismatches.map { "\($0.count) \(Foreign.text($0.kind, most: 40))" }
    return "On \(when), \(blocks): rows did not match (\(kinds.joined(separator: ", ")))."
  }

  var auditSentence: String {
    let records = Wording.count(audit.records, "record")
    let seal = audit.checkpoint.map {
      "checkpoint \($0.number) of \(Wording.instant($0.at)) seals "
        + (audit.unsealed == 0 ? "them all" : "all but \(Wording.count(audit.unsealed)) of them")
    }
    let whole = audit.verification.map {
      $0.isWhole ? " Verified whole from the first record on." : " Verification FAILED."
    }
    return "\(records); \(seal ?? "no checkpoint seals them yet").\(whole ?? "")"
  }
}
