import CExpat

/// How much of a document is read before it is refused.
package struct XMLLimits: Hashable, Sendable {
  package var bytes: Int
  package var depth: Int
  /// Of one text between two tags, and of one attribute.
  package var textBytes: Int
  package var attributes: Int
  package var nameBytes: Int

  package init(
    bytes: Int = 1 << 30, depth: Int = 32, textBytes: Int = 64 << 10, attributes: Int = 32, nameBytes: Int = 128
  ) {
    self.bytes = bytes
    self.depth = depth
    self.textBytes = textBytes
    self.attributes = attributes
    self.nameBytes = nameBytes
  }
}

/// What a document consists of, in its order. Names are without prefix; the prefix means nothing in the files we read.
package enum XMLEvent: Hashable, Sendable {
  case start(name: String, attributes: [String: String])
  /// `text` is what stood since the last tag.
  case end(name: String, text: String)
}

/// Reads XML as it comes, in pieces of any size, with libexpat (https://libexpat.github.io/doc/).
///
/// UTF-8 only, whatever the document declares. A document type declaration ends the reading, so there are no entities
/// to expand but the five of XML itself. One thread at a time; after an error it reads no more.
@safe package final class XMLStream {
  private let parser: XML_Parser
  private let limits: XMLLimits
  private let onEvent: (XMLEvent) -> Bool
  private var text: [UInt8] = []
  private var depth = 0
  private var bytes = 0
  private var refusal: XMLError?

  /// `onEvent` answers whether to go on; false ends the reading with `xml.stopped`. Throws `xml.out_of_memory`.
  package init(_ limits: XMLLimits = XMLLimits(), onEvent: @escaping (XMLEvent) -> Bool) throws(XMLError) {
    guard let made = unsafe XML_ParserCreate("UTF-8") else {
      throw XMLError(.outOfMemory, line: 1, column: 1, "no memory for a reader")
    }
    unsafe parser = made
    self.limits = limits
    self.onEvent = onEvent
    // The parser does not outlive this object: unretained is enough.
    unsafe XML_SetUserData(made, Unmanaged.passUnretained(self).toOpaque())
    unsafe XML_SetElementHandler(
      made,
      { context, name, attributes in unsafe XMLStream.of(context)?.started(name, attributes) },
      { context, name in unsafe XMLStream.of(context)?.ended(name) })
    unsafe XML_SetCharacterDataHandler(made) { context, text, count in
      unsafe XMLStream.of(context)?.characters(text, Int(count))
    }
    unsafe XML_SetStartDoctypeDeclHandler(made) { context, _, _, _, _ in
      unsafe XMLStream.of(context)?.refuse(.doctype, "a document type declaration is not read")
    }
  }

  deinit { unsafe XML_ParserFree(parser) }

  /// Reads on. Throws any `xml.*` code but `xml.truncated`.
  package func feed(_ piece: [UInt8]) throws(XMLError) {
    bytes += piece.count
    guard bytes <= limits.bytes else { throw error(.tooLarge, "more than \(limits.bytes) bytes") }
    var start = 0
    while start < piece.count {
      // The library counts in `int`.
      let end = min(piece.count, start + (1 << 24))
      try parse(piece, start..<end, isLast: false)
      start = end
    }
  }

  /// Says that the document is over. Throws `xml.truncated` when it is not.
  package func finish() throws(XMLError) { try parse([], 0..<0, isLast: true) }

  // MARK: -

  private func parse(_ piece: [UInt8], _ range: Range<Int>, isLast: Bool) throws(XMLError) {
    if let refusal { throw refusal }
    let status = unsafe piece.withUnsafeBytes { piece in
      unsafe XML_Parse(
        parser, piece.baseAddress?.advanced(by: range.lowerBound).assumingMemoryBound(to: CChar.self),
        Int32(range.count), isLast ? 1 : 0)
    }
    guard status != XML_STATUS_OK else { return }
    let found = refusal ?? failure(isLast: isLast)
    refusal = found
    throw found
  }

  private func failure(isLast: Bool) -> XMLError {
    switch unsafe XML_GetErrorCode(parser) {
    case XML_ERROR_NO_MEMORY: error(.outOfMemory, "no memory")
    case XML_ERROR_NO_ELEMENTS where isLast, XML_ERROR_UNCLOSED_TOKEN where isLast,
      XML_ERROR_UNCLOSED_CDATA_SECTION where isLast, XML_ERROR_PARTIAL_CHAR where isLast:
      error(.truncated, "the document ends too early")
    case let code:
      error(.syntax, unsafe XML_ErrorString(code).map { unsafe String(cString: $0) } ?? "not well-formed")
    }
  }

  private func error(_ code: XMLError.Code, _ message: String) -> XMLError {
    XMLError(
      code, line: Int(unsafe XML_GetCurrentLineNumber(parser)),
      column: Int(unsafe XML_GetCurrentColumnNumber(parser)) + 1,
      message)
  }

  private static func of(_ context: UnsafeMutableRawPointer?) -> XMLStream? {
    unsafe context.map { unsafe Unmanaged<XMLStream>.fromOpaque($0).takeUnretainedValue() }
  }

  private func refuse(_ code: XMLError.Code, _ message: String) {
    guard refusal == nil else { return }
    refusal = error(code, message)
    _ = unsafe XML_StopParser(parser, 0)
  }

  private func started(_ name: UnsafePointer<CChar>?, _ attributes: UnsafeMutablePointer<UnsafePointer<CChar>?>?) {
    guard refusal == nil else { return }
    depth += 1
    guard depth <= limits.depth else {
      return refuse(.tooDeep, "more than \(limits.depth) elements inside one another")
    }
    guard let name = unsafe bounded(name, limits.nameBytes) else { return refuse(.tooLarge, "a name is too long") }
    var found: [String: String] = [:]
    var index = 0
    while let attributes = unsafe attributes, let key = unsafe attributes[index] {
      guard found.count < limits.attributes, let text = unsafe bounded(key, limits.nameBytes),
        let value = unsafe bounded(attributes[index + 1], limits.textBytes)
      else { return refuse(.tooLarge, "an element has too many or too long attributes") }
      found[XMLStream.local(text)] = value
      index += 2
    }
    text.removeAll(keepingCapacity: true)
    if !onEvent(.start(name: XMLStream.local(name), attributes: found)) { refuse(.stopped, "the reader stopped") }
  }

  private func ended(_ name: UnsafePointer<CChar>?) {
    guard refusal == nil else { return }
    depth -= 1
    guard let name = unsafe bounded(name, limits.nameBytes) else { return refuse(.tooLarge, "a name is too long") }
    let text = String(decoding: self.text, as: UTF8.self)
    self.text.removeAll(keepingCapacity: true)
    if !onEvent(.end(name: XMLStream.local(name), text: text)) { refuse(.stopped, "the reader stopped") }
  }

  private func characters(_ start: UnsafePointer<CChar>?, _ count: Int) {
    guard refusal == nil, let start = unsafe start, count > 0 else { return }
    guard text.count + count <= limits.textBytes else { return refuse(.tooLarge, "a text is too long") }
    unsafe text.append(contentsOf: UnsafeRawBufferPointer(start: start, count: count))
  }

  private func bounded(_ text: UnsafePointer<CChar>?, _ most: Int) -> String? {
    guard let text = unsafe text else { return nil }
    let decoded = unsafe String(cString: text)
    return decoded.utf8.count <= most ? decoded : nil
  }

  private static func local(_ name: String) -> String {
    name.lastIndex(of: ":").map { String(name[name.index(after: $0)...]) } ?? name
  }
}
