import Chains
import Codecs
import Money
import SimulatedChain

/// The simulated chain, with what it shows of final transfers changed by a test.
struct AlteredRail: Rail {
  let inner: SimulatedChain
  /// What becomes of the transfers of a page.
  var transfers: @Sendable ([ChainTransfer]) -> [ChainTransfer] = { $0 }
  /// From this block on the chain shows other blocks than it once called final.
  var fork: UInt64?
  /// Pages from this block on cannot be had.
  var refused: UInt64?
  /// How far nodes have come; nil for as far as the chain.
  var most: UInt64?

  var codec: any TransactionCodec { inner.codec }
  var quorum: Quorum { inner.quorum }
  func limits(_ asset: AssetID) -> RailLimits { inner.limits(asset) }

  func transfers(_ asset: AssetID, accounts: [Address], from block: UInt64) throws(RailError) -> TransferPage {
    guard block != refused else { throw RailError(.noQuorum, "refused") }
    let page = try inner.transfers(asset, accounts: accounts, from: block)
    let final = min(page.finalBlock, most ?? .max)
    let through = min(page.through, final)
    var shown = page.transfers.filter { $0.blockNumber <= through }.map { transfer in
      ChainTransfer(
        asset: transfer.asset, transaction: transfer.transaction, index: transfer.index,
        blockNumber: transfer.blockNumber, blockHash: hash(transfer.blockHash, transfer.blockNumber),
        from: transfer.from, to: transfer.to, units: transfer.units)
    }
    shown = transfers(shown)
    let before: Hash32? =
      if block == 0 { .zero } else if block - 1 <= final { page.before.map { hash($0, block - 1) } } else { nil }
    let last = try inner.transfers(asset, accounts: accounts, from: through + 1).before ?? .zero
    return TransferPage(
      transfers: shown, before: before, through: through, throughHash: hash(last, through), finalBlock: final)
  }

  private func hash(_ hash: Hash32, _ block: UInt64) -> Hash32 {
    guard let fork, block >= fork else { return hash }
    return Keccak.hash256(hash, Hash32(words: (0, 0, 0, fork)))
  }

  // MARK: As the chain has it

  func preflight(_ asset: AssetID) throws(RailError) { try inner.preflight(asset) }
  func fee(for purpose: Purpose, account: Address) throws(RailError) -> FeeTerms {
    try inner.fee(for: purpose, account: account)
  }
  func expectedCost(of purpose: Purpose, account: Address) throws(RailError) -> UInt256 {
    try inner.expectedCost(of: purpose, account: account)
  }
  func bumped(_ fee: FeeTerms) throws(RailError) -> FeeTerms { try inner.bumped(fee) }
  func setup(_ asset: AssetID, account: Address, total: UInt256) throws(RailError) -> Purpose? {
    try inner.setup(asset, account: account, total: total)
  }
  func funds(_ asset: AssetID, account: Address) throws(RailError) -> Funds {
    try inner.funds(asset, account: account)
  }
  func account(_ account: Address) throws(RailError) -> AccountView { try inner.account(account) }
  func submit(_ transactions: [SignedTransaction]) -> [[SubmitAnswer]] { inner.submit(transactions) }
  func statements(_ questions: [SlotQuestion]) -> [[Statement]] { inner.statements(questions) }
}
