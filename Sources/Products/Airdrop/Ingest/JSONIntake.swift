import Codecs

/// Reads a JSON or JSON Lines source from its first byte to its last into an intake.
struct JSONIntake: SourceIntake {
  private var reader: JSONElementReader
  let format: RejectFormat

  /// Throws the codes of `IngestError` that are about the beginning of a file.
  init(_ window: ByteWindow, isLines: Bool) throws(IngestError) {
    var window = window
    try SourceStart.check(&window)
    reader = try JSONElementReader(window, isLines: isLines)
    format = RejectFormat(format: isLines ? .jsonl : .json, header: nil)
  }

  var bytesRead: Int64 { reader.window.read }

  func contentHash() throws(IngestError) -> Hash32 { try reader.window.contentHash() }

  mutating func run(into intake: inout RowIntake, progress: (Int64, Int64) -> Void) throws(IngestError) {
    while true {
      switch try reader.step() {
      case .end: return
      case .overlongElement:
        intake.begin(row: reader.row)
        try intake.reject(RowFault(.rowTooLarge), row: reader.row, original: .none)
      case .element(let range):
        intake.begin(row: reader.row)
        let element = Array(reader.window.bytes[range])
        switch JSONIntake.members(element) {
        case .failure(let fault): try intake.reject(fault, row: reader.row, original: .none)
        case .success(let members):
          if let fault = take(members, into: &intake) {
            try intake.reject(fault, row: reader.row, original: .members(members.map { ($0.key, $0.value) }))
          } else {
            try intake.end()
          }
        }
      }
      reader.finishElement()
      if reader.row & 0x3fff == 0 { progress(intake.rows, reader.window.read) }
    }
  }

  // MARK: One element

  private static func members(_ element: [UInt8]) -> Result<[JSONObject.Member], RowFault> {
    do throws(JSONError) {
      let limits = JSON.Limits(bytes: IngestLimits.rowBytes, depth: IngestLimits.jsonDepth)
      guard let object = try JSON.parse(element, limits: limits).object else {
        return .failure(RowFault(.badJSON, value: ShownValue.masked(element[...]), detail: "no object"))
      }
      return .success(object.members)
    } catch {
      guard UTF8Check.isValid(element.span, element.indices) else { return .failure(RowFault(.notUTF8)) }
      if element.contains(0) { return .failure(RowFault(.zeroByte)) }
      let code: RowFault.Code =
        switch error.code {
        case .duplicateKey: .duplicateMember
        case .tooDeep: .nestedValue
        default: .badJSON
        }
      return .failure(
        RowFault(code, value: ShownValue.masked(element[...]), detail: "byte \(error.offset): \(error.message)"))
    }
  }

  private func take(_ members: [JSONObject.Member], into intake: inout RowIntake) -> RowFault? {
    let given = members.count { !CSVHeader.ownColumns.contains(CSVHeader.key($0.key)) }
    guard given <= IngestLimits.columns else {
      return RowFault(.columnCount, detail: "\(given) members, but at most \(IngestLimits.columns) are read")
    }
    var texts: [String: (name: String, text: [UInt8])] = [:]
    for member in members {
      let key = CSVHeader.key(member.key)
      if CSVHeader.ownColumns.contains(key) { continue }
      guard key.unicodeScalars.allSatisfy(ShownValue.isPrintable) else {
        return RowFault(.badJSON, detail: "the name of a member holds a character that is not printable")
      }
      let name = ShownValue.masked(Array(member.key.utf8)[...])
      guard let text = JSONIntake.text(member.value) else { return RowFault(.nestedValue, column: name) }
      if text.count > IngestLimits.fieldBytes { return RowFault(.fieldTooLarge, column: name) }
      if text.contains(0) { return RowFault(.zeroByte, column: name) }
      guard texts.updateValue((name, text), forKey: key) == nil else { return RowFault(.duplicateMember, column: name) }
    }
    let address = texts.removeValue(forKey: "address")
    let amount = texts.removeValue(forKey: "amount")
    let payoutID = texts.removeValue(forKey: "payout_id")
    let addressText = address?.text ?? []
    if let code = intake.address(addressText.span, addressText.indices, row: reader.row) {
      return JSONIntake.fault(code, address?.name ?? "address", addressText)
    }
    let amountText = amount?.text ?? []
    if let code = intake.amount(amountText.span, amountText.indices) {
      return JSONIntake.fault(code, amount?.name ?? "amount", amountText)
    }
    let idText = payoutID?.text ?? []
    if let code = intake.payoutID(idText[...]) { return JSONIntake.fault(code, payoutID?.name ?? "payout_id", idText) }
    return metadata(texts.mapValues(\.text), into: &intake)
  }

  private func metadata(_ texts: [String: [UInt8]], into intake: inout RowIntake) -> RowFault? {
    let start = intake.arena.count
    for (key, text) in texts.sorted(by: { $0.key.utf16.lexicographicallyPrecedes($1.key.utf16) }) where !text.isEmpty {
      intake.arena.append(intake.arena.count == start ? UInt8(ascii: "{") : UInt8(ascii: ","))
      intake.arena += MetadataText.prefix(key)
      MetadataText.append(text.span, text.indices, doubledQuotes: false, to: &intake.arena)
    }
    if intake.arena.count > start { intake.arena.append(UInt8(ascii: "}")) }
    return intake.arena.count - start > IngestLimits.metadataBytes ? RowFault(.metadataTooLarge) : nil
  }

  /// A value as the text that a CSV field would hold; nil for a list or an object.
  private static func text(_ value: JSON) -> [UInt8]? {
    switch value {
    case .string(let text), .number(let text): Array(text.utf8)
    case .bool(let value): Array((value ? "true" : "false").utf8)
    case .null: []
    case .array, .object: nil
    }
  }

  private static func fault(_ code: RowFault.Code, _ name: String, _ text: [UInt8]) -> RowFault {
    RowFault(code, column: name, value: ShownValue.masked(text[...]))
  }
}
