import Codecs
import Money
import TestSupport
import Testing

@Suite("RLP")
struct RLPTests {
  static func item(_ random: inout SplitMix64, depth: Int) -> RLP.Item {
    if depth == 0 || random.next() % 3 > 0 {
      let sizes = [0, 1, 1, 2, 20, 32, 54, 55, 56, 57, 255, 256, 300]
      return .bytes(random.bytes(sizes[Int(random.next() % UInt64(sizes.count))]))
    }
    return .list((0..<(random.next() % 6)).map { _ in item(&random, depth: depth - 1) })
  }

  @Test(arguments: UInt64(0)..<200)
  func `an item reads back the same, and no changed byte is a second encoding of it`(seed: UInt64) throws {
    var random = SplitMix64(seed: seed)
    let item = RLPTests.item(&random, depth: 4)
    let bytes = RLP.encode(item)
    #expect(try RLP.decode(bytes) == item)
    for _ in 0..<40 {
      var changed = bytes
      changed[Int(random.next() % UInt64(bytes.count))] = UInt8(truncatingIfNeeded: random.next())
      if let other = try? RLP.decode(changed) { #expect(RLP.encode(other) == changed) }
    }
    for length in 0..<min(bytes.count, 40) { #expect(throws: RLPError.self) { try RLP.decode(bytes.prefix(length)) } }
  }

  @Test(
    arguments: [
      ([], RLPError.Code.truncated), ([0x81], .truncated), ([0xb8], .truncated), ([0xb8, 0x38], .truncated),
      ([0xbf, 0x80, 0, 0, 0, 0, 0, 0, 0], .truncated), ([0xff] + Array(repeating: 0xff, count: 8), .truncated),
      ([0x81, 0x7f], .notCanonical), ([0xb8, 0x37], .notCanonical), ([0xb9, 0x00, 0x38], .notCanonical),
      ([0xf8, 0x00], .notCanonical), ([0x80, 0x80], .trailingBytes), ([0xc1], .truncated),
      ([0xc2, 0x82, 0x01], .truncated),
    ] as [([UInt8], RLPError.Code)])
  func `bytes that are not the one encoding are refused by their code`(bytes: [UInt8], code: RLPError.Code) {
    #expect { try RLP.decode(bytes) } throws: { ($0 as? RLPError)?.code == code }
  }

  @Test func `depth and size have bounds`() throws {
    var nested: RLP.Item = .list([])
    for _ in 0..<31 { nested = .list([nested]) }
    #expect(try RLP.decode(RLP.encode(nested)) == nested)
    #expect { try RLP.decode(RLP.encode(.list([nested]))) } throws: { ($0 as? RLPError)?.code == .tooDeep }
    #expect { try RLP.decode([0x82, 1, 2], mostBytes: 2) } throws: { ($0 as? RLPError)?.code == .tooLarge }
    for _ in 0..<2000 { nested = .list([nested]) }
    #expect { try RLP.decode(RLP.encode(nested)) } throws: { ($0 as? RLPError)?.code == .tooDeep }
  }

  @Test func `numbers have no leading zeros and fit, and shapes must match`() throws {
    #expect { try RLP.Item.bytes([0]).uint64() } throws: { ($0 as? RLPError)?.code == .notCanonical }
    #expect { try RLP.Item.bytes([0, 1]).uint256() } throws: { ($0 as? RLPError)?.code == .notCanonical }
    #expect(try RLP.Item.bytes([]).uint64() == 0)
    #expect(try RLP.Item.integer(UInt64.max).uint64() == .max)
    #expect { try RLP.Item.bytes([1] + Array(repeating: 0, count: 8)).uint64() } throws: {
      ($0 as? RLPError)?.code == .wrongShape
    }
    #expect { try RLP.Item.bytes([1] + Array(repeating: 0, count: 32)).uint256() } throws: {
      ($0 as? RLPError)?.code == .wrongShape
    }
    #expect { try RLP.Item.list([]).bytes() } throws: { ($0 as? RLPError)?.code == .wrongShape }
    #expect { try RLP.Item.bytes([]).list() } throws: { ($0 as? RLPError)?.code == .wrongShape }
  }
}
