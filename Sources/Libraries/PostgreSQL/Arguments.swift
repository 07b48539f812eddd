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
    let hasNulls = values.contains { $0.isNull }
    add(array: values.count, of: One.type, hasNulls: hasNulls) { bytes in
      for value in values { bytes.append(sized: value) }
    }
  }

  /// Source of the form: src/backend/utils/adt/arrayfuncs.c, array_recv.
  private mutating func add(
    array count: Int, of type: ValueType, hasNulls: Bool, _ elements: (inout [UInt8]) -> Void
  ) {
    let start = bytes.count
    bytes.appendBigEndian(count == 0 ? 0 : 1 as UInt32)
    bytes.appendBigEndian(hasNulls ? 1 : 0 as UInt32)
    bytes.appendBigEndian(type.oid)
    if count > 0 {
      bytes.appendBigEndian(UInt32(clamping: count))
      bytes.appendBigEndian(1 as UInt32)
      elements(&bytes)
    }
    places.append(Place(type: type.arrayOID, start: start, length: Int32(clamping: bytes.count - start)))
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
