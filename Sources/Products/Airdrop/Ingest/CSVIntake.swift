import Codecs

/// Reads a CSV source from its first byte to its last into an intake.
struct CSVIntake: SourceIntake {
  private var reader: CSVReader
  private let header: CSVHeader

  /// Reads the header. Throws the codes of `IngestError` that are about the beginning of a file.
  init(_ window: ByteWindow) throws(IngestError) {
    var window = window
    try SourceStart.check(&window)
    reader = CSVReader(window)
    switch try reader.step() {
    case .row: break
    case .overlongRow: throw CSVIntake.badHeader("it is longer than 1 MiB")
    case .end:
      throw IngestError(.emptyFile, "the source holds no text", hint: "a CSV file begins with a line of column names")
    }
    let record = reader.record
    if let fault = record.fault { throw CSVIntake.badHeader("it breaks the rules of CSV: \(fault.hint)") }
    guard record.count <= IngestLimits.columnsWithRejects else { throw CSVIntake.tooManyColumns(record.count) }
    guard !record.hasZeroByte else {
      throw IngestError(
        .wrongEncoding, "the first line holds zero bytes", hint: "save the file as UTF-8; it may be UTF-16")
    }
    guard record.firstOversizeField == nil else { throw CSVIntake.badHeader("a name is longer than 64 KiB") }
    var names: [String] = []
    for field in record.fields {
      let text = CSVIntake.text(field, reader.window.bytes)
      guard UTF8Check.isValid(text.span, text.indices) else {
        throw IngestError(
          .wrongEncoding, "the name of column \(names.count + 1) is not UTF-8",
          hint: "save the file as UTF-8; it may be Latin-1 (Windows-1252)")
      }
      names.append(String(decoding: text, as: UTF8.self))
    }
    let given = names.count { !CSVHeader.ownColumns.contains(CSVHeader.key($0)) }
    guard given <= IngestLimits.columns else { throw CSVIntake.tooManyColumns(given) }
    header = try CSVHeader(names)
    reader.finishHeader()
  }

  var format: RejectFormat { RejectFormat(format: .csv, header: header) }
  var bytesRead: Int64 { reader.window.read }

  func contentHash() throws(IngestError) -> Hash32 { try reader.window.contentHash() }

  mutating func run(into intake: inout RowIntake, progress: (Int64, Int64) -> Void) throws(IngestError) {
    while true {
      switch try reader.step() {
      case .end: return
      case .overlongRow:
        intake.begin(row: reader.row)
        try intake.reject(RowFault(.rowTooLarge), row: reader.row, original: .none)
      case .row:
        intake.begin(row: reader.row)
        if let fault = take(into: &intake) {
          try intake.reject(fault, row: reader.row, original: .fields(original()))
        } else {
          try intake.end()
        }
      }
      reader.finishRow()
      if reader.row & 0x3fff == 0 { progress(intake.rows, reader.window.read) }
    }
  }

  private static func tooManyColumns(_ count: Int) -> IngestError {
    IngestError(
      .tooManyColumns, "the header names \(count) columns, but at most \(IngestLimits.columns) are read",
      hint: "keep what is needed to pay, and to find a recipient again")
  }

  // MARK: One row

  private func take(into intake: inout RowIntake) -> RowFault? {
    let record = reader.record
    let bytes = reader.window.bytes.span
    if let fault = shapeFault(record) { return fault }
    let address = record.fields[header.address]
    if let code = intake.address(bytes, address.range, row: reader.row) { return fault(code, header.address) }
    let amount = record.fields[header.amount]
    if let code = intake.amount(bytes, amount.range) { return fault(code, header.amount) }
    if let column = header.payoutID {
      let field = record.fields[column]
      let text =
        field.hasDoubledQuotes ? CSVIntake.text(field, reader.window.bytes)[...] : reader.window.bytes[field.range]
      if let code = intake.payoutID(text) { return fault(code, column) }
    } else {
      _ = intake.payoutID([])
    }
    let start = intake.arena.count
    // By index: a tuple of the list would be taken apart with its name and prefix held, for every field.
    for place in header.metadata.indices {
      let field = record.fields[header.metadata[place].column]
      // An empty field says nothing, so nothing is kept.
      if field.start == field.end { continue }
      intake.arena.append(intake.arena.count == start ? UInt8(ascii: "{") : UInt8(ascii: ","))
      intake.arena += header.metadata[place].prefix
      MetadataText.append(bytes, field.range, doubledQuotes: field.hasDoubledQuotes, to: &intake.arena)
    }
    if intake.arena.count > start { intake.arena.append(UInt8(ascii: "}")) }
    if intake.arena.count - start > IngestLimits.metadataBytes { return RowFault(.metadataTooLarge) }
    return nil
  }

  /// What is wrong with the row before any field is looked at.
  private func shapeFault(_ record: CSVRecord) -> RowFault? {
    if let code = record.fault { return RowFault(code) }
    if let column = record.firstOversizeField {
      return RowFault(.fieldTooLarge, column: name(column))
    }
    guard record.count == header.names.count else {
      return RowFault(.columnCount, detail: "\(record.count) fields, but \(header.names.count) columns")
    }
    if record.hasZeroByte {
      let column = record.fields.firstIndex { reader.window.bytes[$0.range].contains(0) }
      return column.map { fault(.zeroByte, $0) } ?? RowFault(.zeroByte)
    }
    if record.allBits >= 0x80 {
      let bytes = reader.window.bytes.span
      for (column, field) in record.fields.enumerated() where !UTF8Check.isValid(bytes, field.range) {
        return fault(.notUTF8, column)
      }
    }
    return nil
  }

  private func name(_ column: Int) -> String? { column < header.names.count ? header.names[column] : nil }

  private func fault(_ code: RowFault.Code, _ column: Int) -> RowFault {
    RowFault(
      code, column: name(column), value: ShownValue.masked(reader.window.bytes[reader.record.fields[column].range]))
  }

  private func original() -> [[UInt8]] {
    reader.record.fields.prefix(header.names.count).map { CSVIntake.text($0, reader.window.bytes) }
  }

  /// The field's text, doubled quotes made single.
  private static func text(_ field: CSVRecord.Field, _ bytes: [UInt8]) -> [UInt8] {
    guard field.hasDoubledQuotes else { return Array(bytes[field.range]) }
    var out: [UInt8] = []
    var place = field.start
    while place < field.end {
      out.append(bytes[place])
      place += bytes[place] == UInt8(ascii: "\"") ? 2 : 1
    }
    return out
  }

  private static func badHeader(_ why: String) -> IngestError {
    IngestError(
      .badHeader, "the first line is no list of column names: \(why)", hint: "begin the file with: address,amount,...")
  }
}
