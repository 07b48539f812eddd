import Chains
import Money
import Payouts

// What is on its way and stuck: the same slot again, at a higher fee or as a void.
extension LaneWorker {
  /// Same slot, same payees, higher fee; or the void that a cancel asks for. Never more than the fee cap.
  func replaceStuck(_ campaigns: [CampaignID: Campaign], _ now: Timestamp) throws {
    voidBarred(campaigns)
    for id in live.keys.sorted() {
      guard let entry = live[id], !entry.judged, entry.batch.attempts.count < settings.mostAttempts,
        let newest = entry.batch.attempts.last,
        try newest.state == .broadcast || isRefused(newest) || waitsForApproval(entry, newest, now)
      else { continue }
      let status = entry.batch.campaign.flatMap { campaigns[$0]?.status }
      #if ALMONER_MUTANTS
        if status == .canceled, Mutant.cancelAbandons.isActive, forgeDeath(of: id, isCanceled: true) { continue }
      #endif
      if status == .canceled, !entry.batch.hasVoid {
        add(.void, to: entry, over: newest)
      } else if status != .paused, let sentAt = newest.sentAt, try isApproved(entry.batch, newest.kind, now),
        now.milliseconds - max(sentAt.milliseconds, newest.intendedAt.milliseconds) > settings.bumpMilliseconds
      {
        add(newest.kind == .void ? .void : purpose(of: entry), to: entry, over: newest)
      }
    }
  }

  /// What was intended and never signed gives its slot back when a verdict forbids it, or when its campaign is not
  /// running and nobody screens it any more.
  private func voidBarred(_ campaigns: [CampaignID: Campaign]) {
    for (id, isForbidden) in barred.sorted(by: { $0.key < $1.key }) {
      guard let entry = live[id], !entry.judged, !entry.batch.hasVoid, let newest = entry.batch.attempts.last,
        entry.batch.attempts.allSatisfy({ $0.state == .intended })
      else { continue }
      let isRunning = entry.batch.campaign.flatMap { campaigns[$0]?.status } == .running
      if isForbidden || !isRunning { add(.void, to: entry, over: newest) }
    }
  }

  private func purpose(of entry: Live) -> Purpose? {
    if entry.batch.campaign != nil { return .pay(asset: entry.batch.asset, payees: entry.payees) }
    guard let first = entry.batch.attempts.first else { return nil }
    return try? rail.codec.inspect(first.unsigned.bytes, account: account).purpose
  }

  private func add(_ purpose: Purpose?, to entry: Live, over newest: Attempt) {
    guard let purpose else { return }
    do {
      var fee = try rail.bumped(newest.fee)
      if purpose.kind != newest.kind {
        let own = try rail.fee(for: purpose, account: account)
        fee = FeeTerms(limit: own.limit, price: max(own.price, fee.price), tip: max(own.tip, fee.tip))
      }
      guard try fee.most <= settings.mostFee else { return }
      let request = TransactionRequest(account: account, slot: entry.batch.slot, purpose: purpose, fee: fee)
      let draft = try composer.draft(AttemptID(number()), request)
      writes.append(
        .addAttempt(AddedAttempt(batch: entry.batch.id, campaign: entry.batch.campaign, attempt: draft)))
      var next = live[entry.batch.id]
      next?.batch.attempts.append(attempt(draft, at: clock.now()))
      planned[entry.batch.id] = next
    } catch {
      observer?.observe(.alarm(EngineError(any: error)))
    }
  }
}
