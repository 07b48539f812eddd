package import Codecs
package import Money

/// One derived winner, before anybody asks whose ticket it is.
package struct DerivedWinner: Hashable, Sendable {
  package let ordinal: UInt64
  package let slotId: UInt64
  package let localIndex: UInt64
  package let ticketIndex: UInt64
  /// How often the digest was hashed again before a ticket was found.
  package let rehashes: Int
  package let firstDigest: Hash32
  /// The digest that chose the ticket.
  package let winnerHash: Hash32
}

/// The two running hashes over all winners. They do not depend on how the work is cut into batches (I39).
package struct WinnerChain: Hashable, Sendable {
  package private(set) var batchHash: Hash32
  package private(set) var checksum: Hash32

  /// Before the first winner.
  package init() {
    batchHash = Keccak.sha3(Array(Domain.winnerBatchSeed.utf8))
    checksum = Keccak.sha3(Array(Domain.winnerSeed.utf8))
  }

  package init(batchHash: Hash32, checksum: Hash32) {
    self.batchHash = batchHash
    self.checksum = checksum
  }

  /// After one more winner.
  package mutating func append(_ winner: DerivedWinner) {
    var sponge = Keccak(.sha3)
    sponge.absorb(checksum)
    sponge.absorb(littleEndian: winner.ticketIndex)
    sponge.absorb(winner.winnerHash)
    checksum = sponge.finish()
    sponge = Keccak(.sha3)
    sponge.absorb(batchHash)
    sponge.absorb(littleEndian: winner.slotId)
    sponge.absorb(littleEndian: winner.ticketIndex)
    sponge.absorb(winner.winnerHash)
    batchHash = sponge.finish()
  }
}

/// Who wins: a pure function of the plan, the randomness, and what the draw was bound to. Spec 2.9; docs/adr/0012.
package struct WinnerDerivation: Sendable {
  package let schema: Schema
  package let lotteryId: UInt64
  package let plan: [PrizeSlot]
  package let winnersDedup: Bool
  /// One per slot.
  package let randomNumbers: [UInt256]
  package let snapshotHash: Hash32
  package let payloadHash: Hash32
  package let attempt: UInt8
  package let totalTickets: UInt64

  package init(
    schema: Schema, lotteryId: UInt64, plan: [PrizeSlot], winnersDedup: Bool, randomNumbers: [UInt256],
    snapshotHash: Hash32, payloadHash: Hash32, attempt: UInt8, totalTickets: UInt64
  ) {
    self.schema = schema
    self.lotteryId = lotteryId
    self.plan = plan
    self.winnersDedup = winnersDedup
    self.randomNumbers = randomNumbers
    self.snapshotHash = snapshotHash
    self.payloadHash = payloadHash
    self.attempt = attempt
    self.totalTickets = totalTickets
  }

  /// The winners with ordinals `start` to `start + count - 1`, given the tickets taken by those before.
  ///
  /// `taken` holds those tickets, and what this batch takes comes back beside it: nothing is copied. Throws
  /// `winnerIndexOutOfRange` past the plan, `numberMissing`, `winnerDedupExhausted` (schema 1), `tooFewTickets`
  /// (schema 2).
  package func winners(
    from start: UInt64, count: UInt64, taken: TakenTickets
  ) throws(LotteryError) -> (winners: [DerivedWinner], newlyTaken: TakenTickets) {
    var found: [DerivedWinner] = []
    var fresh = TakenTickets()
    var place = try PlanPlace(plan, ordinal: start)
    for ordinal in start..<(try start.adding(count)) {
      let slot = try place.slot(of: plan)
      guard place.position < randomNumbers.count else {
        throw LotteryError(.numberMissing, "no number for slot \(place.position)")
      }
      let first = digest(position: place.position, ordinal: ordinal, local: place.local)
      let choice = try choose(first, ordinal: ordinal, taken: taken, fresh: &fresh)
      found.append(
        DerivedWinner(
          ordinal: ordinal, slotId: slot.slotId, localIndex: place.local, ticketIndex: choice.ticket,
          rehashes: choice.rehashes, firstDigest: first, winnerHash: choice.digest))
      place.advance(slot)
    }
    return (found, fresh)
  }

  /// The digest that an ordinal begins with.
  package func digest(position: Int, ordinal: UInt64, local: UInt64) -> Hash32 {
    var sponge = Keccak(.sha3)
    if schema >= .v2 { sponge.absorb(Array(Domain.winnerV2.utf8)) }
    let number = randomNumbers[position].limbs
    for limb in [number.0, number.1, number.2, number.3] { sponge.absorb(littleEndian: limb) }
    sponge.absorb(snapshotHash)
    sponge.absorb(payloadHash)
    for value in [lotteryId, ordinal, local, UInt64(schema.rawValue), UInt64(attempt)] {
      sponge.absorb(littleEndian: value)
    }
    return sponge.finish()
  }

  private typealias Choice = (ticket: UInt64, digest: Hash32, rehashes: Int)

  private func choose(
    _ first: Hash32, ordinal: UInt64, taken: TakenTickets, fresh: inout TakenTickets
  ) throws(LotteryError) -> Choice {
    guard totalTickets > 0 else { throw LotteryError(.winnerIndexOutOfRange, "no tickets") }
    switch schema {
    case .v1: return try chooseByRehash(first, taken: taken, fresh: &fresh)
    case .v2:
      guard winnersDedup else {
        let fair = fairPlace(first, among: totalTickets)
        return (fair.place, fair.digest, fair.rehashes)
      }
      guard ordinal < totalTickets else { throw LotteryError(.tooFewTickets) }
      let remaining = totalTickets - ordinal
      let fair = fairPlace(first, among: remaining)
      #if ALMONER_MUTANTS
        if LotteryMutant.winnerTwice.isActive { return (fair.place, fair.digest, fair.rehashes) }
      #endif
      return (fresh.take(place: fair.place, remaining: remaining, over: taken), fair.digest, fair.rehashes)
    }
  }

  /// Schema 1: candidates by modulo, at most 16 (GAP 12, GAP 30).
  private func chooseByRehash(
    _ first: Hash32, taken: TakenTickets, fresh: inout TakenTickets
  ) throws(LotteryError) -> Choice {
    var digest = first
    for rehashes in 0..<Limits.dedupTries {
      let candidate = digest.words.0.byteSwapped % totalTickets
      #if ALMONER_MUTANTS
        if LotteryMutant.winnerTwice.isActive { return (candidate, digest, rehashes) }
      #endif
      if !winnersDedup { return (candidate, digest, rehashes) }
      if !taken.contains(candidate), !fresh.contains(candidate) {
        fresh.insert(candidate)
        return (candidate, digest, rehashes)
      }
      digest = Keccak.sha3(digest)
    }
    throw LotteryError(.winnerDedupExhausted, "\(Limits.dedupTries) candidates have all won already")
  }

  /// Schema 2: a place below `count`, each as likely as the next: values in the last, incomplete run are drawn again.
  private func fairPlace(_ first: Hash32, among count: UInt64) -> (place: UInt64, digest: Hash32, rehashes: Int) {
    // 2^64 mod count, without 2^64.
    let incomplete = (UInt64.max % count + 1) % count
    let limit = UInt64.max - incomplete
    var digest = first
    var rehashes = 0
    while digest.words.0.byteSwapped > limit {
      digest = Keccak.sha3(digest)
      rehashes += 1
    }
    return (digest.words.0.byteSwapped % count, digest, rehashes)
  }
}

/// Where an ordinal stands in the plan.
private struct PlanPlace {
  private(set) var position = 0
  private(set) var local: UInt64

  init(_ plan: [PrizeSlot], ordinal: UInt64) throws(LotteryError) {
    local = ordinal
    while position < plan.count, local >= UInt64(plan[position].winnersPerSlot) {
      local -= UInt64(plan[position].winnersPerSlot)
      position += 1
    }
  }

  func slot(of plan: [PrizeSlot]) throws(LotteryError) -> PrizeSlot {
    guard position < plan.count else { throw LotteryError(.winnerIndexOutOfRange, "the plan has no such winner") }
    return plan[position]
  }

  mutating func advance(_ slot: PrizeSlot) {
    local += 1
    if local == UInt64(slot.winnersPerSlot) { (position, local) = (position + 1, 0) }
  }
}

extension Keccak {
  /// SHA3-256 of a digest.
  static func sha3(_ digest: Hash32) -> Hash32 {
    var sponge = Keccak(.sha3)
    sponge.absorb(digest)
    return sponge.finish()
  }
}

#if ALMONER_MUTANTS
  extension WinnerChain {
    /// Hashes the end of a batch in: what must not be.
    mutating func cutBatch() { batchHash = Keccak.sha3(batchHash) }
  }
#endif
