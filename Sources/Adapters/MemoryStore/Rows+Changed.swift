import Airdrop
import Engine
import Money
import Payouts

// Rows are immutable values of the core; a change is a new row.

extension Load {
  func moved(to state: State, summary: LoadSummary?) -> Load {
    Load(
      number: number, campaign: campaign, contentHash: contentHash, settings: settings, state: state,
      firstOrdinal: firstOrdinal, nextOrdinal: nextOrdinal, summary: summary)
  }

  func moved(to ordinal: UInt32) -> Load {
    Load(
      number: number, campaign: campaign, contentHash: contentHash, settings: settings, state: state,
      firstOrdinal: firstOrdinal, nextOrdinal: ordinal, summary: summary)
  }
}

extension Tally {
  /// A part that counts nothing is no part.
  mutating func set(_ status: PayoutStatus, count: Int64, units: UInt256) {
    parts[status] = count == 0 ? nil : Part(count: count, units: units)
  }
}
