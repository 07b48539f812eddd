import Codecs
import Engine
import Money
import Payouts
import Policy

extension Bench {
  /// A policy that allows everybody.
  static func policy(_ name: String = "p") throws -> PolicyDocument {
    try PolicyDocument.parse(Array("{\"format\":1,\"name\":\"\(name)\",\"rules\":[],\"otherwise\":\"allow\"}".utf8))
  }

  func activate(_ policy: PolicyDocument) throws {
    try commit(
      .activatePolicy(PolicyActivation(document: policy, proposedBy: "ann", activatedBy: "bob")), guarded: false)
  }

  func held(
    _ campaign: Campaign, _ ordinal: UInt32, _ kind: VerdictKind, _ policy: PolicyDocument, print: UInt64? = nil
  ) -> HeldPayout {
    HeldPayout(
      payout: PayoutID(campaign: campaign.id, ordinal: ordinal), units: UInt256(UInt64(ordinal) + 1),
      verdict: ScreeningVerdict(
        kind: kind, rule: "r", reason: "because", detail: "ä\"'", fingerprint: print.map { Bench.hash($0) }),
      policy: policy.digest, at: Timestamp(milliseconds: 5), decidedBy: nil, decision: nil)
  }

  /// A walk over a campaign, or over a part of it.
  func part(
    _ campaign: Campaign, _ policy: PolicyDocument, from: UInt32 = 0, upTo: UInt32? = nil, startedAt: Int64? = nil,
    validFor: Int64 = 60_000, _ held: [HeldPayout] = []
  ) throws -> ScreenedPart {
    let start = startedAt ?? now
    let end = try store.campaign(campaign.id)?.readyOrdinal ?? 0
    return ScreenedPart(
      from: from,
      screening: CampaignScreening(
        campaign: campaign.id, policy: policy.digest, lists: "", startedAt: Timestamp(milliseconds: start),
        validUntil: Timestamp(milliseconds: start + validFor), upTo: upTo ?? end, end: end,
        counts: ["allow otherwise": 7, "review r": 1]), held: held)
  }
}
