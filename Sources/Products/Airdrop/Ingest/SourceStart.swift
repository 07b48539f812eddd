/// Looks at the first bytes of a source: steps over a UTF-8 byte order mark, and names what is no text.
enum SourceStart {
  /// Throws `ingest.empty_file`, `ingest.wrong_encoding`, `ingest.not_text`.
  static func check(_ window: inout ByteWindow) throws(IngestError) {
    try window.refill()
    let first = Array(window.bytes[window.start..<min(window.end, window.start + 4)])
    if first.starts(with: [0xef, 0xbb, 0xbf]) { window.consume(upTo: window.start + 3) }
    if window.isExhausted {
      throw IngestError(.emptyFile, "the source is empty", hint: "was the right file named?")
    }
    if let encoding = encoding(first) {
      throw IngestError(.wrongEncoding, "the source is \(encoding), but only UTF-8 is read", hint: "save it as UTF-8")
    }
    if let kind = kind(first) {
      throw IngestError(.notText, "the source is \(kind), no text", hint: "unpack it, or export it as CSV in UTF-8")
    }
  }

  private static func encoding(_ first: [UInt8]) -> String? {
    if first == [0xff, 0xfe, 0, 0] || first == [0, 0, 0xfe, 0xff] { return "UTF-32" }
    if first.starts(with: [0xff, 0xfe]) || first.starts(with: [0xfe, 0xff]) { return "UTF-16" }
    // Without a mark: ASCII characters of two bytes each have a zero byte.
    guard first.count == 4 else { return nil }
    if first[0] != 0, first[1] == 0, first[2] != 0, first[3] == 0 { return "UTF-16" }
    if first[0] == 0, first[1] != 0, first[2] == 0, first[3] != 0 { return "UTF-16" }
    return nil
  }

  private static func kind(_ first: [UInt8]) -> String? {
    if first.starts(with: [0x1f, 0x8b]) { return "a gzip archive" }
    if first == [0x50, 0x4b, 3, 4] { return "a ZIP archive or a spreadsheet" }
    if first == [0xd0, 0xcf, 0x11, 0xe0] { return "an old spreadsheet" }
    if first == [0x28, 0xb5, 0x2f, 0xfd] { return "a Zstandard archive" }
    if first.starts(with: Array("%PDF".utf8)) { return "a PDF" }
    if first.starts(with: Array("PAR1".utf8)) { return "a Parquet file" }
    if first.starts(with: Array("SQLi".utf8)) { return "a database" }
    return nil
  }
}
