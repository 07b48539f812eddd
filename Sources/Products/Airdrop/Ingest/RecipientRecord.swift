import Money

/// An accepted row on its way through the sorter, as bytes:
/// address, row number (8), flags and length of the units (1), units, length of the payout id (2), and only if that is
/// not 0 the first 16 bytes of its digest and the payout id, then metadata.
struct RecipientRecord {
  let bytes: [UInt8]
  private let addressLength: Int
  private let units: Range<Int>
  private let key: Range<Int>

  /// Set in the byte of the units' length when the address had no checksum.
  static let unverifiedFlag: UInt8 = 0x80

  /// Throws `ingest.spill_failed` when the bytes are no record: then the disk lied.
  init(_ bytes: [UInt8], addressLength: Int) throws(IngestError) {
    self.bytes = bytes
    self.addressLength = addressLength
    let unitsAt = addressLength + 8
    guard bytes.count > unitsAt else { throw RecipientRecord.damaged }
    units = (unitsAt + 1)..<(unitsAt + 1 + Int(bytes[unitsAt] & ~RecipientRecord.unverifiedFlag))
    guard units.count <= 32, bytes.count >= units.upperBound + 2 else { throw RecipientRecord.damaged }
    let keyCount = Int(bytes[units.upperBound]) << 8 | Int(bytes[units.upperBound + 1])
    let keyAt = units.upperBound + 2 + (keyCount == 0 ? 0 : LoadKeys.digestLength)
    key = keyAt..<(keyAt + keyCount)
    guard bytes.count >= key.upperBound else { throw RecipientRecord.damaged }
  }

  /// Where the payout id of the record that begins at `start` lies in an arena; nil when the row gave none.
  static func payoutID(in arena: [UInt8], from start: Int, _ addressLength: Int) -> Range<Int>? {
    let units = start + addressLength + 8
    let place = units + 1 + Int(arena[units] & ~unverifiedFlag)
    let count = Int(arena[place]) << 8 | Int(arena[place + 1])
    let key = place + 2 + LoadKeys.digestLength
    return count == 0 ? nil : key..<(key + count)
  }

  static let damaged = IngestError(
    .spillFailed, "a temporary file came back with other bytes than were written", hint: "check the disk, then repeat")

  var address: ArraySlice<UInt8> { bytes[..<addressLength] }
  var row: Int64 { Int64(truncatingIfNeeded: bytes.bigEndianWord(at: addressLength)) }
  var isUnverified: Bool { bytes[addressLength + 8] & RecipientRecord.unverifiedFlag != 0 }
  var amount: UInt256 {
    var parts: (UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0)
    for place in units {
      if units.count > 8 {
        parts.3 = parts.3 &<< 8 | parts.2 &>> 56
        parts.2 = parts.2 &<< 8 | parts.1 &>> 56
        parts.1 = parts.1 &<< 8 | parts.0 &>> 56
      }
      parts.0 = parts.0 &<< 8 | UInt64(bytes[place])
    }
    return UInt256(limbs: parts)
  }
  /// Bytes of the amount without leading zeros.
  var minimalUnits: ArraySlice<UInt8> { bytes[units] }
  /// Empty when the row gave none.
  var payoutIDBytes: ArraySlice<UInt8> { bytes[key] }
  /// Nil when the row gave no payout id.
  var payoutIDDigest: ArraySlice<UInt8>? {
    key.isEmpty ? nil : bytes[(key.lowerBound - LoadKeys.digestLength)..<key.lowerBound]
  }
  /// Canonical JSON object; empty for none.
  var metadata: ArraySlice<UInt8> { bytes[key.upperBound...] }
}
