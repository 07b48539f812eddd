import Chains
import Money
import Payouts

// An account that cannot pay a batch must not send it: the batch would revert, and its payouts would fail for a reason
// that is not theirs.
extension LaneWorker {
  /// Throws `lane.insufficient_funds` unless the account can pay these batches of one asset beside everything that
  /// is on its way.
  ///
  /// What is on its way may be taken off the balance already; it is counted all the same, so that near the end of an
  /// account's funds a batch may wait for the finality of those before it.
  func checkFunds(_ intents: [Intent], _ purse: inout Purse) throws {
    guard let asset = intents.first?.asset else { return }
    let funds = try purse.funds(asset) { asset throws(RailError) in try rail.funds(asset, account: account) }
    var native = UInt256.zero
    var units = UInt256.zero
    for intent in intents {
      native = try native.adding(intent.attempt.fee.most)
      units = try units.adding(intent.total)
    }
    for entry in live.merging(planned, uniquingKeysWith: { _, new in new }).values where !entry.judged {
      native = try native.adding(entry.batch.attempts.map { try $0.fee.most }.max() ?? .zero)
      guard entry.batch.campaign != nil else { continue }
      if entry.batch.asset == asset {
        units = try units.adding(entry.batch.total)
      } else if entry.batch.asset.token == nil {
        native = try native.adding(entry.batch.total)
      }
    }
    if asset.token == nil { native = try native.adding(units) }
    let hasToken = funds.token.map { $0 >= units } ?? true
    guard funds.native >= native, hasToken else {
      throw EngineError(
        code: EngineError.Code.insufficientFunds.rawValue,
        message: "\(rail.codec.text(account)) cannot pay another batch of \(asset)",
        hint: "fund the account; other accounts go on, and take its share over", isPassing: true)
    }
  }

  /// What the account holds, asked for once in a plan.
  struct Purse {
    private var known: [AssetID: Funds] = [:]

    mutating func funds(_ asset: AssetID, ask: (AssetID) throws(RailError) -> Funds) throws(RailError) -> Funds {
      if let funds = known[asset] { return funds }
      let funds = try ask(asset)
      known[asset] = funds
      return funds
    }
  }
}
