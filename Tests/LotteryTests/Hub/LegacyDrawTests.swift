import Lottery
import Testing

/// The legacy half of the catalogue's 5.14.
@Suite("legacy_history_tests")
struct LegacyDrawTests {
  private static func draw(_ lotteryId: UInt64, _ requestId: UInt64, prize: UInt64 = 0) -> LegacyDraw {
    LegacyDraw(
      lotteryId: lotteryId, requestId: requestId, winner: LotteryAddress(7), ticketIndex: requestId % 2,
      prizeAmount: prize, randomBytes: [1], payload: [2])
  }

  private static func history() throws -> LegacyDrawHistory {
    var history = LegacyDrawHistory(account: EngineBench.admin)
    _ = try history.initialize(EngineBench.at(1))
    try history.takeWriter(EngineBench.at(1))
    return history
  }

  private func refuse(_ code: LegacyDrawError.Code, _ body: () throws(LegacyDrawError) -> Void) {
    do {
      try body()
      Issue.record("\(code.rawValue) was expected")
    } catch {
      #expect(error.code == code)
    }
  }

  @Test("sync_draws_records_history")
  func syncDrawsRecordsHistory() throws {
    var history = try Self.history()
    let paid: UInt64 = 200
    var queue = [Self.draw(1, 55, prize: paid * 6000 / 10_000)]
    let before = history.snapshot
    let events = try history.syncDraws(from: &queue, limit: 0, EngineBench.at(77))
    #expect(queue.isEmpty)
    let record = try #require(history.latestRecord(of: 1))
    #expect(record.requestId == 55 && record.winner == LotteryAddress(7) && record.ticketIndex < 2)
    #expect(record.prizeAmount == 120 && record.timestampSeconds == 77)
    let after = try #require(history.snapshot)
    #expect(
      events == [
        .drawRecorded(
          lotteryId: 1, requestId: 55, winner: LotteryAddress(7), ticketIndex: 1, prizeAmount: 120,
          timestampSeconds: 77),
        .historySnapshotUpdated(previous: before, current: after),
      ])
    #expect(after.lotteryIds == [1])
  }

  @Test func `the newest 128 draws of a lottery are kept, and a limit leaves the rest in the queue`() throws {
    var history = try Self.history()
    var queue = (0..<130).map { Self.draw(3, UInt64($0)) }
    _ = try history.syncDraws(from: &queue, limit: 129, EngineBench.at(1))
    #expect(queue.map(\.requestId) == [129])
    let records = try #require(history.snapshot?.histories.first?.records)
    #expect(records.count == 128)
    #expect(records.first?.requestId == 1 && records.last?.requestId == 128)
  }

  @Test func `writing needs the right to write, and every refusal has its number`() throws {
    var history = LegacyDrawHistory(account: EngineBench.admin)
    refuse(.notAuthorized) { () throws(LegacyDrawError) in
      _ = try history.initialize(EngineBench.at(0, by: LotteryAddress(9)))
    }
    refuse(.notInitialized) { () throws(LegacyDrawError) in
      _ = try history.clearHistory(of: 1, EngineBench.at(0))
    }
    _ = try history.initialize(EngineBench.at(0))
    refuse(.alreadyInitialized) { () throws(LegacyDrawError) in _ = try history.initialize(EngineBench.at(0)) }
    refuse(.notInitialized) { () throws(LegacyDrawError) in
      _ = try history.recordDraw(Self.draw(1, 1), EngineBench.at(0))
    }
    refuse(.notInitialized) { () throws(LegacyDrawError) in try history.releaseWriter(EngineBench.at(0)) }
    refuse(.notAuthorized) { () throws(LegacyDrawError) in
      _ = try history.setAdmin(LotteryAddress(9), EngineBench.at(0, by: LotteryAddress(9)))
    }
    #expect(LegacyDrawError.Code.allCases.map(\.number) == [1, 2, 3])
  }

  @Test func `clearing forgets one lottery, and says what was before`() throws {
    var history = try Self.history()
    _ = try history.recordDraw(Self.draw(5, 1), EngineBench.at(1))
    _ = try history.recordDraw(Self.draw(4, 2), EngineBench.at(1))
    #expect(history.snapshot?.lotteryIds == [5, 4])
    let events = try history.clearHistory(of: 5, EngineBench.at(2))
    guard case .historySnapshotUpdated(let previous, let current) = events.first else {
      Issue.record("no snapshot event")
      return
    }
    #expect(previous?.lotteryIds == [5, 4] && current.lotteryIds == [4])
  }
}
