import Codecs

/// Bad rows, collected in the order they are found and written in the order of the source.
///
/// Duplicates are found in the order of addresses, after all rows were read: hence the sorter.
struct RejectLog {
  private let format: RejectFormat
  private var sorter: ExternalSorter
  private let mergeBytes: Int
  private static let codes = RowFault.Code.allCases
  private static let codeNumbers = Dictionary(uniqueKeysWithValues: codes.enumerated().map { ($1, UInt8($0)) })

  init(format: RejectFormat, space: any SpillSpace, tuning: IngestTuning) {
    self.format = format
    sorter = ExternalSorter(
      keyLength: 8, space: space, beside: WorkInTurn(), rows: tuning.runRows, bytes: tuning.runBytes / 4)
    mergeBytes = tuning.mergeBytes / 4
  }

  var count: Int64 { sorter.count }

  /// Notes a bad row. Throws `ingest.spill_full`, `ingest.spill_failed`.
  mutating func append(_ fault: RowFault, row: Int64, original: RejectFormat.Original) throws(IngestError) {
    sorter.arena.appendBigEndian(UInt64(bitPattern: row))
    sorter.arena.append(RejectLog.codeNumbers[fault.code] ?? 0)
    sorter.arena += format.line(fault, row: row, original: original)
    try sorter.closeRecord()
  }

  /// Notes a bad row that was read and sorted already.
  mutating func append(
    _ fault: RowFault, record: RecipientRecord, options: IngestOptions, parser: any RecipientAddressParsing
  ) throws(IngestError) {
    try append(fault, row: record.row, original: format.original(of: record, options: options, parser: parser))
  }

  /// Writes the rejects file, if there are any rows for it, and counts by code.
  mutating func write(to sink: any RejectSink) throws(IngestError) -> [FaultCount] {
    guard sorter.count > 0 else { return [] }
    var rows = [Int64](repeating: 0, count: RejectLog.codes.count)
    var firstRows = [[Int64]](repeating: [], count: RejectLog.codes.count)
    var sorted = try sorter.sorted(mergeBytes: mergeBytes)
    var record: [UInt8] = []
    var out = format.opening
    var isFirst = true
    while try sorted.next(into: &record) {
      let code = record.count > 8 ? Int(record[8]) : 0
      guard record.count > 8, code < rows.count else {
        throw IngestError(.spillFailed, "a temporary file came back with other bytes than were written")
      }
      rows[code] += 1
      if firstRows[code].count < FaultCount.mostFirstRows {
        firstRows[code].append(Int64(truncatingIfNeeded: record.bigEndianWord(at: 0)))
      }
      if !isFirst { out += format.separator }
      isFirst = false
      out += record[9...]
      if out.count > 256 << 10 {
        try sink.append(out)
        out.removeAll(keepingCapacity: true)
      }
    }
    try sink.append(out + format.closing)
    try sink.finish()
    return RejectLog.codes.indices.filter { rows[$0] > 0 }
      .map { FaultCount(code: RejectLog.codes[$0], rows: rows[$0], firstRows: firstRows[$0]) }
      .sorted { $0.code.rawValue < $1.code.rawValue }
  }
}
