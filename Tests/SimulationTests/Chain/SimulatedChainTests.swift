import Chains
import Codecs
import Money
import SimulatedChain
import Testing

@Suite("Simulated chain")
struct SimulatedChainTests {
  @Test func `a payment is stated once its block is final, and not before`() throws {
    let world = try ChainWorld()
    let paid = try world.signed(world.pay([1, 2]), slot: 0)
    #expect(world.chain.submit([paid])[0].allSatisfy { $0.taken })
    world.chain.mine(3)
    #expect(try world.received(1) == Received(units: UInt256(100), times: 1))
    #expect(try world.evidence(0, [1, 2], [(.pay, paid)]) == nil)
    world.chain.mine()
    let evidence = try #require(try world.evidence(0, [1, 2], [(.pay, paid)]))
    #expect(evidence.verdict == .paid && evidence.spender == paid.hash && evidence.statements.count == 3)
    #expect(!evidence.feePaid.isZero)
  }

  @Test func `the same bytes again pay nothing twice`() throws {
    let world = try ChainWorld()
    let paid = try world.signed(world.pay([1]), slot: 0)
    for _ in 0..<5 {
      _ = world.chain.submit([paid, paid])
      world.chain.mine()
    }
    #expect(try world.received(1).times == 1)
    #expect(world.chain.submit([paid])[0].allSatisfy { !$0.taken && $0.text == "already mined" })
  }

  @Test func `a bump replaces only at a price the pool asks for, and one of both is mined`() throws {
    let world = try ChainWorld()
    let purpose = world.pay([1])
    let fee = try world.chain.fee(for: purpose, account: world.key.account)
    let low = try world.signed(purpose, slot: 0, fee: fee)
    let same = try world.signed(
      purpose, slot: 0, fee: FeeTerms(limit: fee.limit, price: try fee.price.adding(.one), tip: fee.tip))
    let high = try world.signed(purpose, slot: 0, fee: try world.chain.bumped(fee))
    #expect(world.chain.submit([low])[0][0].taken)
    #expect(world.chain.submit([same])[0][0].text == "replacement transaction underpriced")
    #expect(world.chain.submit([high])[0][0].taken)
    world.chain.mine(4)
    let evidence = try #require(try world.evidence(0, [1], [(.pay, low), (.pay, high)]))
    #expect(evidence.spender == high.hash)
    #expect(try world.received(1).times == 1)
  }

  @Test func `transactions wait for the slots before them`() throws {
    let world = try ChainWorld()
    let second = try world.signed(world.pay([2]), slot: 1)
    _ = world.chain.submit([second])
    world.chain.mine(3)
    #expect(try world.received(2).times == 0)
    _ = world.chain.submit([try world.signed(.void, slot: 0)])
    world.chain.mine()
    #expect(try world.received(2).times == 1)
  }

  @Test func `one payee who refuses takes the whole batch with it`() throws {
    let world = try ChainWorld()
    world.chain.setBehavior(.rejects, of: ChainWorld.person(2))
    let paid = try world.signed(world.pay([1, 2]), slot: 0)
    _ = world.chain.submit([paid])
    world.chain.mine(4)
    #expect(try world.evidence(0, [1, 2], [(.pay, paid)])?.verdict == .reverted)
    #expect(try world.received(1).times == 0)
  }

  @Test func `a token without effect and one that keeps a part are told apart`() throws {
    let world = try ChainWorld()
    world.chain.setBehavior(.withoutEffect, of: ChainWorld.person(2))
    world.chain.setBehavior(.feeOnTransfer(percent: 10), of: ChainWorld.person(3))
    let paid = try world.signed(world.pay([1, 2, 3]), slot: 0)
    _ = world.chain.submit([paid])
    world.chain.mine(4)
    let verdict = try world.evidence(0, [1, 2, 3], [(.pay, paid)])?.verdict
    #expect(verdict == .credited([.full, .none, .other(UInt256(90))]))
    #expect(try world.received(2).times == 0)
  }

  @Test func `bytes with a foreign signature are refused`() throws {
    let world = try ChainWorld()
    let unsigned = try world.codec.prepare(
      TransactionRequest(
        account: world.key.account, slot: 0, purpose: world.pay([1]),
        fee: FeeTerms(limit: 100_000, price: UInt256(5_000_000_000), tip: .one)))
    let foreign = try SimulatedKey(seed: 8).sign([unsigned.signingHash])[0]
    let forged = try world.codec.assemble(unsigned.bytes, foreign)
    #expect(world.chain.submit([forged])[0].allSatisfy { !$0.taken })
    world.chain.mine(4)
    #expect(try world.received(1).times == 0)
  }

  @Test func `a payer without money for the fee is told so`() throws {
    let world = try ChainWorld()
    let rich = try world.signed(world.pay([1], of: world.native), slot: 0)
    #expect(world.chain.submit([rich])[0][0].taken)
    let huge = Purpose.pay(
      asset: world.native,
      payees: [Payee(payout: PayoutID(1), address: ChainWorld.person(1), units: UInt256(limbs: (0, 2, 0, 0)))])
    let poor = try world.signed(huge, slot: 1)
    #expect(world.chain.submit([poor])[0][0].text == "insufficient funds for price * limit + value")
  }

  @Test func `an allowance is asked for until it is final, and used up by payments`() throws {
    let world = try ChainWorld { $0.needsAllowance = true }
    let total = UInt256(150)
    let setup = try #require(try world.chain.setup(world.token, account: world.key.account, total: total))
    #expect(setup.kind == .setup)
    #expect(try world.chain.setup(world.native, account: world.key.account, total: total) == nil)
    let allowed = try world.signed(setup, slot: 0)
    let first = try world.signed(world.pay([1]), slot: 1)
    let second = try world.signed(world.pay([2]), slot: 2)
    _ = world.chain.submit([allowed, first, second])
    world.chain.mine(4)
    #expect(try world.received(1).times == 1)
    #expect(try world.evidence(2, [2], [(.pay, second)])?.verdict == .reverted)
    #expect(try world.chain.funds(world.token, account: world.key.account).allowance == UInt256(50))
  }

  @Test func `transfers list what final blocks moved, in pages that end with a block`() throws {
    let world = try ChainWorld()
    world.chain.setBehavior(.feeOnTransfer(percent: 10), of: ChainWorld.person(2))
    _ = world.chain.submit([try world.signed(world.pay([1, 2]), slot: 0)])
    world.chain.mine(2)
    _ = world.chain.submit([try world.signed(world.pay([3]), slot: 1)])
    world.chain.mine(3)
    let page = try world.chain.transfers(world.token, accounts: [world.key.account], from: 0)
    #expect(page.transfers.map(\.units) == [UInt256(100), UInt256(90)])
    #expect(page.through == page.finalBlock && page.finalBlock == 2)
    world.chain.mine(1)
    let rest = try world.chain.transfers(world.token, accounts: [world.key.account], from: page.through + 1)
    #expect(rest.transfers.map(\.to) == [ChainWorld.person(3)])
  }

  @Test func `blocks come with the clock, and a long jump costs nothing`() throws {
    let world = try ChainWorld { $0.pace = .every(milliseconds: 1_000) }
    #expect(world.chain.head == 0)
    world.clock.move(10_000)
    #expect(world.chain.head == 10)
    _ = world.chain.submit([try world.signed(world.pay([1]), slot: 0)])
    world.clock.move(365 * 24 * 3_600_000)
    #expect(world.chain.head == 10 + 365 * 24 * 3_600)
    #expect(try world.received(1).times == 1)
    #expect(world.chain.isQuiet)
  }
}
