import Chains
import Codecs
import Curves
import Engine
import Ledger
import Money
import Payouts

extension LotteryDesk {
  /// Answers what is known, decides the rest on the engine, and writes it. `.failure` is a commit that others were before,
  /// or whose answer was lost: to be decided anew.
  func decided(_ requests: [LotteryRequest]) throws -> Result<[LotteryOutcome], StoreError> {
    var outcomes = try requests.map { try known($0) }
    guard outcomes.contains(where: { $0 == nil }) else { return .success(outcomes.compactMap(\.self)) }
    guard var working = standing else { return .failure(.stale("the journal must be read first")) }
    let before: Standing? = working.number <= LotteryDesk.mostEntriesCopied ? working : nil
    standing = nil
    let told = try time.moment()
    let moment = LotteryMoment(now: max(told.now, working.now), block: told.block, chainID: told.chainID)
    var draft = LotteryDraft(after: working.number, asset: settings.asset)
    var firsts: [String: Int] = [:]
    for (place, request) in requests.enumerated() where outcomes[place] == nil {
      if let first = firsts[request.key] {
        outcomes[place] = LotteryDesk.same(request, requests[first]) ? outcomes[first] : .denied(.reused(request.key))
        continue
      }
      firsts[request.key] = place
      outcomes[place] = try decide(request, at: moment, &working, &draft)
    }
    if let error = try write(draft) {
      #if ALMONER_MUTANTS
        if LotteryDeskMutant.unknownIsDone.isActive, error.code == .commitUnknown {
          standing = working
          return .success(outcomes.compactMap(\.self))
        }
      #endif
      // Undone for certain: what was held is still true. Unknown: only the journal can tell.
      standing = error.code == .commitUnknown ? nil : before
      switch error.code {
      case .staleState, .conflict, .commitUnknown: return .failure(error)
      default: throw error
      }
    }
    standing = working
    return .success(outcomes.compactMap(\.self))
  }

  /// What the request's key stands for already; nil for a new one.
  private func known(_ request: LotteryRequest) throws -> LotteryOutcome? {
    let key = Array(request.key.utf8)
    guard (1...160).contains(key.count), key.allSatisfy({ $0 > 0x20 && $0 < 0x7f }) else {
      return .denied(LotteryDeskError(.badKey, "a request's key is 1 to 160 printable ASCII characters without spaces"))
    }
    #if ALMONER_MUTANTS
      if LotteryDeskMutant.keyForgotten.isActive { return nil }
    #endif
    guard let row = try store.entry(LotteryEntry.journal, key: request.key) else { return nil }
    guard row.entry.kind == request.operation.name else { return .denied(.reused(request.key)) }
    let entry = try LotteryEntry(body: row.entry.body)
    guard entry.command.operation == request.operation, entry.command.context.actor == request.actor else {
      return .denied(.reused(request.key))
    }
    return .done(entry.answer, entry: row.number, isNew: false)
  }

  private static func same(_ a: LotteryRequest, _ b: LotteryRequest) -> Bool {
    a.operation == b.operation && a.actor == b.actor
  }

  private func decide(
    _ request: LotteryRequest, at moment: LotteryMoment, _ working: inout Standing, _ draft: inout LotteryDraft
  ) throws -> LotteryOutcome {
    let context = Context(
      actor: request.actor, now: moment.now, block: moment.block ?? UInt64(clamping: working.number + 1),
      chainID: moment.chainID)
    let command = LotteryCommand(request.operation, context)
    do throws(LotteryDeskError) {
      try requireAdminForNumbers(request)
      try requirePayable(request)
      try working.books.require(request.operation, working.engine)
      try requirePlan(command, working)
    } catch { return .denied(error) }
    let events: [LotteryEvent]
    do {
      let done = try working.apply(command)
      events = done.events
      if let commitment = done.commitment { draft.commit(commitment) }
    } catch let error as LotteryError {
      if let audit = error.audit { draft.reject(audit, request, error) }
      return .refused(error)
    }
    let number = working.number + 1
    let step = try working.books.book(request.operation, events, working.engine, entry: number, settings.asset)
    // Also proves that every payee can be paid, before anything is written.
    if let batch = step.batch { _ = try batch.payees(working.engine, on: settings.chain) }
    let entry = LotteryEntry(command: command, answer: LotteryAnswer(events))
    try draft.accept(entry, events, step, key: request.key)
    working.number = number
    working.now = moment.now
    return .done(entry.answer, entry: number, isNew: true)
  }

  /// Who brings randomness could bring numbers of their own: that is for the admin alone (GAP 13).
  private func requireAdminForNumbers(_ request: LotteryRequest) throws(LotteryDeskError) {
    switch request.operation {
    case .vrfCallback, .acceptRandomness, .planRandomness: break
    default: return
    }
    guard request.actor != settings.admin else { return }
    throw LotteryDeskError(.notAllowed, "\(request.actor) may not bring randomness", hint: "the admin may")
  }

  /// The operation keeps to the plan of its lottery, and a value to its proof. What a network called back is proven on its
  /// chain alone: the admin's word, which every bundle says.
  private func requirePlan(_ command: LotteryCommand, _ working: Standing) throws(LotteryDeskError) {
    do throws(DrawProofError) {
      try working.courses.require(command, working.engine)
      guard case .acceptRandomness(let id, let brought) = command.operation else { return }
      let question = try working.courses.question(id, brought)
      if case .callback = question { return }
      guard let randomness else { throw DrawProofError(.wrongQuestion, "this program cannot look at proofs of values") }
      do throws(RandomnessError) {
        guard try randomness.value(of: brought.proof, for: question) == brought.value else {
          throw RandomnessError(.unproven, "the proof stands for another value")
        }
      } catch { throw DrawProofError(.refuted, error.message, hint: error.hint) }
    } catch { throw LotteryDeskError(.drawRefused, "\(error.code.rawValue): \(error.message)", hint: error.hint) }
  }

  /// Who buys will be paid, and who is a partner too: by an address that the paying chain knows.
  private func requirePayable(_ request: LotteryRequest) throws(LotteryDeskError) {
    let payee: LotteryAddress
    switch request.operation {
    case .purchaseTicketsPublic, .purchaseTicketsPremium: payee = request.actor
    case .recordPartnerPayoutAdmin(_, let partner, _, _, _): payee = partner
    default: return
    }
    guard payee.payee(on: settings.chain) != nil else {
      throw LotteryDeskError(
        .notPayable, "\(payee) is no address of \(settings.chain)",
        hint: "twelve zero bytes, then the 20 of the address")
    }
  }

  /// The one commit; the store's refusal, or nil when it stands or there is nothing to write.
  private func write(_ draft: LotteryDraft) throws -> StoreError? {
    guard !draft.isEmpty else { return nil }
    let now = clock.now()
    do throws(StoreError) {
      var writes: [Write] = []
      if let batch = draft.batch {
        let campaign = batch.campaign(
          try store.nextCampaignID(), chain: settings.chain, asset: settings.asset, by: actor, at: now)
        writes.append(.createCampaign(campaign))
        #if ALMONER_MUTANTS
          if LotteryDeskMutant.batchUnordered.isActive { writes.removeLast() }
        #endif
      }
      if !draft.entries.isEmpty {
        writes.append(
          .journal(
            JournalPart(
              journal: LotteryEntry.journal, after: draft.after, entries: draft.entries,
              transfers: draft.moves.transfers)))
      }
      writes += draft.notes.map { .note($0) }
      try store.commit(Commit(guardedBy: nil, actor: actor, at: now, writes: writes))
      return nil
    } catch { return error }
  }
}

extension LotteryDeskError {
  static func reused(_ key: String) -> LotteryDeskError {
    LotteryDeskError(.keyReused, "the key \(key) stands for another request", hint: "choose a new key")
  }
}

extension LotteryBatch {
  /// The campaign that pays it. Name and public id are made of the batch alone.
  func campaign(
    _ id: CampaignID, chain: ChainID, asset: AssetID, by actor: String, at now: Timestamp
  ) -> Campaign {
    Campaign(
      id: id, uuid: uuid, name: name, chain: chain, asset: asset, status: .pending, reason: nil, mode: .asyncBatch,
      priority: 5, window: .always, maxBatch: 200, canary: 0, createdBy: actor, createdAt: now, readyOrdinal: 0)
  }

  /// Version 8 (RFC 9562) over the digest of the name.
  private var uuid: String {
    var bytes = Array(Keccak.hash256(Array("almoner/\(name)".utf8)).bytes.prefix(16))
    bytes[6] = bytes[6] & 0x0f | 0x80
    bytes[8] = bytes[8] & 0x3f | 0x80
    let digits = Array(Hex.prefixed(bytes).dropFirst(2))
    let parts = [0..<8, 8..<12, 12..<16, 16..<20, 20..<32]
    return parts.map { String(digits[$0]) }.joined(separator: "-")
  }
}
