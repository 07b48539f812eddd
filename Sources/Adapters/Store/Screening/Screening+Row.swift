import Engine
import Money
import Policy

extension StoredPolicy {
  /// no, digest, name, document, proposed_by, activated_by, at.
  static func read(_ row: some Row) throws(StoreError) -> StoredPolicy {
    StoredPolicy(
      number: try row.int64(0), digest: try row.hash(1), name: try row.text(2), document: try row.text(3),
      proposedBy: try row.text(4), activatedBy: try row.text(5), at: try row.time(6))
  }
}

extension SafetyState {
  /// stopped, reason, changed_by, at.
  static func read(_ row: some Row) throws(StoreError) -> SafetyState {
    SafetyState(
      isStopped: try row.bool(0), reason: try row.text(1), changedBy: try row.text(2), at: try row.time(3))
  }
}

extension CampaignScreening {
  /// campaign_no, policy, lists, started_at, valid_until, up_to, ends_at, counts.
  static func read(_ row: some Row) throws(StoreError) -> CampaignScreening {
    guard let counts = counts(try row.text(7)) else {
      throw StoreError(.badRow, "the counts of a screening are not what was written")
    }
    return CampaignScreening(
      campaign: try row.id(0), policy: try row.hash(1), lists: try row.text(2), startedAt: try row.time(3),
      validUntil: try row.time(4), upTo: try row.uint32(5), end: try row.uint32(6), counts: counts)
  }
}

extension HeldPayout {
  /// payout_id, units, kind, rule, reason, detail, fingerprint, policy, at, decided_by, decision.
  static func read(_ row: some Row) throws(StoreError) -> HeldPayout {
    HeldPayout(
      payout: try row.id(0), units: try row.units(1),
      verdict: ScreeningVerdict(
        kind: try row.word(2), rule: try row.text(3), reason: try row.text(4), detail: try row.text(5),
        fingerprint: try row.optionalHash(6)),
      policy: try row.hash(7), at: try row.time(8), decidedBy: try row.optionalText(9),
      decision: try row.optionalText(10))
  }
}

extension ScreeningSubject {
  /// id, address, units, metadata.
  static func read(_ row: some Row) throws(StoreError) -> ScreeningSubject {
    ScreeningSubject(
      payout: try row.id(0), address: try row.address(1), units: try row.units(2), metadata: try row.metadata(3))
  }
}
