package import Chains
import Codecs
import Money
import Payouts
package import Signing

/// What the signer knows and the store does not: the sign of a store that was put back to an older state.
///
/// Every lane is compared, not only the one at hand: campaigns are paid by all lanes, so a payment that another lane
/// has forgotten is a payout that this one would make again.
/// Source: docs/internals/protocol.md 3.3, step 2.
package struct RestoreDoubt: Hashable, Sendable {
  package let account: Address
  package let slot: UInt64
  /// Whether the store has the slot as a live batch, with other attempts.
  package let isLive: Bool

  /// The word in the lane's row and in reports.
  package var reason: String {
    isLive ? "signer_knows_other_bytes_on_slot_\(slot)" : "signer_knows_slot_\(slot)"
  }

  /// The first doubt of each account of the chain, in order of account; empty when store and signer agree.
  package static func all(
    _ chain: ChainID, store: any PayoutStore, log: any SigningWitness
  ) throws -> [RestoreDoubt] {
    try log.accounts(chain).compactMap { account in
      guard let doubt = try first(chain, account, store, log) else { return nil }
      // The lane may have gone on between the two looks: what was ahead of the first row need not be of the second.
      return try doubt == first(chain, account, store, log) ? doubt : nil
    }
  }

  private static func first(
    _ chain: ChainID, _ account: Address, _ store: any PayoutStore, _ log: any SigningWitness
  ) throws -> RestoreDoubt? {
    let lane = try store.lanes().first { $0.chain == chain && $0.account == account }
    if let beyond = try log.records(chain, account, from: lane?.nextSlot ?? 0, limit: 1).first {
      return RestoreDoubt(account: account, slot: beyond.slot, isLive: false)
    }
    guard let lane else { return nil }
    let live = try store.liveBatches(lane.id)
    let known = Set(live.flatMap { $0.attempts.map(\.unsigned.signingHash) })
    let records = try log.records(chain, account, slots: live.map(\.slot).sorted())
    return records.first { !known.contains($0.signingHash) }.map {
      RestoreDoubt(account: account, slot: $0.slot, isLive: true)
    }
  }
}
