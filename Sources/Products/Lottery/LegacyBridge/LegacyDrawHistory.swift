/// Why the legacy draw history refused; an error space of its own. Codes are stable: docs/errors.md.
package struct LegacyDrawError: Error, Hashable, Sendable {
  package enum Code: String, CaseIterable, Sendable {
    /// The history was initialised before.
    case alreadyInitialized = "lottery.draws_already_initialized"
    /// The history was not initialised, or does not hold the right to write.
    case notInitialized = "lottery.draws_not_initialized"
    /// The caller is not the history's admin, nor the package account.
    case notAuthorized = "lottery.draws_not_authorized"

    /// The number of the original, spec 1.9.
    package var number: UInt64 {
      switch self {
      case .alreadyInitialized: 1
      case .notInitialized: 2
      case .notAuthorized: 3
      }
    }
  }
  package let code: Code
  package let message: String

  package init(_ code: Code, _ message: String = "") {
    self.code = code
    self.message = message.isEmpty ? code.rawValue : message
  }
}

/// One draw of the old core, as its queue hands it over.
package struct LegacyDraw: Hashable, Sendable {
  package let lotteryId: UInt64
  package let requestId: UInt64
  package let winner: LotteryAddress
  package let ticketIndex: UInt64
  package let prizeAmount: UInt64
  package let randomBytes: [UInt8]
  package let payload: [UInt8]

  package init(
    lotteryId: UInt64, requestId: UInt64, winner: LotteryAddress, ticketIndex: UInt64, prizeAmount: UInt64,
    randomBytes: [UInt8], payload: [UInt8]
  ) {
    self.lotteryId = lotteryId
    self.requestId = requestId
    self.winner = winner
    self.ticketIndex = ticketIndex
    self.prizeAmount = prizeAmount
    self.randomBytes = randomBytes
    self.payload = payload
  }
}

/// A draw and when it was recorded.
package struct DrawRecord: Hashable, Sendable {
  package let requestId: UInt64
  package let winner: LotteryAddress
  package let ticketIndex: UInt64
  package let prizeAmount: UInt64
  package let randomBytes: [UInt8]
  package let payload: [UInt8]
  package let timestampSeconds: UInt64
}

/// The whole history at one moment.
package struct LegacyDrawSnapshot: Hashable, Sendable {
  package struct Lottery: Hashable, Sendable {
    package let lotteryId: UInt64
    package let records: [DrawRecord]
  }

  package let admin: LotteryAddress
  /// In first-seen order.
  package let lotteryIds: [UInt64]
  package let histories: [Lottery]
}

package enum LegacyDrawEvent: Hashable, Sendable {
  case drawRecorded(
    lotteryId: UInt64, requestId: UInt64, winner: LotteryAddress, ticketIndex: UInt64, prizeAmount: UInt64,
    timestampSeconds: UInt64)
  /// After every change.
  case historySnapshotUpdated(previous: LegacyDrawSnapshot?, current: LegacyDrawSnapshot)
}

/// The newest draws of each lottery of the old core. Source: spec 2.20, "legacy draw history".
package struct LegacyDrawHistory: Equatable, Sendable {
  package let account: LotteryAddress
  private var admin: LotteryAddress?
  /// The right to take draws out of the old core's queue.
  package private(set) var holdsWriter = false
  private var histories: [UInt64: [DrawRecord]] = [:]
  private var lotteryIds: [UInt64] = []

  package init(account: LotteryAddress) { self.account = account }

  /// nil before `initialize`.
  package var snapshot: LegacyDrawSnapshot? {
    guard let admin else { return nil }
    return LegacyDrawSnapshot(
      admin: admin, lotteryIds: lotteryIds,
      histories: lotteryIds.map { .init(lotteryId: $0, records: histories[$0] ?? []) })
  }

  package func latestRecord(of lotteryId: UInt64) -> DrawRecord? { histories[lotteryId]?.last }

  /// `init`: by the package account, once.
  package mutating func initialize(_ context: Context) throws(LegacyDrawError) -> [LegacyDrawEvent] {
    guard context.actor == account else { throw LegacyDrawError(.notAuthorized) }
    guard admin == nil else { throw LegacyDrawError(.alreadyInitialized) }
    admin = account
    return changed(from: nil)
  }

  package mutating func setAdmin(
    _ next: LotteryAddress, _ context: Context
  ) throws(LegacyDrawError) -> [LegacyDrawEvent] {
    try requireAdmin(context)
    let previous = snapshot
    admin = next
    return changed(from: previous)
  }

  /// Forgets the draws of one lottery.
  package mutating func clearHistory(
    of lotteryId: UInt64, _ context: Context
  ) throws(LegacyDrawError) -> [LegacyDrawEvent] {
    try requireAdmin(context)
    let previous = snapshot
    histories[lotteryId] = nil
    lotteryIds.removeAll { $0 == lotteryId }
    return changed(from: previous)
  }

  // MARK: The right to write

  package mutating func takeWriter(_ context: Context) throws(LegacyDrawError) {
    try requireAdmin(context)
    holdsWriter = true
  }

  /// Throws `notInitialized` when it is not held.
  package mutating func releaseWriter(_ context: Context) throws(LegacyDrawError) {
    try requireAdmin(context)
    try requireWriter()
    holdsWriter = false
  }

  // MARK: Draws

  /// Records a draw at the moment of the context; of more than 128 the oldest goes.
  package mutating func recordDraw(
    _ draw: LegacyDraw, _ context: Context
  ) throws(LegacyDrawError) -> [LegacyDrawEvent] {
    try requireWriter()
    let previous = snapshot
    if histories[draw.lotteryId] == nil { lotteryIds.append(draw.lotteryId) }
    histories[draw.lotteryId, default: []].append(
      DrawRecord(
        requestId: draw.requestId, winner: draw.winner, ticketIndex: draw.ticketIndex, prizeAmount: draw.prizeAmount,
        randomBytes: draw.randomBytes, payload: draw.payload, timestampSeconds: context.now))
    if let count = histories[draw.lotteryId]?.count, count > Limits.legacyDrawRecords {
      histories[draw.lotteryId]?.removeFirst(count - Limits.legacyDrawRecords)
    }
    let recorded = LegacyDrawEvent.drawRecorded(
      lotteryId: draw.lotteryId, requestId: draw.requestId, winner: draw.winner, ticketIndex: draw.ticketIndex,
      prizeAmount: draw.prizeAmount, timestampSeconds: context.now)
    return [recorded] + changed(from: previous)
  }

  /// `sync_draws_from_rounds`: takes draws out of the old core's queue, in order; at most `limit`, or all for 0.
  package mutating func syncDraws(
    from queue: inout [LegacyDraw], limit: UInt64, _ context: Context
  ) throws(LegacyDrawError) -> [LegacyDrawEvent] {
    try requireWriter()
    let count = limit == 0 ? queue.count : Int(min(limit, UInt64(queue.count)))
    var events: [LegacyDrawEvent] = []
    for draw in queue.prefix(count) { events += try recordDraw(draw, context) }
    queue.removeFirst(count)
    return events
  }

  // MARK: Parts

  private func requireAdmin(_ context: Context) throws(LegacyDrawError) {
    guard let admin else { throw LegacyDrawError(.notInitialized) }
    guard context.actor == admin else {
      throw LegacyDrawError(.notAuthorized, "\(context.actor) is not the admin")
    }
  }

  private func requireWriter() throws(LegacyDrawError) {
    guard admin != nil, holdsWriter else {
      throw LegacyDrawError(.notInitialized, "the history does not hold the right to write")
    }
  }

  private func changed(from previous: LegacyDrawSnapshot?) -> [LegacyDrawEvent] {
    guard let current = snapshot else { return [] }
    return [.historySnapshotUpdated(previous: previous, current: current)]
  }
}
