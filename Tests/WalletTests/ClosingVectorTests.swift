import Codecs
import Money
import Testing
import Wallet

@Suite("Vectors: closings and retries")
struct ClosingVectorTests {
  /// Times of the vectors: `2025-01-01T13:00:00+00:00`.
  static func time(_ text: String) throws -> Timestamp {
    let day = try #require(CivilDay(String(text.prefix(10))))
    let clock = text.dropFirst(11).prefix(8).split(separator: ":").compactMap { Int64($0) }
    try #require(clock.count == 3 && text.hasSuffix("+00:00"))
    let seconds = day.number * 86_400 + clock[0] * 3600 + clock[1] * 60 + clock[2]
    return Timestamp(milliseconds: seconds * 1000)
  }

  private static func entry(_ given: JSON) throws -> BonusEntry {
    var entry = BonusEntry(
      key: BonusKey(order: given.text("bonus_id"), type: .share, user: given.text("user_id"), level: 0), source: "s",
      tree: nil, pointValueText: "0", amount: try Points.units(given.text("bonus_amount")),
      createdAt: try time(given.text("created_at")), metadata: JSONObject())
    entry.status = try #require(BonusStatus(rawValue: given.text("status")))
    entry.retryCount = Int(given["metadata"]?["retry_count"]?.uint64 ?? 0)
    return entry
  }

  /// Columns against what the vectors keep in metadata.
  private static func check(_ entry: BonusEntry, _ expected: JSON, _ name: Comment) throws {
    #expect(entry.status.rawValue == expected.text("status"), name)
    let metadata = expected["metadata"]
    #expect(UInt64(entry.retryCount) == metadata?["retry_count"]?.uint64 ?? 0, name)
    #expect(entry.lastError == metadata?["last_error"]?.string, name)
    #expect((entry.status == .failed) == (metadata?["status"] == "failed") || entry.lastError == nil, name)
    #expect((entry.confirmedAt != nil) == (expected["confirmed"]?.bool == true), name)
    let hold = try expected["hold_until"]?.string.map { try time($0) }
    #expect(entry.holdUntil == hold, name)
  }

  private static func check(_ row: BonusRetryRow?, _ expected: JSON?, _ name: Comment) throws {
    #expect((row == nil) == (expected == nil), name)
    guard let row, let expected else { return }
    #expect(row.status.rawValue == expected.text("status"), name)
    #expect(UInt64(row.retryCount) == expected["retry_count"]?.uint64, name)
    #expect(row.failureReason.json == expected["failure_reason"], name)
    #expect(row.retryAfter == (try expected["retry_after"]?.string.map { try time($0) }), name)
  }

  @Test func `every closing of the vectors holds`() throws {
    for vector in try WalletVectors.cases("bonus_closing") {
      let now = try Self.time(vector.text("now"))
      let closing = BonusClosing(
        maxRetries: Int(vector["max_retries"]?.uint64 ?? 5),
        backoffMinutes: Int64(vector["retry_backoff_minutes"]?.uint64 ?? 10), refundLagDays: 0)
      var entries = try vector.list("entries").map(Self.entry)
      let blocked = Set(vector.list("blocked_users").compactMap(\.string))
      var (count, credits, rows) = (BonusClosingCount(), [JSON](), [String: BonusRetryRow]())
      for entry in closing.selected(entries, isPaid: { _ in true }, at: now) {
        let isBlocked = blocked.contains(entry.key.user)
        let done = try closing.closed(
          entry, isBlocked ? .refused("wallet blocked for \(entry.key.user)") : .credited, at: now)
        if !isBlocked {
          credits.append(["user_id": .string(entry.key.user), "amount": .string(Points.text(entry.amount))])
        }
        count.count(done.entry.status)
        rows[entry.key.order] = done.row
        let place = try #require(entries.firstIndex { $0.key == entry.key })
        entries[place] = done.entry
      }
      let (name, job): (Comment, JSON) = ("\(vector.text("name"))", try #require(vector["expected_job"]))
      #expect(.array(credits) == vector["expected_credits"], name)
      #expect(BonusClosingCount.runID(at: now) == job.text("job_id"), name)
      #expect(CivilDay(now).text == job["summary"]?.text("closing_date"), name)
      let required = vector["required_instead"]
      #expect(UInt64(count.total) == job["total"]?.uint64 && UInt64(count.confirmed) == job["confirmed"]?.uint64, name)
      #expect(UInt64(count.retry) == (required?["retry"] ?? job["retry"])?.uint64, name)
      #expect(UInt64(count.failed) == (required?["failed"] ?? job["failed"])?.uint64, name)
      let state = try #require(vector["expected_state"])
      for (entry, expected) in zip(entries, state.list("entries")) { try Self.check(entry, expected, name) }
      #expect(rows.count == state.list("retry_queue").count, name)
      for expected in state.list("retry_queue") { try Self.check(rows[expected.text("bonus_id")], expected, name) }
    }
  }

  @Test func `every life of a retried credit in the vectors holds`() throws {
    for vector in try WalletVectors.cases("bonus_retry") {
      let name: Comment = "\(vector.text("name"))"
      let given = vector["initial_queue_metadata"] ?? [:]
      let first = vector["initial_retry_after"] == nil ? nil : try Self.time(vector.text("initial_retry_after"))
      var entry = BonusEntry(
        key: BonusKey(order: "order-1", type: .share, user: "u", level: 0), source: "s", tree: nil,
        pointValueText: "0", amount: .one, createdAt: Timestamp(milliseconds: 0), metadata: JSONObject())
      entry.status = .retry
      entry.retryCount = Int(given["retry_count"]?.uint64 ?? 0)
      entry.lastError = given["last_error"]?.string
      entry.holdUntil = first
      var row = BonusRetryRow(
        bonus: entry.key, retryCount: entry.retryCount, retryAfter: first, failureReason: given["last_error"]?.string)
      let config = vector["config"]
      func whole(_ key: String) -> UInt64? { config?[key]?.number.flatMap { UInt64($0.prefix { $0 != "." }) } }
      let rules = BonusRetrying(
        maxRetries: whole("max_retries").map(Int.init) ?? 5,
        baseMinutes: whole("base_delay_minutes").map(Int64.init) ?? 15,
        factor: whole("backoff_factor").map(Int64.init) ?? 2)
      guard let runs = vector["expected_runs"]?.array else {
        row = rules.withoutEntry(row)
        let queued = vector["expected"]?.list("queue").first
        #expect(row.status.rawValue == queued?.text("status"), name)
        #expect(row.failureReason == queued?.text("failure_reason"), name)
        continue
      }
      var attempt: UInt64 = 0
      for run in runs {
        let now = try Self.time(run.text("at"))
        let isProcessed = row.isDue(at: now)
        if isProcessed {
          attempt += 1
          row = try row.taken(at: now, leaseMilliseconds: 60_000)
          let isLucky = vector["wallet_succeeds_on_attempt"]?.uint64 == attempt
          (entry, row) = try rules.finished(
            entry, row, isLucky ? .credited : .refused("failure-\(attempt)"), at: now)
        }
        #expect(isProcessed == (run["processed"]?.uint64 == 1), name)
        #expect((run["succeeded"]?.uint64 == 1) == (isProcessed && row.status == .completed), name)
        #expect((run["rescheduled"]?.uint64 == 1) == (isProcessed && row.status == .pending), name)
        #expect((run["failed"]?.uint64 == 1) == (isProcessed && row.status == .failed), name)
        let state = try #require(run["state"])
        try Self.check(entry, try #require(state.list("entries").first), name)
        try Self.check(row, state.list("retry_queue").first, name)
      }
    }
  }

  @Test func `every schedule of the vectors holds`() throws {
    for vector in try WalletVectors.cases("retry") {
      /// Numbers of the vectors, to the thousandth; the digits of binary fractions behind it are none of ours.
      func thousandths(_ json: JSON?) throws -> Int64 {
        let text = try #require(json?.number)
        return Int64(try ExactDecimal(text).rounded(places: 3, .halfEven).limbs.0)
      }
      let schedule = RetrySchedule(
        attempts: Int(vector["attempts"]?.uint64 ?? 0),
        initialMilliseconds: try thousandths(vector["initial_delay"]),
        factorNumerator: try thousandths(vector["backoff_factor"]), factorDenominator: 1000)
      let (name, expected): (Comment, JSON) = ("\(vector.text("name"))", try #require(vector["expected"]))
      var (calls, pauses, failures) = (UInt64(0), [Int64](), [JSON]())
      let lucky = vector["succeeds_on"]?.uint64
      let outcome = schedule.run(
        { () -> RetriedCall<String, String> in
          calls += 1
          return calls == lucky ? .answered("ok") : .refused("fail \(calls)")
        },
        onFailure: { error, attempt in failures.append([.integer(attempt), .string(error)]) },
        pause: { pauses.append($0) })
      #expect(calls == expected["calls"]?.uint64, name)
      #expect(pauses == (try expected.list("sleeps_seconds").map { try thousandths($0) }), name)
      #expect(.array(failures) == expected["failure_callbacks"], name)
      switch outcome {
      case .answered(let value): #expect(.string(value) == expected["returned"], name)
      case .refused(let error): #expect(.string(error) == expected["raised"]?["message"], name)
      case .unknown: Issue.record("nothing is unknown here")
      case nil: #expect(expected["raised"]?["type"] == "RuntimeError", name)
      }
    }
  }
}
