extension Migration {
  /// Only the keys: the check of a payout's status costs nothing here.
  static let placedKeysOnPostgreSQL = Migration(
    number: 4,
    reason: Migration.placedKeys.reason,
    sql: """
      ALTER TABLE loads ADD COLUMN key_count bigint NOT NULL DEFAULT 0 CHECK(key_count >= 0);
      ALTER TABLE loads ADD COLUMN keys_placed bigint NOT NULL DEFAULT 0;
      WITH keyed AS (
        SELECT l.no, count(r.payout_key) AS keys FROM loads l
          JOIN recipients r ON r.id >= (l.campaign_no << 32) + l.first_ordinal
            AND r.id < (l.campaign_no << 32) + l.next_ordinal
        GROUP BY l.no)
      UPDATE loads SET key_count = keyed.keys, keys_placed = keyed.keys FROM keyed WHERE keyed.no = loads.no;
      ALTER TABLE loads ADD CHECK(
        keys_placed BETWEEN 0 AND key_count AND (state = 'loading' OR keys_placed = key_count));
      """,
    before: [],
    after: [
      Check(
        sentence: "every placed key is one of a load",
        sql: """
          SELECT 'loads count ' || (SELECT sum(keys_placed) FROM loads) || ', there are ' || count(*) FROM payout_keys
          HAVING count(*) <> (SELECT coalesce(sum(keys_placed), 0) FROM loads)
          """)
    ])
}
