package import Money

/// Which running campaign gets the next batch: shares by priority, and nobody starves (stride scheduling).
///
/// Bound: between two batches of a campaign with priority p that always has work, at most
/// `ceil(W / p) + n` batches go to others, where W is the sum of the priorities of the n running campaigns.
/// Source: Waldspurger and Weihl, "Stride Scheduling", 1995.
package struct FairQueue: Hashable, Sendable {
  private static let stride: Int64 = 2520  // divisible by every priority from 1 to 9
  private var passes: [CampaignID: Int64] = [:]

  package init() {}

  /// The eligible campaign whose turn it is; nil when there is none. Ties go to the lower number.
  package func next(_ eligible: [CampaignID: Int]) -> CampaignID? {
    eligible.keys.min { (pass($0, eligible), $0) < (pass($1, eligible), $1) }
  }

  /// Notes that a batch was given. `eligible` maps each running campaign to its priority, 1 to 9.
  package mutating func served(_ campaign: CampaignID, _ eligible: [CampaignID: Int]) {
    let floor = eligible.keys.map { pass($0, eligible) }.min() ?? 0
    // A campaign that comes back after a rest joins at the floor: it has no saved-up turns.
    for other in eligible.keys { passes[other] = pass(other, eligible) }
    passes = passes.filter { eligible[$0.key] != nil }
    let priority = Int64(min(9, max(1, eligible[campaign] ?? 1)))
    passes[campaign] = max(passes[campaign] ?? floor, floor) + FairQueue.stride / priority
  }

  private func pass(_ campaign: CampaignID, _ eligible: [CampaignID: Int]) -> Int64 {
    if let pass = passes[campaign] { return pass }
    return eligible.keys.compactMap { passes[$0] }.min() ?? 0
  }
}
