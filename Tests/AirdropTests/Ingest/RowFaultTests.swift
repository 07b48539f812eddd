import Airdrop
import Chains
import Codecs
import Engine
import Money
import Testing

@Suite("Ingest: bad rows")
struct RowFaultTests {
  struct Case: Sendable, CustomTestStringConvertible {
    let name: String
    let row: [UInt8]
    let code: RowFault.Code
    let column: String
    init(_ name: String, _ row: String, _ code: RowFault.Code, _ column: String = "") {
      self.init(name, bytes: Array(row.utf8), code, column)
    }
    init(_ name: String, bytes: [UInt8], _ code: RowFault.Code, _ column: String = "") {
      (self.name, row, self.code, self.column) = (name, bytes, code, column)
    }
    var testDescription: String { name }
  }

  static let good = wallet(1)
  static let lower = good.lowercased()
  static let swapped = String(
    good.map { $0 == "x" ? $0 : $0.isUppercase ? Character($0.lowercased()) : Character($0.uppercased()) })
  static let long = String(repeating: "y", count: 65_537)

  static let shapes: [Case] = [
    Case("too few fields", "\(good),5,id", .columnCount),
    Case("too many fields", "\(good),5,id,n,more", .columnCount),
    Case("a comma too many at the end", "\(good),5,id,n,", .columnCount),
    Case("a quote inside a field", "\(good),5,id,6\" pipe", .badQuoting),
    Case("text after a closing quote", "\(good),5,id,\"a\"b", .badQuoting),
    Case("a space before a quote", "\(good),5,id, \"a\"", .badQuoting),
    Case("a carriage return inside a field", "\(good),5,id,a\rb", .bareCarriageReturn),
    Case("a carriage return after a quoted field", "\(good),5,id,\"a\"\rb", .bareCarriageReturn),
    Case("a field over 64 KiB", "\(good),5,id,\(long)", .fieldTooLarge, "note"),
    Case("a quoted field over 64 KiB", "\(good),5,id,\"\(long)\"", .fieldTooLarge, "note"),
    Case(
      "metadata over 64 KiB by its escapes", "\(good),5,id,\(String(repeating: "\\", count: 40_000))", .metadataTooLarge
    ),
    Case("a row over 1 MiB", "\(good),5,id,\(String(repeating: "z,", count: 530_000))", .rowTooLarge),
    Case("a quoted row over 1 MiB", "\(good),5,id,\"\(String(repeating: "z\n", count: 530_000))\"", .rowTooLarge),
    Case("a broken row over 1 MiB", "\(good),5,id,a\"\(String(repeating: "z\"", count: 530_000))", .rowTooLarge),
    Case("a zero byte", "\(good),5,id,a\0b", .zeroByte, "note"),
    Case("a zero byte in quotes", "\(good),\"5\0\",id,a", .zeroByte, "amount"),
    Case("a Latin-1 letter", bytes: Array("\(good),5,id,Stra".utf8) + [0xdf, 0x65], .notUTF8, "note"),
    Case("half a character", bytes: Array("\(good),5,".utf8) + [0xe2, 0x82] + Array(",n".utf8), .notUTF8, "Payout_ID"),
    Case("a surrogate", bytes: Array("\(good),5,id,".utf8) + [0xed, 0xa0, 0x80], .notUTF8, "note"),
    Case("an overlong form", bytes: Array("\(good),5,id,".utf8) + [0xc0, 0xaf], .notUTF8, "note"),
    Case("past the last character", bytes: Array("\(good),5,id,".utf8) + [0xf4, 0x90, 0x80, 0x80], .notUTF8, "note"),
  ]

  static let addresses: [Case] = [
    Case("no address", ",5,id,n", .missingValue, "Address"),
    Case("one digit short", "\(good.dropLast()),5,id,n", .badAddress, "Address"),
    Case("one digit more", "\(good)0,5,id,n", .badAddress, "Address"),
    Case("no 0x", "\(good.dropFirst(2)),5,id,n", .badAddress, "Address"),
    Case("a letter past f", "\(lower.dropLast())g,5,id,n", .badAddress, "Address"),
    Case("a space before it", " \(good),5,id,n", .badAddress, "Address"),
    Case("a space after it", "\(good) ,5,id,n", .badAddress, "Address"),
    Case("another chain's", "EQCD39VS5jcptHL8vMjEXrzGaRcCVYto7HUn4bpAOg8xqB2N,5,id,n", .badAddress, "Address"),
    Case("a name", "vitalik.eth,5,id,n", .badAddress, "Address"),
    Case("letters of the wrong case", "\(swapped),5,id,n", .badChecksum, "Address"),
    Case("zero", "0x\(String(repeating: "0", count: 40)),5,id,n", .zeroAddress, "Address"),
    Case("the token", "\(wallet(66)),5,id,n", .forbiddenAddress, "Address"),
    Case("the token in lower case", "\(wallet(66).lowercased()),5,id,n", .forbiddenAddress, "Address"),
    Case("the batch contract", "\(wallet(67)),5,id,n", .forbiddenAddress, "Address"),
  ]

  static let amounts: [Case] = [
    Case("no amount", "\(good),,id,n", .missingValue, "amount"),
    Case("zero", "\(good),0,id,n", .zeroAmount, "amount"),
    Case("zeros", "\(good),0000000000000000000000000,id,n", .zeroAmount, "amount"),
    Case("a comma between thousands", "\(good),\"1,000\",id,n", .separatedAmount, "amount"),
    Case("points between thousands", "\(good),1.000.000,id,n", .separatedAmount, "amount"),
    Case("an apostrophe between thousands", "\(good),1'000,id,n", .separatedAmount, "amount"),
    Case("an underscore between thousands", "\(good),1_000,id,n", .separatedAmount, "amount"),
    Case("a space between thousands", "\(good),1 000,id,n", .spacedAmount, "amount"),
    Case("a no-break space between thousands", "\(good),1\u{a0}000,id,n", .spacedAmount, "amount"),
    Case("a narrow space between thousands", "\(good),1\u{202f}000,id,n", .spacedAmount, "amount"),
    Case("a space before it", "\(good), 5,id,n", .spacedAmount, "amount"),
    Case("a tab after it", "\(good),5\t,id,n", .spacedAmount, "amount"),
    Case("an exponent", "\(good),1e18,id,n", .exponentAmount, "amount"),
    Case("a spreadsheet's exponent", "\(good),1.5E+18,id,n", .exponentAmount, "amount"),
    Case("a minus", "\(good),-5,id,n", .signedAmount, "amount"),
    Case("a plus", "\(good),+5,id,n", .signedAmount, "amount"),
    Case("a typographic minus", "\(good),\u{2212}5,id,n", .signedAmount, "amount"),
    Case("a minus with an exponent", "\(good),-5e3,id,n", .signedAmount, "amount"),
    Case("a fraction of base units", "\(good),1.5,id,n", .fractionalAmount, "amount"),
    Case("hexadecimal", "\(good),0x10,id,n", .badAmount, "amount"),
    Case("a word", "\(good),five,id,n", .badAmount, "amount"),
    Case("infinity", "\(good),inf,id,n", .badAmount, "amount"),
    Case("not a number", "\(good),NaN,id,n", .badAmount, "amount"),
    Case("a currency", "\(good),$5,id,n", .badAmount, "amount"),
    Case("other digits than ASCII's", "\(good),٥,id,n", .badAmount, "amount"),
    Case("two exponents", "\(good),1e5e5,id,n", .badAmount, "amount"),
    Case("a quote", "\(good),\"5\"\"\",id,n", .badAmount, "amount"),
    Case("2^256", "\(good),\(UInt256.max.description.dropLast())6,id,n", .amountTooLarge, "amount"),
    Case("a hundred digits", "\(good),\(String(repeating: "9", count: 100)),id,n", .amountTooLarge, "amount"),
  ]

  static let payoutIDs: [Case] = [
    Case("129 characters", "\(good),5,\(String(repeating: "x", count: 129)),n", .badPayoutID, "Payout_ID"),
    Case("a space before it", "\(good),5, id,n", .badPayoutID, "Payout_ID"),
    Case("a space after it", "\(good),5,id ,n", .badPayoutID, "Payout_ID"),
    Case("an escape", "\(good),5,i\u{1b}[31md,n", .badPayoutID, "Payout_ID"),
    Case("a line break", "\(good),5,\"i\nd\",n", .badPayoutID, "Payout_ID"),
    Case("a character without width", "\(good),5,i\u{200b}d,n", .badPayoutID, "Payout_ID"),
    Case("a turn of the writing direction", "\(good),5,i\u{202e}d,n", .badPayoutID, "Payout_ID"),
    Case(
      "the form of our own ids", "\(good),5,00000000-0000-4000-8000-00000000000a-17,n", .reservedPayoutID, "Payout_ID"),
  ]

  @Test(arguments: shapes + addresses + amounts + payoutIDs)
  func `a bad row is set aside with its row, column and code, and its neighbours are loaded`(_ bad: Case) throws {
    var desk = try IngestDesk()
    desk.piece = 1 << 16
    desk.tuning.block = 1 << 16
    let before = "Address,amount,Payout_ID,note\r\n\(wallet(2)),1,before,x\r\n"
    let after = "\r\n\(wallet(3)),2,after,\"y\"\r\n"
    let forbidden = Set([66, 67].compactMap { Hex.bytes(wallet($0)).map(Address.init) })
    let result = try desk.load(
      Array(before.utf8) + bad.row + Array(after.utf8), .csv, IngestOptions(forbidden: forbidden))
    #expect(result.report.faults == [FaultCount(code: bad.code, rows: 1, firstRows: [2])])
    #expect(try desk.rows.map(\.payoutID).sorted { $0 ?? "" < $1 ?? "" } == ["after", "before"])
    let rejects = try #require(result.rejects)
    #expect(rejects.utf8.count < 10_000)
    let ending = "\(bad.code.rawValue),"
    #expect(rejects.contains(ending) && rejects.contains(",2,\(bad.column),"), "\(rejects)")
    #expect(!rejects.utf8.contains(0x1b) && !rejects.utf8.contains(0) && !rejects.contains("\u{202e}"))
  }

  @Test func `every code has a hint, and every code but those of duplicates and JSON is met by the table`() {
    let met = Set((Self.shapes + Self.addresses + Self.amounts + Self.payoutIDs).map(\.code))
    let elsewhere: Set<RowFault.Code> = [
      .badJSON, .duplicateMember, .nestedValue, .amountTooPrecise, .duplicatePayoutID, .payoutIDTaken,
      .duplicateRecipient, .alreadyLoaded, .sumOverflow, .sumOfDifferentIDs,
    ]
    #expect(met.union(elsewhere) == Set(RowFault.Code.allCases) && met.isDisjoint(with: elsewhere))
    for code in RowFault.Code.allCases { #expect(code.hint.count > 10 && code.rawValue.hasPrefix("ingest.")) }
  }

  @Test func `all forms of one address are the same, and those without checksum are counted`() throws {
    let desk = try IngestDesk()
    let upper = "0x" + wallet(2).dropFirst(2).uppercased()
    let digits = "0x" + String(repeating: "1", count: 40)
    let result = try desk.load("address,amount\n\(wallet(1)),1\n\(upper),1\n\(wallet(3).lowercased()),1\n\(digits),1\n")
    #expect(result.report.summary.accepted == 4 && result.report.withoutChecksum == 2)
    #expect(
      try Set(desk.rows.map { Hex.prefixed($0.address) }) == Set([1, 2, 3].map { wallet($0).lowercased() } + [digits]))
  }

  @Test func `the largest amount is accepted, and leading zeros are no harm`() throws {
    let desk = try IngestDesk()
    try desk.load("address,amount\n\(wallet(1)),\(UInt256.max.description)\n")
    #expect(try desk.rows.map(\.units) == [.max])
    let second = try IngestDesk()
    try second.load("address,amount\n\(wallet(1)),0000000000000000000000000005\n\(wallet(2)),18446744073709551616\n")
    #expect(try Set(second.rows.map(\.units)) == [UInt256(5), UInt256(limbs: (0, 1, 0, 0))])
  }

  @Test func `sums past 2^256 - 1 over the whole file refuse it`() throws {
    let desk = try IngestDesk()
    let text = "address,amount\n\(wallet(1)),\(UInt256.max.description)\n\(wallet(2)),1\n"
    #expect(throws: IngestError.self) { try desk.load(text) }
    #expect(try desk.rows.isEmpty)
  }
}
