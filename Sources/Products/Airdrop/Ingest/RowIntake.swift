import Chains
import Codecs
import Money

/// Takes rows of any format apart into checked records for the sorters, and faults for the rejects.
///
/// The record under way is written straight into the sorter's arena and dropped when the row turns out to be bad.
struct RowIntake {
  let options: IngestOptions
  private let parser: any RecipientAddressParsing
  private let forbidden: [[UInt8]]
  private(set) var recipients: ExternalSorter
  private let payoutIDs: PayoutIDCollector
  var rejects: RejectLog
  /// Data rows, blank lines not counted.
  private(set) var rows: Int64 = 0
  /// The last row, counted with blank lines.
  private(set) var lastRow: Int64 = 0

  init(
    options: IngestOptions, parser: any RecipientAddressParsing, sha256: any SHA256Hashing, space: any SpillSpace,
    beside: any WorkBeside, format: RejectFormat, tuning: IngestTuning
  ) {
    self.options = options
    self.parser = parser
    forbidden = options.forbidden.map(\.bytes)
    let payoutIDs = PayoutIDCollector(
      addressLength: parser.addressLength, sha256: sha256, space: space, tuning: tuning)
    self.payoutIDs = payoutIDs
    recipients = ExternalSorter(
      keyLength: parser.addressLength, space: space, beside: beside, rows: tuning.runRows, bytes: tuning.runBytes
    ) { (run) throws(IngestError) in try payoutIDs.take(&run) }
    rejects = RejectLog(format: format, space: space, tuning: tuning)
  }

  // MARK: One row: begin, address, amount, payout id, metadata, end

  mutating func begin(row: Int64) {
    rows += 1
    lastRow = row
  }

  /// The row is bad: forgets what was written of it and notes why.
  mutating func reject(_ fault: RowFault, row: Int64, original: RejectFormat.Original) throws(IngestError) {
    recipients.dropRecord()
    try rejects.append(fault, row: row, original: original)
  }

  mutating func address(_ text: Span<UInt8>, _ range: Range<Int>, row: Int64) -> RowFault.Code? {
    let start = recipients.arena.count
    let reading = parser.append(text, range, to: &recipients.arena)
    switch reading {
    case .verified, .unverified: break
    case .malformed: return range.isEmpty ? .missingValue : .badAddress
    case .badChecksum: return .badChecksum
    case .zero: return .zeroAddress
    }
    for address in forbidden where isEqual(address, recipients.arena, at: start) { return .forbiddenAddress }
    recipients.arena.appendBigEndian(UInt64(bitPattern: row))
    recipients.arena.append(reading == .unverified ? RecipientRecord.unverifiedFlag : 0)
    return nil
  }

  /// After the address: its last byte holds a flag, and takes the length of the units.
  mutating func amount(_ text: Span<UInt8>, _ range: Range<Int>) -> RowFault.Code? {
    switch AmountText.read(text, range, decimals: options.decimals) {
    case .refused(let code): return code
    case .small(let value):
      let count = 8 - value.leadingZeroBitCount / 8
      recipients.arena[recipients.arena.count - 1] |= UInt8(truncatingIfNeeded: count)
      var shift = UInt64(count * 8)
      while shift > 0 {
        shift &-= 8
        recipients.arena.append(UInt8(truncatingIfNeeded: value &>> shift))
      }
    case .large(let value):
      let bytes = value.minimalBigEndianBytes
      recipients.arena[recipients.arena.count - 1] |= UInt8(truncatingIfNeeded: bytes.count)
      recipients.arena += bytes
    }
    return nil
  }

  /// `text` is valid UTF-8; empty for none.
  mutating func payoutID(_ text: ArraySlice<UInt8>) -> RowFault.Code? {
    if !text.isEmpty {
      if let fault = PayoutIDText.fault(text) { return fault }
    }
    recipients.arena.append(UInt8(truncatingIfNeeded: text.count >> 8))
    recipients.arena.append(UInt8(truncatingIfNeeded: text.count))
    guard !text.isEmpty else { return nil }
    // Room for the digest.
    recipients.arena.appendBigEndian(0 as UInt64)
    recipients.arena.appendBigEndian(0 as UInt64)
    recipients.arena += text
    return nil
  }

  /// Where metadata is written: canonical JSON, appended by the format's own reader.
  var arena: [UInt8] {
    get { recipients.arena }
    _modify { yield &recipients.arena }
  }

  /// The row is good.
  mutating func end() throws(IngestError) {
    try recipients.closeRecord()
  }

  // MARK: After the last row

  mutating func sortedRecipients(mergeBytes: Int) throws(IngestError) -> SortedRecords {
    try recipients.sorted(mergeBytes: mergeBytes)
  }

  mutating func sortedPayoutIDs(mergeBytes: Int) throws(IngestError) -> SortedRecords {
    try recipients.finishVisits()
    return try payoutIDs.sorted(mergeBytes: mergeBytes)
  }

  private func isEqual(_ address: [UInt8], _ bytes: [UInt8], at start: Int) -> Bool {
    guard address.count == bytes.count - start else { return false }
    for place in address.indices where address[place] != bytes[start + place] { return false }
    return true
  }
}
