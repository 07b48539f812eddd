import Engine
import Money

/// Goes over the sorted records, where rows of one recipient are neighbours, and decides which become payouts.
struct RecipientMerge {
  struct Counts: Equatable {
    var accepted: Int64 = 0
    var duplicates: Int64 = 0
    var withoutChecksum: Int64 = 0
    var total = UInt256.zero
  }

  private(set) var counts = Counts()
  var rejects: RejectLog
  private let options: IngestOptions
  private let parser: any RecipientAddressParsing
  private let payoutIDs: PayoutIDCheck
  private var loaded: LoadedAddresses
  private let space: any SpillSpace
  /// Takes accepted recipients; nil when the merge only looks.
  private(set) var writer: LoadWriter?

  /// The recipient at hand: the row that stands for it so far.
  private var held: RecipientRecord?
  private var heldIsRejected = false
  private var sum = UInt256.zero
  private var sumFault: RowFault.Code?
  /// Further rows of the sum, to be rejected together if it fails.
  private var addends: RecordLog

  init(
    options: IngestOptions, parser: any RecipientAddressParsing, payoutIDs: PayoutIDCheck, loaded: LoadedAddresses,
    rejects: RejectLog, space: any SpillSpace, writer: LoadWriter?
  ) {
    self.options = options
    self.parser = parser
    self.payoutIDs = payoutIDs
    self.loaded = loaded
    self.rejects = rejects
    self.space = space
    self.writer = writer
    addends = RecordLog(space: space)
  }

  /// Throws `IngestError` and `StoreError`. `progress` is told the accepted recipients now and then.
  mutating func run(_ records: SortedRecords, progress: (Int64) -> Void) throws {
    var records = records
    var bytes: [UInt8] = []
    while try records.next(into: &bytes) {
      let record = try RecipientRecord(bytes, addressLength: parser.addressLength)
      guard try admits(record) else { continue }
      if let held, held.address == record.address {
        try join(record, to: held)
      } else {
        try close()
        held = record
        sum = record.amount
        if counts.accepted & 0x3fff == 0x3fff { progress(counts.accepted) }
      }
    }
    try close()
    progress(counts.accepted)
  }

  /// Inserts what is left and gives the load; nil when no recipient was accepted.
  mutating func finishLoad() throws -> Load? { try writer?.finish() }

  /// Whether the row takes part at all.
  private mutating func admits(_ record: RecipientRecord) throws -> Bool {
    if payoutIDs.duplicates.contains(record.row) {
      try reject(record, .duplicatePayoutID)
      return false
    }
    // Before the taken ids: whoever adds rows to a file and loads it again has all old ids taken.
    if try loaded.contains(record.address) {
      if options.duplicates == .first { counts.duplicates += 1 } else { try reject(record, .alreadyLoaded) }
      return false
    }
    if payoutIDs.taken.contains(record.row) {
      try reject(record, .payoutIDTaken)
      return false
    }
    return true
  }

  private mutating func join(_ record: RecipientRecord, to held: RecipientRecord) throws {
    switch options.duplicates {
    case .error:
      if !heldIsRejected { try reject(held, .duplicateRecipient) }
      heldIsRejected = true
      try reject(record, .duplicateRecipient)
    case .first:
      counts.duplicates += 1
    case .last:
      counts.duplicates += 1
      self.held = record
      sum = record.amount
    case .sum:
      let (next, overflow) = sum.addingReportingOverflow(record.amount)
      sum = next
      if overflow { sumFault = sumFault ?? .sumOverflow }
      if record.payoutIDBytes != held.payoutIDBytes { sumFault = .sumOfDifferentIDs }
      try addends.append(record.bytes)
    }
  }

  /// The recipient at hand has no more rows.
  private mutating func close() throws {
    guard let held else { return }
    if let sumFault {
      try reject(held, sumFault)
      let log = addends
      try log.forEach { bytes in
        try reject(try RecipientRecord(bytes, addressLength: parser.addressLength), sumFault)
      }
    } else if !heldIsRejected {
      counts.duplicates += addends.count
      try take(held)
    }
    self.held = nil
    heldIsRejected = false
    sumFault = nil
    addends.removeAll()
  }

  private mutating func take(_ record: RecipientRecord) throws {
    counts.accepted += 1
    if record.isUnverified { counts.withoutChecksum += 1 }
    let (total, overflow) = counts.total.addingReportingOverflow(sum)
    guard !overflow else {
      throw IngestError(
        .totalOverflow, "the accepted amounts add up to more than 2^256 - 1 base units",
        hint: "check the amounts; if they are in base units, leave --decimals out")
    }
    counts.total = total
    try writer?.take(record, sum)
  }

  private mutating func reject(_ record: RecipientRecord, _ code: RowFault.Code) throws(IngestError) {
    let isAboutID =
      switch code {
      case .duplicatePayoutID, .payoutIDTaken, .sumOfDifferentIDs: true
      default: false
      }
    let fault =
      isAboutID
      ? RowFault(code, column: "payout_id", value: ShownValue.masked(record.payoutIDBytes))
      : RowFault(code, column: "address", value: ShownValue.masked(Array(parser.text(record.address).utf8)[...]))
    try rejects.append(fault, record: record, options: options, parser: parser)
  }
}
