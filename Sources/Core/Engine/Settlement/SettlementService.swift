import Chains
package import Codecs
import Money
package import Payouts
package import Policy

/// Two people say what became of payouts whose fate is unknown. Source: docs/internals/protocol.md 2.6.
///
/// People add what machines cannot read: a named transaction in a named block. Nothing is released without a name, since
/// a transaction on these chains never expires; and nothing that a node or the signer's log contradicts is written.
package struct SettlementService {
  private let store: any PayoutStore

  package init(store: any PayoutStore) { self.store = store }

  // MARK: What would happen

  /// The act that two people must agree on. `seen`: what the initiator looked at, in words.
  ///
  /// Throws `payout.spender_not_named`, `payout.contradicted`, `payout.bad_reason` for a text that is not 1 to 500 bytes.
  package func act(_ found: UnknownCase, _ sighting: Sighting, seen: String) throws -> ProposedAct {
    guard (1...500).contains(seen.utf8.count) else {
      throw PayoutError(.badReason, "say in 1 to 500 bytes what you looked at", hint: "--seen \"explorer X, block 7\"")
    }
    switch found {
    case .batch(let batch, _, let payees):
      let verdict = try verdict(sighting, batch)
      let content: JSON = [
        "batch": .integer(batch.id.raw), "slot": .integer(batch.slot), "count": .integer(batch.count),
        "total": .string(batch.total.description), "payouts": .array(payees.map { .integer($0.payout.raw) }),
        "attempts": .array(batch.attempts.map { .string($0.unsigned.signingHash.description) }),
        "outcome": .string(sighting.word), "verdict": .string(verdict.word),
        "transaction": .string(sighting.transaction?.description ?? ""),
        "block": .integer(sighting.blockNumber ?? 0), "block_hash": .string(sighting.blockHash?.description ?? ""),
        "fee_paid": .string(sighting.feePaid.description), "seen": .string(seen),
      ]
      return try act(found, content, batch.campaign)
    case .credited(let view, let batch):
      guard sighting.transaction == nil || sighting.transaction == view.transaction else {
        throw contradicted("the transaction that carried it is \(view.transaction?.description ?? "another")")
      }
      let content: JSON = [
        "batch": .integer(batch.raw), "payout": .integer(view.payout.raw), "units": .string(view.units.description),
        "transaction": .string(view.transaction?.description ?? ""), "outcome": .string(sighting.word),
        "seen": .string(seen),
      ]
      return try act(found, content, view.campaign)
    }
  }

  private func act(_ found: UnknownCase, _ content: JSON, _ campaign: CampaignID?) throws -> ProposedAct {
    try ProposedAct(
      kind: .payoutSettlement, subject: found.subject, content: content, barred: try initiators(campaign))
  }

  /// Those who prepared the campaign, or asked for its approval.
  private func initiators(_ campaign: CampaignID?) throws -> Set<String> {
    guard let campaign else { return [] }
    let asked = try store.approvalCase(of: campaign)?.request.initiators ?? []
    return Set(asked).union(try store.campaign(campaign).map { [$0.createdBy] } ?? [])
  }

  private func verdict(_ sighting: Sighting, _ batch: Batch) throws(PayoutError) -> Verdict {
    guard let transaction = sighting.transaction, sighting.blockNumber != nil, sighting.blockHash != nil else {
      throw PayoutError(
        .spenderNotNamed, "a transaction that spent slot \(batch.slot) must be named, with its block",
        hint: "--transaction HASH --block N --block-hash HASH; without one only evidence or waiting helps")
    }
    let ours = batch.attempts.first { $0.signed?.hash == transaction }
    switch (sighting.isPaid, ours?.kind) {
    case (true, .pay?): return .paid
    case (true, _): throw contradicted("\(transaction) is no payment of batch \(batch.id)")
    case (false, .pay?): return .reverted
    case (false, .void?): return .voided
    case (false, .setup?): throw contradicted("\(transaction) pays nobody")
    case (false, nil): return .stranger
    }
  }

  // MARK: What others know

  /// Throws `payout.nodes_know` where the nodes agree by themselves, `payout.contradicted` where one states something
  /// else, where a quorum says that the slot is not spent, and where the signer's log knows bytes that the store does not.
  package func check(
    _ found: UnknownCase, _ sighting: Sighting, nodes: NodesWord, signed: [Hash32]
  ) throws(PayoutError) {
    guard case .batch(let batch, _, _) = found else { return }
    let verdict = try verdict(sighting, batch)
    if let evidence = nodes.evidence {
      throw PayoutError(
        .nodesKnow, "the nodes agree: \(evidence.verdict.word), by \(evidence.spender)",
        hint: "start a worker, or airdrop run: it writes their word down")
    }
    for statement in nodes.statements
    where statement.spender != sighting.transaction || statement.verdict.word != verdict.word {
      throw contradicted("\(statement.endpoint) states \(statement.verdict.word), by \(statement.spender)")
    }
    if let count = nodes.finalCount, count <= batch.slot {
      throw contradicted("slot \(batch.slot) is not spent in any final block that a quorum of nodes knows")
    }
    let known = Set(batch.attempts.map(\.unsigned.signingHash))
    if verdict == .stranger, let other = signed.first(where: { !known.contains($0) }) {
      throw contradicted("the signer signed \(other) for this slot, which the store does not know: almoner lanes adopt")
    }
  }

  private func contradicted(_ what: String) -> PayoutError {
    PayoutError(.contradicted, what, hint: "look again; nothing was written")
  }

  // MARK: What is written

  /// What the act does, once both said so. Throws as `act`; `people.second_person_needed` for fewer than two people.
  package func writes(_ found: UnknownCase, _ sighting: Sighting, by people: [String]) throws -> [Write] {
    switch found {
    case .batch(let batch, _, let payees):
      guard
        let evidence = Evidence.attested(
          try verdict(sighting, batch), spender: sighting.transaction ?? .zero,
          blockNumber: sighting.blockNumber ?? 0, blockHash: sighting.blockHash ?? .zero, feePaid: sighting.feePaid,
          by: people)
      else { throw SettlementService.alone }
      let isCanceled = try batch.campaign.map { try store.campaign($0)?.status == .canceled } ?? false
      return [
        .endBatch(try Judgement.of(batch, payees: payees, evidence: evidence, isCanceled: isCanceled))
      ]
    case .credited(let view, let batch):
      guard Set(people).count >= 2, let campaign = try store.campaign(view.campaign) else {
        throw SettlementService.alone
      }
      return [
        .settle(
          Settlement(
            campaign: campaign.id, asset: campaign.asset, payout: view.payout, batch: batch, units: view.units,
            isPaid: sighting.isPaid))
      ]
    }
  }

  /// One person never settles anything, whoever is enrolled.
  package static let alone = PeopleError(
    .secondPersonNeeded, "two people say what became of an unknown payout, never one",
    hint: "enrol people first: almoner people bootstrap, people add")
}
