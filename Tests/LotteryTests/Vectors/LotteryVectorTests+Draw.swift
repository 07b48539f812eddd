import Codecs
import Lottery
import Money
import TestSupport

extension LotteryVectorTests {
  static func payloads(_ file: inout VectorFile) {
    file.each("payloads") { node, check in
      _ = try node("name").note()
      let inputs = try node("inputs")
      let payload = DrawPayload(
        lotteryId: try inputs("lottery_id").uint64(), configVersion: try inputs("config_version").uint64(),
        snapshotHash: try inputs("snapshot_hash").hash(), slotsChecksum: try inputs("slots_checksum").hash(),
        rngCount: try inputs("rng_count").uint8(), clientSeed: try inputs("client_seed").uint64(),
        attempt: try inputs("attempt").uint8(), closingBlockHeight: try inputs("closing_block_height").uint64(),
        chainId: try inputs("chain_id").uint8())
      let expected = try node("expected")
      check.equal(payload.bcs, try expected("payload_bcs").bytes(), "payload_bcs")
      check.equal(payload.bcs.count, try expected("length").count(), "length")
      check.equal(Keccak.sha3(payload.bcs).bytes, try expected("payload_hash").bytes(), "payload_hash")
    }
    file.each("verified_numbers") { node, check in
      let numbers = try node("numbers").list().map { try $0.uint256() }
      var bytes = BCS.Writer()
      bytes.append(length: numbers.count)
      for number in numbers { bytes.append(number) }
      let expected = try node("expected")
      check.equal(bytes.bytes, try expected("bcs").bytes(), "bcs")
      check.equal(
        DrawState.verifiedSeedHash(numbers).bytes, try expected("verified_seed_hash").bytes(), "verified_seed_hash")
    }
  }

  static func winners(_ file: inout VectorFile) {
    file.each("cases") { node, check in
      _ = try node("name").note()
      let inputs = try node("inputs")
      let numbers = try inputs("random_numbers").list().map { try $0.uint256() }
      check.equal(
        numbers.map { Array($0.bigEndianBytes.reversed()) },
        try inputs("random_numbers_hex_le").list().map { try $0.bytes() }, "numbers")
      check.equal(try inputs("schema_version").count(), 1, "schema")
      let derivation = WinnerDerivation(
        schema: .v1, lotteryId: try inputs("lottery_id").uint64(),
        plan: try inputs("slots").list().map {
          PrizeSlot(slotId: try $0("slot_id").uint64(), winnersPerSlot: try $0("winners_per_slot").uint16())
        }, winnersDedup: try inputs("winners_dedup").bool(), randomNumbers: numbers,
        snapshotHash: try inputs("snapshot_hash").hash(), payloadHash: try inputs("payload_hash").hash(),
        attempt: try inputs("attempt").uint8(), totalTickets: try inputs("total_tickets").uint64())
      let expected = try node("expected")
      let total = derivation.plan.reduce(0) { $0 + UInt64($1.winnersPerSlot) }
      if let error = expected.optional("error") {
        let failing = try expected("failing_ordinal").uint64()
        _ = try derivation.winners(from: 0, count: failing, taken: TakenTickets())
        check.outcome(try error.text(), "the error") { () throws(LotteryError) in
          _ = try derivation.winners(from: 0, count: failing + 1, taken: TakenTickets())
        }
        return
      }
      let winners = try derivation.winners(from: 0, count: total, taken: TakenTickets()).winners
      try compare(winners, expected, check)
      for (winner, wanted) in zip(winners, try expected("winners").list()) {
        guard let owner = wanted.optional("winner") else { continue }
        let engine = try engineThatSold(derivation.snapshotHash)
        check.equal(try engine.ticketOwner(1, ticket: winner.ticketIndex), try owner.address(), "winner")
      }
    }
  }

  /// Tickets as in the case of the snapshots' file with this hash.
  private static func engineThatSold(_ snapshot: Hash32) throws -> LotteryEngine {
    let file = VectorNode(try JSON.parse(try VectorFolder.current.bytes(of: .lotterySnapshots)))
    for node in try file("cases").list() where try node("expected")("snapshot_hash").hash() == snapshot {
      var bench = try LotteryBench(.v1)
      try bench.open(1, Samples.limit())
      for (index, purchase) in try node("purchases").list().enumerated() {
        let context = Context(
          actor: try purchase("buyer").address(), now: 20 + UInt64(index) * 10, block: UInt64(index))
        _ = try bench.engine.purchaseTicketsPublic(1, quantity: try purchase("quantity").uint64(), context)
      }
      return bench.engine
    }
    throw VectorFailure("no snapshot has the hash \(snapshot)")
  }

  private static func compare(
    _ winners: [DerivedWinner], _ expected: VectorNode, _ check: VectorChecks
  ) throws {
    let wanted = try expected("winners").list()
    // The hashes after some of the winners.
    var after = try expected("after_each").list()[...]
    check.equal(winners.count, wanted.count, "the number of winners")
    var chain = WinnerChain()
    for (winner, wanted) in zip(winners, wanted) {
      check.equal(winner.ordinal, try wanted("ordinal").uint64(), "ordinal")
      check.equal(winner.slotId, try wanted("slot_id").uint64(), "slot_id")
      check.equal(winner.localIndex, try wanted("local_index").uint64(), "local_index")
      check.equal(winner.ticketIndex, try wanted("ticket_index").uint64(), "ticket_index")
      check.equal(winner.rehashes, try wanted("rehashes").count(), "rehashes")
      check.equal(winner.firstDigest.bytes, try wanted("first_digest").bytes(), "first_digest")
      check.equal(winner.winnerHash.bytes, try wanted("winner_hash").bytes(), "winner_hash")
      chain.append(winner)
      guard let step = after.first, try step("total_assigned").uint64() == winner.ordinal + 1 else { continue }
      check.equal(chain.batchHash.bytes, try step("winners_batch_hash").bytes(), "winners_batch_hash")
      check.equal(chain.checksum.bytes, try step("checksum_after_batch").bytes(), "checksum_after_batch")
      after.removeFirst()
    }
    check.equal(after.count, 0, "steps that no winner reached")
    check.equal(chain.batchHash.bytes, try expected("final_winners_batch_hash").bytes(), "final batch hash")
    check.equal(chain.checksum.bytes, try expected("final_checksum_after_batch").bytes(), "final checksum")
  }
}
