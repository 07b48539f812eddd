package import Ledger
import Money
package import Payouts

/// What must hold between a campaign's tally and its accounts. Pure; every store reports these sentences.
package enum Invariants {
  /// The sentences that are not true of a campaign, empty when all is well.
  ///
  /// reserved + paid + released + compensated = ordered, where what is in flight is pending on reserved; and each
  /// account is worth the payouts that the tally counts in the states it stands for.
  package static func broken(
    _ campaign: Campaign, _ balances: [Account: Balance], _ tally: Tally
  ) -> [String] {
    func balance(_ role: Account.Role) -> Balance { balances[Account(campaign.id, role, campaign.asset)] ?? Balance() }
    func require(_ isTrue: Bool, _ sentence: String) -> [String] {
      isTrue ? [] : ["campaign \(campaign.id): not true that \(sentence)"]
    }
    let external = balance(.external)
    let parts = [Account.Role.reserved, .paid, .released, .compensated].map { balance($0).posted }
    let inside = sum(parts)
    let (ordered, isBelow) = external.postedDebit.subtractingReportingOverflow(external.postedCredit)
    return require(!isBelow && inside == ordered, "the accounts hold what was ordered")
      + require(
        balance(.reserved).posted == sum([tally[.queued].units, tally[.submitted].units]),
        "reserved is worth the queued and submitted payouts")
      + require(balance(.reserved).pendingDebit == tally[.submitted].units, "in flight is worth the submitted payouts")
      + require(balance(.paid).posted == tally[.confirmed].units, "paid is worth the confirmed payouts")
      + require(balance(.paid).pendingCredit == tally[.submitted].units, "what is in flight is on its way to paid")
      + require(balance(.released).posted == tally[.failed].units, "released is worth the failed payouts")
      + require(balance(.compensated).posted == tally[.compensated].units, "compensated is worth its payouts")
  }

  /// The sum, or nil when a part is below zero or the sum does not fit.
  private static func sum(_ parts: [UInt256?]) -> UInt256? {
    var total = UInt256.zero
    for part in parts {
      guard let part else { return nil }
      let (next, over) = total.addingReportingOverflow(part)
      guard !over else { return nil }
      total = next
    }
    return total
  }
}
