import Chains
import Money
import Payouts
import Signing

// What endpoints state about live slots, and what follows from a quorum of them.
extension LaneWorker {
  func read(_ now: Timestamp) throws {
    guard held != nil else { return phase = .acquire }
    phase = .plan
    let asked = live.values.filter { !$0.judged }.sorted { $0.batch.slot < $1.batch.slot }
    guard !asked.isEmpty, breaker.allows(at: now) else { return }
    let answers = rail.statements(asked.map(question))
    if answers.allSatisfy(\.isEmpty) { return try markOverdue(asked, now) }
    breaker.succeeded()
    for (entry, statements) in zip(asked, answers) where !statements.isEmpty { try judge(entry, statements) }
    try markOverdue(asked, now)
  }

  private func question(_ entry: Live) -> SlotQuestion {
    SlotQuestion(
      batch: entry.batch.id, account: account, slot: entry.batch.slot, asset: entry.batch.asset, payees: entry.payees,
      members: remembered(entry).members)
  }

  /// The batch with every attempt that there was: any of them may be the one that is mined.
  private func remembered(_ entry: Live) -> Batch {
    #if ALMONER_MUTANTS
      if Mutant.lastHashOnly.isActive { return withoutOlderAttempts(entry.batch) }
    #endif
    return entry.batch
  }

  private func judge(_ entry: Live, _ statements: [Statement]) throws {
    guard let evidence = evidence(in: statements), try !isForgotten(evidence, entry) else { return }
    for endpoint in rail.quorum.dissenters(in: statements, from: evidence) {
      observer?.observe(.dissent(endpoint: endpoint.name, batch: entry.batch.id))
    }
    let isCanceled = try entry.batch.campaign.map { try store.campaign($0)?.status == .canceled } ?? false
    let end = try Judgement.of(
      remembered(entry), payees: entry.payees, evidence: evidence, isCanceled: isCanceled)
    live[entry.batch.id]?.judged = true
    writes.append(.endBatch(end))
    count(end)
  }

  private func evidence(in statements: [Statement]) -> Evidence? {
    #if ALMONER_MUTANTS
      if Mutant.noQuorum.isActive { return statements.first.flatMap(Evidence.forged) }
    #endif
    return rail.quorum.evidence(in: statements)
  }

  /// Whether the spender that nobody here knows may be one of ours: a store that was put back to an older state has
  /// forgotten attempts, and the signer's log still has them. Then the slot waits until they are adopted.
  private func isForgotten(_ evidence: Evidence, _ entry: Live) throws -> Bool {
    #if ALMONER_MUTANTS
      if Mutant.restoreUnchecked.isActive { return false }
    #endif
    guard evidence.verdict == .stranger else { return false }
    let known = Set(entry.batch.attempts.map(\.unsigned.signingHash))
    let signed = try signer.witness.records(chain, account, slots: [entry.batch.slot])
    return signed.contains { !known.contains($0.signingHash) }
  }

  private func count(_ end: BatchEnd) {
    counts.endedBatches += 1
    for outcome in end.outcomes {
      switch outcome.kind {
      case .confirmed: counts.confirmedPayouts += outcome.count
      case .failed: counts.failedPayouts += outcome.count
      case .requeued, .halved: counts.requeuedPayouts += outcome.count
      case .partial: break
      }
    }
  }

  /// Patience is a matter of schedules and alarms; it moves no money.
  private func markOverdue(_ asked: [Live], _ now: Timestamp) throws {
    for entry in asked where entry.batch.unknown == nil && live[entry.batch.id]?.judged == false {
      guard now.milliseconds - entry.batch.createdAt.milliseconds > settings.patienceMilliseconds else { continue }
      #if ALMONER_MUTANTS
        if Mutant.unknownRetried.isActive, forgeDeath(of: entry.batch.id) { continue }
      #endif
      writes.append(.markUnknown(entry.batch.id, entry.batch.campaign, .overdue))
      live[entry.batch.id]?.batch.unknown = .overdue
    }
  }
}
