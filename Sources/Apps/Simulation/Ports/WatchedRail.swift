import Chains
import Codecs
import Money
import SimulatedChain

/// The simulated chain with a point of death on either side of a broadcast, and invariant 2 checked at each.
struct WatchedRail: Rail {
  let inner: SimulatedChain
  let watch: Watch
  let reload: @Sendable () -> Void

  var codec: any TransactionCodec { inner.codec }
  var quorum: Quorum { inner.quorum }
  func limits(_ asset: AssetID) -> RailLimits { inner.limits(asset) }

  private func ask<Value>(_ body: () throws(RailError) -> Value) throws(RailError) -> Value {
    guard !watch.isDown else { throw RailError(.noQuorum, "the process is dead") }
    return try body()
  }

  func submit(_ transactions: [SignedTransaction]) -> [[SubmitAnswer]] {
    guard watch.passes("before submit", .slowNode) else { return transactions.map { _ in [] } }
    if watch.with({ $0.isUnsure }) { reload() }
    for transaction in transactions
    where !watch.with({ $0.recorded.contains(transaction.hash) || $0.isUnsure }) {
      watch.broke(2, "a broadcast of \(transaction.hash) without durable bytes")
    }
    let answers = inner.submit(transactions)
    return watch.passes("after submit", .slowNode) ? answers : transactions.map { _ in [] }
  }

  func statements(_ questions: [SlotQuestion]) -> [[Statement]] {
    watch.isDown ? questions.map { _ in [] } : inner.statements(questions)
  }

  func preflight(_ asset: AssetID) throws(RailError) {
    try ask { () throws(RailError) in try inner.preflight(asset) }
  }

  func fee(for purpose: Purpose, account: Address) throws(RailError) -> FeeTerms {
    try ask { () throws(RailError) in try inner.fee(for: purpose, account: account) }
  }

  func expectedCost(of purpose: Purpose, account: Address) throws(RailError) -> UInt256 {
    try ask { () throws(RailError) in try inner.expectedCost(of: purpose, account: account) }
  }

  func bumped(_ fee: FeeTerms) throws(RailError) -> FeeTerms {
    try ask { () throws(RailError) in try inner.bumped(fee) }
  }

  func setup(_ asset: AssetID, account: Address, total: UInt256) throws(RailError) -> Purpose? {
    try ask { () throws(RailError) in try inner.setup(asset, account: account, total: total) }
  }

  func funds(_ asset: AssetID, account: Address) throws(RailError) -> Funds {
    try ask { () throws(RailError) in try inner.funds(asset, account: account) }
  }

  func account(_ account: Address) throws(RailError) -> AccountView {
    try ask { () throws(RailError) in try inner.account(account) }
  }

  func transfers(_ asset: AssetID, accounts: [Address], from block: UInt64) throws(RailError) -> TransferPage {
    try ask { () throws(RailError) in try inner.transfers(asset, accounts: accounts, from: block) }
  }
}
