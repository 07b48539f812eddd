import Chains
import Codecs
package import Curves
package import Engine
import Ledger
import Money
import Payouts

/// One thing that somebody wants done, under a key of their own: asked twice, it is done once.
package struct LotteryRequest: Hashable, Sendable {
  /// 1 to 160 printable ASCII characters.
  package let key: String
  /// Already authenticated.
  package let actor: LotteryAddress
  package let operation: LotteryOperation

  package init(key: String, actor: LotteryAddress, operation: LotteryOperation) {
    self.key = key
    self.actor = actor
    self.operation = operation
  }
}

/// What became of a request.
package enum LotteryOutcome: Hashable, Sendable {
  /// It stands in the journal under this number; `isNew` is false when it stood there before.
  case done(LotteryAnswer, entry: Int64, isNew: Bool)
  /// The rules refused it. Nothing stands in the journal; the same key may be tried again.
  case refused(LotteryError)
  /// The desk refused it before or beside the rules.
  case denied(LotteryDeskError)
}

/// Durable lotteries: decides requests on the engine, and writes journal, ledger moves, notes and events in one commit.
///
/// One owner at a time; other processes may have desks over the same store. **What is not written is not kept**: an
/// engine that has decided something is owned by the try that decided it, and comes back only when the commit stands.
/// After a failure a young desk goes back to a copy that it held meanwhile (a copy shares the pages of large tables, so
/// it costs the pages that the try has changed); an older one, whose pages are many, forgets and replays.
package final class LotteryDesk {
  package typealias Store = Engine.PayoutStore & JournalStore

  /// Engine and books as of an entry of the journal.
  struct Standing {
    var engine: LotteryEngine
    var books = LotteryBooks()
    var courses = LotteryCourses()
    /// The last entry that is in it.
    var number: Int64 = 0
    /// The latest second of any entry: time never runs back.
    var now: UInt64 = 0
  }

  /// Entries up to which a copy is held over a commit.
  package static let mostEntriesCopied: Int64 = 1 << 16
  /// Purchases in one commit.
  package static let mostPerCommit = 1_024
  static let mostTries = 8
  static let page = 2_048

  let store: any Store
  package let settings: LotterySettings
  let time: any LotteryTime
  let clock: any EngineClock
  /// Looks at every value before it is taken. Nil: values are refused.
  let randomness: (any RandomnessVerifying)?
  /// Who stands in audit records: `operator:NAME`.
  let actor: String
  /// Nil: to be replayed.
  var standing: Standing?

  /// Replays the journal; the first request begins one. Throws `lottery_desk.settings_differ`, `lottery_desk.replay_differs`,
  /// `lottery_desk.bad_bytes`, and store errors.
  package init(
    store: any Store, settings: LotterySettings, time: any LotteryTime, clock: any EngineClock, actor: String,
    randomness: (any RandomnessVerifying)? = nil
  ) throws {
    self.store = store
    self.settings = settings
    self.time = time
    self.clock = clock
    self.actor = actor
    self.randomness = randomness
    try catchUp()
  }

  /// The engine as of the last entry that was read, for views. Throws as `init` when it must be replayed.
  package func engine() throws -> LotteryEngine {
    try catchUp()
    return standing?.engine ?? LotteryEngine(admin: settings.admin)
  }

  /// Pots and batches, as `engine`.
  package func books() throws -> LotteryBooks {
    try catchUp()
    return standing?.books ?? LotteryBooks()
  }

  /// Plans, commitments and values of all draws, as `engine`.
  package func courses() throws -> LotteryCourses {
    try catchUp()
    return standing?.courses ?? LotteryCourses()
  }

  /// Does one thing, once. Throws store errors and `lottery_desk.busy`; refusals are outcomes.
  package func perform(_ request: LotteryRequest) throws -> LotteryOutcome {
    guard let outcome = try perform(many: [request]).first else {
      throw LotteryDeskError(.busy, "the request was not looked at")
    }
    return outcome
  }

  /// Does things in order; purchases that follow each other share a commit. After a throw some of them may be done: ask
  /// again with the same keys.
  package func perform(many requests: [LotteryRequest]) throws -> [LotteryOutcome] {
    var outcomes: [LotteryOutcome] = []
    outcomes.reserveCapacity(requests.count)
    var start = 0
    while start < requests.count {
      var end = start + 1
      if requests[start].operation.isPurchase {
        while end < requests.count, end - start < LotteryDesk.mostPerCommit, requests[end].operation.isPurchase {
          end += 1
        }
      }
      outcomes += try together(Array(requests[start..<end]))
      start = end
    }
    return outcomes
  }

  /// One commit, tried again when others were first: somebody's entry, or one of our own that nobody knows of, shows when
  /// the journal is read. A commit that is lost on its way cannot land behind another, for it names the entry that it
  /// follows.
  private func together(_ requests: [LotteryRequest]) throws -> [LotteryOutcome] {
    var last: StoreError?
    for _ in 0..<LotteryDesk.mostTries {
      try catchUp()
      if standing?.number == 0 {
        try open()
        try catchUp()
      }
      switch try decided(requests) {
      case .success(let outcomes): return outcomes
      case .failure(let error): last = error
      }
    }
    throw LotteryDeskError(
      .busy, "others kept writing first: \(last?.message ?? "")", hint: "ask again with the same key")
  }
}

// MARK: Reading

extension LotteryDesk {
  private func open() throws {
    guard try store.lastEntry(LotteryEntry.journal) == 0 else { return }
    let part = JournalPart(journal: LotteryEntry.journal, after: 0, entries: [settings.entry])
    do throws(StoreError) {
      try store.commit(Commit(guardedBy: nil, actor: actor, at: clock.now(), writes: [.journal(part)]))
    } catch {
      guard error.code == .staleState || error.code == .commitUnknown else { throw error }
    }
  }

  /// Takes in what stands in the journal and not yet here.
  func catchUp() throws {
    var working = standing ?? Standing(engine: LotteryEngine(admin: settings.admin))
    // The only reference from here on: replaying changes tables where they lie. A throw leaves the desk to replay anew.
    standing = nil
    while true {
      let rows = try store.entries(LotteryEntry.journal, after: working.number, limit: LotteryDesk.page)
      for row in rows { try replay(row, &working) }
      guard rows.count == LotteryDesk.page else { break }
    }
    standing = working
  }

  private func replay(_ row: JournalRow, _ working: inout Standing) throws {
    guard row.number == working.number + 1 else {
      throw StoreError(.badRow, "the journal has \(row.number) after \(working.number)")
    }
    defer { working.number = row.number }
    guard row.number > 1 else {
      guard row.entry == settings.entry else {
        throw LotteryDeskError(
          .settingsDiffer, "the journal was begun for another admin, chain or asset",
          hint: "use the settings that it was begun with")
      }
      return
    }
    let entry = try LotteryEntry(body: row.entry.body)
    let events: [LotteryEvent]
    do { events = try working.apply(entry.command).events } catch let error as LotteryError {
      throw LotteryDeskError(.replayDiffers, "entry \(row.number) is refused now: \(error.code.rawValue)")
    } catch let error as DrawProofError {
      throw LotteryDeskError(.replayDiffers, "entry \(row.number) is refused now: \(error.code.rawValue)")
    }
    guard LotteryAnswer(events) == entry.answer else {
      throw LotteryDeskError(.replayDiffers, "entry \(row.number) has other events now")
    }
    _ = try working.books.book(
      entry.command.operation, events, working.engine, entry: row.number, settings.asset)
    working.now = max(working.now, entry.command.context.now)
  }
}
