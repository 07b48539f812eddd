import Chains
import Codecs
import Operations
import Synchronization
import TestSupport

/// A chain that answers what a recording holds, by the call's text.
final class RecordedChain: ChainViews {
  private let answers: [String: JSON]
  /// Calls that the chain refuses.
  private let refused: Set<String>
  private let asked = Mutex<[String]>([])

  init(_ views: JSON, refusing refused: Set<String> = []) throws {
    var answers: [String: JSON] = [:]
    for member in views.object?.members ?? [] { answers[try RecordedChain.key(member.key)] = member.value }
    self.answers = answers
    self.refused = refused
  }

  /// `0xa1::hub::get_registration u64:1`, with its accounts in full.
  private static func key(_ text: String) throws -> String {
    let words = text.split(separator: " ").map(String.init)
    let arguments = try words.dropFirst().map { word -> String in
      guard word.hasPrefix("address:") else { return word }
      return "address:\(try MoveAddress(shortened: String(word.dropFirst(8))))"
    }
    return ([words.first ?? ""] + arguments).joined(separator: " ")
  }

  /// Every call so far, in order.
  var calls: [String] { asked.withLock { $0 } }

  func views(_ calls: [MoveCall]) -> [Result<JSON, RailError>] {
    calls.map { call in
      asked.withLock { $0.append(call.description) }
      guard let answer = answers[call.description], !refused.contains(call.function) else {
        return .failure(RailError(.viewRefused, "FUNCTION_RESOLUTION_FAILURE: \(call.function)"))
      }
      return .success(answer)
    }
  }
}

/// The cases of `monitor_report.json`, which other files name.
struct RecordedReport {
  let node: JSON

  init(_ name: String) throws {
    let file = try JSON.parse(try VectorFolder.current.bytes(of: .opsReports))
    let found = file["cases"]?.array?.first { $0["name"]?.string == name }
    guard let found else { throw VectorFailure("there is no report \(name)") }
    node = found
  }

  init(_ node: JSON) { self.node = node }

  func settings(_ meaning: BalanceMeaning) throws -> MonitorSettings {
    let options = node["options"]
    func text(_ key: String) -> String? { options?[key].flatMap { $0.string ?? $0.number } }
    func amount(_ key: String) throws -> ChainAmount { try ChainAmount(parsing: text(key) ?? "", key) }
    return MonitorSettings(
      profile: text("profile") ?? "",
      addresses: MonitorSettings.Addresses(
        lottery: text("lottery") ?? "", hub: text("hub"), factory: text("factory"), deposit: text("deposit") ?? "",
        client: text("client")),
      terms: .given(
        .gas(
          price: try amount("max_gas_price"), limit: try amount("max_gas_limit"),
          verification: try amount("verification_gas"))),
      margin: try text("margin").map { try DepositMargin(parsing: $0) } ?? .standard,
      window: text("window").flatMap { UInt64($0) } ?? DepositCalculation.standardWindow,
      lotteryIDs: try text("lottery_ids").map { try LotteryIDs.parse($0) }, meaning: meaning)
  }

  func chain() throws -> RecordedChain { try RecordedChain(node["views"] ?? .null) }

  func read(_ meaning: BalanceMeaning = .legacy) throws -> MonitorReport {
    try ReportReader(try settings(meaning)).read(try chain(), timestamp: "2026-11-22T06:00:00+00:00")
  }
}

/// A sender that answers as a recorded tool did.
struct RecordedSender: ChainSending {
  let outcome: TransactionOutcome

  init(_ outcome: TransactionOutcome) { self.outcome = outcome }

  /// `cli` of the vectors: how the original's tool ended.
  init(tool: VectorNode) throws {
    let code = try tool("rc").count()
    let (out, error) = (try tool("out").text(), try tool("err").text())
    let hash = out.split(separator: " ").last.map { String($0.filter { !$0.isWhitespace }) } ?? ""
    outcome =
      code == 0
      ? .executed(hash: hash, gasUsed: nil, status: "Executed successfully")
      : .dead(hash: nil, reason: error)
  }

  func send(_ call: MoveCall) throws -> TransactionOutcome { outcome }
}
