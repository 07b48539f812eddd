import Codecs

/// The columns of a CSV source and what each is for.
struct CSVHeader {
  /// As they stand in the source, outer spaces aside.
  let names: [String]
  let address: Int
  let amount: Int
  let payoutID: Int?
  /// All others, in the order of canonical JSON, each with the text before its value: `"email":`.
  let metadata: [(column: Int, name: String, prefix: [UInt8])]

  /// Columns of a rejects file that was mended and comes again: they say nothing about the recipient.
  static let ownColumns = ["reject_row", "reject_column", "reject_value", "reject_code", "reject_hint"]

  /// Throws `ingest.bad_header`, `ingest.duplicate_column`, `ingest.missing_column`.
  init(_ names: [String]) throws(IngestError) {
    self.names = names
    let keys = names.map(CSVHeader.key)
    var places: [String: Int] = [:]
    for (column, key) in keys.enumerated() {
      guard !key.isEmpty else {
        throw IngestError(
          .badHeader, "column \(column + 1) of \(names.count) has no name",
          hint: "name every column in the first line, or remove it; look for a comma at the end of the line")
      }
      guard key.unicodeScalars.allSatisfy(ShownValue.isPrintable) else {
        throw IngestError(
          .badHeader, "the name of column \(column + 1) holds a character that is not printable",
          hint: "name columns with letters, digits and signs")
      }
      if let first = places.updateValue(column, forKey: key) {
        throw IngestError(
          .duplicateColumn,
          "columns \(first + 1) and \(column + 1) are both named \(ShownValue.masked(Array(key.utf8)[...]))",
          hint: "rename one of them; the case of letters does not tell columns apart")
      }
    }
    guard let address = places["address"] else { throw CSVHeader.missing("address", names) }
    guard let amount = places["amount"] else { throw CSVHeader.missing("amount", names) }
    self.address = address
    self.amount = amount
    payoutID = places["payout_id"]
    let own = Set(CSVHeader.ownColumns + ["address", "amount", "payout_id"])
    metadata = keys.enumerated().filter { !own.contains($0.element) }
      .sorted { $0.element.utf16.lexicographicallyPrecedes($1.element.utf16) }
      .map { ($0.offset, $0.element, MetadataText.prefix($0.element)) }
  }

  /// How names are compared, and the key of the metadata: without outer spaces, ASCII letters lower-case.
  static func key(_ name: String) -> String {
    var bytes = Array(name.utf8)
    for place in bytes.indices where bytes[place] >= 0x41 && bytes[place] <= 0x5a { bytes[place] |= 0x20 }
    let blanks: Set<UInt8> = [0x20, 0x09]
    let trimmed = bytes.drop { blanks.contains($0) }
    let end = trimmed.lastIndex { !blanks.contains($0) }.map { $0 + 1 } ?? trimmed.startIndex
    return String(decoding: trimmed[trimmed.startIndex..<end], as: UTF8.self)
  }

  private static func missing(_ name: String, _ names: [String]) -> IngestError {
    let seen = names.prefix(8).map { ShownValue.masked(Array($0.utf8)[...]) }.joined(separator: ", ")
    let only = names.count == 1 ? names[0] : ""
    let hint: String
    if only.contains(";") || only.contains("\t") || only.contains("|") {
      hint = "separate columns by commas; this file seems to use another sign"
    } else if names.contains(where: { $0.utf8.starts(with: "0x".utf8) }) {
      hint = "the first line must name the columns: address,amount,..."
    } else {
      hint = "name the column in the first line: address,amount,payout_id,..."
    }
    return IngestError(.missingColumn, "there is no column \(name) among: \(seen)", hint: hint)
  }
}
