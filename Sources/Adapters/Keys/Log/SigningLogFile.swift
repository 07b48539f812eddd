package import Chains
import Codecs
import Foundation
package import Signing
import SQLite
import Synchronization

/// The signer's log in a SQLite file of its own: the witness of every slot that may be spent (PROTOCOL.md 3.2, 3.3).
///
/// Keep it out of the backups of the engine's store: restored together with it, it can no longer say what the store forgot.
/// A commit is on the disk when a call returns (WAL, `synchronous=FULL`); permits and signatures are append-only by trigger.
/// Threads: any may call; one at a time is served.
package final class SigningLogFile: SigningLog {
  package let path: String
  private let database: Mutex<SigningLogDatabase>

  /// Opens the log, or makes it with mode 0600. Throws `signing.log_failed` for a file that cannot be used, is no signing
  /// log, or was written by a newer version.
  package init(path: String) throws(SigningError) {
    let isNew = !FileManager.default.fileExists(atPath: path)
    let opened: SigningLogDatabase
    do { opened = try SigningLogDatabase(path: path) } catch { throw SigningLogFile.failure(error, path) }
    if isNew {
      // Best effort: the log holds no secret, but whom we pay is nobody else's business.
      try? FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: path)
    }
    self.path = path
    database = Mutex(opened)
  }

  /// Beside a keystore file, or inside a directory of them: `signing-log.sqlite`.
  package static func defaultPath(besideKeystore path: String) -> String {
    let url = URL(fileURLWithPath: path)
    let directory = BoundedFile.isDirectory(path) ? url : url.deletingLastPathComponent()
    return directory.appendingPathComponent("signing-log.sqlite").path
  }

  package func highestFence(_ chain: ChainID, _ account: Address) throws(SigningError) -> Int64 {
    try using { database throws(SQLiteError) in
      try database.lane(chain.description, account.bytes)?.fence ?? 0
    }
  }

  package func accounts(_ chain: ChainID) throws(SigningError) -> [Address] {
    try reading { database throws(SQLiteError) in
      try database.accounts(chain.description).map { Address($0) }.sorted()
    }
  }

  package func raiseFence(_ chain: ChainID, _ account: Address, to fence: Int64) throws(SigningError) {
    try writing { database throws(SQLiteError) in
      _ = try database.raise(chain.description, account.bytes, to: fence)
    }
  }

  package func records(
    _ chain: ChainID, _ account: Address, slots: [UInt64]
  ) throws(SigningError) -> [SlotRecord] {
    try reading { database throws(SQLiteError) in
      guard let lane = try database.lane(chain.description, account.bytes) else { return [] }
      var records: [SlotRecord] = []
      // Past 2^63 - 1 nothing can have been permitted.
      for slot in slots where Int64(exactly: slot) != nil {
        try database.append(&records, account, lane: lane.id, slot: Int64(clamping: slot))
      }
      return records
    }
  }

  package func records(
    _ chain: ChainID, _ account: Address, from slot: UInt64, limit: Int
  ) throws(SigningError) -> [SlotRecord] {
    try reading { database throws(SQLiteError) in
      guard let lane = try database.lane(chain.description, account.bytes), let first = Int64(exactly: slot) else {
        return []
      }
      var records: [SlotRecord] = []
      try database.append(&records, account, lane: lane.id, from: first, limit: max(0, limit))
      return records
    }
  }

  package func order(
    _ chain: ChainID, _ account: Address, slots: [UInt64]
  ) throws(SigningError) -> [UInt64: Int64] {
    try reading { database throws(SQLiteError) in
      guard let lane = try database.lane(chain.description, account.bytes) else { return [:] }
      var order: [UInt64: Int64] = [:]
      for slot in slots where Int64(exactly: slot) != nil {
        order[slot] = try database.firstPermit(lane: lane.id, slot: Int64(clamping: slot))
      }
      return order
    }
  }

  /// As the port says; also raises the fence to that of the records. Throws `signing.slot_taken` or
  /// `signing.stale_fence` from the database's own triggers, so that two processes on one log cannot pass each other.
  package func permit(_ chain: ChainID, _ records: [SlotRecord]) throws(SigningError) {
    for record in records where Int64(exactly: record.slot) == nil {
      throw SigningError(.logFailed, "slot \(record.slot) is past what the log can hold")
    }
    try writing { database throws(SQLiteError) in
      var lanes: [Address: Int64] = [:]
      for record in records {
        let lane: Int64
        if let known = lanes[record.account] {
          lane = known
        } else {
          lane = try database.raise(chain.description, record.account.bytes, to: record.fence)
          lanes[record.account] = lane
        }
        try database.insert(record, lane: lane)
        if let claim = record.claim { try database.insert(claim, lane: lane, slot: record.slot) }
      }
    }
  }

  package func holders(_ chain: ChainID, _ claim: PayoutClaim) throws(SigningError) -> [SlotPlace] {
    try reading { database throws(SQLiteError) in Array(try database.holders(chain.description, claim)) }
  }

  /// Adds a use of a key to the trail.
  package func note(_ use: KeyUse) throws(SigningError) {
    try writing { database throws(SQLiteError) in try database.insert(use) }
  }

  /// The newest uses, the newest first.
  package func uses(limit: Int) throws(SigningError) -> [KeyUse] {
    try reading { database throws(SQLiteError) in try database.uses(limit: max(0, limit)) }
  }

  package func release(_ chain: ChainID, _ place: SlotPlace, evidence: String) throws(SigningError) {
    try writing { database throws(SQLiteError) in
      guard let lane = try database.lane(chain.description, place.account.bytes) else { return }
      try database.release(lane: lane.id, slot: place.slot, evidence: evidence)
    }
  }

  package func complete(_ chain: ChainID, _ records: [SlotRecord]) throws(SigningError) {
    for record in records where record.signed == nil { throw SigningLogRefusal.unsigned(record.slot) }
    var missing: UInt64?
    try writing { database throws(SQLiteError) in
      var lanes: [Address: Int64] = [:]
      for record in records {
        if lanes[record.account] == nil {
          lanes[record.account] = try database.lane(chain.description, record.account.bytes)?.id
        }
        guard let lane = lanes[record.account], let signed = record.signed,
          try database.sign(signed, lane: lane, record: record)
        else {
          missing = record.slot
          throw SQLiteError(.refused, "a signature without a permit")
        }
      }
    } refusal: {
      missing.map(SigningLogRefusal.notPermitted)
    }
  }

  // MARK: -

  private func using<Result: Sendable>(
    _ body: (SigningLogDatabase) throws(SQLiteError) -> Result
  ) throws(SigningError) -> Result {
    do throws(SQLiteError) {
      return try database.withLock { database throws(SQLiteError) in try body(database) }
    } catch {
      throw SigningLogFile.failure(error, path)
    }
  }

  private func reading<Result: Sendable>(
    _ body: (SigningLogDatabase) throws(SQLiteError) -> Result
  ) throws(SigningError) -> Result {
    try using { database throws(SQLiteError) in
      try database.connection.transaction(.deferred) { () throws(SQLiteError) in try body(database) }
    }
  }

  private func writing(
    _ body: (SigningLogDatabase) throws(SQLiteError) -> Void, refusal: () -> SigningError? = { nil }
  ) throws(SigningError) {
    do {
      try using { database throws(SQLiteError) in
        try database.connection.transaction(.immediate) { () throws(SQLiteError) in try body(database) }
      }
    } catch {
      throw refusal() ?? error
    }
  }

  private static func failure(_ error: SQLiteError, _ path: String) -> SigningError {
    if error.code == .constraintTrigger, let code = SigningLogDatabase.refusal(in: error.message) {
      return SigningError(
        code, "the signing log refused: \(error.message)",
        hint: "another signer uses the same log; nothing was signed")
    }
    return SigningError(
      .logFailed, "the signing log \(path): \(error.message) (\(error.code.rawValue))",
      hint: "nothing is signed while the log cannot be written; check the disk and the file's owner")
  }
}
