import Chains
import Codecs
import Engine
import Money
import Payouts

extension Batch {
  /// A row that begins with id, campaign_no, lane_id, slot, asset, count, total, root, state, unknown, created_at.
  static func read(_ row: some Row) throws(StoreError) -> Batch {
    Batch(
      id: try row.id(0), campaign: try row.optionalID(1), lane: try row.id(2), slot: try row.uint64(3),
      asset: try row.asset(4), count: try row.int(5), total: try row.units(6), root: try row.hash(7),
      state: try row.word(8), unknown: try row.optionalWord(9), createdAt: try row.time(10), attempts: [])
  }
}

extension BatchView {
  /// As `Batch.read`, then statements, ended_at, fee_paid, verdict. A stranger's fee was not ours.
  static func read(_ row: some Row) throws(StoreError) -> BatchView {
    let isStranger = try row.optionalText(14) == Verdict.stranger.word
    return BatchView(
      batch: try Batch.read(row), evidence: try row.optionalText(11), endedAt: try row.optionalTime(12),
      feePaid: isStranger ? nil : try row.optionalUnits(13))
  }
}

extension Attempt {
  static func read(_ row: some Row) throws(StoreError) -> Attempt {
    var signed: SignedTransaction?
    if let bytes = try row.optionalBytes(11) { signed = SignedTransaction(bytes: bytes, hash: try row.hash(12)) }
    return Attempt(
      id: try row.id(0), kind: try row.word(1), state: try row.word(2),
      unsigned: UnsignedTransaction(bytes: try row.bytes(3), signingHash: try row.hash(4)),
      payloadDigest: try row.hash(5),
      fee: FeeTerms(limit: try row.uint64(6), price: try row.units(7), tip: try row.units(8)),
      fence: try row.int64(9), intendedAt: try row.time(10), signed: signed, sentAt: try row.optionalTime(13))
  }
}
