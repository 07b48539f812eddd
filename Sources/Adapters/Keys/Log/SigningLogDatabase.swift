import Chains
import Codecs
import Money
import Payouts
import Signing
import SQLite

/// Tables and statements of the signing log. Not Sendable: `SigningLogFile` holds it in a Mutex.
final class SigningLogDatabase {
  let connection: Connection
  private var selectAccounts: SQLite.Statement
  private var findLane: SQLite.Statement
  private var raiseLane: SQLite.Statement
  private var insertPermit: SQLite.Statement
  private var insertSignature: SQLite.Statement
  private var findPermit: SQLite.Statement
  private var selectSlot: SQLite.Statement
  private var selectFrom: SQLite.Statement
  private var selectFirst: SQLite.Statement
  private var insertClaim: SQLite.Statement
  private var selectHolders: SQLite.Statement
  private var insertRelease: SQLite.Statement
  private var insertUse: SQLite.Statement
  private var selectUses: SQLite.Statement

  init(path: String) throws(SQLiteError) {
    let connection = try Connection(path: path)
    try SigningLogDatabase.migrate(connection)
    self.connection = connection
    selectAccounts = try connection.prepare("SELECT account FROM lane WHERE chain = ?1")
    findLane = try connection.prepare("SELECT id, fence FROM lane WHERE chain = ?1 AND account = ?2")
    raiseLane = try connection.prepare(
      """
      INSERT INTO lane (chain, account, fence) VALUES (?1, ?2, ?3)
      ON CONFLICT (chain, account) DO UPDATE SET fence = excluded.fence WHERE excluded.fence > fence
      """)
    insertPermit = try connection.prepare(
      """
      INSERT INTO permit (lane, slot, kind, payload_digest, signing_hash, fence, unsigned)
      VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7) ON CONFLICT (lane, slot, signing_hash) DO NOTHING
      """)
    insertSignature = try connection.prepare(
      "INSERT INTO signature (permit, hash, signed) VALUES (?1, ?2, ?3) ON CONFLICT (permit, hash) DO NOTHING")
    findPermit = try connection.prepare(
      "SELECT id FROM permit WHERE lane = ?1 AND slot = ?2 AND signing_hash = ?3")
    // Permits are numbered across lanes, in the order in which they were given.
    selectFirst = try connection.prepare("SELECT id FROM permit WHERE lane = ?1 AND slot = ?2 ORDER BY id LIMIT 1")
    // A device that draws its nonce at random signs the same bytes twice in two ways: the newest is handed out, both stay.
    selectSlot = try connection.prepare(
      """
      SELECT p.slot, p.kind, p.payload_digest, p.signing_hash, p.fence, p.unsigned, s.hash, s.signed
      FROM permit p LEFT JOIN signature s ON s.id = (SELECT max(id) FROM signature WHERE permit = p.id)
      WHERE p.lane = ?1 AND p.slot = ?2 ORDER BY p.id
      """)
    // The same claim comes again with every fee bump.
    insertClaim = try connection.prepare(
      """
      INSERT INTO claim (lane, slot, campaign, first, last) VALUES (?1, ?2, ?3, ?4, ?5)
      ON CONFLICT (lane, slot, campaign, first, last) DO NOTHING
      """)
    selectHolders = try connection.prepare(
      """
      SELECT DISTINCT l.account, c.slot FROM claim c JOIN lane l ON l.id = c.lane
      WHERE l.chain = ?1 AND c.campaign = ?2 AND c.last >= ?3 AND c.first <= ?4
        AND NOT EXISTS (SELECT 1 FROM release r WHERE r.lane = c.lane AND r.slot = c.slot)
      """)
    insertUse = try connection.prepare(
      """
      INSERT INTO key_use (at, peer, chain, account, count, first_slot, last_slot, campaigns, refusal)
      VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, nullif(?9, ''))
      """)
    selectUses = try connection.prepare(
      """
      SELECT at, peer, chain, account, count, first_slot, last_slot, campaigns, ifnull(refusal, '') FROM key_use
      ORDER BY id DESC LIMIT ?1
      """)
    insertRelease = try connection.prepare(
      "INSERT INTO release (lane, slot, evidence) VALUES (?1, ?2, ?3) ON CONFLICT (lane, slot) DO NOTHING")
    selectFrom = try connection.prepare(
      """
      SELECT p.slot, p.kind, p.payload_digest, p.signing_hash, p.fence, p.unsigned, s.hash, s.signed
      FROM permit p LEFT JOIN signature s ON s.id = (SELECT max(id) FROM signature WHERE permit = p.id)
      WHERE p.lane = ?1 AND p.slot >= ?2 ORDER BY p.slot, p.id LIMIT ?3
      """)
  }

  func insert(_ claim: PayoutClaim, lane: Int64, slot: UInt64) throws(SQLiteError) {
    for run in claim.runs {
      try insertClaim.bind(1, lane)
      try insertClaim.bind(2, Int64(clamping: slot))
      try insertClaim.bind(3, claim.campaign)
      try insertClaim.bind(4, run.first.raw)
      try insertClaim.bind(5, run.last.raw)
      try insertClaim.run()
    }
  }

  func holders(_ chain: String, _ claim: PayoutClaim) throws(SQLiteError) -> Set<SlotPlace> {
    var found: Set<SlotPlace> = []
    for run in claim.runs {
      try selectHolders.bind(1, chain)
      try selectHolders.bind(2, claim.campaign)
      try selectHolders.bind(3, run.first.raw)
      try selectHolders.bind(4, run.last.raw)
      while try selectHolders.step() {
        found.insert(
          SlotPlace(account: Address(try selectHolders.blob(0)), slot: UInt64(clamping: try selectHolders.int64(1))))
      }
    }
    return found
  }

  func release(lane: Int64, slot: UInt64, evidence: String) throws(SQLiteError) {
    try insertRelease.bind(1, lane)
    try insertRelease.bind(2, Int64(clamping: slot))
    try insertRelease.bind(3, evidence)
    try insertRelease.run()
  }

  func insert(_ use: KeyUse) throws(SQLiteError) {
    try insertUse.bind(1, use.at.milliseconds)
    try insertUse.bind(2, use.peer)
    try insertUse.bind(3, use.chain.description)
    try insertUse.bind(4, use.account.bytes)
    try insertUse.bind(5, Int64(use.count))
    // A slot may be any 64 bits in a call that is refused.
    try insertUse.bind(6, String(use.firstSlot))
    try insertUse.bind(7, String(use.lastSlot))
    try insertUse.bind(8, use.campaigns.joined(separator: "\n"))
    try insertUse.bind(9, use.refusal ?? "")
    try insertUse.run()
  }

  func uses(limit: Int) throws(SQLiteError) -> [KeyUse] {
    try selectUses.bind(1, limit)
    var uses: [KeyUse] = []
    while try selectUses.step() {
      guard let chain = ChainID(try selectUses.text(2)), let first = UInt64(try selectUses.text(5)),
        let last = UInt64(try selectUses.text(6))
      else { throw SQLiteError(.corrupt, "a use of a key is not readable") }
      let refusal = try selectUses.text(8)
      uses.append(
        KeyUse(
          at: Timestamp(milliseconds: try selectUses.int64(0)), peer: try selectUses.text(1), chain: chain,
          account: Address(try selectUses.blob(3)), count: Int(try selectUses.int64(4)), firstSlot: first,
          lastSlot: last, campaigns: try selectUses.text(7).split(separator: "\n").map(String.init),
          refusal: refusal.isEmpty ? nil : refusal))
    }
    return uses
  }

  func accounts(_ chain: String) throws(SQLiteError) -> [[UInt8]] {
    try selectAccounts.bind(1, chain)
    var found: [[UInt8]] = []
    while try selectAccounts.step() { found.append(try selectAccounts.blob(0)) }
    return found
  }

  func lane(_ chain: String, _ account: [UInt8]) throws(SQLiteError) -> (id: Int64, fence: Int64)? {
    try findLane.bind(1, chain)
    try findLane.bind(2, account)
    guard try findLane.step() else { return nil }
    let found = (try findLane.int64(0), try findLane.int64(1))
    findLane.reset()
    return found
  }

  /// The lane's number, with its fence at least this high.
  func raise(_ chain: String, _ account: [UInt8], to fence: Int64) throws(SQLiteError) -> Int64 {
    try raiseLane.bind(1, chain)
    try raiseLane.bind(2, account)
    try raiseLane.bind(3, fence)
    try raiseLane.run()
    guard let lane = try lane(chain, account) else { throw SQLiteError(.refused, "a lane was not stored") }
    return lane.id
  }

  func firstPermit(lane: Int64, slot: Int64) throws(SQLiteError) -> Int64? {
    try selectFirst.bind(1, lane)
    try selectFirst.bind(2, slot)
    guard try selectFirst.step() else { return nil }
    let found = try selectFirst.int64(0)
    selectFirst.reset()
    return found
  }

  func insert(_ record: SlotRecord, lane: Int64) throws(SQLiteError) {
    try insertPermit.bind(1, lane)
    try insertPermit.bind(2, Int64(clamping: record.slot))
    try insertPermit.bind(3, record.kind.rawValue)
    try insertPermit.bind(4, record.payloadDigest.bytes)
    try insertPermit.bind(5, record.signingHash.bytes)
    try insertPermit.bind(6, record.fence)
    try insertPermit.bind(7, record.unsigned)
    try insertPermit.run()
  }

  /// Adds a signature to its permit; false when there is none.
  func sign(_ signed: SignedTransaction, lane: Int64, record: SlotRecord) throws(SQLiteError) -> Bool {
    try findPermit.bind(1, lane)
    try findPermit.bind(2, Int64(clamping: record.slot))
    try findPermit.bind(3, record.signingHash.bytes)
    guard try findPermit.step() else { return false }
    try insertSignature.bind(1, findPermit.int64(0))
    findPermit.reset()
    try insertSignature.bind(2, signed.hash.bytes)
    try insertSignature.bind(3, signed.bytes)
    try insertSignature.run()
    return true
  }

  func append(
    _ records: inout [SlotRecord], _ account: Address, lane: Int64, slot: Int64
  ) throws(SQLiteError) {
    try selectSlot.bind(1, lane)
    try selectSlot.bind(2, slot)
    while try selectSlot.step() { records.append(try SigningLogDatabase.record(selectSlot, account)) }
  }

  func append(
    _ records: inout [SlotRecord], _ account: Address, lane: Int64, from slot: Int64, limit: Int
  ) throws(SQLiteError) {
    try selectFrom.bind(1, lane)
    try selectFrom.bind(2, slot)
    try selectFrom.bind(3, limit)
    while try selectFrom.step() { records.append(try SigningLogDatabase.record(selectFrom, account)) }
  }

  /// Checked again when read: a record that this code cannot have written is an error, not a guess.
  private static func record(_ row: borrowing SQLite.Statement, _ account: Address) throws(SQLiteError) -> SlotRecord {
    guard let slot = UInt64(exactly: try row.int64(0)), let kind = AttemptKind(rawValue: try row.text(1)),
      let payloadDigest = Hash32(try row.blob(2)), let signingHash = Hash32(try row.blob(3))
    else { throw SQLiteError(.corrupt, "a permit is not readable") }
    var signed: SignedTransaction?
    if let bytes = try row.optionalBlob(7) {
      guard let hash = Hash32(try row.blob(6)) else { throw SQLiteError(.corrupt, "a signature is not readable") }
      signed = SignedTransaction(bytes: bytes, hash: hash)
    }
    return SlotRecord(
      account: account, slot: slot, kind: kind, payloadDigest: payloadDigest, signingHash: signingHash,
      fence: try row.int64(4), unsigned: try row.blob(5), signed: signed)
  }
}
