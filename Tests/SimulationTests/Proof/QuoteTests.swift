import Airdrop
import Chains
import Engine
import Money
import Payouts
import SimulatedChain
import Testing

@Suite("Quote")
struct QuoteTests {
  /// Another account, with so much of the native coin and of the asset.
  private func account(_ world: PaidWorld, seed: UInt64, native: UInt64, token: UInt64) throws -> Address {
    let account = SimulatedKey(seed: seed).account
    try world.chain.credit(UInt256(native), of: AssetID(chain: "sim:1", token: nil), to: account)
    try world.chain.credit(UInt256(token), of: PaidWorld.asset, to: account)
    return account
  }

  private func quote(_ world: PaidWorld, _ accounts: [Address]) throws -> Quote {
    try Quote.of(world.campaign, store: world.store, rail: world.chain, accounts: accounts)
  }

  @Test func `every account must hold the whole campaign, and what each lacks is told`() throws {
    let world = try PaidWorld(7)
    let alone = try quote(world, [world.key.account])
    #expect(alone.isCovered && alone.payouts == 7 && alone.batches == 4 && alone.total == UInt256(721))
    let needed = try #require(alone.senders.first)
    #expect(needed.tokenNeeded == UInt256(721) && needed.nativeNeeded == alone.worstFee && alone.setupTransactions == 0)

    let poor = try account(world, seed: 8, native: 1, token: 700)
    let enough = try account(world, seed: 9, native: .max, token: 721)
    let three = try quote(world, [world.key.account, poor, enough])
    #expect(three.senders.map(\.account) == [world.key.account, poor, enough])
    #expect(three.senders.map(\.isCovered) == [true, false, true] && !three.isCovered)
    #expect(three.tokenShortfall == UInt256(21))
    #expect(try three.nativeShortfall.adding(.one) == needed.nativeNeeded)
    // The batches are paid once, whoever pays them.
    #expect(three.worstFee == alone.worstFee && three.expectedFee == alone.expectedFee)
  }

  @Test func `each account pays an allowance of its own`() throws {
    let world = try PaidWorld(7) { $0.needsAllowance = true }
    let other = try account(world, seed: 8, native: .max, token: 721)
    let alone = try quote(world, [world.key.account])
    let both = try quote(world, [world.key.account, other])
    #expect(alone.setupTransactions == 1 && both.setupTransactions == 2)
    let setup = try world.chain.fee(
      for: .allowance(asset: PaidWorld.asset, spender: other, units: .one), account: other)
    #expect(try both.worstFee == alone.worstFee.adding(setup.most))
    #expect(both.senders.allSatisfy { $0.needsSetup && $0.nativeNeeded == alone.worstFee })
  }

  @Test func `the native coin is needed for payouts and fees together`() throws {
    let world = try PaidWorld(7, asset: AssetID(chain: "sim:1", token: nil))
    let quote = try quote(world, [world.key.account])
    let sender = try #require(quote.senders.first)
    #expect(try sender.nativeNeeded == quote.worstFee.adding(UInt256(721)) && sender.tokenNeeded == .zero)
  }

  @Test func `nothing left to pay needs nothing`() throws {
    let world = try PaidWorld.paid(3)
    let quote = try quote(world, [SimulatedKey(seed: 99).account])
    #expect(quote.isCovered && quote.batches == 0 && quote.worstFee.isZero && quote.setupTransactions == 0)
  }
}
