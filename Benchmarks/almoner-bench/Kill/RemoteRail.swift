import Chains
import Codecs
import Foundation
import Money
import SimulatedChain
import Synchronization

/// The chain of the parent, seen from the child. Prices and limits never change there, so a copy of the empty chain
/// answers them here; everything that depends on what was sent goes through the pipe.
final class RemoteRail: Rail {
  private let copy: SimulatedChain
  private let pipe: Mutex<(to: FileHandle, from: FileHandle)>

  init(copy: SimulatedChain, to: FileHandle, from: FileHandle) {
    self.copy = copy
    pipe = Mutex((to, from))
  }

  /// Tells the parent that this child has made a durable commit.
  func tellAlive() { pipe.withLock { try? ChainPipe.write(ChainPipe.Ask.alive.frame, to: $0.to) } }

  private func ask(_ ask: ChainPipe.Ask) throws(RailError) -> [UInt8] {
    let answer: [UInt8]? = pipe.withLock { pipe in
      guard (try? ChainPipe.write(ask.frame, to: pipe.to)) != nil else { return nil }
      return ChainPipe.read(pipe.from)
    }
    guard let answer else { throw RailError(.noQuorum, "the chain does not answer") }
    return answer
  }

  var codec: any TransactionCodec { copy.codec }
  var quorum: Quorum { copy.quorum }
  func limits(_ asset: AssetID) -> RailLimits { copy.limits(asset) }
  func preflight(_ asset: AssetID) throws(RailError) { try copy.preflight(asset) }
  func fee(for purpose: Purpose, account: Address) throws(RailError) -> FeeTerms {
    try copy.fee(for: purpose, account: account)
  }
  func expectedCost(of purpose: Purpose, account: Address) throws(RailError) -> UInt256 {
    try copy.expectedCost(of: purpose, account: account)
  }
  func bumped(_ fee: FeeTerms) throws(RailError) -> FeeTerms { try copy.bumped(fee) }
  func setup(_ asset: AssetID, account: Address, total: UInt256) throws(RailError) -> Purpose? {
    try copy.setup(asset, account: account, total: total)
  }
  func funds(_ asset: AssetID, account: Address) throws(RailError) -> Funds { try copy.funds(asset, account: account) }
  func transfers(_ asset: AssetID, accounts: [Address], from block: UInt64) throws(RailError) -> TransferPage {
    try copy.transfers(asset, accounts: accounts, from: block)
  }

  func account(_ account: Address) throws(RailError) -> AccountView {
    let frame = try ask(.account(account))
    do { return try ChainAnswer.account(frame) } catch { throw RailError(.noQuorum, "\(error)") }
  }

  func submit(_ transactions: [SignedTransaction]) -> [[SubmitAnswer]] {
    guard let frame = try? ask(.submit(transactions)), let answers = try? ChainAnswer.submitted(frame) else {
      return transactions.map { _ in [] }
    }
    return answers
  }

  func statements(_ questions: [SlotQuestion]) -> [[Statement]] {
    guard let frame = try? ask(.statements(questions)), let answers = try? ChainAnswer.statements(frame) else {
      return questions.map { _ in [] }
    }
    return answers
  }
}
