import Codecs
import Money
import Testing

@Suite("Hashed records")
struct CanonicalBytesTests {
  private func record() -> [UInt8] {
    var writer = CanonicalBytes.Writer(tag: "t/1")
    writer.append(UInt8(7))
    writer.append(UInt32(8))
    writer.append(UInt64(9))
    writer.append(Int64(-1))
    writer.append(true)
    writer.append(UInt256.max)
    writer.append(Hash32.zero)
    writer.append(EVMAddress.zero)
    writer.append([1, 2, 3])
    writer.append("é")
    writer.append(optional: UInt64(5)) { $0.append($1) }
    writer.append(optional: String?.none) { $0.append($1) }
    writer.appendCount(2)
    writer.append(UInt8(1))
    writer.append(UInt8(2))
    return writer.bytes
  }

  private func read(_ bytes: [UInt8]) throws {
    var reader = try CanonicalBytes.Reader(bytes, tag: "t/1")
    #expect(try reader.uint8() == 7)
    #expect(try reader.uint32() == 8)
    #expect(try reader.uint64() == 9)
    #expect(try reader.int64() == -1)
    #expect(try reader.bool())
    #expect(try reader.uint256() == .max)
    #expect(try reader.hash() == .zero)
    #expect(try reader.address() == .zero)
    #expect(try reader.bytes() == [1, 2, 3])
    #expect(try reader.string() == "é")
    #expect(try reader.optional { (reader) throws(CanonicalBytesError) in try reader.uint64() } == 5)
    #expect(try reader.optional { (reader) throws(CanonicalBytesError) in try reader.string() } == nil)
    #expect(try reader.count(elementBytes: 1) == 2)
    _ = try reader.uint8()
    _ = try reader.uint8()
    try reader.finish()
  }

  @Test func `a record has the bytes it was given, for ever`() {
    let expected =
      "00000003742f31" + "07" + "00000008" + "0000000000000009" + "ffffffffffffffff" + "01"
      + String(repeating: "f", count: 64) + String(repeating: "0", count: 64) + String(repeating: "0", count: 40)
      + "00000003010203" + "00000002c3a9" + "010000000000000005" + "00" + "00000002" + "0102"
    #expect(Hex.text(record()) == expected)
  }

  @Test func `a record reads back, and none that is cut short or longer does`() throws {
    let bytes = record()
    try read(bytes)
    #expect { try read(bytes + [0]) } throws: { ($0 as? CanonicalBytesError)?.code == .trailingBytes }
    var reader = try CanonicalBytes.Reader([0, 0, 0, 1, 0x74, 0xff, 0xff, 0xff, 0xff], tag: "t")
    #expect { try reader.count(elementBytes: 0) } throws: { ($0 as? CanonicalBytesError)?.code == .truncated }
    #expect { try reader.bytes() } throws: { ($0 as? CanonicalBytesError)?.code == .truncated }
  }

  @Test func `another tag, a boolean above 1 and text that is no UTF-8 are refused`() throws {
    #expect { try CanonicalBytes.Reader(record(), tag: "t/2") } throws: {
      ($0 as? CanonicalBytesError)?.code == .wrongTag
    }
    #expect { try CanonicalBytes.Reader([], tag: "t") } throws: { ($0 as? CanonicalBytesError)?.code == .wrongTag }
    var reader = try CanonicalBytes.Reader([0, 0, 0, 1, 0x74, 2, 0, 0, 0, 1, 0xff], tag: "t")
    #expect { try reader.bool() } throws: { ($0 as? CanonicalBytesError)?.code == .badValue }
    #expect { try reader.string() } throws: { ($0 as? CanonicalBytesError)?.code == .badValue }
  }
}
