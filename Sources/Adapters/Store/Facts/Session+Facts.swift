import Codecs
import Engine
import Money
import Policy
import PostgreSQL

extension Session {
  func rateCounts(_ keys: [String]) throws(StoreError) -> [String: RateCount] {
    var counts: [String: RateCount] = [:]
    for row in try run([.rateCounts(keys)])[0].all(RateCount.read) { counts[row.key] = row.count }
    return counts
  }

  func kycRecords(_ keys: [Hash32]) throws(StoreError) -> [Hash32: KYCRecord] {
    var values = Arguments()
    values.add(array: keys)
    let found = try run([
      Request(
        """
        SELECT k.key, k.status, k.level, k.reference, k.checked_at, k.asked_at
        FROM unnest($1::bytea[]) u(key) JOIN kyc_answers k ON k.key = u.key
        """, values)
    ])
    var records: [Hash32: KYCRecord] = [:]
    for record in try found[0].all(KYCRecord.read) { records[record.key] = record }
    return records
  }
}

extension Request {
  static func rateCounts(_ keys: [String]) -> Request {
    Request(
      """
      SELECT r.key, r.used, r.reset_at, r.seen_at, r.entries
      FROM unnest($1::text[]) u(key) JOIN rate_limits r ON r.key = u.key
      """, Request.array(keys))
  }

  /// Makes the rows that are missing, so that there is something to lock: whoever else makes one is waited for.
  static func makeRates(_ meters: [RateMeter]) -> Request {
    var values = Arguments()
    values.add(array: meters.map(\.key))
    values.add(array: meters.map(\.quota))
    values.add(array: meters.map(\.seconds))
    return Request(
      """
      INSERT INTO rate_limits(key, quota, window_sec, used, reset_at, seen_at, entries)
      SELECT u.k, u.q, u.w, 0, 0, 0, ''::bytea FROM unnest($1::text[], $2::int8[], $3::int8[]) WITH ORDINALITY u(k, q, w, o)
      ORDER BY u.o
      ON CONFLICT(key) DO NOTHING
      """, values)
  }

  /// The rows, locked in the order of the keys.
  static func lockRates(_ keys: [String]) -> Request {
    Request(
      """
      SELECT r.key, r.used, r.reset_at, r.seen_at, r.entries
      FROM unnest($1::text[]) WITH ORDINALITY u(key, o) JOIN rate_limits r ON r.key = u.key
      ORDER BY u.o FOR NO KEY UPDATE OF r
      """, Request.array(keys))
  }

  static func update(_ rates: [(meter: RateMeter, count: RateCount)]) -> Request {
    var values = Arguments()
    values.add(array: rates.map(\.meter.key))
    values.add(array: rates.map(\.meter.quota))
    values.add(array: rates.map(\.meter.seconds))
    values.add(array: rates.map(\.count.used))
    values.add(array: rates.map(\.count.resetAt))
    values.add(array: rates.map(\.count.seenAt))
    values.add(array: rates.map(\.count.entryBytes))
    return Request(
      """
      UPDATE rate_limits r SET quota = u.q, window_sec = u.w, used = u.n, reset_at = u.r, seen_at = u.s, entries = u.e
      FROM unnest($1::text[], $2::int8[], $3::int8[], $4::int8[], $5::int8[], $6::int8[], $7::bytea[])
        u(k, q, w, n, r, s, e)
      WHERE r.key = u.k
      """, values)
  }

  static func put(_ records: [KYCRecord]) -> Request {
    var values = Arguments()
    values.add(array: records.map(\.key))
    values.add(array: records.map(\.answer.status.rawValue))
    values.add(array: records.map(\.answer.level))
    values.add(array: records.map(\.answer.reference))
    values.add(array: records.map(\.answer.checkedAt))
    values.add(array: records.map(\.askedAt))
    return Request(
      """
      INSERT INTO kyc_answers(key, status, level, reference, checked_at, asked_at)
      SELECT * FROM unnest($1::bytea[], $2::text[], $3::text[], $4::text[], $5::int8[], $6::int8[])
      ON CONFLICT(key) DO UPDATE SET status = excluded.status, level = excluded.level, reference = excluded.reference,
        checked_at = excluded.checked_at, asked_at = excluded.asked_at
      """, values)
  }

  private static func array(_ keys: [String]) -> Arguments {
    var values = Arguments()
    values.add(array: keys)
    return values
  }
}

/// The counters that a commit touches, as they are found under their locks, and as its intents leave them.
struct RatePicture {
  var counts: [String: RateCount] = [:]
  /// Those that are written.
  var changed: [String: RateMeter] = [:]

  var update: Expected? {
    let rates = changed.sorted { $0.key < $1.key }.compactMap { key, meter in
      counts[key].map { (meter: meter, count: $0) }
    }
    guard !rates.isEmpty else { return nil }
    return Expected(.update(rates), rows: rates.count, "counters of limits were written")
  }
}

/// What a commit must lock of them: nothing, for most commits.
struct RateQuestions {
  private var meters: [String: RateMeter] = [:]

  mutating func add(_ write: Write) {
    guard case .intend(let intent) = write, !intent.isAdopted else { return }
    for charge in intent.rates.charges { meters[charge.meter.key] = charge.meter }
  }

  /// After every other lock of a commit: all lanes may meet here.
  var requests: [Request] {
    guard !meters.isEmpty else { return [] }
    // By bytes, as every other commit orders them.
    let ordered = meters.values.sorted { Array($0.key.utf8).lexicographicallyPrecedes(Array($1.key.utf8)) }
    return [.makeRates(ordered), .lockRates(ordered.map(\.key))]
  }

  /// The answers to `requests`, in order.
  func picture(_ answers: ArraySlice<Rows>) throws(StoreError) -> RatePicture {
    var picture = RatePicture()
    guard let last = answers.last, answers.count == 2 else { return picture }
    for row in try last.all(RateCount.read) { picture.counts[row.key] = row.count }
    guard picture.counts.count == meters.count else { throw StoreError(.badRow, "a counter of a limit is gone") }
    return picture
  }
}
