/// One step of the schema: forward only, and never edited once it is merged.
struct Migration: Sendable {
  /// A sentence that must hold before or after the step, and the query whose rows break it. The first column says how.
  struct Check: Sendable {
    let sentence: String
    let sql: StaticString
  }
  /// 1, 2, 3, ... without a gap.
  let number: Int
  /// Why the step is taken, one line.
  let reason: String
  let sql: StaticString
  let before: [Check]
  let after: [Check]

  /// Every step, in order. The number of the last one is the schema's version.
  static let all: [Migration] = [
    .payouts, .chainIndex, .userViews, .placedKeys, .brokerRelay, .people, .screening, .facts,
    .control, .journal,
  ]

  /// The same steps on PostgreSQL, number by number.
  static let allOnPostgreSQL: [Migration] = [
    .payoutsOnPostgreSQL, .chainIndexOnPostgreSQL, .userViewsOnPostgreSQL, .placedKeysOnPostgreSQL,
    .brokerRelayOnPostgreSQL, .peopleOnPostgreSQL, .screeningOnPostgreSQL, .factsOnPostgreSQL,
    .controlOnPostgreSQL, .journalOnPostgreSQL,
  ]
}
