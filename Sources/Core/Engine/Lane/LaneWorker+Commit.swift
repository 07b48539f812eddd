import Chains
import Codecs
import Money
import Payouts
import Signing

// The durable turn, and the effects that may follow it.
extension LaneWorker {
  func commit(_ now: Timestamp) throws {
    guard let held else { return phase = .acquire }
    phase = .sign
    if now >= renewAt {
      try store.renewLane(held, leaseMilliseconds: settings.leaseMilliseconds, at: now)
      renewAt = now.advanced(byMilliseconds: settings.leaseMilliseconds / 3)
    }
    guard !writes.isEmpty else { return collectResends(now) }
    let commit = Commit(guardedBy: held, actor: actor, at: now, writes: writes)
    #if ALMONER_MUTANTS
      try signTooEarly(held)
      try commitMutated(commit)
    #else
      try store.commit(commit)
    #endif
    didWork = true
    durableSlot = nextSlot
    durableSequence = nextSequence
    applyCommitted(now)
    observer?.observe(.committed(counts))
    writes = []
    planned = [:]
    counts = CommitCounts()
    collectResends(now)
  }

  /// What is durable now is true in memory too.
  private func applyCommitted(_ now: Timestamp) {
    for write in writes {
      switch write {
      case .intend(let intent):
        live[intent.batch] = planned[intent.batch]
        toSign.append((intent.batch, intent.attempt.id))
      case .addAttempt(let added):
        if let next = planned[added.batch] { live[added.batch] = next }
        toSign.append((added.batch, added.attempt.id))
      case .recordBytes(let recorded):
        change(recorded.batch, recorded.attempt) {
          $0.state = .signed
          $0.signed = recorded.signed
        }
        toSend.append((recorded.batch, recorded.attempt))
      case .recordSent(let sent):
        change(sent.batch, sent.attempt) {
          $0.state = .broadcast
          $0.sentAt = $0.sentAt ?? now
        }
      case .endBatch(let end):
        for attempt in live[end.batch]?.batch.attempts ?? [] { refusals[attempt.id] = nil }
        live[end.batch] = nil
        if errand?.batch == end.batch { errand?.evidence = end.evidence }
      case .changeCampaign(let changed):
        observer?.observe(.campaign(changed.campaign, changed.to, reason: changed.reason))
      case .createCampaign, .order, .approve, .markUnknown, .failQueued, .compensate, .settle, .changeLane, .note,
        .people, .activatePolicy, .screen, .review, .changeSafety, .journal:
        break
      }
    }
  }

  private func change(_ batch: BatchID, _ attempt: AttemptID, _ body: (inout Attempt) -> Void) {
    guard var entry = live[batch], let index = entry.batch.attempts.firstIndex(where: { $0.id == attempt }) else {
      return
    }
    body(&entry.batch.attempts[index])
    live[batch] = entry
  }

  /// Recorded bytes may be handed over as often as wanted.
  private func collectResends(_ now: Timestamp) {
    let already = Set(toSend.map(\.attempt))
    for id in live.keys.sorted() {
      guard let entry = live[id], now >= entry.sendAt else { continue }
      for attempt in entry.batch.attempts
      where attempt.signed != nil && !already.contains(attempt.id) { toSend.append((id, attempt.id)) }
    }
  }

  func sign(_ now: Timestamp) throws {
    guard let held else { return phase = .acquire }
    phase = .send
    let all = (toSign + heldBack).compactMap { pair -> (batch: Batch, attempt: Attempt)? in
      guard let batch = live[pair.batch]?.batch,
        let attempt = batch.attempts.first(where: { $0.id == pair.attempt }), attempt.state == .intended
      else { return nil }
      return (batch, attempt)
    }
    toSign = []
    heldBack = []
    guard !all.isEmpty, reach != .intend else { return }
    if try stopReason() != nil {
      heldBack = all.map { ($0.batch.id, $0.attempt.id) }
      isDry = false
      return
    }
    // Valid when it was planned is not enough: both gates are asked at the moment of the signature.
    approvalVerdicts = [:]
    let approved = try all.filter { pair in
      if try isApproved(pair.batch, pair.attempt.kind, now) { return true }
      unapproved.append((pair.batch.id, pair.attempt.id))
      return false
    }
    let wanted = askable(try allowed(approved, now), now)
    guard !wanted.isEmpty else { return }
    let told = try answers(
      try wanted.map {
        SigningRequest(
          account: account, fence: held.fence, slot: $0.batch.slot, unsigned: $0.attempt.unsigned.bytes,
          grounds: try grounds($0.batch, $0.attempt.kind))
      })
    for (pair, answer) in zip(wanted, told) {
      let transaction: SignedTransaction
      switch answer {
      case .success(let signed): transaction = signed
      case .failure(let error):
        refused(pair, error, now)
        continue
      }
      refusals[pair.attempt.id] = nil
      didWork = true
      writes.append(
        .recordBytes(RecordedBytes(batch: pair.batch.id, attempt: pair.attempt.id, signed: transaction)))
      counts.signedBatches += 1
      #if ALMONER_MUTANTS
        if Mutant.sendBeforeBytes.isActive { _ = rail.submit([transaction]) }
      #endif
    }
  }

  /// A verdict counts when the key is asked, not when the payout was planned (PROTOCOL 2.5). What it holds back is asked
  /// for again in the next turn; a void pays nobody and needs none.
  private func allowed(
    _ wanted: [(batch: Batch, attempt: Attempt)], _ now: Timestamp
  ) throws -> [(batch: Batch, attempt: Attempt)] {
    #if ALMONER_MUTANTS
      if Mutant.verdictUnchecked.isActive { return wanted }
    #endif
    let paying = wanted.filter { $0.attempt.kind == .pay && $0.batch.campaign != nil }
    barred = try paying.isEmpty ? [:] : store.barred(paying.map(\.batch.id), at: now)
    guard !barred.isEmpty else { return wanted }
    isDry = false
    let isHeld = { (pair: (batch: Batch, attempt: Attempt)) in
      pair.attempt.kind == .pay && self.barred[pair.batch.id] != nil
    }
    heldBack += wanted.filter(isHeld).map { ($0.batch.id, $0.attempt.id) }
    return wanted.filter { !isHeld($0) }
  }

  func send(_ now: Timestamp) throws {
    guard held != nil else { return phase = .acquire }
    let pairs = toSend.compactMap { pair -> (batch: BatchID, attempt: Attempt, signed: SignedTransaction)? in
      guard let attempt = live[pair.batch]?.batch.attempts.first(where: { $0.id == pair.attempt }),
        let signed = attempt.signed
      else { return nil }
      return (pair.batch, attempt, signed)
    }
    toSend = []
    guard reach == .send else { return }
    guard !pairs.isEmpty, breaker.allows(at: now) else { return }
    let answers = rail.submit(pairs.map(\.signed))
    var refused = 0
    for (pair, said) in zip(pairs, answers) {
      live[pair.batch]?.sendAt = now.advanced(byMilliseconds: settings.resendMilliseconds)
      let taken = said.contains(where: \.taken)
      if !taken { refused += 1 }
      #if ALMONER_MUTANTS
        if !taken, Mutant.timeoutIsFailure.isActive, forgeDeath(of: pair.batch) { continue }
      #endif
      // The first handing over is worth a record; repeats say nothing new.
      guard pair.attempt.state == .signed else { continue }
      let words = said.map { "\($0.endpoint): \($0.text)" }.joined(separator: "; ")
      writes.append(
        .recordSent(
          RecordedSent(batch: pair.batch, attempt: pair.attempt.id, taken: taken, answers: String(words.prefix(500)))))
    }
    if refused == pairs.count { breaker.failed(at: now) } else { breaker.succeeded() }
    observer?.observe(.sent(batches: pairs.count, refused: refused))
    if pairs.contains(where: { $0.attempt.state == .signed }) { didWork = true }
  }
}
