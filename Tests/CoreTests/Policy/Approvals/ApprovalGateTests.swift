import Chains
import Codecs
import Money
import Policy
import Testing

@Suite("The approval gate")
struct ApprovalGateTests {
  typealias Sample = ApprovalSample

  @Test func `two of three open it, one does not, three do no harm`() throws {
    var sample = try Sample()
    #expect(try sample.refusal() == .approvalsMissing)
    try sample.vote("anna")
    #expect(try sample.refusal() == .approvalsMissing)
    try sample.vote("bert")
    #expect(try sample.refusal() == nil)
    try sample.vote("carl")
    #expect(try sample.refusal() == nil)
  }

  @Test func `one person twice is one person, and one key under two names is one key`() throws {
    var sample = try Sample()
    try sample.vote("anna")
    try sample.vote("anna", at: Sample.during.advanced(byMilliseconds: 1))
    #expect(try sample.refusal() == .approvalsMissing)
    var shared = try Sample()
    let (anna, bert) = (try PersonName("anna"), try PersonName("bert"))
    let key = shared.people[anna]?.approvalKey
    shared.people[bert]?.approvalKey = key
    try shared.vote("anna")
    try shared.vote("bert", as: "anna")
    #expect(try shared.refusal() == .approvalsMissing)
  }

  @Test func `an initiator's own yes does not count`() throws {
    var sample = try Sample("2/2", names: ["anna", "ina"])
    try sample.vote("anna")
    try sample.vote("ina")
    #expect(try sample.refusal() == .approvalsMissing)
  }

  @Test func `who is disabled, lost the role or has another key since counts no more`() throws {
    var sample = try Sample("1/1", names: ["anna"])
    try sample.vote("anna")
    let anna = try PersonName("anna")
    #expect(try sample.refusal() == nil)
    var changed = sample
    changed.people[anna]?.isActive = false
    #expect(try changed.refusal() == .approvalsMissing)
    changed = sample
    changed.people[anna]?.roles = [.operator]
    #expect(try changed.refusal() == .approvalsMissing)
    changed = sample
    changed.people[anna]?.approvalKey = Array(repeating: 7, count: 32)
    #expect(try changed.refusal() == .approvalsMissing)
    changed = sample
    changed.people = [:]
    #expect(try changed.refusal() == .approvalsMissing)
  }

  @Test func `more recipients, other totals, a higher fee, another account: void`() throws {
    var sample = try Sample("1/1", names: ["anna"])
    try sample.vote("anna")
    #expect(try sample.refusal(standing: Standing(count: 4, total: UInt256(60))) == .approvalVoid)
    #expect(try sample.refusal(standing: Standing(count: 3, total: UInt256(61))) == .approvalVoid)
    #expect(try sample.refusal(feeCap: 501) == .approvalVoid)
    #expect(try sample.refusal(feeCap: 1) == nil)
    #expect(try sample.refusal(lane: Address([1])) == .approvalVoid)
    #expect(try sample.refusal(lane: nil) == nil)
    #expect(try sample.refusal(rule: "2/2") == .approvalVoid)
  }

  @Test func `valid when planned is not valid now`() throws {
    var sample = try Sample("1/1", names: ["anna"])
    try sample.vote("anna")
    #expect(try sample.refusal(at: Sample.opened.advanced(byMilliseconds: 59_999)) == nil)
    #expect(try sample.refusal(at: Sample.opened.advanced(byMilliseconds: 60_000)) == .approvalVoid)
    sample.request.mark = .rejected
    #expect(try sample.refusal() == .rejected)
  }

  @Test func `a forged, replayed or altered approval is found`() throws {
    // Signed by somebody else's key under anna's name.
    var sample = try Sample("1/1", names: ["anna", "bert"])
    try sample.vote("anna", as: "bert")
    #expect(try sample.refusal() == .forged)
    // Of another root, of another campaign's request, of the same content asked anew.
    for other in [try Sample("1/1", root: 2), try Sample("1/1", nonce: 8), try Sample("1/2")] {
      var replayed = try Sample("1/1", names: ["anna"])
      try replayed.vote("anna", over: other.request)
      #expect(try replayed.refusal() == .forged)
    }
    // Before it was asked, or after its time.
    for at in [Sample.opened.advanced(byMilliseconds: -1), Sample.opened.advanced(byMilliseconds: 60_000)] {
      var early = try Sample("1/1", names: ["anna"])
      try early.vote("anna", at: at)
      #expect(try early.refusal() == .forged)
    }
    // Any bit of the signature.
    var broken = try Sample("1/1", names: ["anna"])
    try broken.vote("anna")
    let vote = broken.votes[0]
    for place in [0, 31, 63] {
      var signature = vote.signature
      signature[place] ^= 1
      broken.votes = [
        ApprovalVote(
          request: 1, approver: vote.approver, approvedAt: vote.approvedAt, publicKey: vote.publicKey,
          signature: signature)
      ]
      #expect(try broken.refusal() == .forged)
    }
    // Filed under another request.
    broken.votes = [
      ApprovalVote(
        request: 2, approver: vote.approver, approvedAt: vote.approvedAt, publicKey: vote.publicKey,
        signature: vote.signature)
    ]
    #expect(try broken.refusal() == .forged)
  }

  @Test func `every field of the statement changes its bytes`() throws {
    let base = try Sample()
    let (anna, bert) = (try PersonName("anna"), try PersonName("bert"))
    var all: Set<[UInt8]> = [ApprovalStatement(base.request, approver: anna, approvedAt: Sample.during).bytes]
    all.insert(ApprovalStatement(base.request, approver: bert, approvedAt: Sample.during).bytes)
    all.insert(ApprovalStatement(base.request, approver: anna, approvedAt: Sample.opened).bytes)
    all.insert(ApprovalStatement(try Sample(root: 2).request, approver: anna, approvedAt: Sample.during).bytes)
    all.insert(ApprovalStatement(try Sample(nonce: 2).request, approver: anna, approvedAt: Sample.during).bytes)
    all.insert(ApprovalStatement(try Sample("1/3").request, approver: anna, approvedAt: Sample.during).bytes)
    all.insert(ApprovalStatement(try Sample("2/4").request, approver: anna, approvedAt: Sample.during).bytes)
    let c = base.request.content
    func with(
      campaign: String? = nil, chain: UInt64 = 1, token: String? = nil, count: UInt64 = 3, total: UInt64 = 60,
      cap: UInt64 = 500, lanes: [Address] = [Sample.lane], initiators: Set<String> = ["person:ina"],
      life: Int64 = 60_000
    ) -> [UInt8] {
      let content = ApprovalContent(
        campaign: campaign ?? c.campaign, chain: ChainID(.simulated, chain),
        asset: AssetID(chain: "sim:1", token: token),
        root: c.root, count: count, total: UInt256(total), feeCap: UInt256(cap), lanes: lanes)
      let request = ApprovalRequest(
        number: 1, campaign: CampaignID(1), content: content, initiators: initiators, rule: base.request.rule,
        openedAt: Sample.opened, expiresAt: Sample.opened.advanced(byMilliseconds: life), nonce: base.request.nonce)
      return ApprovalStatement(request, approver: anna, approvedAt: Sample.during).bytes
    }
    #expect(all.contains(with()))
    let others = [
      with(campaign: "other"), with(chain: 2), with(token: "0x01"), with(count: 4), with(total: 61), with(cap: 501),
      with(lanes: [Sample.lane, Address([1])]), with(lanes: []), with(initiators: ["person:ina", "person:bob"]),
      with(life: 60_001),
    ]
    for bytes in others { #expect(all.insert(bytes).inserted) }
    #expect(all.count == 17)
  }

  @Test func `the statement's bytes are these for ever`() throws {
    let bytes = ApprovalStatement(try Sample().request, approver: try PersonName("anna"), approvedAt: Sample.during)
      .bytes
    #expect(String(decoding: bytes.dropFirst(4).prefix(18), as: UTF8.self) == "almoner/approval/1")
    #expect(Hex.text(Keccak.hash256(bytes).bytes) == Self.golden)
  }

  /// Keccak-256 of the sample's statement, put together by hand elsewhere; whoever changes the record gives it another tag.
  static let golden = "ee5abb488eb4d0c5308b75c7d3a0f3f28c4f4bfcdf0ab6020990802a74a8c43c"
}
