import PostgreSQL
import TestSupport
import Testing

@Suite("PostgreSQL values")
struct PostgreSQLValueTests {
  let bench: PostgreSQLBench
  var db: Connection { bench.db }

  init() throws { bench = try PostgreSQLBench() }

  private struct Number: Value {
    let limbs: Numeric256.Limbs
    static var type: ValueType { .numeric }
    func append(to bytes: inout [UInt8]) { Numeric256.append(limbs, to: &bytes) }
  }

  @Test func `every type comes back as it went`() throws {
    let rows = try db.run(
      "SELECT $1::int8, $2::int8, $3::bool, $4::bytea, $5::text, $6::bytea, $7::text, $8::jsonb, 7::int4",
      Arguments(
        Int64.min, Int64.max, true, [0, 255, 7] as [UInt8], "grüße, \u{1F600}", [] as [UInt8], "",
        JSONText(utf8: Array("{\"b\":1,\"a\":[true,null]}".utf8))))
    #expect(rows.count == 1)
    #expect(try rows.int64(0, 0) == .min && rows.int64(0, 1) == .max && rows.bool(0, 2) && rows.int64(0, 8) == 7)
    #expect(try rows.bytes(0, 3) == [0, 255, 7] && rows.text(0, 4) == "grüße, \u{1F600}")
    #expect(try rows.bytes(0, 5).isEmpty && rows.text(0, 6).isEmpty)
    // The meaning stays, the spelling does not: nothing that is hashed may lie in such a column.
    #expect(try rows.text(0, 7) == "{\"a\": [true, null], \"b\": 1}")
    #expect(try rows.withBytes(0, 3) { $0[1] } == 255)
  }

  @Test func `NULL is told from nothing`() throws {
    var arguments = Arguments(nil as Int64?, "" as String?)
    arguments.add(nil as [UInt8]?)
    let rows = try db.run("SELECT $1::int8, $2::text, $3::bytea", arguments)
    #expect(try rows.isNull(0, 0) && !rows.isNull(0, 1) && rows.isNull(0, 2))
    #expect(postgreSQLCode { _ = try rows.int64(0, 0) } == .mismatch)
  }

  @Test func `what a column does not hold is refused, and so is one that is not there`() throws {
    let rows = try db.run("SELECT 1::int8, 'x'::text, -1::numeric, 1.5::numeric, 'NaN'::numeric, 2::numeric ^ 256")
    #expect(postgreSQLCode { _ = try rows.text(0, 0) } == .mismatch)
    #expect(postgreSQLCode { _ = try rows.int64(0, 1) } == .mismatch)
    #expect(postgreSQLCode { _ = try rows.bytes(0, 1) } == .mismatch)
    #expect(postgreSQLCode { _ = try rows.bool(0, 1) } == .mismatch)
    for column in 2...5 { #expect(postgreSQLCode { _ = try rows.limbs256(0, column) } == .mismatch, "\(column)") }
    for (row, column) in [(1, 0), (0, 6), (-1, 0), (0, -1)] {
      #expect(postgreSQLCode { _ = try rows.int64(row, column) } == .misuse)
    }
  }

  @Test func `256-bit numbers are the server's numbers, digit for digit`() throws {
    func check(_ limbs: Numeric256.Limbs, _ text: String? = nil) throws {
      let rows = try db.run("SELECT $1::numeric(78,0), $1::text", Arguments(Number(limbs: limbs)))
      #expect(try rows.limbs256(0, 0) == limbs)
      if let text { #expect(try rows.text(0, 1) == text) }
    }
    try check((0, 0, 0, 0), "0")
    try check((10_000, 0, 0, 0), "10000")
    try check((1_000_000_000_000_000_000, 0, 0, 0), "1000000000000000000")
    try check((.max, 0, 0, 0), "18446744073709551615")
    try check((0, 1, 0, 0), "18446744073709551616")
    try check(
      (.max, .max, .max, .max), "115792089237316195423570985008687907853269984665640564039457584007913129639935")
    var power: UInt64 = 1
    for _ in 0..<19 {
      try check((power, 0, 0, 0), "\(power)")
      try check((power - 1, 0, 0, 0), "\(power - 1)")
      power *= 10
    }
    var random = SplitMix64(seed: 1)
    for _ in 0..<200 {
      let shift = random.next() % 4
      try check(
        (random.next(), shift > 0 ? random.next() : 0, shift > 1 ? random.next() : 0, shift > 2 ? random.next() : 0))
    }
  }

  @Test func `arrays go to unnest, with NULLs and without elements`() throws {
    var arguments = Arguments()
    arguments.add(array: [3, -1, 2] as [Int64])
    arguments.add(array: ["a", nil, ""] as [String?])
    arguments.add(array: [[1], [], [2, 3]] as [[UInt8]])
    arguments.add(array: [Number(limbs: (5, 0, 0, 0)), Number(limbs: (0, 0, 0, 1)), Number(limbs: (0, 0, 0, 0))])
    let rows = try db.run(
      "SELECT * FROM unnest($1::int8[], $2::text[], $3::bytea[], $4::numeric[]) WITH ORDINALITY u(a, b, c, d, n) ORDER BY n",
      arguments)
    #expect(rows.count == 3)
    #expect(try (0..<3).map { try rows.int64($0, 0) } == [3, -1, 2])
    #expect(try rows.text(0, 1) == "a" && rows.isNull(1, 1) && rows.text(2, 1).isEmpty)
    #expect(try (0..<3).map { try rows.bytes($0, 2) } == [[1], [], [2, 3]])
    #expect(try rows.limbs256(1, 3) == (0, 0, 0, 1))
    var none = Arguments()
    none.add(array: [] as [Int64])
    #expect(try db.run("SELECT * FROM unnest($1::int8[])", none).count == 0)
  }

  @Test func `text that no column holds is a bad value`() throws {
    #expect(postgreSQLCode { try db.run("SELECT $1::text", Arguments("a\0b")) } == .badValue)
    #expect(postgreSQLCode { try db.run("SELECT $1::jsonb", Arguments(JSONText(utf8: Array("{".utf8)))) } == .badValue)
    #expect(db.isUsable)
  }
}
