import Foundation
import MaxMind
import TestSupport
import Testing

@Suite("The MaxMind DB format")
struct MaxMindTests {
  private static let lines = """
    192.0.2.0/24\t{"country": {"iso_code": "CH"}, "number": 7, "list": [1]}
    192.0.2.128/25\t{"country": {"iso_code": "DE"}, "note": "\(String(repeating: "x", count: 1_200))"}
    2001:db8::/32\t{"autonomous_system_number": 64500}
    """

  private static let four: [UInt8] = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 192, 0, 2, 1]
  private static let six: [UInt8] = [0x20, 1, 0x0d, 0xb8] + Array(repeating: 9, count: 12)

  private static func halves(_ bytes: [UInt8]) -> (high: UInt64, low: UInt64) {
    func word(_ bytes: ArraySlice<UInt8>) -> UInt64 { bytes.reduce(0) { $0 << 8 | UInt64($1) } }
    return (word(bytes[..<8]), word(bytes[8...]))
  }

  private static func bytes(_ options: [String] = []) throws -> [UInt8] { try MMDBFile.bytes(lines, options) }

  @Test(arguments: ["24", "28", "32"])
  func `values are found by address and key`(record: String) throws {
    let database = try MaxMindDatabase(
      Self.bytes(["--record", record, "--type", "Test-City", "--built", "1700000000"]))
    #expect(database.type == "Test-City" && database.builtAt == 1_700_000_000)
    func value(_ address: [UInt8], _ first: StaticString, _ second: StaticString? = nil) throws -> MaxMindDatabase
      .Value?
    {
      try database.value(of: Self.halves(address), isVersion4: address[10] == 0xff, first, second)
    }
    #expect(try value(Self.four, "country", "iso_code") == .text("CH"))
    var upper = Self.four
    upper[15] = 200
    #expect(try value(upper, "country", "iso_code") == .text("DE"))
    #expect(try value(Self.six, "autonomous_system_number") == .number(64_500))
    #expect(try value(Self.four, "number") == .number(7))
    #expect(try value(Self.four, "list") == .other && value(Self.four, "country") == .other)
    #expect(try value(Self.four, "country", "name") == nil && value(Self.four, "city") == nil)
    #expect(try value(Self.four, "number", "iso_code") == nil)
    #expect(try value([0x20, 2] + Array(repeating: 0, count: 14), "country", "iso_code") == nil)
    #expect(try value(Array(repeating: 0, count: 16), "country", "iso_code") == nil)
    #expect(throws: MaxMindError.self) { try value(upper, "note") }
  }

  @Test func `a database of version 4 knows no address of version 6`() throws {
    let text = Self.lines.split(separator: "\n").prefix(2).joined(separator: "\n")
    let database = try MaxMindDatabase(MMDBFile.bytes(text, ["--version", "4"]))
    #expect(try database.value(of: Self.halves(Self.four), isVersion4: true, "country", "iso_code") == .text("CH"))
    #expect(try database.value(of: Self.halves(Self.six), isVersion4: false, "country", "iso_code") == nil)
  }

  @Test func `what is no database is refused`() throws {
    let good = try Self.bytes()
    for bytes in [
      [], [1, 2, 3], Array("<html>".utf8), Array(good.prefix(good.count / 2)), Array(repeating: 0, count: 9_999),
    ] {
      let error = #expect(throws: MaxMindError.self) { try MaxMindDatabase(bytes) }
      #expect(error?.code == .damaged, "\(bytes.count) bytes")
    }
  }

  /// Each byte changed, and the file cut at each place: an answer, nothing, or an error; never the end of the process.
  @Test func `a hostile file gives no more than an error`() throws {
    let good = try Self.bytes()
    var random = SplitMix64(seed: 8)
    var refused = 0
    for round in 0..<4_000 {
      var bytes = good
      // The tree is long and dull: most changes go to the data and the metadata.
      let from = round % 4 == 0 ? 0 : good.count - 2_000
      for _ in 0...(round % 3) {
        bytes[from + Int(random.next() % UInt64(good.count - from))] = UInt8(truncatingIfNeeded: random.next())
      }
      if round % 7 == 0 { bytes.removeLast(Int(random.next() % UInt64(good.count))) }
      do {
        let database = try MaxMindDatabase(bytes)
        for (address, isVersion4) in [(Self.four, true), (Self.six, false)] {
          _ = try database.value(of: Self.halves(address), isVersion4: isVersion4, "country", "iso_code")
          _ = try database.value(of: Self.halves(address), isVersion4: isVersion4, "autonomous_system_number")
        }
      } catch { refused += 1 }
    }
    #expect(refused > 100)
  }
}
