import Chains
import Codecs
import Engine
import Money
import Payouts

/// A payout as the tables hold it.
struct PayoutRow {
  let id: PayoutID
  let key: String
  let address: Address
  let units: UInt256
  let status: PayoutStatus
  let batch: BatchID?
  let batchState: BatchState?
  let unknown: UnknownReason?
  let errorCode: String?
  let errorMessage: String?
  let rowNumber: Int64
  let metadata: String

  static func read(_ row: some Row) throws(StoreError) -> PayoutRow {
    let id: PayoutID = try row.id(0)
    let uuid = try row.text(2)
    return PayoutRow(
      id: id, key: try row.optionalText(1) ?? "\(uuid)-\(id.ordinal)", address: try row.address(3),
      units: try row.units(4), status: try row.word(5), batch: try row.optionalID(6),
      batchState: try row.optionalWord(7), unknown: try row.optionalWord(8), errorCode: try row.optionalText(9),
      errorMessage: try row.optionalText(10), rowNumber: try row.int64(11), metadata: try row.metadata(12))
  }

  func view(hash: Hash32?, ranges: [PayoutRun]) -> PayoutView {
    PayoutView(
      payout: id, key: key, campaign: id.campaign, address: address, units: units, status: status, fate: fate,
      batch: batch, transaction: hash, outIndex: hash == nil ? nil : ranges.place(of: id), errorCode: errorCode,
      errorMessage: errorMessage, rowNumber: rowNumber, metadata: metadata)
  }

  private var fate: Fate? {
    guard status == .submitted else { return nil }
    // Submitted under a batch that has ended: the chain moved another sum.
    guard batchState == .live else { return .unknown(.partial) }
    return unknown.map { .unknown($0) } ?? .pending
  }
}
