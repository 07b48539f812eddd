import Airdrop
import Engine
import Money
import TestSupport
import Testing

@Suite("Ingest: amounts in token units")
struct AmountTests {
  @Test func `token units are exact`() throws {
    let desk = try IngestDesk()
    let texts = ["1.5", "0.000001", "12345678901234567890.123456", "7", "0007.10"]
    let rows = texts.enumerated().map { "\(wallet($0.offset)),\($0.element)" }.joined(separator: "\n")
    try desk.load("address,amount\n" + rows, .csv, IngestOptions(decimals: 6))
    let units = try desk.rows.sorted { $0.row < $1.row }.map { $0.units.description }
    #expect(units == ["1500000", "1", "12345678901234567890123456", "7000000", "7100000"])
  }

  @Test(
    arguments: [
      ("1.0000001", RowFault.Code.amountTooPrecise), ("1.0000000", .amountTooPrecise), ("1.", .badAmount),
      (".5", .badAmount),
      (".", .badAmount), ("1,5", .separatedAmount), ("0.0", .zeroAmount), ("0", .zeroAmount),
      ("1.5.0", .separatedAmount),
      ("-1.5", .signedAmount), ("1.5e3", .exponentAmount),
      ("115792089237316195423570985008687907853269984665640564039457584007913130", .amountTooLarge),
    ])
  func `what is not exact or not clear is refused`(text: String, code: RowFault.Code) throws {
    let desk = try IngestDesk()
    let result = try desk.load(
      "address,amount\n\(wallet(1)),\"\(text)\"\n\(wallet(2)),1\n", .csv, IngestOptions(decimals: 6))
    #expect(result.report.faults == [FaultCount(code: code, rows: 1, firstRows: [1])])
  }

  @Test(arguments: [-1, 78]) func `decimals that no asset has are refused`(decimals: Int) throws {
    let desk = try IngestDesk()
    let error = #expect(throws: IngestError.self) {
      try desk.load("address,amount\n\(wallet(1)),1\n", .csv, IngestOptions(decimals: decimals))
    }
    #expect(error?.code == .badOption)
  }

  /// The reader has a fast way of its own: it must agree with the slow one on everything.
  @Test(arguments: [nil, 0, 1, 6, 18, 19, 20, 77] as [Int?])
  func `amounts are what DecimalText says they are`(decimals: Int?) throws {
    var random = SplitMix64(seed: UInt64(decimals ?? 99))
    var texts: [String] = []
    for _ in 0..<400 {
      var text = ""
      let length = Int.random(in: 0...(Bool.random(using: &random) ? 6 : 90), using: &random)
      for _ in 0..<length { text += String("0000123456789999."[random.next() % 17]) }
      if Int.random(in: 0..<20, using: &random) == 0 { text += "e" }
      texts.append(text)
    }
    var desk = try IngestDesk()
    desk.tuning.runRows = 100
    desk.tuning.chunkRows = 100
    let rows = texts.enumerated().map { "\(wallet($0.offset)),\($0.element)" }.joined(separator: "\n")
    // The last row keeps the file from having nothing to load; amounts near 2^256 would overflow the total together.
    var expected: [Int64: UInt256] = [:]
    var total = UInt256.zero
    var kept: [String] = []
    for (index, row) in rows.split(separator: "\n").enumerated() {
      let units = try? DecimalText.units(texts[index].utf8, decimals: decimals ?? 0)
      let usable = units.flatMap { $0.isZero || (decimals == nil && texts[index].contains(".")) ? nil : $0 }
      if let usable {
        let (sum, overflow) = total.addingReportingOverflow(usable)
        if overflow { continue }
        total = sum
        expected[Int64(kept.count + 1)] = usable
      }
      kept.append(String(row))
    }
    let result = try desk.load(
      "address,amount\n" + kept.joined(separator: "\n") + "\n", .csv, IngestOptions(decimals: decimals))
    #expect(try Dictionary(uniqueKeysWithValues: desk.rows.map { ($0.row, $0.units) }) == expected)
    #expect(
      result.report.summary.total == total && result.report.summary.rejected == Int64(kept.count - expected.count))
  }
}

extension String {
  fileprivate subscript(place: UInt64) -> Character { self[index(startIndex, offsetBy: Int(place))] }
}
