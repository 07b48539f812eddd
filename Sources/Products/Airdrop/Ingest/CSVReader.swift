import Codecs

/// Records of a CSV source, one after the other, with their row numbers.
struct CSVReader {
  enum Step: Equatable {
    /// `record` is the next row; its places are in `window.bytes` until `finishRow`.
    case row
    /// A row over 1 MiB was stepped over.
    case overlongRow
    case end
  }

  private(set) var window: ByteWindow
  private(set) var record = CSVRecord()
  /// Of the row at hand: 1 for the first one after the header. Blank lines count, as they do in a spreadsheet.
  private(set) var row: Int64 = 0
  private var isHeader = true
  private var next = 0

  init(_ window: ByteWindow) { self.window = window }

  /// Steps to the next record that is not a blank line; the first one is the header, and an overlong one is not stepped
  /// over: there is no going on without it.
  ///
  /// Throws `ingest.unterminated_quote`, `ingest.too_many_rows`, and what the source throws.
  mutating func step() throws(IngestError) -> Step {
    while true {
      let step = try scan()
      guard step != .end else { return .end }
      row += 1
      guard row <= IngestLimits.rows else {
        throw IngestError(.tooManyRows, "more than \(IngestLimits.rows) rows", hint: "split the file over campaigns")
      }
      guard step == .row, record.isBlank else { return step }
      finishRow()
    }
  }

  /// Lets go of the record at hand, which was the header: rows are counted from here.
  mutating func finishHeader() {
    finishRow()
    row = 0
    isHeader = false
  }

  /// Lets go of the row at hand.
  mutating func finishRow() { window.consume(upTo: next) }

  private mutating func scan() throws(IngestError) -> Step {
    if window.isExhausted { return .end }
    while true {
      // Longer rows are refused, so nothing further is looked at: the verdict must not depend on how much is in memory.
      let most = window.start + IngestLimits.rowBytes + 2
      let end = min(window.end, most)
      let isLast = window.isLast && end == window.end
      let bytes = window.bytes
      let outcome = CSVScanner.scan(bytes.span, from: window.start, to: end, isLast: isLast, into: &record)
      switch outcome {
      case .record(let next):
        self.next = next
        return window.isExhausted ? .end : .row
      case .incomplete(let isBroken):
        if isLast { throw unterminatedQuote() }
        if end == most { return isHeader ? .overlongRow : try skipOverlong(isBroken: isBroken) }
        try window.refill()
        if window.isExhausted { return .end }
      }
    }
  }

  private mutating func skipOverlong(isBroken: Bool) throws(IngestError) -> Step {
    var inQuotes: Bool? = isBroken ? nil : false
    while true {
      let bytes = window.bytes
      let found = CSVScanner.skip(bytes.span, from: window.start, to: window.end, inQuotes: &inQuotes)
      if let found {
        next = found
        return .overlongRow
      }
      window.consume(upTo: window.end)
      if window.isLast {
        if inQuotes == true { throw unterminatedQuote() }
        next = window.end
        return .overlongRow
      }
      try window.refill()
    }
  }

  private func unterminatedQuote() -> IngestError {
    let place = isHeader ? "the header" : "row \(row + 1)"
    return IngestError(
      .unterminatedQuote, "a quote that opens in \(place) is never closed, so later rows cannot be told apart",
      hint: "close the quote, or double it if it belongs to the text; the file may also be cut off",
      row: isHeader ? nil : row + 1)
  }
}
