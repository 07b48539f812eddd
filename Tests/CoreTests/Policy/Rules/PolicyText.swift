import Chains
import Codecs
import Money
import Policy
import TestSupport

/// Policies and recipients, written briefly.
enum PolicyText {
  static func whole(_ rules: String, lists: String = "[]", otherwise: String = "allow", more: String = "") -> String {
    """
    {"format":1,"name":"q4","lists":\(lists),"rules":[\(rules)],"otherwise":"\(otherwise)"\(more)}
    """
  }

  static func rule(_ when: String, then: String = "deny", id: String = "r") -> String {
    """
    {"id":"\(id)","when":[\(when)],"then":"\(then)","reason":"because"}
    """
  }

  static func parse(_ text: String) throws -> PolicyDocument { try PolicyDocument.parse(Array(text.utf8)) }

  static func subject(
    _ metadata: String = "", units: UInt64 = 1_000, address: UInt8 = 1
  ) -> ScreeningSubject {
    ScreeningSubject(
      payout: PayoutID(campaign: CampaignID(1), ordinal: 0), address: Address(Array(repeating: address, count: 20)),
      units: UInt256(units), metadata: metadata)
  }

  static let clear = ScreeningFacts(sanctions: .clear, sameEmail: 1, sameIP: 1)

  static func context(minutes: [String: Int] = [:], total: UInt64 = 5_000, campaign: String = "Q4") -> ScreeningContext
  {
    ScreeningContext(
      actor: "operator:eve", campaign: campaign, asset: AssetID(chain: "evm:1", token: "0xAB"), total: UInt256(total),
      minutes: minutes)
  }

  /// What a policy of one rule says: `deny` when it matches, `allow` when it does not, `held` when it cannot tell.
  static func outcome(
    of when: String, _ subject: ScreeningSubject = subject(), facts: ScreeningFacts = clear,
    context: ScreeningContext = context(), lists: String = "[]"
  ) throws -> VerdictKind {
    try verdict(whole(rule(when), lists: lists), subject, facts: facts, context: context).kind
  }

  static func verdict(
    _ text: String, _ subject: ScreeningSubject = subject(), facts: ScreeningFacts = clear,
    context: ScreeningContext = context(), cleared: Set<Hash32> = []
  ) throws -> ScreeningVerdict {
    Evaluator(try parse(text), context).verdict(subject, facts, cleared: cleared)
  }
}
