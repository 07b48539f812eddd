import Chains
import Codecs
import Money
import SimulatedChain
import Testing

@Suite("Faults of the simulated chain")
struct ChainFaultTests {
  @Test func `a lost answer hides a payment that happens all the same`() throws {
    let faults = ScriptedFaults([.lostAnswer: [1, 2, 3]])
    let world = try ChainWorld(faults: faults)
    let paid = try world.signed(world.pay([1]), slot: 0)
    #expect(world.chain.submit([paid])[0].allSatisfy { !$0.taken && $0.text == "no answer" })
    world.chain.mine(4)
    #expect(try world.received(1).times == 1)
    #expect(faults.seen[.lostAnswer] == 3)
  }

  @Test func `a lost request is not mined until the bytes come back from somewhere`() throws {
    let faults = ScriptedFaults([.lostRequest: [1, 2, 3], .reappear: [1]])
    let world = try ChainWorld(faults: faults)
    let paid = try world.signed(world.pay([1]), slot: 0)
    _ = world.chain.submit([paid])
    world.chain.mine(2)
    #expect(try world.received(1).times == 0)
    // Another transaction keeps the network busy, and with it the old bytes reappear.
    _ = world.chain.submit([try world.signed(world.pay([2]), slot: 1)])
    world.chain.mine()
    #expect(try world.received(1).times == 1)
    world.chain.mine(3)
    #expect(try world.evidence(0, [1], [(.pay, paid)])?.verdict == .paid)
    #expect(faults.seen[.reappear] == 1)
  }

  @Test func `a reorg takes payments back and only final blocks are safe from it`() throws {
    // The first block of the busy chain has nothing to replace; the third opportunity replaces two blocks.
    let faults = ScriptedFaults([.reorg: [3]], picks: [1, 1, 1])
    let world = try ChainWorld(faults: faults)
    let paid = try world.signed(world.pay([1]), slot: 0)
    _ = world.chain.submit([paid])
    world.chain.mine(2)
    let before = world.chain.spender(world.key.account, slot: 0)?.status
    #expect(before == .mined(block: 1, isFinal: false, isReverted: false))
    world.chain.mine()
    let after = world.chain.spender(world.key.account, slot: 0)?.status
    #expect(after == .mined(block: 3, isFinal: false, isReverted: false))
    #expect(try world.received(1).times == 1)
    world.chain.mine()
    #expect(try world.evidence(0, [1], [(.pay, paid)]) == nil)
    #expect(faults.seen[.reorg] == 1, "the block that would be final by now is another one")
    world.chain.mine(2)
    #expect(try world.evidence(0, [1], [(.pay, paid)])?.blockNumber == 3)
  }

  @Test func `a dropped transaction waits to be handed over again`() throws {
    let faults = ScriptedFaults([.drop: [1]])
    let world = try ChainWorld(faults: faults)
    let paid = try world.signed(world.pay([1]), slot: 0)
    _ = world.chain.submit([paid])
    world.chain.mine(5)
    #expect(try world.received(1).times == 0)
    #expect(try world.evidence(0, [1], [(.pay, paid)]) == nil)
    #expect(faults.seen[.drop] == 1)
    _ = world.chain.submit([paid])
    world.chain.mine()
    #expect(try world.received(1).times == 1)
  }

  @Test func `a stranger on the slot is named, and what was planned there is refused`() throws {
    let faults = ScriptedFaults([.stranger: [1]])
    let world = try ChainWorld(faults: faults)
    let paid = try world.signed(world.pay([1]), slot: 0)
    _ = world.chain.submit([paid])
    world.chain.mine(4)
    #expect(try world.evidence(0, [1], [(.pay, paid)])?.verdict == .stranger)
    #expect(world.chain.submit([paid])[0].allSatisfy { !$0.taken })
    #expect(try world.received(1).times == 0)
    #expect(faults.seen[.stranger] == 1)
  }

  @Test func `an older attempt may be the one that is mined`() throws {
    let faults = ScriptedFaults([.olderMember: [1]])
    let world = try ChainWorld(faults: faults)
    let purpose = world.pay([1])
    let fee = try world.chain.fee(for: purpose, account: world.key.account)
    let low = try world.signed(purpose, slot: 0, fee: fee)
    let high = try world.signed(purpose, slot: 0, fee: try world.chain.bumped(fee))
    _ = world.chain.submit([low, high])
    world.chain.mine(4)
    #expect(try world.evidence(0, [1], [(.pay, low), (.pay, high)])?.spender == low.hash)
    #expect(try world.evidence(0, [1], [(.pay, high)])?.verdict == .stranger, "who forgets a hash sees a stranger")
  }

  @Test func `nobody can name a spender for a while, though the slot is spent`() throws {
    let faults = ScriptedFaults([.blind: [1]])
    let world = try ChainWorld(faults: faults)
    let paid = try world.signed(world.pay([1]), slot: 0)
    _ = world.chain.submit([paid])
    world.chain.mine(4)
    #expect(try world.chain.account(world.key.account).finalCount == 1)
    #expect(try world.evidence(0, [1], [(.pay, paid)]) == nil)
    #expect((faults.seen[.blind] ?? 0) > 0)
    world.chain.mine(10)
    #expect(try world.evidence(0, [1], [(.pay, paid)])?.verdict == .paid)
  }

  @Test func `one liar of three is outvoted, and two of five cannot agree on evidence`() throws {
    for (endpoints, liars) in [(3, 1), (5, 2)] {
      let faults = ScriptedFaults([.lie: Set(1...liars)], picks: Array(repeating: 23, count: 64))
      let world = try ChainWorld(faults: faults) {
        $0.endpoints = endpoints
        $0.mostLiars = liars
      }
      let paid = try world.signed(world.pay([1]), slot: 0)
      _ = world.chain.submit([paid])
      world.chain.mine(2)
      let early = world.chain.statements([try world.question(0, [1], [(.pay, paid)])])[0]
      #expect(early.count == liars, "liars speak before anything is final")
      #expect(Set(early.map(\.subject)).count == 1, "liars agree")
      #expect(world.chain.quorum.evidence(in: early) == nil)
      world.chain.mine(2)
      #expect(try world.evidence(0, [1], [(.pay, paid)])?.verdict == .paid)
      #expect((faults.seen[.lie] ?? 0) >= liars)
    }
  }

  @Test func `an endpoint that lags states nothing yet, and the others suffice`() throws {
    let faults = ScriptedFaults([.lag: [1]], picks: [4, 15])
    let world = try ChainWorld(faults: faults)
    let paid = try world.signed(world.pay([1]), slot: 0)
    _ = world.chain.submit([paid])
    world.chain.mine(4)
    let evidence = try #require(try world.evidence(0, [1], [(.pay, paid)]))
    #expect(evidence.statements.count == 2)
    #expect(faults.seen[.lag] == 1)
  }

  @Test func `when too few endpoints answer there is no quorum, which is not news about money`() throws {
    let faults = ScriptedFaults([.silence: [1, 2]])
    let world = try ChainWorld(faults: faults)
    #expect {
      try world.chain.account(world.key.account)
    } throws: {
      ($0 as? RailError)?.code == .noQuorum
    }
    #expect(faults.seen[.silence] == 2)
    #expect(try world.chain.account(world.key.account).finalCount == 0)
  }

  @Test func `a price spike keeps cheap transactions waiting and shows in new terms`() throws {
    let faults = ScriptedFaults([.feeSpike: [1]], picks: [8, 11])
    let world = try ChainWorld(faults: faults)
    let purpose = world.pay([1])
    let paid = try world.signed(purpose, slot: 0)
    _ = world.chain.submit([paid])
    world.chain.mine(2)
    #expect(try world.received(1).times == 0)
    let terms = try world.chain.fee(for: purpose, account: world.key.account)
    #expect(terms.price > UInt256(10_000_000_000))
    world.chain.mine(12)
    #expect(try world.received(1).times == 1)
  }

  @Test func `one seed gives one history`() throws {
    func history(_ seed: UInt64) throws -> ([UInt64], [ChainFault: Int]) {
      let chances = Dictionary(
        uniqueKeysWithValues: ChainFault.allCases.map { ($0, SeededFaults.Chance(of65536: 8_000, budget: 5)) })
      let faults = SeededFaults(seed: seed, chances: chances)
      let world = try ChainWorld(faults: faults)
      var blocks: [UInt64] = []
      for slot in 0..<6 as Range<UInt64> {
        let paid = try world.signed(
          world.pay([UInt8(slot)]), slot: slot, fee: FeeTerms(limit: 99_000, price: UInt256(90_000_000_000), tip: .one))
        for _ in 0..<12 {
          _ = world.chain.submit([paid])
          world.chain.mine()
          _ = try world.evidence(slot, [UInt8(slot)], [(.pay, paid)])
        }
        if case .mined(let block, _, _)? = world.chain.spender(world.key.account, slot: slot)?.status {
          blocks.append(block)
        }
      }
      return (blocks, faults.seen)
    }
    for seed in 1...20 as ClosedRange<UInt64> {
      let first = try history(seed)
      let second = try history(seed)
      #expect(first == second, "seed \(seed)")
    }
    let one = try history(1)
    let other = try history(2)
    #expect(one != other)
  }
}
