import Codecs
import Money
import TestSupport
import Testing

@Suite("ABI")
struct ABITests {
  static let elementary: [ABIType] = [
    .uint(bits: 8), .uint(bits: 256), .int(bits: 8), .int(bits: 256), .address, .bool, .fixedBytes(1), .fixedBytes(32),
    .bytes, .string,
  ]

  static func type(_ random: inout SplitMix64, depth: Int) -> ABIType {
    if depth == 0 || random.next() % 2 == 0 { return elementary[Int(random.next() % UInt64(elementary.count))] }
    switch random.next() % 3 {
    case 0: return .array(type(&random, depth: depth - 1))
    case 1: return .fixedArray(type(&random, depth: depth - 1), count: Int(1 + random.next() % 3))
    default: return .tuple((0..<(1 + random.next() % 3)).map { _ in type(&random, depth: depth - 1) })
    }
  }

  static func value(_ type: ABIType, _ random: inout SplitMix64) -> ABIValue {
    switch type {
    case .uint(let bits): .uint(UInt256(bigEndian: random.bytes(bits / 8)) ?? .zero)
    case .int(let bits):
      .int(ABIInteger(isNegative: random.next() & 1 == 1, magnitude: UInt256(random.next() % (bits == 8 ? 128 : .max))))
    case .address: .address(EVMAddress(random.bytes(20)) ?? .zero)
    case .bool: .bool(random.next() & 1 == 1)
    case .fixedBytes(let count): .bytes(random.bytes(count))
    case .bytes: .bytes(random.bytes(Int(random.next() % 70)))
    case .string: .string(String(repeating: "é", count: Int(random.next() % 40)))
    case .array(let element): .list((0..<(random.next() % 4)).map { _ in value(element, &random) })
    case .fixedArray(let element, let count): .list((0..<count).map { _ in value(element, &random) })
    case .tuple(let members): .list(members.map { value($0, &random) })
    }
  }

  @Test(arguments: UInt64(0)..<300)
  func `values of any type read back the same, and no changed byte is a second encoding`(seed: UInt64) throws {
    var random = SplitMix64(seed: seed)
    let types = (0..<(1 + random.next() % 4)).map { _ in ABITests.type(&random, depth: 3) }
    let values = types.map { ABITests.value($0, &random) }
    let bytes = try ABI.encode(values, as: types)
    #expect(try ABI.decode(bytes, as: types) == values)
    for type in types { #expect(try ABIType(type.description) == type) }
    for _ in 0..<60 {
      var changed = bytes
      changed[Int(random.next() % UInt64(bytes.count))] = UInt8(truncatingIfNeeded: random.next() >> 7)
      if let other = try? ABI.decode(changed, as: types) { #expect(try ABI.encode(other, as: types) == changed) }
    }
    #expect(throws: ABIError.self) { try ABI.decode(bytes.dropLast(), as: types) }
    #expect(throws: ABIError.self) { try ABI.decode(bytes + [0], as: types) }
  }

  @Test func `an absurd length ends in an error and not in memory`() throws {
    let offset = UInt256(32).bigEndianBytes
    for length in [UInt256.max, UInt256(.max), UInt256(1 << 62), UInt256(1 << 32), UInt256(2)] {
      for type: ABIType in [.array(.uint(bits: 256)), .array(.array(.bytes)), .bytes, .string] {
        #expect { try ABI.decode(offset + length.bigEndianBytes, as: [type]) } throws: {
          ($0 as? ABIError)?.code == .truncated
        }
      }
    }
  }

  @Test func `two offsets cannot share a tail, so nested arrays cannot multiply`() throws {
    let words = [32, 2, 64, 64, 1, 7].map { UInt256($0).bigEndianBytes }.flatMap { $0 }
    #expect { try ABI.decode(words, as: [ABIType("uint256[][]")]) } throws: {
      ($0 as? ABIError)?.code == .notCanonical
    }
  }

  @Test func `dirty padding and words out of range are refused`() throws {
    var dirty = [UInt8](repeating: 0, count: 32)
    dirty[0] = 1
    for type: ABIType in [.uint(bits: 248), .address, .bool, .int(bits: 128)] {
      #expect { try ABI.decode(dirty, as: [type]) } throws: { ($0 as? ABIError)?.code == .notCanonical }
    }
    #expect { try ABI.decode(UInt256(2).bigEndianBytes, as: [.bool]) } throws: {
      ($0 as? ABIError)?.code == .notCanonical
    }
    #expect { try ABI.decode(UInt256(1).bigEndianBytes, as: [.fixedBytes(4)]) } throws: {
      ($0 as? ABIError)?.code == .notCanonical
    }
  }

  @Test func `numbers with a sign have the range of their width`() throws {
    for (text, fits) in [("127", true), ("128", false), ("-128", true), ("-129", false), ("0", true), ("-0", true)] {
      let value = ABIValue.int(try ABIInteger(decimal: text))
      if fits {
        #expect(try ABI.decode(ABI.encode([value], as: [.int(bits: 8)]), as: [.int(bits: 8)]) == [value])
      } else {
        #expect { try ABI.encode([value], as: [.int(bits: 8)]) } throws: { ($0 as? ABIError)?.code == .wrongValue }
      }
    }
    let least = ABIInteger(isNegative: true, magnitude: UInt256(limbs: (0, 0, 0, 1 << 63)))
    #expect(try ABI.encode([.int(least)], as: [.int(bits: 256)]) == [0x80] + [UInt8](repeating: 0, count: 31))
  }

  @Test(arguments: [
    "", "uint", "uint7", "uint264", "uint08", "int0", "bytes0", "bytes33", "float", "uint256[0]", "uint256[01]",
    "uint256[", "uint256]", "()", "(uint256", "(uint256,)", "uint256 ", "(uint8[999999])[999999]", "uint8[9999999]",
    String(repeating: "(", count: 100_000), "uint8" + String(repeating: "[]", count: 100_000),
  ])
  func `a type that does not exist is refused`(text: String) {
    #expect { try ABIType(text) } throws: { ($0 as? ABIError)?.code == .badType }
  }

  @Test(
    arguments: [
      .uint(bits: 0), .uint(bits: 512), .fixedBytes(0), .fixedBytes(40), .tuple([]),
      .fixedArray(.bool, count: 0), .array(.tuple([])), .fixedArray(.bool, count: .max), .array(.fixedBytes(-1)),
    ] as [ABIType])
  func `a type written in code that does not exist is refused and does not trap`(type: ABIType) {
    #expect { try ABI.encode([.list([])], as: [type]) } throws: { ($0 as? ABIError)?.code == .badType }
    #expect { try ABI.decode([UInt8](repeating: 0, count: 64), as: [type]) } throws: {
      ($0 as? ABIError)?.code == .badType
    }
  }

  @Test func `a value of another kind or count is refused`() {
    let cases: [(ABIValue, ABIType)] = [
      (.bool(true), .uint(bits: 8)), (.uint(UInt256(256)), .uint(bits: 8)), (.bytes([1]), .fixedBytes(2)),
      (.list([]), .fixedArray(.bool, count: 1)), (.list([.bool(true)]), .tuple([.bool, .bool])), (.string(""), .bytes),
    ]
    for (value, type) in cases {
      #expect { try ABI.encode([value], as: [type]) } throws: { ($0 as? ABIError)?.code == .wrongValue }
    }
    #expect { try ABI.encode([], as: [.bool]) } throws: { ($0 as? ABIError)?.code == .wrongValue }
  }
}

@Suite("Reasons of a revert")
struct RevertReasonTests {
  @Test(
    arguments: [.empty, .error("ERC20: transfer amount exceeds balance"), .error(""), .panic(UInt256(0x11))]
      as [RevertReason])
  func `a reason reads back from its data`(reason: RevertReason) { #expect(RevertReason(reason.data) == reason) }

  @Test func `what is not understood is kept as it is`() {
    let selector = RevertReason.errorSelector
    let cases: [[UInt8]] = [
      [1], [1, 2, 3, 4], [0x4e, 0, 0, 0] + UInt256.one.bigEndianBytes, [8, 0, 0, 0] + UInt256.one.bigEndianBytes,
      selector, selector + [1], RevertReason.panicSelector + [UInt8](repeating: 0, count: 31),
      selector + UInt256(32).bigEndianBytes + UInt256.max.bigEndianBytes,
      selector + UInt256(32).bigEndianBytes + UInt256(1).bigEndianBytes + [0xff] + [UInt8](repeating: 0, count: 31),
    ]
    for data in cases { #expect(RevertReason(data) == .custom(data)) }
  }
}
