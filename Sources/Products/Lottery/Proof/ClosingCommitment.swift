package import Codecs
package import Curves
package import Money

extension Config {
  /// What the organiser is held to from the moment sales open: schema, lottery, config and plan.
  ///
  /// The tags stand in it as 0, since they may still change during sales; a draw does not depend on them.
  package func terms(lottery id: UInt64, schema: Schema, plan: RandomnessPlan) -> Hash32 {
    var fixed = self
    fixed.tagsMask = 0
    var bytes = BCS.Writer(reserving: 160)
    bytes.append(raw: Array(ProofDomain.terms.utf8))
    bytes.append(schema.rawValue)
    bytes.append(id)
    bytes.append(fixed.hash)
    bytes.append(plan.hash)
    return Keccak.sha3(bytes.bytes)
  }
}

/// What was sold, as the draw is bound to it: everything under a snapshot hash.
package struct SnapshotBasis: Hashable, Sendable {
  package let ticketsSold: UInt64
  package let proceedsAccum: UInt64
  package let distribution: SalesDistribution
  package let accounting: Accounting
  package let purchases: UInt64
  /// Schema 2: the root of the purchase tree. Schema 1: the digest over full chunks of owners.
  package let root: Hash32

  package init(
    ticketsSold: UInt64, proceedsAccum: UInt64, distribution: SalesDistribution, accounting: Accounting,
    purchases: UInt64, root: Hash32
  ) {
    self.ticketsSold = ticketsSold
    self.proceedsAccum = proceedsAccum
    self.distribution = distribution
    self.accounting = accounting
    self.purchases = purchases
    self.root = root
  }

  package init(_ state: SalesState) {
    self.init(
      ticketsSold: state.ticketsSold, proceedsAccum: state.proceedsAccum, distribution: state.distribution,
      accounting: state.accounting, purchases: UInt64(state.tickets.purchases.count),
      root: state.tickets.schema == .v1 ? state.tickets.chainDigest : state.tickets.tree.root?.hash ?? .zero)
  }

  /// The snapshot hash of spec 2.7, as `SalesState.snapshotHash` computes it from the state.
  package func hash(lottery id: UInt64, schema: Schema, configHash: Hash32) -> Hash32 {
    var bytes = BCS.Writer(reserving: 256)
    if schema >= .v2 {
      bytes.append(raw: Array(Domain.snapshotV2.utf8))
      bytes.append(id)
      bytes.append(configHash)
      bytes.append(purchases)
    }
    bytes.append(root)
    bytes.append(ticketsSold)
    bytes.append(proceedsAccum)
    bytes.append(distribution)
    bytes.append(accounting)
    return Keccak.sha3(bytes.bytes)
  }
}

/// What is fixed when sales are closed, before anybody can know the randomness: whose tickets, which value, which bytes
/// the draw is bound to. Its hash goes into the audit trail, or on a chain, before the round exists.
///
/// Bytes (BCS) in the order of the fields, after the name `lottery_multi::closing_commitment::1`.
package struct ClosingCommitment: Hashable, Sendable, BCSEncodable {
  package let schema: Schema
  package let lotteryId: UInt64
  package let terms: Hash32
  package let snapshotHash: Hash32
  package let slotsChecksum: Hash32
  package let ticketsSold: UInt64
  /// Seconds since 1970 at which sales closed.
  package let closedAt: UInt64
  /// When this commitment was made, by the organiser's clock.
  package let committedAt: UInt64
  /// Of the engine, from 1.
  package let attempt: UInt8
  /// The commitment of the attempt before; zero for the first.
  package let previous: Hash32
  /// The engine's `DrawPayload`: no other attempt, seed or block can be chosen when the value is known.
  package let payload: [UInt8]
  package let schedule: RandomnessPlan.Schedule

  package init(
    schema: Schema, lotteryId: UInt64, terms: Hash32, snapshotHash: Hash32, slotsChecksum: Hash32,
    ticketsSold: UInt64, closedAt: UInt64, committedAt: UInt64, attempt: UInt8, previous: Hash32, payload: [UInt8],
    schedule: RandomnessPlan.Schedule
  ) {
    self.schema = schema
    self.lotteryId = lotteryId
    self.terms = terms
    self.snapshotHash = snapshotHash
    self.slotsChecksum = slotsChecksum
    self.ticketsSold = ticketsSold
    self.closedAt = closedAt
    self.committedAt = committedAt
    self.attempt = attempt
    self.previous = previous
    self.payload = payload
    self.schedule = schedule
  }

  package func encode(to bytes: inout BCS.Writer) {
    bytes.append(schema.rawValue)
    bytes.append(lotteryId)
    bytes.append(terms)
    bytes.append(snapshotHash)
    bytes.append(slotsChecksum)
    bytes.append(ticketsSold)
    bytes.append(closedAt)
    bytes.append(committedAt)
    bytes.append(attempt)
    bytes.append(previous)
    bytes.append(bytes: payload)
    bytes.append(schedule.primaryRound)
    bytes.append(schedule.fallbackRound)
    bytes.append(schedule.deadline)
  }

  /// Its name, then its fields: what is hashed, and what the keeper of a VRF key reads.
  package var bytes: [UInt8] {
    var bytes = BCS.Writer(reserving: 384)
    bytes.append(raw: Array(ProofDomain.closing.utf8))
    bytes.append(self)
    return bytes.bytes
  }

  /// SHA3-256 of `bytes`.
  package var hash: Hash32 { Keccak.sha3(bytes) }

  /// What the source, or the fallback, is asked for. A callback's request is named by the network: `nonce`.
  /// The verifiable random function and the network get the commitment's hash as their input.
  package func question(to source: RandomnessPlan.Source, isFallback: Bool, nonce: UInt64 = 0) -> RandomnessQuestion {
    switch source {
    case .beacon(let chain):
      .beacon(chain: chain, round: isFallback ? schedule.fallbackRound : schedule.primaryRound)
    case .vrf(let key): .vrf(publicKey: key, alpha: hash.bytes)
    case .callback: .callback(nonce: nonce, message: hash.bytes)
    }
  }

  /// The engine's numbers, one per prize slot, from a value:
  ///
  ///     number i = SHA3-256("lottery_multi::random_number::1" | commitment, 32 bytes | fallback, one byte
  ///                         | the value as a byte string | i, u64), its bytes read least significant first
  package func numbers(from value: [UInt8], isFallback: Bool, count: Int) -> [UInt256] {
    let hash = self.hash
    return (0..<max(0, count)).map { index in
      var bytes = BCS.Writer(reserving: 160)
      bytes.append(raw: Array(ProofDomain.number.utf8))
      bytes.append(hash)
      bytes.append(isFallback)
      bytes.append(bytes: value)
      bytes.append(UInt64(index))
      let words = Keccak.sha3(bytes.bytes).words
      return UInt256(
        limbs: (words.0.byteSwapped, words.1.byteSwapped, words.2.byteSwapped, words.3.byteSwapped))
    }
  }
}
