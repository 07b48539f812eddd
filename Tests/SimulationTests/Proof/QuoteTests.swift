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

  @Test func `the accounts must cover the campaign together, and what they lack is told`() throws {
    let world = try PaidWorld(7)
    let alone = try quote(world, [world.key.account])
    #expect(alone.isCovered && alone.payouts == 7 && alone.batches == 4 && alone.total == UInt256(721))
    #expect(alone.setupTransactions == 0 && alone.senders.map(\.maySend) == [true])

    let some = try account(world, seed: 8, native: .max, token: 700)
    let rest = try account(world, seed: 9, native: .max, token: 20)
    let two = try quote(world, [some, rest])
    #expect(!two.isCovered && two.tokenShortfall == .one && two.nativeShortfall.isZero)
    let last = try account(world, seed: 10, native: .max, token: 1)
    #expect(try quote(world, [some, rest, last]).isCovered)
    // The batches are paid once, whoever pays them.
    #expect(two.worstFee == alone.worstFee && two.expectedFee == alone.expectedFee)
  }

  @Test func `what an account holds that cannot pay the fee of a batch counts for nothing`() throws {
    let world = try PaidWorld(7)
    let stuck = try account(world, seed: 8, native: 1, token: 721)
    let alone = try quote(world, [stuck])
    #expect(!alone.isCovered && alone.senders.map(\.maySend) == [false])
    #expect(alone.tokenShortfall == UInt256(721) && alone.nativeShortfall == alone.worstFee)
    #expect(try quote(world, [stuck, world.key.account]).isCovered)
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
    #expect(both.senders.allSatisfy { $0.needsSetup })
  }

  @Test func `the native coin is needed for payouts and fees together`() throws {
    let world = try PaidWorld(7, asset: AssetID(chain: "sim:1", token: nil))
    let rich = try quote(world, [world.key.account])
    let poor = try account(world, seed: 8, native: 0, token: 0)
    try world.chain.credit(rich.worstFee.adding(UInt256(720)), of: AssetID(chain: "sim:1", token: nil), to: poor)
    let short = try quote(world, [poor])
    #expect(rich.isCovered && short.nativeShortfall == .one && short.tokenShortfall.isZero)
  }

  @Test func `nothing left to pay needs nothing`() throws {
    let world = try PaidWorld.paid(3)
    let quote = try quote(world, [SimulatedKey(seed: 99).account])
    #expect(quote.isCovered && quote.batches == 0 && quote.worstFee.isZero && quote.setupTransactions == 0)
  }
}
