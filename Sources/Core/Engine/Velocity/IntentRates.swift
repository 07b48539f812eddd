package import Codecs
package import Money
package import Policy

/// What an intent counts under limits, and by which policy's.
package struct IntentRates: Hashable, Sendable {
  /// The policy that the limits were read from; nil when none was in force.
  package let policy: Hash32?
  /// In order of their keys, each once.
  package let charges: [RateCharge]
  package static let none = IntentRates(policy: nil, charges: [])
  package init(policy: Hash32?, charges: [RateCharge]) {
    self.policy = policy
    self.charges = charges
  }
}

extension Intent {
  /// The counters after this intent. Throws `store.over_limit` for one that has no room for it, `store.stale_state` when
  /// another policy is in force by now.
  package func counted(
    active: Hash32?, at now: Timestamp, _ count: (String) throws(StoreError) -> RateCount?
  ) throws(StoreError) -> [String: RateCount] {
    guard !isAdopted else { return [:] }
    guard rates.policy == nil || rates.policy == active else {
      throw .stale("the limits of batch \(batch) are those of a policy that is not in force")
    }
    var counts: [String: RateCount] = [:]
    for charge in rates.charges {
      var row = counts[charge.meter.key] ?? .unused
      if counts[charge.meter.key] == nil, let kept = try count(charge.meter.key) { row = kept }
      guard row.take(charge.count, charge.meter, at: now.milliseconds) else {
        throw StoreError(
          .overLimit, "batch \(batch) has \(charge.count) payouts, more than \(charge.meter.key) has room for",
          hint: "nothing is lost: they wait until there is room")
      }
      counts[charge.meter.key] = row
    }
    return counts
  }
}
