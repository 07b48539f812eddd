import Airdrop
import Codecs
import Engine
import Money
import TestSupport
import Testing

@Suite("Ingest: random and hostile sources")
struct HostileSourceTests {
  /// A recipient of a random file, as the model sees it.
  private struct Model {
    let wallet: Int
    let units: UInt64
    let payoutID: String
    let note: String
  }

  private static let pieces = ["", " ", "a", "é", "\"", ",", "\n", "\r\n", "\\", "\t", "{", "x y", "\u{1F600}", "0"]

  private static func quoted(_ text: String, _ random: inout SplitMix64) -> String {
    let must = text.contains { $0 == "\"" || $0 == "," || $0.isNewline }
    guard must || Bool.random(using: &random) else { return text }
    return "\"" + text.replacing("\"", with: "\"\"") + "\""
  }

  @Test(arguments: UInt64(0)..<60)
  func `a random file loads as it was written`(seed: UInt64) throws {
    var random = SplitMix64(seed: seed)
    let models = (0..<Int.random(in: 1...40, using: &random)).map { number in
      let note = (0..<Int.random(in: 0...5, using: &random)).map { _ in Self.pieces.randomElement(using: &random) ?? ""
      }
      return Model(
        wallet: number, units: UInt64.random(in: 1...UInt64.max / 64, using: &random),
        payoutID: Bool.random(using: &random) ? "id \(number)\"" : "", note: note.joined())
    }
    let columns = ["address", "amount", "payout_id", "note"].shuffled(using: &random)
    let lineEnd = Bool.random(using: &random) ? "\n" : "\r\n"
    var lines = [columns.map { Self.quoted($0, &random) }.joined(separator: ",")]
    for model in models {
      let text = wallet(model.wallet)
      let fields = [
        "address": Bool.random(using: &random) ? text : text.lowercased(), "amount": "\(model.units)",
        "payout_id": model.payoutID, "note": model.note,
      ]
      lines.append(columns.map { Self.quoted(fields[$0] ?? "", &random) }.joined(separator: ","))
    }
    var desk = try IngestDesk()
    desk.piece = Int.random(in: 1...200, using: &random)
    desk.tuning.block = Int.random(in: 1...200, using: &random)
    desk.tuning.runRows = Int.random(in: 1...50, using: &random)
    desk.tuning.chunkRows = Int.random(in: 1...50, using: &random)
    let result = try desk.load(lines.joined(separator: lineEnd) + (Bool.random(using: &random) ? lineEnd : ""))
    #expect(result.rejects == nil, "seed \(seed): \(result.rejects ?? "")")
    let rows = try desk.rows
    #expect(rows.map(\.address) == rows.map(\.address).sorted { $0.lexicographicallyPrecedes($1) })
    let byRow = rows.sorted { $0.row < $1.row }
    #expect(byRow.map(\.units) == models.map { UInt256($0.units) }, "seed \(seed)")
    #expect(byRow.map { $0.payoutID ?? "" } == models.map(\.payoutID), "seed \(seed)")
    for (row, model) in zip(byRow, models) {
      let metadata = row.metadata.isEmpty ? "" : try JSONText.note(row.metadata)
      #expect(metadata == model.note, "seed \(seed)")
    }
  }

  @Test(arguments: UInt64(0)..<40)
  func `random duplicates are settled as a model of ten lines does`(seed: UInt64) throws {
    var random = SplitMix64(seed: seed)
    let rows = (0..<60).map { _ in (Int.random(in: 0..<25, using: &random), UInt64.random(in: 1...100, using: &random))
    }
    let text = "address,amount\n" + rows.map { "\(wallet($0.0)),\($0.1)\n" }.joined()
    let groups = Dictionary(grouping: rows, by: \.0).mapValues { $0.map(\.1) }
    for policy in DuplicatePolicy.allCases {
      let expected: [UInt64] = groups.values.compactMap { amounts in
        switch policy {
        case .error: amounts.count == 1 ? amounts[0] : nil
        case .sum: amounts.reduce(0, +)
        case .first: amounts.first
        case .last: amounts.last
        }
      }
      var desk = try IngestDesk()
      desk.tuning.runRows = Int.random(in: 1...20, using: &random)
      let result = try desk.load(text, .csv, IngestOptions(duplicates: policy))
      #expect(try desk.rows.map(\.units).sorted() == expected.sorted().map { UInt256($0) }, "seed \(seed) \(policy)")
      let summary = result.report.summary
      #expect(summary.accepted + summary.rejected + summary.duplicates == summary.rows, "seed \(seed) \(policy)")
    }
  }

  /// Bytes that mean something to a parser, so that random files get past its first lines.
  private static let spice: [[UInt8]] =
    [
      "\"", "\"\"", ",", "\n", "\r\n", "\r", "\0", "{", "}", "[", "]", ":", "\\", "address", "amount", "payout_id",
      "0x", "1e5", "-",
      "5", ".", "\"address\"", "\"amount\"", "\\u", "\u{feff}", "é", "null",
    ].map { Array($0.utf8) } + [
      [0xff], [0xfe], [0xc0], [0xed, 0xa0, 0x80], [0x1f, 0x8b], Array(wallet(1).utf8), Array(wallet(2).utf8),
    ]

  @Test(arguments: UInt64(0)..<400)
  func `random bytes never trap, and rows are accounted for`(seed: UInt64) throws {
    var random = SplitMix64(seed: seed)
    let format = SourceFormat.allCases[Int(seed % 3)]
    var bytes: [UInt8] = []
    if Bool.random(using: &random) {
      bytes = Array((format == .csv ? "address,amount,payout_id,note\n" : format == .json ? "[" : "").utf8)
    }
    for _ in 0..<Int.random(in: 0...120, using: &random) {
      bytes +=
        Int.random(in: 0..<8, using: &random) == 0 ? random.bytes(3) : Self.spice.randomElement(using: &random) ?? []
    }
    let desk = try IngestDesk()
    let policy = DuplicatePolicy.allCases.randomElement(using: &random) ?? .error
    do {
      let summary = try desk.load(bytes, format, IngestOptions(duplicates: policy, decimals: 6)).report.summary
      #expect(summary.accepted + summary.rejected + summary.duplicates == summary.rows, "seed \(seed)")
      #expect(try desk.rows.count == summary.accepted, "seed \(seed)")
    } catch is IngestError {
      #expect(try desk.rows.isEmpty, "seed \(seed)")
    }
  }

  @Test(arguments: UInt64(0)..<200)
  func `a good file with one changed byte loses no other row silently`(seed: UInt64) throws {
    var random = SplitMix64(seed: seed)
    let text = "address,amount,note\n" + (0..<12).map { "\(wallet($0)),\($0 + 1),n\n" }.joined()
    var bytes = Array(text.utf8)
    let place = Int.random(in: 20..<bytes.count, using: &random)
    bytes[place] = random.bytes(1)[0]
    let desk = try IngestDesk()
    do {
      let summary = try desk.load(bytes).report.summary
      // A quote may swallow following rows into one, a line feed may make two of one: all of it is bad rows.
      #expect(summary.accepted >= 11 || summary.rejected > 0, "seed \(seed)")
      #expect(summary.accepted <= 12)
    } catch let error as IngestError {
      #expect(error.code == .unterminatedQuote, "seed \(seed): \(error.code)")
    }
  }

  @Test func `a row of ten million columns is one bad row`() throws {
    var desk = try IngestDesk()
    desk.piece = 1 << 20
    desk.tuning.block = 1 << 20
    let row = [UInt8](repeating: UInt8(ascii: ","), count: 10_000_000)
    let result = try desk.load(
      Array("address,amount\n\(wallet(1)),1\n".utf8) + row + Array("\n\(wallet(2)),2\n".utf8))
    #expect(result.report.faults == [FaultCount(code: .rowTooLarge, rows: 1, firstRows: [2])])
    #expect(try desk.rows.count == 2)
  }
}

private enum JSONText {
  static func note(_ metadata: String) throws -> String {
    try #require(try JSON.parse(metadata)["note"]?.string)
  }
}
