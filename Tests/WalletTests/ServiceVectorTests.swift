import Codecs
import Testing
import Wallet

@Suite("Vectors: calls to custodians")
struct ServiceVectorTests {
  /// A custodian that refuses some calls, harmlessly, and then answers.
  private final class Upstream {
    var (calls, refusals) = (UInt64(0), UInt64(0))
    let said: String
    init(refusals: UInt64, said: String) { (self.refusals, self.said) = (refusals, said) }

    func call(_ id: String) -> RetriedCall<String, String> {
      calls += 1
      guard calls > refusals else { return .refused(said) }
      return .answered(id)
    }
  }

  private static func seconds(_ pauses: [Int64]) -> [JSON] { pauses.map { .number("\($0 / 1000).\($0 % 1000 / 100)") } }

  @Test func `every withdrawal at the pool in the vectors leaves its row, notices and pauses`() throws {
    for vector in try WalletVectors.cases("mining_service") {
      let (name, expected): (Comment, JSON) = ("\(vector.text("name"))", try #require(vector["expected"]))
      let isBalance = vector["call"] == "get_balance"
      let upstream = Upstream(
        refusals: vector["upstream_failures"]?.uint64 ?? 0,
        said: isBalance ? "HashDam API error: Invalid API Key" : "HashDam API error: Insufficient")
      if isBalance {
        // Read once, never again by itself.
        if case .refused(let said) = upstream.call("") { #expect(.string(said) == expected["error"]?["message"], name) }
        #expect(upstream.calls == expected["upstream_calls"]?.uint64, name)
        #expect(expected.list("sleeps").isEmpty && expected.list("notifications").isEmpty, name)
        continue
      }
      var (notices, pauses) = ([Notice](), [Int64]())
      let ended = MoneyCall.withdrawal.run(
        RetrySchedule(attempts: Int(vector["attempts"]?.uint64 ?? 0)), { upstream.call("wd-1") },
        notify: { notices.append($0) }, pause: { pauses.append($0) })
      #expect(upstream.calls == expected["upstream_calls"]?.uint64, name)
      #expect(.array(notices.map(\.json)) == expected["notifications"], name)
      #expect(Self.seconds(pauses) == expected.list("sleeps"), name)
      let row = try #require(expected.list("withdrawals").first)
      #expect(ended.row.reference.json == row["withdraw_id"] && .string(ended.row.status) == row["status"], name)
      #expect(ended.error.json == (expected["error"]?["message"] ?? .null), name)
    }
  }

  @Test func `every transfer and transit in the vectors leaves its row, notices and pauses`() throws {
    for vector in try WalletVectors.cases("wallet_service") {
      let (name, expected): (Comment, JSON) = ("\(vector.text("name"))", try #require(vector["expected"]))
      let upstream = Upstream(
        refusals: vector["upstream_failures"]?.uint64 ?? 0, said: "MBlock API error: Not enough balance")
      let kind: MoneyCall
      switch vector["call"]?.string {
      case "transfer_token": kind = .transfer
      case "request_transit": kind = .transit
      default:
        // Wallets are made and balances read by one call, without another try.
        if case .refused(let said) = upstream.call("") { #expect(.string(said) == expected["error"]?["message"], name) }
        #expect(Int(upstream.calls) == expected.list("upstream_calls").count, name)
        #expect(expected.list("transactions").isEmpty, name)
        continue
      }
      let settings = vector["settings"]
      let config = TransitSettings(
        fee: settings?["transit_fee"]?.number, feeWalletKey: settings?["transit_fee_wallet_key"]?.string,
        callback: settings?["transit_callback_url"]?.string
      ).merged(over: vector["arguments"]?["override_config"]?.object)
      var (notices, pauses, sent) = ([Notice](), [Int64](), [JSON?]())
      let ended = kind.run(
        RetrySchedule(attempts: Int(vector["attempts"]?.uint64 ?? 0)),
        {
          sent.append(kind == .transit ? config.map { .object($0) } ?? .null : nil)
          return upstream.call(kind == .transit ? "tok-1" : "tx-1")
        }, notify: { notices.append($0) }, pause: { pauses.append($0) })
      #expect(sent == expected.list("upstream_calls").map { $0["config_override"] }, name)
      #expect(.array(notices.map(\.json)) == expected["notifications"], name)
      #expect(Self.seconds(pauses) == expected.list("sleeps"), name)
      let row = try #require(expected.list("transactions").first)
      #expect(ended.row.reference.json == row["txid"] && .string(ended.row.status) == row["status"], name)
      #expect(ended.error.json == (expected["error"]?["message"] ?? .null), name)
    }
  }

  @Test func `a call without an answer is made once, and its row says that nobody knows`() {
    var (calls, told) = (0, 0)
    let ended = MoneyCall.transit.run(
      RetrySchedule(),
      {
        calls += 1
        return .unknown("no answer")
      }, notify: { _ in told += 1 }, pause: { _ in })
    #expect(calls == 1 && told == 1)
    #expect(ended.row == MoneyCall.Row(reference: nil, status: "pending-transit", isUnknown: true))
  }
}
