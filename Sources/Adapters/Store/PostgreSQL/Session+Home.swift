import Codecs
import Engine
import Money
import Payouts
import PostgreSQL

extension Session {
  /// Compares the database with the one that the store was last opened in. Another one is a copy or a restored dump,
  /// which may have forgotten what was acted upon: it raises the epoch, so that every lane drains until its signer's
  /// log was asked (protocol.md 3.3).
  ///
  /// A server that was restored from its own files keeps its name; there the log is compared as lanes are acquired.
  func settleHome(sha256: any SHA256Hashing) throws(StoreError) {
    try write { () throws(StoreError) in
      try run("SELECT pg_advisory_xact_lock($1)", StoreLock.migration)
      let here = try first(
        """
        SELECT c.system_identifier, d.oid::int8, h.system_identifier, h.database_oid
        FROM pg_control_system() c CROSS JOIN pg_database d LEFT JOIN store_home h ON true
        WHERE d.datname = current_database()
        """
      ) { row throws(StoreError) in
        (
          system: try row.int64(0), database: try row.int64(1), knownSystem: try row.optionalInt64(2),
          knownDatabase: try row.optionalInt64(3)
        )
      }
      guard let here else { throw StoreError(.badRow, "the database does not know itself") }
      guard let knownSystem = here.knownSystem else {
        try run(
          "INSERT INTO store_home(one, system_identifier, database_oid) VALUES(1, $1, $2)", here.system, here.database)
        return
      }
      guard knownSystem != here.system || here.knownDatabase != here.database else { return }
      try run("UPDATE store_home SET system_identifier = $1, database_oid = $2", here.system, here.database)
      try raiseEpoch(reason: "the_database_is_a_copy", actor: "system", at: try now(nil), sha256: sha256)
    }
  }

  /// The next epoch with its record, inside the open transaction.
  func raiseEpoch(
    reason: String, actor: String, at: Timestamp, sha256: any SHA256Hashing
  ) throws(StoreError) {
    try run("SELECT epoch FROM store_identity FOR NO KEY UPDATE")
    try raiseEpoch(reason: reason)
    try apply(.epochRaised(try identity(), reason: reason, actor: actor, at: at), sha256: sha256)
  }
}
