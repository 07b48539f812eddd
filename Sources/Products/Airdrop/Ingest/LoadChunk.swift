/// Rows in address order, as columns: one chunk is one transaction.
package struct LoadChunk: Sendable {
  package let addressLength: Int
  /// `count * addressLength` bytes.
  package private(set) var addresses: [UInt8] = []
  /// `count * 32` bytes, big-endian base units.
  package private(set) var units: [UInt8] = []
  /// Row of the source, from 1, header not counted.
  package private(set) var rowNumbers: [Int64] = []
  /// The caller's own payout ids; empty where the file gave none.
  package private(set) var payoutKeys = TextColumn()
  /// How many of `payoutKeys` are not empty.
  package private(set) var keyCount = 0
  /// Other columns as one canonical JSON object; empty where there are none.
  package private(set) var metadata = TextColumn()

  package init(addressLength: Int) { self.addressLength = addressLength }

  package var count: Int { rowNumbers.count }

  /// Adds a row. The address must have `addressLength` bytes, the units 32; key and metadata are UTF-8.
  package mutating func append(
    address: ArraySlice<UInt8>, units: ArraySlice<UInt8>, rowNumber: Int64, payoutKey: ArraySlice<UInt8>,
    metadata: ArraySlice<UInt8>
  ) {
    precondition(address.count == addressLength && units.count == 32, "a chunk takes checked rows only")
    addresses += address
    self.units += units
    rowNumbers.append(rowNumber)
    payoutKeys.append(payoutKey)
    if !payoutKey.isEmpty { keyCount += 1 }
    self.metadata.append(metadata)
  }

  /// Forgets the rows and keeps their room.
  package mutating func removeAll() {
    addresses.removeAll(keepingCapacity: true)
    units.removeAll(keepingCapacity: true)
    rowNumbers.removeAll(keepingCapacity: true)
    payoutKeys.removeAll()
    keyCount = 0
    metadata.removeAll()
  }
}

/// Texts one after the other in one piece of memory, UTF-8.
package struct TextColumn: Sendable {
  package private(set) var bytes: [UInt8] = []
  /// Past the last byte of each text.
  package private(set) var ends: [Int] = []

  package init() {}

  package subscript(row: Int) -> ArraySlice<UInt8> { bytes[(row == 0 ? 0 : ends[row - 1])..<ends[row]] }

  package mutating func append(_ text: ArraySlice<UInt8>) {
    bytes += text
    ends.append(bytes.count)
  }

  mutating func removeAll() {
    bytes.removeAll(keepingCapacity: true)
    ends.removeAll(keepingCapacity: true)
  }
}

/// Payout keys of a load's rows, ascending by digest.
package struct LoadKeys: Sendable {
  /// Bytes of a digest here: the first of SHA-256 of the payout id.
  package static let digestLength = 16
  /// `count * digestLength` bytes.
  package private(set) var digests: [UInt8] = []
  package private(set) var ordinals: [Int64] = []

  package init() {}

  package var count: Int { ordinals.count }

  package mutating func append(digest: ArraySlice<UInt8>, ordinal: UInt32) {
    precondition(digest.count == LoadKeys.digestLength, "a key is known by 16 bytes")
    digests += digest
    ordinals.append(Int64(ordinal))
  }

  mutating func removeAll() {
    digests.removeAll(keepingCapacity: true)
    ordinals.removeAll(keepingCapacity: true)
  }
}
