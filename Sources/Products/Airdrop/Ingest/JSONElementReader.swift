import Codecs

/// Finds the elements of a JSON array, or the lines of JSON Lines, without holding more than one in memory.
///
/// Only brackets, strings and commas are looked at here; whether an element is well-formed is for its reader to say. So
/// one bad element is one bad row, and only a broken list refuses the source.
struct JSONElementReader {
  enum Step: Equatable {
    /// An element, as a place in `window.bytes` until `finishElement`.
    case element(Range<Int>)
    /// An element over 1 MiB was stepped over.
    case overlongElement
    case end
  }

  private(set) var window: ByteWindow
  /// Number of the element at hand, from 1; in JSON Lines that of its line.
  private(set) var row: Int64 = 0
  private let isLines: Bool
  private var next = 0
  private var isOpen = false

  /// For JSON, steps over the bracket that opens the list. Throws `ingest.broken_json`.
  init(_ window: ByteWindow, isLines: Bool) throws(IngestError) {
    self.window = window
    self.isLines = isLines
    guard !isLines else { return }
    guard let first = try skipBlanks() else {
      throw IngestError(.emptyFile, "the source holds no text", hint: "a JSON file is one list of objects")
    }
    guard first == UInt8(ascii: "[") else {
      throw broken(
        "the source is no list", hint: "write [{...}, {...}]; if every line is an object, say --format jsonl")
    }
    self.window.consume(upTo: self.window.start + 1)
  }

  /// Throws `ingest.broken_json`, `ingest.too_many_rows`, and what the source throws.
  mutating func step() throws(IngestError) -> Step {
    let step = try isLines ? nextLine() : nextElement()
    guard row <= IngestLimits.rows else {
      throw IngestError(.tooManyRows, "more than \(IngestLimits.rows) rows", hint: "split the file over campaigns")
    }
    return step
  }

  /// Lets go of the element at hand.
  mutating func finishElement() { window.consume(upTo: next) }

  // MARK: Lines

  private mutating func nextLine() throws(IngestError) -> Step {
    while true {
      if window.isExhausted { return .end }
      row += 1
      var scanned = 0
      var isOverlong = false
      while true {
        let bytes = window.bytes
        var place = window.start + scanned
        while place < window.end, bytes[place] != UInt8(ascii: "\n") { place += 1 }
        if place < window.end || window.isLast {
          let isBlank = !isOverlong && bytes[window.start..<place].allSatisfy(JSONElementReader.isBlank)
          next = min(place + 1, window.end)
          if isOverlong || place - window.start > IngestLimits.rowBytes { return .overlongElement }
          if !isBlank { return .element(window.start..<place) }
          finishElement()
          break
        }
        scanned = place - window.start
        if scanned > IngestLimits.rowBytes {
          isOverlong = true
          window.consume(upTo: window.end)
          scanned = 0
        }
        try window.refill()
        if window.isExhausted {
          next = window.end
          if isOverlong { return .overlongElement }
          return .end
        }
      }
    }
  }

  // MARK: The list

  /// How far an element is read.
  private struct Scan {
    var depth = 0
    var isInString = false
    var isEscaped = false
    var hasBegun = false
  }

  private mutating func nextElement() throws(IngestError) -> Step {
    guard let first = try skipBlanks() else { throw truncated() }
    if isOpen {
      // After an element: a comma or the end of the list.
      if first == UInt8(ascii: "]") { return try endOfList() }
      guard first == UInt8(ascii: ",") else {
        throw broken("after row \(row) a comma or the end of the list is missing", hint: "separate objects by commas")
      }
      window.consume(upTo: window.start + 1)
      guard let begin = try skipBlanks() else { throw truncated() }
      guard begin != UInt8(ascii: "]"), begin != UInt8(ascii: ",") else {
        throw broken("after row \(row) a comma is too many", hint: "remove the comma")
      }
    } else if first == UInt8(ascii: "]") {
      return try endOfList()
    } else if first == UInt8(ascii: ",") {
      throw broken("the list begins with a comma", hint: "remove the comma")
    }
    isOpen = true
    row += 1
    return try scanElement()
  }

  private mutating func scanElement() throws(IngestError) -> Step {
    var scan = Scan()
    var scanned = 0
    var isOverlong = false
    while true {
      let found = JSONElementReader.end(
        window.bytes, from: window.start + scanned, to: window.end, isLast: window.isLast, &scan)
      if let found {
        next = found
        if isOverlong || found - window.start > IngestLimits.rowBytes { return .overlongElement }
        return .element(window.start..<found)
      }
      if window.isLast { throw truncated() }
      scanned = window.count
      if scanned > IngestLimits.rowBytes {
        isOverlong = true
        window.consume(upTo: window.end)
        scanned = 0
      }
      try window.refill()
    }
  }

  /// Past the last byte of the element; nil when these bytes do not hold it.
  private static func end(_ bytes: [UInt8], from start: Int, to end: Int, isLast: Bool, _ scan: inout Scan) -> Int? {
    var place = start
    while place < end {
      let byte = bytes[place]
      if scan.isInString {
        if scan.isEscaped {
          scan.isEscaped = false
        } else if byte == UInt8(ascii: "\\") {
          scan.isEscaped = true
        } else if byte == UInt8(ascii: "\"") {
          scan.isInString = false
          if scan.depth == 0 { return place + 1 }
        }
      } else {
        switch byte {
        case UInt8(ascii: "\""): scan.isInString = true
        case UInt8(ascii: "{"), UInt8(ascii: "["): scan.depth += 1
        case UInt8(ascii: "}"), UInt8(ascii: "]"):
          // The bracket of the list itself, right after a bare word.
          if scan.depth == 0 { return place }
          scan.depth -= 1
          if scan.depth == 0 { return place + 1 }
        case UInt8(ascii: ","): if scan.depth == 0 { return place }
        default: if scan.depth == 0, scan.hasBegun, isBlank(byte) { return place }
        }
      }
      scan.hasBegun = true
      place += 1
    }
    return nil
  }

  private mutating func endOfList() throws(IngestError) -> Step {
    window.consume(upTo: window.start + 1)
    guard try skipBlanks() == nil else { throw broken("something follows the list", hint: "keep one list in the file") }
    next = window.end
    return .end
  }

  /// The first byte that is no blank; nil at the end of the source.
  private mutating func skipBlanks() throws(IngestError) -> UInt8? {
    while true {
      var place = window.start
      while place < window.end, JSONElementReader.isBlank(window.bytes[place]) { place += 1 }
      window.consume(upTo: place)
      if place < window.end { return window.bytes[place] }
      if window.isLast { return nil }
      try window.refill()
    }
  }

  private static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x0a || byte == 0x0d || byte == 0x09 }

  private func truncated() -> IngestError {
    broken("the source ends in the middle of the list, in or after row \(row)", hint: "the file may be cut off")
  }

  private func broken(_ message: String, hint: String) -> IngestError {
    IngestError(.brokenJSON, message, hint: hint, row: row == 0 ? nil : row)
  }
}
