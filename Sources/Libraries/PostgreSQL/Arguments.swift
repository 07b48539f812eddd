/// The values of `$1`, `$2`, ... of one statement, in order, in their binary form.
package struct Arguments {
  struct Place {
    let type: UInt32
    let start: Int
    /// Negative for NULL.
    let length: Int32
  }

  private(set) var places: [Place] = []
  /// The first byte is nobody's: a value of no bytes is no NULL, and needs an address.
  private(set) var bytes: [UInt8] = [0]

  package init() {}

  /// Room for about so many bytes.
  package mutating func reserve(_ count: Int) { bytes.reserveCapacity(count) }

  /// One value for each parameter.
  package init<each One: Value>(_ values: repeat each One) {
    for value in repeat each values { add(value) }
  }

  package mutating func add<One: Value>(_ value: One) {
    guard !value.isNull else { return places.append(Place(type: One.type.oid, start: 0, length: -1)) }
    let start = bytes.count
    value.append(to: &bytes)
    places.append(Place(type: One.type.oid, start: start, length: Int32(clamping: bytes.count - start)))
  }

  /// One array parameter, for `unnest` and `= ANY`.
  package mutating func add<One: Value>(array values: [One]) {
    add(arrayOf: One.type) { elements in
      for value in values { elements.append(value) }
    }
  }

  /// One array parameter, value by value: for many, which then need no array of their own.
  package mutating func add(arrayOf type: ValueType, _ write: (inout Elements) -> Void) {
    let start = bytes.count
    var whole: [UInt8] = []
    // Moved there and back: with two owners, every array would copy all before it.
    swap(&whole, &bytes)
    var elements = Elements(type, after: consume whole)
    write(&elements)
    bytes = elements.finish(from: start)
    places.append(Place(type: type.arrayOID, start: start, length: Int32(clamping: bytes.count - start)))
  }

  /// The values of an array, as they are written. Source of the form: src/backend/utils/adt/arrayfuncs.c, array_recv.
  package struct Elements: ~Copyable {
    private var bytes: [UInt8]
    private var count = 0
    private var hasNulls = false

    fileprivate init(_ type: ValueType, after bytes: consuming [UInt8]) {
      self.bytes = bytes
      // Dimensions, whether there are nulls, the type, how many, counted from 1.
      for word in [1, 0, type.oid, 0, 1] as [UInt32] { self.bytes.appendBigEndian(word) }
    }

    package mutating func append<One: Value>(_ value: One) {
      count += 1
      if value.isNull { hasNulls = true }
      bytes.append(sized: value)
    }

    package mutating func append(_ text: String) {
      count += 1
      bytes.appendBigEndian(UInt32(clamping: text.utf8.count))
      bytes += text.utf8
    }

    /// 32 bytes, as big-endian words.
    package mutating func append(_ words: (UInt64, UInt64, UInt64, UInt64)) {
      count += 1
      bytes.appendBigEndian(32 as UInt32)
      bytes.appendBigEndian(words.0)
      bytes.appendBigEndian(words.1)
      bytes.appendBigEndian(words.2)
      bytes.appendBigEndian(words.3)
    }

    package mutating func appendNull() {
      count += 1
      hasNulls = true
      bytes.appendBigEndian(UInt32.max)
    }

    fileprivate consuming func finish(from start: Int) -> [UInt8] {
      if count == 0 {
        // Of no dimension: it ends before the counts.
        bytes.put(0, at: start)
        bytes.removeLast(8)
      } else {
        if hasNulls { bytes.put(1, at: start + 4) }
        bytes.put(UInt32(clamping: count), at: start + 12)
      }
      return bytes
    }
  }
}

extension [UInt8] {
  /// Appends the length of a value, -1 for NULL, and its bytes.
  mutating func append<One: Value>(sized value: One) {
    guard !value.isNull else { return appendBigEndian(UInt32.max) }
    let place = count
    appendBigEndian(0 as UInt32)
    value.append(to: &self)
    put(UInt32(clamping: count - place - 4), at: place)
  }
}
