import Airdrop
import Codecs
import Files
import Lottery
import Terminal

/// `lottery sell`: many purchases of one process, as they come in. Whatever has come in meanwhile shares a commit.
enum LotterySales {
  static let command = CommandSpec(
    .desk, "lottery sell", "Sell tickets to many: one JSON line per purchase, as they come in",
    example: "almoner lottery sell --file orders.jsonl",
    [
      .value(
        "file", "FILE",
        "lines of {\"key\":\"order-1\",\"lottery\":7,\"buyer\":\"0x...\",\"quantity\":2}; - for standard input")
    ], run: run)

  /// Bytes of one line; orders are short.
  private static let mostLineBytes = 4_096

  private static func run(_ app: App) throws -> ExitStatus {
    let path = try app.arguments.required("file")
    let source = try path == "-" ? SourceFile.standardInput() : SourceFile.open(path)
    let desk = try app.lotteryDesk()
    var tally = Tally()
    var rest: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = try source.read(into: &buffer, 0..<buffer.count)
      rest += buffer[..<count]
      var lines = rest.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
      rest = Array(lines.popLast() ?? [])
      if count == 0, !rest.isEmpty { lines.append(rest[...]) }
      guard rest.count <= mostLineBytes else {
        throw LotteryDeskError(.badArgument, "line \(tally.lines + lines.count + 1) has no end")
      }
      try sell(lines, desk, app, &tally)
      guard count > 0 else { break }
    }
    app.tell(
      ["event": "lottery_sold", "sold": .integer(tally.sold), "refused": .integer(tally.refused)],
      or: "\(tally.sold) purchases, \(tally.refused) refused")
    return tally.refused == 0 ? .success : .findings
  }

  private struct Tally {
    var lines = 0
    var sold = 0
    var refused = 0
  }

  private static func sell(
    _ lines: [ArraySlice<UInt8>], _ desk: LotteryDesk, _ app: App, _ tally: inout Tally
  ) throws {
    var requests: [LotteryRequest] = []
    for line in lines {
      tally.lines += 1
      guard line.contains(where: { $0 > 0x20 }) else { continue }
      requests.append(try request(Array(line), number: tally.lines))
    }
    guard !requests.isEmpty else { return }
    // Keys make it safe to ask again; who has lost a race against other sellers waits a little.
    let outcomes = try app.retrying { try desk.perform(many: requests) }
    for (request, outcome) in zip(requests, outcomes) {
      switch outcome {
      case .done(_, let entry, let isNew):
        tally.sold += 1
        tell(app, ["event": "sold", "key": .string(request.key), "entry": .integer(entry), "new": .bool(isNew)])
      case .refused(let error): refuse(app, request, error.code.rawValue, error.message, &tally)
      case .denied(let error): refuse(app, request, error.code.rawValue, error.message, &tally)
      }
    }
  }

  private static func refuse(
    _ app: App, _ request: LotteryRequest, _ code: String, _ message: String, _ tally: inout Tally
  ) {
    tally.refused += 1
    app.tell(
      ["event": "refused", "key": .string(request.key), "code": .string(code), "message": .string(message)],
      or: "\(request.key): \(code) \(message)")
  }

  /// Every purchase is told under `--json` alone: a person reads the sum.
  private static func tell(_ app: App, _ event: JSON) {
    if app.terminal.isJSON { app.tell(event, or: "") }
  }

  private static func request(_ line: [UInt8], number: Int) throws -> LotteryRequest {
    guard let order = try? JSON.parse(line), let key = order["key"]?.string, let id = order["lottery"]?.uint64,
      let buyer = order["buyer"]?.string, let quantity = order["quantity"]?.uint64
    else {
      throw LotteryDeskError(
        .badArgument, "line \(number) is no order", hint: "an object with key, lottery, buyer and quantity")
    }
    let isPremium = order["premium"]?.bool ?? false
    return LotteryRequest(
      key: key, actor: try LotteryAddress(typed: buyer),
      operation: isPremium
        ? .purchaseTicketsPremium(id: id, quantity: quantity) : .purchaseTicketsPublic(id: id, quantity: quantity))
  }
}
