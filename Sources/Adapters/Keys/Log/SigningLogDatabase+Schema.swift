import Signing
import SQLite

extension SigningLogDatabase {
  /// "ALSL": tells a signing log from any other SQLite file.
  private static let applicationID: Int64 = 0x414c_534c
  private static let version: Int64 = 2

  /// The refusal that a trigger raised, by the code in its message.
  static func refusal(in message: String) -> SigningError.Code? {
    for code in [SigningError.Code.slotTaken, .staleFence, .payoutTaken] where message.contains(code.rawValue) {
      return code
    }
    return nil
  }

  /// Makes the tables in an empty file; leaves a log alone; refuses everything else.
  static func migrate(_ connection: Connection) throws(SQLiteError) {
    try connection.transaction(.immediate) { () throws(SQLiteError) in
      let application = try number(connection, "PRAGMA application_id")
      let found = try number(connection, "PRAGMA user_version")
      if application == applicationID {
        guard found <= version else {
          throw SQLiteError(.refused, "it was written by a newer version of this program (\(found))")
        }
        if found < 2 { try connection.execute(claims) }
        return
      }
      guard application == 0, found == 0,
        try number(connection, "SELECT count(*) FROM sqlite_schema") == 0
      else { throw SQLiteError(.notADatabase, "it is another program's database") }
      try connection.execute(schema)
      try connection.execute(claims)
    }
  }

  private static func number(_ connection: Connection, _ sql: StaticString) throws(SQLiteError) -> Int64 {
    var statement = try connection.prepare(sql, persistent: false)
    guard try statement.step() else { return 0 }
    let value = try statement.int64(0)
    statement.reset()
    return value
  }

  /// A permit is written before a key is asked, a signature after; nothing is ever changed or removed but a fence, which
  /// only rises. The two refusals of `SigningGuard` that must hold between processes are triggers here.
  private static let schema: StaticString = """
    CREATE TABLE lane (
      id INTEGER PRIMARY KEY,
      chain TEXT NOT NULL CHECK (length(chain) BETWEEN 1 AND 64),
      account BLOB NOT NULL CHECK (length(account) BETWEEN 1 AND 64),
      fence INTEGER NOT NULL,
      UNIQUE (chain, account)
    ) STRICT;
    CREATE TABLE permit (
      id INTEGER PRIMARY KEY,
      lane INTEGER NOT NULL REFERENCES lane (id),
      slot INTEGER NOT NULL CHECK (slot >= 0),
      kind TEXT NOT NULL CHECK (kind IN ('pay', 'void', 'setup')),
      payload_digest BLOB NOT NULL CHECK (length(payload_digest) = 32),
      signing_hash BLOB NOT NULL CHECK (length(signing_hash) = 32),
      fence INTEGER NOT NULL,
      unsigned BLOB NOT NULL CHECK (length(unsigned) > 0),
      UNIQUE (lane, slot, signing_hash)
    ) STRICT;
    CREATE TABLE signature (
      id INTEGER PRIMARY KEY,
      permit INTEGER NOT NULL REFERENCES permit (id),
      hash BLOB NOT NULL CHECK (length(hash) = 32),
      signed BLOB NOT NULL CHECK (length(signed) > 0),
      UNIQUE (permit, hash)
    ) STRICT;
    CREATE TRIGGER permit_stale_fence BEFORE INSERT ON permit
    WHEN NEW.fence < (SELECT fence FROM lane WHERE id = NEW.lane)
    BEGIN SELECT raise(ABORT, 'signing.stale_fence: a newer fence was announced'); END;
    CREATE TRIGGER permit_slot_taken BEFORE INSERT ON permit
    WHEN NEW.kind <> 'void' AND EXISTS (
      SELECT 1 FROM permit
      WHERE lane = NEW.lane AND slot = NEW.slot AND kind <> 'void' AND payload_digest <> NEW.payload_digest)
    BEGIN SELECT raise(ABORT, 'signing.slot_taken: the slot was permitted for other content'); END;
    CREATE TRIGGER lane_fence_rises BEFORE UPDATE ON lane
    WHEN NEW.fence < OLD.fence OR NEW.id <> OLD.id OR NEW.chain <> OLD.chain OR NEW.account <> OLD.account
    BEGIN SELECT raise(ABORT, 'a fence only rises'); END;
    CREATE TRIGGER lane_kept BEFORE DELETE ON lane
    BEGIN SELECT raise(ABORT, 'the signing log is append-only'); END;
    CREATE TRIGGER permit_unchanged BEFORE UPDATE ON permit
    BEGIN SELECT raise(ABORT, 'the signing log is append-only'); END;
    CREATE TRIGGER permit_kept BEFORE DELETE ON permit
    BEGIN SELECT raise(ABORT, 'the signing log is append-only'); END;
    CREATE TRIGGER signature_unchanged BEFORE UPDATE ON signature
    BEGIN SELECT raise(ABORT, 'the signing log is append-only'); END;
    CREATE TRIGGER signature_kept BEFORE DELETE ON signature
    BEGIN SELECT raise(ABORT, 'the signing log is append-only'); END;
    PRAGMA application_id = 1095521100;
    PRAGMA user_version = 1;
    """

  /// Version 2: which payouts a slot was permitted for, slots that are known to be dead, and every use of a key.
  private static let claims: StaticString = """
    CREATE TABLE claim (
      id INTEGER PRIMARY KEY,
      lane INTEGER NOT NULL REFERENCES lane (id),
      slot INTEGER NOT NULL CHECK (slot >= 0),
      campaign TEXT NOT NULL CHECK (length(campaign) BETWEEN 1 AND 200),
      first INTEGER NOT NULL,
      last INTEGER NOT NULL CHECK (last >= first),
      UNIQUE (lane, slot, campaign, first, last)
    ) STRICT;
    CREATE INDEX claim_by_payout ON claim (campaign, last);
    CREATE TABLE release (
      id INTEGER PRIMARY KEY,
      lane INTEGER NOT NULL REFERENCES lane (id),
      slot INTEGER NOT NULL,
      evidence TEXT NOT NULL,
      UNIQUE (lane, slot)
    ) STRICT;
    CREATE TABLE key_use (
      id INTEGER PRIMARY KEY,
      at INTEGER NOT NULL,
      peer TEXT NOT NULL,
      chain TEXT NOT NULL,
      account BLOB NOT NULL,
      count INTEGER NOT NULL,
      first_slot TEXT NOT NULL,
      last_slot TEXT NOT NULL,
      campaigns TEXT NOT NULL,
      refusal TEXT
    ) STRICT;
    CREATE TRIGGER key_use_unchanged BEFORE UPDATE ON key_use
    BEGIN SELECT raise(ABORT, 'the signing log is append-only'); END;
    CREATE TRIGGER key_use_kept BEFORE DELETE ON key_use
    BEGIN SELECT raise(ABORT, 'the signing log is append-only'); END;
    CREATE TRIGGER claim_taken BEFORE INSERT ON claim
    WHEN EXISTS (
      SELECT 1 FROM claim c JOIN lane l ON l.id = c.lane
      WHERE c.campaign = NEW.campaign AND c.last >= NEW.first AND c.first <= NEW.last
        AND (c.lane <> NEW.lane OR c.slot <> NEW.slot)
        AND l.chain = (SELECT chain FROM lane WHERE id = NEW.lane)
        AND NOT EXISTS (SELECT 1 FROM release r WHERE r.lane = c.lane AND r.slot = c.slot))
    BEGIN SELECT raise(ABORT, 'signing.payout_taken: a payout is permitted in another slot'); END;
    CREATE TRIGGER claim_unchanged BEFORE UPDATE ON claim
    BEGIN SELECT raise(ABORT, 'the signing log is append-only'); END;
    CREATE TRIGGER claim_kept BEFORE DELETE ON claim
    BEGIN SELECT raise(ABORT, 'the signing log is append-only'); END;
    CREATE TRIGGER release_unchanged BEFORE UPDATE ON release
    BEGIN SELECT raise(ABORT, 'the signing log is append-only'); END;
    CREATE TRIGGER release_kept BEFORE DELETE ON release
    BEGIN SELECT raise(ABORT, 'the signing log is append-only'); END;
    PRAGMA user_version = 2;
    """
}
