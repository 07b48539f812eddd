import Chains
import Money
import Payouts
package import Policy

// Facts that are not in the recipients file, asked for when a rule wants them, and only then.
extension Screener {
  /// Milliseconds that verdicts count: as the policy says, and half as long as KYC answers at most, since an answer must
  /// outlive the verdict that rests on it.
  func validity(_ policy: PolicyDocument) -> Int64 {
    let said = policy.verdictSeconds * 1000
    guard let source = facts.kyc, !policy.attributes.isDisjoint(with: [.kyc, .kycLevel]) else { return said }
    return min(said, source.mostAge / 2)
  }

  /// Nil when there is more to ask.
  func kycFacts(
    _ subjects: [ScreeningSubject], _ policy: PolicyDocument, _ campaign: CampaignID, startedAt: Timestamp,
    until: Timestamp, _ now: Timestamp
  ) throws -> [KYCFact]? {
    guard let kyc, !policy.attributes.isDisjoint(with: [.kyc, .kycLevel]) else {
      return subjects.map { _ in facts.kyc == nil ? .column : .unknown("not asked") }
    }
    return try kyc.facts(subjects, of: campaign, startedAt: startedAt, until: until, at: now)
  }

  func origins(_ subjects: [ScreeningSubject], _ policy: PolicyDocument) -> [IPOrigin] {
    let asked = policy.attributes
    let isCounted = policy.limits.contains { asked.contains(.used($0.name)) && [.asn, .ipCountry].contains($0.per) }
    guard isCounted || !asked.isDisjoint(with: [.ipCountry, .ipASN]) else { return subjects.map { _ in .unknown } }
    return subjects.map { subject in
      subject.columns()?["ip"].flatMap { IPAddress($0) }.map { facts.origins.origin($0) } ?? .unknown
    }
  }

  /// What is used up of the limits that the policy's rules name, by their names.
  func used(
    _ subjects: [ScreeningSubject], _ policy: PolicyDocument, _ campaign: Campaign, _ origins: [IPOrigin],
    _ now: Timestamp
  ) throws -> [[String: UInt64]] {
    let asked = policy.attributes
    let limits = policy.limits.filter { asked.contains(.used($0.name)) }
    guard !limits.isEmpty else { return subjects.map { _ in [:] } }
    let meters = zip(subjects, origins).map { subject, origin in
      let counted = RateSubject(
        address: subject.address, campaign: campaign.name, columns: subject.columns(), origin: origin)
      return limits.map { $0.meter(for: counted) }
    }
    let counts = try store.rateCounts(Set(meters.joined().map(\.key)).sorted())
    return meters.map { mine in
      var used: [String: UInt64] = [:]
      for (limit, meter) in zip(limits, mine) {
        used[limit.name] = UInt64(clamping: counts[meter.key]?.at(now.milliseconds, meter).used ?? 0)
      }
      return used
    }
  }

  /// Milliseconds for which each of these addresses has been usable; those that are not are left out.
  func bookAges(
    _ subjects: [ScreeningSubject], _ policy: PolicyDocument, _ campaign: Campaign, _ now: Timestamp
  ) throws -> [Address: Int64] {
    guard policy.asksAddressBook else { return [:] }
    return try store.bookChanges(campaign.chain, subjects.map(\.address)).compactMapValues { $0.age(at: now) }
  }
}

extension PolicyDocument {
  /// Whether a rule asks for the address book.
  package var asksAddressBook: Bool { !attributes.isDisjoint(with: [.inAddressBook, .addressBookHours]) }
}
