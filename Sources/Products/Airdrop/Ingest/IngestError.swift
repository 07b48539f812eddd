/// Why a source was refused as a whole. Nothing of it is loaded then. Codes are stable: docs/errors.md.
///
/// What is wrong with one row is no error but a `RowFault`: it goes to the rejects file and the rest is loaded.
package struct IngestError: Error, Hashable, Sendable {
  /// Stable across releases. Add cases freely; never rename or reuse one.
  package enum Code: String, CaseIterable, Sendable {
    /// The source has no bytes, or only a byte order mark.
    case emptyFile = "ingest.empty_file"
    /// There is a header, or an empty list, and no row.
    case noRows = "ingest.no_rows"
    /// The source is UTF-16 or UTF-32; only UTF-8 is read.
    case wrongEncoding = "ingest.wrong_encoding"
    /// The source is an archive, a spreadsheet or another binary file.
    case notText = "ingest.not_text"
    /// The first line is not a usable list of column names.
    case badHeader = "ingest.bad_header"
    /// Two columns have the same name, letter case and outer spaces aside.
    case duplicateColumn = "ingest.duplicate_column"
    /// A column that is needed (address, amount) is not there.
    case missingColumn = "ingest.missing_column"
    /// The header names more columns than are read.
    case tooManyColumns = "ingest.too_many_columns"
    /// A quote was opened and never closed, so where later rows begin is unknown.
    case unterminatedQuote = "ingest.unterminated_quote"
    /// The JSON breaks off or is no list of objects, so where later rows begin is unknown.
    case brokenJSON = "ingest.broken_json"
    /// More rows than a campaign can hold.
    case tooManyRows = "ingest.too_many_rows"
    /// The accepted amounts add up to more than 2^256 - 1.
    case totalOverflow = "ingest.total_overflow"
    /// The format is neither named nor clear from the file's name.
    case unknownFormat = "ingest.unknown_format"
    /// An option has no meaning: decimals out of range.
    case badOption = "ingest.bad_option"
    /// This file is already loaded, under other choices (duplicate policy, decimals, format).
    case settingsDiffer = "ingest.settings_differ"
    /// A canceled campaign takes no recipients.
    case campaignClosed = "ingest.campaign_closed"
    /// The source could not be opened or read to its end.
    case unreadable = "ingest.unreadable"
    /// No room left for the temporary files that sort the rows.
    case spillFull = "ingest.spill_full"
    /// The temporary files that sort the rows could not be written or read back.
    case spillFailed = "ingest.spill_failed"
    /// The rejects file could not be written.
    case rejectsUnwritable = "ingest.rejects_unwritable"
    /// The content hash could not be computed.
    case hashFailed = "ingest.hash_failed"
  }
  package let code: Code
  /// One sentence. Text from the source is masked and escaped.
  package let message: String
  /// The next step of whoever supplied the source.
  package let hint: String?
  /// Row of the source, from 1, header not counted; nil when it is about no row.
  package let row: Int64?

  package init(_ code: Code, _ message: String, hint: String? = nil, row: Int64? = nil) {
    self.code = code
    self.message = message
    self.hint = hint
    self.row = row
  }
}
