import Codecs
import Money

/// Writes bad rows in the format they came in, with five columns or members more that say what is wrong.
///
/// A mended rejects file can be loaded as it is: those five are passed over. What a terminal would obey is escaped, and
/// overlong fields are cut, so the file is safe to look at.
struct RejectFormat {
  /// What the source said, as far as it could be read.
  enum Original {
    /// Fields in the order of the header's columns; there may be fewer.
    case fields([[UInt8]])
    case members([(name: String, value: JSON)])
    /// Nothing usable.
    case none
  }

  let format: SourceFormat
  /// CSV only.
  let header: CSVHeader?
  private static let mostFieldBytes = 4 << 10
  private static let mostBytes = 256 << 10

  /// What stands before the first row.
  var opening: [UInt8] {
    switch format {
    case .csv:
      let names = columns.map { header?.names[$0] ?? "" } + CSVHeader.ownColumns
      return Array(names.map(RejectFormat.csvField).joined(separator: ",").utf8) + [0x0a]
    case .json: return Array("[\n".utf8)
    case .jsonl: return []
    }
  }

  /// What stands between two rows.
  var separator: [UInt8] { format == .json ? Array(",\n".utf8) : Array("\n".utf8) }

  /// What stands after the last row.
  var closing: [UInt8] { format == .json ? Array("\n]\n".utf8) : Array("\n".utf8) }

  func line(_ fault: RowFault, row: Int64, original: Original) -> [UInt8] {
    let own = [String(row), fault.column ?? "", fault.value, fault.code.rawValue, fault.hint]
    switch format {
    case .csv:
      var room = RejectFormat.mostBytes
      var fields: [String] = []
      for column in columns {
        var text = ""
        if case .fields(let given) = original, column < given.count, room > 0 {
          text = RejectFormat.csvField(RejectFormat.shown(given[column][...]))
        }
        room -= text.utf8.count
        fields.append(text)
      }
      return Array((fields + own.map(RejectFormat.csvField)).joined(separator: ",").utf8)
    case .json, .jsonl:
      var object = JSONObject()
      var room = RejectFormat.mostBytes
      if case .members(let members) = original {
        for (name, value) in members where !CSVHeader.ownColumns.contains(CSVHeader.key(name)) && room > 0 {
          let (name, value) = (RejectFormat.shown(Array(name.utf8)[...]), RejectFormat.shown(value))
          room -= value.utf8.count + name.utf8.count
          if room > 0 { _ = object.append(name, value) }
        }
      }
      for (name, value) in zip(CSVHeader.ownColumns, own) { _ = object.append(name, .string(value)) }
      return JSON.object(object).utf8
    }
  }

  /// The row that a record was made of, as far as a record tells: the address in the chain's canonical text, the amount
  /// without leading zeros.
  func original(of record: RecipientRecord, options: IngestOptions, parser: any RecipientAddressParsing) -> Original {
    let address = parser.text(record.address)
    let amount = options.decimals.map { DecimalText.text(record.amount, decimals: $0) } ?? record.amount.description
    let metadata = (record.metadata.isEmpty ? nil : try? JSON.parse(Array(record.metadata)))?.object
    guard let header else {
      var members: [(name: String, value: JSON)] = [("address", .string(address)), ("amount", .string(amount))]
      if !record.payoutIDBytes.isEmpty {
        members.append(("payout_id", .string(String(decoding: record.payoutIDBytes, as: UTF8.self))))
      }
      for member in metadata?.members ?? [] { members.append((member.key, member.value)) }
      return .members(members)
    }
    var fields = [[UInt8]](repeating: [], count: header.names.count)
    fields[header.address] = Array(address.utf8)
    fields[header.amount] = Array(amount.utf8)
    if let column = header.payoutID { fields[column] = Array(record.payoutIDBytes) }
    for (column, name, _) in header.metadata { fields[column] = metadata?[name]?.string.map { Array($0.utf8) } ?? [] }
    return .fields(fields)
  }

  /// Columns that are written again.
  private var columns: [Int] {
    (header?.names ?? []).indices.filter { !CSVHeader.ownColumns.contains(CSVHeader.key(header?.names[$0] ?? "")) }
  }

  private static func shown(_ value: JSON) -> JSON {
    switch value {
    case .string(let text): .string(shown(Array(text.utf8)[...]))
    case .null, .bool, .number: value
    case .array(let elements): .array(elements.map(shown))
    case .object(let object):
      (try? JSONObject(object.members.map { (shown(Array($0.key.utf8)[...]), shown($0.value)) })).map { .object($0) }
        ?? .null
    }
  }

  /// Text without what a terminal would obey; line breaks and tabs stay.
  private static func shown(_ bytes: ArraySlice<UInt8>) -> String {
    let bytes = bytes.prefix(mostFieldBytes)
    if bytes.allSatisfy({ $0 >= 0x20 && $0 < 0x7f }) { return String(decoding: bytes, as: UTF8.self) }
    var out = ""
    for scalar in String(decoding: bytes, as: UTF8.self).unicodeScalars {
      if ["\n", "\r", "\t"].contains(scalar) {
        out.unicodeScalars.append(scalar)
      } else {
        out += ShownValue.escaped(CollectionOfOne(scalar))
      }
    }
    return out
  }

  private static func csvField(_ text: String) -> String {
    let needsQuotes = text.utf8.contains { [0x22, 0x2c, 0x0a, 0x0d].contains($0) }
    guard needsQuotes || text.utf8.first == 0x20 || text.utf8.last == 0x20 else { return text }
    var out: [UInt8] = [0x22]
    for byte in text.utf8 {
      if byte == 0x22 { out.append(byte) }
      out.append(byte)
    }
    out.append(0x22)
    return String(decoding: out, as: UTF8.self)
  }
}
