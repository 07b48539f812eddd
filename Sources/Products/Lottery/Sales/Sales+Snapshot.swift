package import Codecs

/// What a draw is bound to: who owns which ticket, and what was taken.
package struct SalesSnapshot: Hashable, Sendable {
  package let hash: Hash32
  package let ticketsSold: UInt64
  package let proceedsAccum: UInt64
}

extension LotteryEngine {
  /// The commitment as it stands. Without a sale, or without a store, the hash of nothing.
  package func snapshotForDraw(_ id: UInt64) -> SalesSnapshot {
    guard let state = sales?.states[id], let lottery = registry?.lotteries[id] else {
      return SalesSnapshot(hash: Keccak.sha3(Array(Domain.snapshotEmpty.utf8)), ticketsSold: 0, proceedsAccum: 0)
    }
    return SalesSnapshot(
      hash: state.snapshotHash(of: lottery), ticketsSold: state.ticketsSold, proceedsAccum: state.proceedsAccum)
  }

  /// The books of a lottery. Throws `registryMissing` before the first sale.
  package func accountingSnapshot(_ id: UInt64) throws(LotteryError) -> Accounting {
    guard let accounting = sales?.states[id]?.accounting else { throw LotteryError(.registryMissing) }
    return accounting
  }

  /// Tickets, proceeds and the time of the last purchase. Throws `registryMissing` before the first sale.
  package func salesTotals(
    _ id: UInt64
  ) throws(LotteryError) -> (ticketsSold: UInt64, proceedsAccum: UInt64, lastPurchaseTs: UInt64) {
    guard let state = sales?.states[id] else { throw LotteryError(.registryMissing) }
    return (state.ticketsSold, state.proceedsAccum, state.lastPurchaseTs)
  }

  /// Whether a ticket was sold.
  package func hasSalesState(_ id: UInt64) -> Bool { sales?.states[id] != nil }

  /// Who owns a ticket. Throws `winnerIndexOutOfRange`.
  package func ticketOwner(_ id: UInt64, ticket: UInt64) throws(LotteryError) -> LotteryAddress {
    guard let owner = try sales?.states[id]?.tickets.owner(of: ticket) else {
      throw LotteryError(.winnerIndexOutOfRange, "lottery \(id) has sold nothing")
    }
    return owner
  }
}

extension SalesState {
  /// The snapshot hash of spec 2.7; in schema 2 over the tree's root, with the lottery and its config.
  package func snapshotHash(of lottery: Lottery) -> Hash32 {
    var bytes = BCS.Writer(reserving: 256)
    switch lottery.schema {
    case .v1: bytes.append(tickets.chainDigest)
    case .v2:
      bytes.append(raw: Array(Domain.snapshotV2.utf8))
      bytes.append(lottery.id)
      bytes.append(lottery.config.hash)
      bytes.append(UInt64(tickets.purchases.count))
      bytes.append(tickets.tree.root?.hash ?? Hash32.zero)
    }
    bytes.append(ticketsSold)
    bytes.append(proceedsAccum)
    bytes.append(distribution)
    bytes.append(accounting)
    return Keccak.sha3(bytes.bytes)
  }
}
