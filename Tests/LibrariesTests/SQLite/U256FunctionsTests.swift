import Foundation
import SQLite
import Testing

@Suite("256-bit numbers in SQL")
struct U256FunctionsTests {
  let db: Connection

  init() throws {
    db = try Connection(path: ":memory:")
    try db.execute("CREATE TABLE t(v BLOB) STRICT")
  }

  private func value(_ sql: StaticString, _ words: [UInt8]?...) throws -> String? {
    var statement = try db.prepare(sql)
    for (index, word) in words.enumerated() { try statement.bind(index + 1, word) }
    #expect(try statement.step())
    return try statement.optionalText(0)
  }

  private func word(_ fill: UInt8, last: UInt8) -> [UInt8] { [UInt8](repeating: fill, count: 31) + [last] }

  @Test func `decimal text is exact at both ends`() throws {
    #expect(try value("SELECT u256_text(?1)", word(0, last: 0)) == "0")
    #expect(try value("SELECT u256_text(?1)", word(0, last: 10)) == "10")
    #expect(
      try value("SELECT u256_text(?1)", word(255, last: 255))
        == "115792089237316195423570985008687907853269984665640564039457584007913129639935")
    #expect(try value("SELECT u256_text(?1)", nil) == nil)
    // 2^64, 10^19 and 10^38: group borders of the conversion.
    #expect(
      try value("SELECT u256_text(x'0000000000000000000000000000000000000000000000010000000000000000')")
        == "18446744073709551616")
    #expect(
      try value("SELECT u256_text(x'0000000000000000000000000000000000000000000000008ac7230489e80000')")
        == "10000000000000000000")
    #expect(
      try value("SELECT u256_text(x'000000000000000000000000000000004b3b4ca85a86c47a098a224000000000')")
        == "100000000000000000000000000000000000000")
  }

  @Test func `a sum carries over every limb, leaves NULL out and is zero for no rows`() throws {
    #expect(try value("SELECT u256_text(u256_sum(v)) FROM t") == "0")
    try db.execute(
      """
      INSERT INTO t VALUES (NULL),
        (x'00000000000000000000000000000000ffffffffffffffffffffffffffffffff'),
        (x'0000000000000000000000000000000000000000000000000000000000000001')
      """)
    #expect(
      try value("SELECT lower(hex(u256_sum(v))) FROM t")
        == "0000000000000000000000000000000100000000000000000000000000000000")
    #expect(try value("SELECT u256_text(u256_sum(v)) FROM t WHERE v IS NULL") == "0")
  }

  @Test func `groups have sums of their own`() throws {
    var sums = try db.prepare(
      """
      SELECT k, u256_text(u256_sum(v)) FROM (
        SELECT 1 AS k, ?1 AS v UNION ALL SELECT 2, ?2 UNION ALL SELECT 1, ?2) GROUP BY k ORDER BY k
      """)
    try sums.bind(1, word(0, last: 200))
    try sums.bind(2, word(0, last: 100))
    var found: [String] = []
    while try sums.step() { found.append(try sums.text(1)) }
    #expect(found == ["300", "100"])
  }

  @Test func `what does not fit is an error and not a number`() throws {
    var insert = try db.prepare("INSERT INTO t VALUES (?1)")
    try insert.bind(1, word(255, last: 255))
    try insert.run()
    try insert.bind(1, word(0, last: 1))
    try insert.run()
    #expect(code { _ = try value("SELECT u256_text(u256_sum(v)) FROM t") } == .refused)
    #expect(code { _ = try value("SELECT u256_add(?1, ?2)", word(255, last: 255), word(0, last: 1)) } == .refused)
    #expect(code { _ = try value("SELECT u256_sub(?1, ?2)", word(0, last: 1), word(0, last: 2)) } == .refused)
    #expect(try value("SELECT u256_text(u256_sub(?1, ?2))", word(1, last: 0), word(1, last: 0)) == "0")
    #expect(try value("SELECT u256_text(u256_add(?1, ?2))", word(0, last: 255), word(0, last: 2)) == "257")
    #expect(try value("SELECT u256_text(u256_add(?1, ?2))", nil, word(0, last: 2)) == nil)
  }

  @Test(arguments: [[], [1], [UInt8](repeating: 0, count: 31), [UInt8](repeating: 0, count: 33)] as [[UInt8]])
  func `a blob of another size is refused`(bytes: [UInt8]) {
    #expect(code { _ = try value("SELECT u256_text(?1)", bytes) } == .refused)
    #expect(code { _ = try value("SELECT u256_text(u256_sum(?1))", bytes) } == .refused)
    #expect(code { _ = try value("SELECT u256_add(?1, ?1)", bytes) } == .refused)
  }

  @Test func `a number that is no blob is refused`() {
    #expect(code { _ = try value("SELECT u256_text(5)") } == .refused)
    #expect(code { _ = try value("SELECT u256_sum('5')") } == .refused)
  }

  @Test(arguments: UInt64(0)..<40)
  func `adding and subtracting agree with a byte-wise model`(seed: UInt64) throws {
    var state = seed &* 0x9e37_79b9_7f4a_7c15 &+ 1
    func byte() -> UInt8 {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return UInt8(truncatingIfNeeded: state >> 56)
    }
    // The top byte stays small, so that no sum overflows; mostly complements make carries run through whole limbs.
    let a = (0..<32).map { $0 == 0 ? byte() >> 1 : byte() }
    let b = a.indices.map { $0 == 0 ? byte() >> 1 : (byte() < 240 ? 255 - a[$0] : byte()) }
    var sum = [UInt8](repeating: 0, count: 32)
    var carry = 0
    for index in (0..<32).reversed() {
      let total = Int(a[index]) + Int(b[index]) + carry
      sum[index] = UInt8(total & 255)
      carry = total >> 8
    }
    var statement = try db.prepare("SELECT u256_add(?1, ?2), u256_sub(u256_add(?1, ?2), ?2), ?1 < ?2")
    try statement.bind(1, a)
    try statement.bind(2, b)
    #expect(try statement.step())
    #expect(try statement.blob(0) == sum)
    #expect(try statement.blob(1) == a)
    #expect(try statement.bool(2) == a.lexicographicallyPrecedes(b))
  }

  @Test func `a view may use the functions although the schema is not trusted`() throws {
    try db.execute("CREATE VIEW total AS SELECT u256_text(u256_sum(v)) AS units FROM t")
    #expect(try value("SELECT units FROM total") == "0")
  }
}
