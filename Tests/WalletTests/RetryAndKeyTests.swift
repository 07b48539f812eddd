import Codecs
import Money
import Testing
import Wallet

@Suite("Retries, closings and keys")
struct RetryAndKeyTests {
  private static let now = Timestamp(milliseconds: 1_735_732_800_000)

  private static func entry() -> BonusEntry {
    BonusEntry(
      key: BonusKey(order: "o", type: .share, user: "u", level: 0), source: "u", tree: nil, pointValueText: "1",
      amount: UInt256(5), createdAt: now, metadata: JSONObject())
  }

  @Test func `three calls pause one second and two, and none after the last`() {
    let schedule = RetrySchedule()
    #expect((1...3).map { schedule.pauseMilliseconds(after: $0) } == [1000, 2000, nil])
    #expect(RetrySchedule(attempts: 0).pauseMilliseconds(after: 1) == nil)
  }

  @Test func `a refused credit is tried 10, 30, 60 and 120 minutes later, and then fails`() throws {
    let closed = try BonusClosing().closed(Self.entry(), .refused("blocked"), at: Self.now)
    var (entry, row) = (closed.entry, try #require(closed.row))
    var now = try #require(row.retryAfter)
    #expect(now == Self.now.advanced(byMilliseconds: 600_000))
    for minutes: Int64 in [30, 60, 120] {
      #expect(!row.isDue(at: now.advanced(byMilliseconds: -1)))
      row = try row.taken(at: now, leaseMilliseconds: 60_000)
      (entry, row) = try BonusRetrying().finished(entry, row, .refused("again"), at: now)
      #expect(row.retryAfter == now.advanced(byMilliseconds: minutes * 60_000))
      now = try #require(row.retryAfter)
    }
    row = try row.taken(at: now, leaseMilliseconds: 60_000)
    (entry, row) = try BonusRetrying().finished(entry, row, .refused("again"), at: now)
    #expect(entry.status == .failed && entry.retryCount == 5 && row.status == .failed && row.retryCount == 4)
  }

  @Test func `an exhausted entry fails in the closing, and a young one waits`() throws {
    let once = BonusClosing(maxRetries: 1)
    #expect(try once.closed(Self.entry(), .refused("x"), at: Self.now).entry.status == .failed)
    #expect(!BonusClosing().takes(Self.entry(), isOrderPaid: true, at: Self.now))
    #expect(!BonusClosing(refundLagDays: 0).takes(Self.entry(), isOrderPaid: false, at: Self.now))
    #expect(BonusClosing(refundLagDays: 0).takes(Self.entry(), isOrderPaid: true, at: Self.now))
  }

  @Test func `a row left in processing comes back when its lease is over`() throws {
    let row = BonusRetryRow(bonus: Self.entry().key, retryCount: 1, retryAfter: nil, failureReason: nil)
    let taken = try row.taken(at: Self.now, leaseMilliseconds: 1000)
    #expect(!taken.isDue(at: Self.now) && taken.isDue(at: Self.now.advanced(byMilliseconds: 1000)))
  }

  @Test func `a key runs once, refuses another payload, and lives a day`() throws {
    func decide(_ stored: IdempotencyKey?, _ hash: String, after milliseconds: Int64) -> KeyDecision {
      IdempotencyKey.decide(
        stored: stored, scope: "aegmall:u", key: "k", payloadHash: hash,
        at: Self.now.advanced(byMilliseconds: milliseconds))
    }
    guard case .run(let row) = decide(nil, "a", after: 0) else { throw WalletError(.keyConflict, "no run") }
    #expect(decide(row, "a", after: 59_999) == .inProgress)
    guard case .run = decide(row, "a", after: 60_000) else { throw WalletError(.keyConflict, "no take-over") }
    let done = row.finished(.succeeded, resource: "order-1")
    #expect(decide(done, "a", after: 1) == .duplicate("order-1"))
    guard case .conflict(let record) = decide(done, "b", after: 1) else { throw WalletError(.keyConflict, "none") }
    #expect(record.status == .failedConflict && done.status == .succeeded)
    guard case .run = decide(done, "b", after: IdempotencyKey.lifeMilliseconds) else {
      throw WalletError(.keyConflict, "an expired key is free")
    }
  }
}
