import Codecs
import Engine
import Money
import Policy

extension Database {
  func rateCount(_ key: String) throws(StoreError) -> RateCount? {
    try first(
      "SELECT key, used, reset_at, seen_at, entries FROM rate_limits WHERE key = ?", key, read: RateCount.read)?.count
  }

  func kycRecord(_ key: Hash32) throws(StoreError) -> KYCRecord? {
    try first(
      "SELECT key, status, level, reference, checked_at, asked_at FROM kyc_answers WHERE key = ?", key,
      read: KYCRecord.read)
  }

  /// What an intent counts, in the transaction that writes it.
  func count(_ intent: Intent, at now: Timestamp) throws(StoreError) {
    guard !intent.isAdopted, intent.rates != .none else { return }
    let counts = try intent.counted(active: activeDigest(), at: now) { key throws(StoreError) in try rateCount(key) }
    for charge in intent.rates.charges {
      guard let count = counts[charge.meter.key] else { continue }
      try run(
        """
        INSERT INTO rate_limits(key, quota, window_sec, used, reset_at, seen_at, entries) VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7)
        ON CONFLICT(key) DO UPDATE SET quota = ?2, window_sec = ?3, used = ?4, reset_at = ?5, seen_at = ?6, entries = ?7
        """, charge.meter.key, charge.meter.quota, charge.meter.seconds, count.used, count.resetAt, count.seenAt,
        count.entryBytes)
    }
  }

  func keep(_ record: KYCRecord) throws(StoreError) {
    let answer = record.answer
    try run(
      """
      INSERT INTO kyc_answers(key, status, level, reference, checked_at, asked_at) VALUES(?1, ?2, ?3, ?4, ?5, ?6)
      ON CONFLICT(key) DO UPDATE SET status = ?2, level = ?3, reference = ?4, checked_at = ?5, asked_at = ?6
      """, record.key, answer.status.rawValue, answer.level, answer.reference, answer.checkedAt, record.askedAt)
  }
}
