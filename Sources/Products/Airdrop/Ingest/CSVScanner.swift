/// One record of a CSV source, as places in the window's bytes. Nothing is copied.
struct CSVRecord {
  struct Field {
    let start: Int
    let end: Int
    /// Quotes inside are doubled and must be made single.
    let hasDoubledQuotes: Bool
    var range: Range<Int> { start..<end }
  }
  /// At most one more than there may be columns; `count` counts all.
  private(set) var fields: [Field] = []
  private(set) var count = 0
  /// All bytes of the fields, or-ed: 0x80 is set when one is not ASCII.
  fileprivate(set) var allBits: UInt8 = 0
  fileprivate(set) var hasZeroByte = false
  /// The first thing that breaks RFC 4180; the rest of the line is not looked at then.
  fileprivate(set) var fault: RowFault.Code?
  fileprivate(set) var firstOversizeField: Int?

  init() { fields.reserveCapacity(32) }

  /// A line with nothing on it, as opposed to one with an empty pair of quotes.
  var isBlank: Bool { count == 1 && fields[0].start == fields[0].end && fields[0].start == firstByte && fault == nil }
  fileprivate var firstByte = 0

  fileprivate mutating func reset(at start: Int) {
    fields.removeAll(keepingCapacity: true)
    count = 0
    allBits = 0
    hasZeroByte = false
    fault = nil
    firstOversizeField = nil
    firstByte = start
  }

  @inline(__always)
  fileprivate mutating func append(_ start: Int, _ end: Int, doubled: Bool) {
    if end &- start > IngestLimits.fieldBytes, firstOversizeField == nil { firstOversizeField = count }
    if count <= IngestLimits.columnsWithRejects {
      fields.append(Field(start: start, end: end, hasDoubledQuotes: doubled))
    }
    count &+= 1
  }
}

/// The byte loop of RFC 4180: commas, quotes, LF or CRLF.
enum CSVScanner {
  enum Outcome: Equatable {
    /// A record ended; the next one begins there.
    case record(next: Int)
    /// The bytes end inside a record. At the end of the source that is an open quote. `isBroken`: the record breaks
    /// the rules already, and ends with the line.
    case incomplete(isBroken: Bool)
  }

  private static let comma = UInt8(ascii: ",")
  private static let quote = UInt8(ascii: "\"")
  private static let lineFeed = UInt8(ascii: "\n")
  private static let carriageReturn = UInt8(ascii: "\r")

  /// Reads the record that begins at `start`. `isLast`: the source ends at `end`, which ends a record too.
  static func scan(
    _ bytes: Span<UInt8>, from start: Int, to end: Int, isLast: Bool, into record: inout CSVRecord
  ) -> Outcome {
    record.reset(at: start)
    var place = start
    var bits: UInt8 = 0
    defer { record.allBits = bits }
    while true {
      if place < end, bytes[place] == quote {
        place += 1
        let first = place
        var doubled = false
        while true {
          guard place < end else { return .incomplete(isBroken: false) }
          let byte = bytes[place]
          if byte == quote {
            // Whether it closes the field depends on the byte after it.
            guard place + 1 < end || isLast else { return .incomplete(isBroken: false) }
            guard place + 1 < end, bytes[place + 1] == quote else { break }
            doubled = true
            place += 2
            continue
          }
          bits |= byte
          if byte == 0 { record.hasZeroByte = true }
          place += 1
        }
        record.append(first, place, doubled: doubled)
        place += 1
        guard place < end else { return isLast ? .record(next: place) : .incomplete(isBroken: false) }
        let after = bytes[place]
        if after == comma {
          place += 1
          continue
        }
        if after == lineFeed { return .record(next: place + 1) }
        if after == carriageReturn { return endLine(bytes, at: place, to: end, isLast: isLast, &record) }
        record.fault = .badQuoting
        return skipLine(bytes, from: place, to: end, isLast: isLast)
      }
      let first = place
      scanning: while true {
        guard place < end else {
          guard isLast else { return .incomplete(isBroken: false) }
          record.append(first, place, doubled: false)
          return .record(next: place)
        }
        let byte = bytes[place]
        // Letters, digits and most signs are above the comma: one comparison for nearly all bytes.
        if byte > comma {
          bits |= byte
          place &+= 1
          continue
        }
        switch byte {
        case comma:
          record.append(first, place, doubled: false)
          place &+= 1
          break scanning
        case lineFeed:
          record.append(first, place, doubled: false)
          return .record(next: place &+ 1)
        case carriageReturn:
          record.append(first, place, doubled: false)
          return endLine(bytes, at: place, to: end, isLast: isLast, &record)
        case quote:
          record.fault = .badQuoting
          return skipLine(bytes, from: place, to: end, isLast: isLast)
        case 0:
          record.hasZeroByte = true
          place &+= 1
        default:
          place &+= 1
        }
      }
    }
  }

  /// At a carriage return outside of quotes.
  private static func endLine(
    _ bytes: Span<UInt8>, at place: Int, to end: Int, isLast: Bool, _ record: inout CSVRecord
  ) -> Outcome {
    guard place + 1 < end else { return isLast ? .record(next: end) : .incomplete(isBroken: true) }
    if bytes[place + 1] == lineFeed { return .record(next: place + 2) }
    record.fault = .bareCarriageReturn
    return skipLine(bytes, from: place, to: end, isLast: isLast)
  }

  /// What is broken cannot be trusted about quotes: the next record begins after the next line feed.
  private static func skipLine(_ bytes: Span<UInt8>, from start: Int, to end: Int, isLast: Bool) -> Outcome {
    var place = start
    while place < end {
      if bytes[place] == lineFeed { return .record(next: place + 1) }
      place += 1
    }
    return isLast ? .record(next: end) : .incomplete(isBroken: true)
  }

  /// Looks for the end of a record that is too long to be kept, and gives the place after it; nil when it is not in
  /// these bytes. `inQuotes` goes in as false at the record's start; nil for a broken record, where quotes mean nothing.
  static func skip(_ bytes: Span<UInt8>, from start: Int, to end: Int, inQuotes: inout Bool?) -> Int? {
    var place = start
    while place < end {
      let byte = bytes[place]
      if byte == quote {
        // A doubled quote switches twice, which is the same as not at all.
        inQuotes = inQuotes.map { !$0 }
      } else if byte == lineFeed, inQuotes != true {
        return place + 1
      }
      place += 1
    }
    return nil
  }
}
