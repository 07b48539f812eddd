import Codecs
import Foundation
package import Curves
package import Money
import SQLite

/// What a VRF key was asked for: one input a lottery, for ever, durable before the value is computed.
///
/// A file that is missing is not made anew by whoever opens it: an empty log would let a second input pass. Made together
/// with the key; a copy of an older state is an older memory, so the file belongs on no snapshot that is ever put back.
package final class VRFLog {
  private static let applicationID: Int64 = 0x4156_5246
  private let connection: Connection
  private var insert: Statement
  private var find: Statement

  /// Makes the log of a key. Throws `randomness.log_failed`, also for a file that exists.
  package static func create(_ path: String, publicKey: [UInt8]) throws(RandomnessError) -> VRFLog {
    guard !FileManager.default.fileExists(atPath: path) else {
      throw RandomnessError(.logFailed, "\(path) exists already; it is not replaced")
    }
    do throws(SQLiteError) {
      let connection = try Connection(path: path)
      try connection.transaction(.immediate) { () throws(SQLiteError) in
        try connection.execute(schema)
        var key = try connection.prepare("INSERT INTO key (id, public) VALUES (1, ?1)")
        try key.bind(1, publicKey)
        try key.run()
      }
    } catch { throw failed(path, error) }
    return try VRFLog(path: path, publicKey: publicKey)
  }

  /// Opens the log of this key. Throws `randomness.log_failed` when it is missing, another file, or another key's.
  package init(path: String, publicKey: [UInt8]) throws(RandomnessError) {
    guard FileManager.default.fileExists(atPath: path) else {
      throw RandomnessError(
        .logFailed, "the log \(path) is missing: without it nobody knows what this key was asked for",
        hint: "put the log back; if it is lost, make a new key and name it in the plans of new lotteries")
    }
    do throws(SQLiteError) {
      let connection = try Connection(path: path, Configuration(mode: .readWrite))
      var mark = try connection.prepare("PRAGMA application_id")
      guard try mark.step(), try mark.int64(0) == VRFLog.applicationID else {
        throw SQLiteError(.notADatabase, "it is another program's file")
      }
      mark.reset()
      var key = try connection.prepare("SELECT public FROM key WHERE id = 1")
      guard try key.step(), try key.blob(0) == publicKey else {
        throw SQLiteError(.refused, "it is the log of another key")
      }
      key.reset()
      insert = try connection.prepare(
        "INSERT INTO answer (lottery, alpha, commitment, peer, at) VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT DO NOTHING")
      find = try connection.prepare("SELECT alpha FROM answer WHERE lottery = ?1")
      self.connection = connection
    } catch { throw VRFLog.failed(path, error) }
  }

  /// Makes durable that this lottery's input is this one. Again the same is nothing new. Throws
  /// `randomness.already_answered` for another input, `randomness.log_failed`.
  package func permit(_ closing: ClosingBytes, peer: String, at: Timestamp) throws(RandomnessError) {
    let first: [UInt8]
    do throws(SQLiteError) {
      first = try connection.transaction(.immediate) { () throws(SQLiteError) in
        // Text: a lottery's number may be any of 64 bits.
        try insert.bind(1, String(closing.lottery))
        try insert.bind(2, closing.alpha.bytes)
        try insert.bind(3, closing.bytes)
        try insert.bind(4, peer)
        try insert.bind(5, at.milliseconds)
        try insert.run()
        try find.bind(1, String(closing.lottery))
        guard try find.step() else { throw SQLiteError(.refused, "an answer was not stored") }
        let found = try find.blob(0)
        find.reset()
        return found
      }
    } catch { throw VRFLog.failed("the log", error) }
    guard first == closing.alpha.bytes else {
      throw RandomnessError(
        .alreadyAnswered, "lottery \(closing.lottery) was closed with another commitment before",
        hint: "a lottery has one value of this key; if its draw failed, the fallback of its plan stands")
    }
  }

  private static func failed(_ path: String, _ error: SQLiteError) -> RandomnessError {
    RandomnessError(.logFailed, "\(path): \(error.message)", hint: "nothing was answered")
  }

  private static let schema: StaticString = """
    PRAGMA application_id = 1096176198;
    CREATE TABLE key (id INTEGER PRIMARY KEY CHECK (id = 1), public BLOB NOT NULL CHECK (length(public) = 32)) STRICT;
    CREATE TABLE answer (
      lottery TEXT PRIMARY KEY CHECK (length(lottery) BETWEEN 1 AND 20),
      alpha BLOB NOT NULL CHECK (length(alpha) = 32),
      commitment BLOB NOT NULL CHECK (length(commitment) > 0),
      peer TEXT NOT NULL,
      at INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;
    CREATE TRIGGER answer_unchanged BEFORE UPDATE ON answer BEGIN SELECT raise(ABORT, 'the log only grows'); END;
    CREATE TRIGGER answer_kept BEFORE DELETE ON answer BEGIN SELECT raise(ABORT, 'the log only grows'); END;
    CREATE TRIGGER key_unchanged BEFORE UPDATE ON key BEGIN SELECT raise(ABORT, 'the log only grows'); END;
    CREATE TRIGGER key_kept BEFORE DELETE ON key BEGIN SELECT raise(ABORT, 'the log only grows'); END;
    """
}
