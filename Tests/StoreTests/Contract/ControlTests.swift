import Audit
import Chains
import Codecs
import Engine
import Money
import Payouts
import Policy
import Testing

@Suite("Proposals and the address book in every store")
struct ControlTests {
  @Test(arguments: StoreKind.allCases)
  func `a proposal is read back as written, with its answer`(kind: StoreKind) throws {
    let bench = try Bench(kind)
    #expect(try bench.store.nextProposal() == 1 && bench.store.proposalCase(1) == nil)
    #expect(try bench.store.newestProposal(.payoutSettlement, "batch/7") == nil && bench.store.proposalCase(-1) == nil)
    let first = try bench.proposal(1)
    try bench.expectRefusal(.staleState) { try bench.people(.propose(bench.proposal(2))) }
    try bench.people(.propose(first))
    try bench.expectRefusal(.staleState) { try bench.people(.propose(first)) }
    #expect(try bench.store.proposalCase(1) == ProposalCase(proposal: first, answer: nil, isNewest: true))
    let plain = try bench.proposal(2, Bench.act("p", kind: .policyActivation), signed: false)
    try bench.people(.propose(plain))
    let yes = bench.answer(first)
    try bench.people(.answer(yes))
    let no = bench.answer(plain, .rejected, by: "person:ann", at: 99)
    try bench.people(.answer(no))
    #expect(
      try bench.store.proposals(before: nil, limit: 9) == [
        ProposalCase(proposal: plain, answer: no, isNewest: true),
        ProposalCase(proposal: first, answer: yes, isNewest: true),
      ])
    #expect(try bench.store.proposals(before: 2, limit: 9).map(\.proposal.number) == [1])
    #expect(try bench.store.newestProposal(.policyActivation, "p")?.answer == no && bench.store.nextProposal() == 3)
    let actions = try bench.store.auditRecords(after: nil, limit: 9).map(\.draft)
    #expect(actions.map(\.action) == ["proposal.made", "proposal.made", "proposal.confirmed", "proposal.rejected"])
    #expect(actions.allSatisfy { $0.root != nil } && actions[0].root == first.digest)
  }

  @Test(arguments: StoreKind.allCases)
  func `a proposal whose digest is not that of its content is refused`(kind: StoreKind) throws {
    let bench = try Bench(kind)
    let good = try bench.proposal(1)
    let forged = Proposal(
      number: 1, kind: good.kind, subject: good.subject, content: "{\"what\":\"not_paid\"}", digest: good.digest,
      initiator: good.initiator, createdAt: good.createdAt, expiresAt: good.expiresAt, signature: good.signature)
    #expect(!forged.isWhole)
    try bench.expectRefusal(.staleState) { try bench.people(.propose(forged)) }
    let backwards = Proposal(
      number: 1, try Bench.act(), initiator: "person:ann", createdAt: good.expiresAt, expiresAt: good.createdAt,
      signature: nil)
    try bench.expectRefusal(.staleState) { try bench.people(.propose(backwards)) }
  }

  @Test(arguments: StoreKind.allCases)
  func `it is confirmed once, by another person, in its time, as it was seen`(kind: StoreKind) throws {
    let bench = try Bench(kind)
    let made = try bench.proposal(1)
    try bench.expectRefusal(.staleState) { try bench.people(.answer(bench.answer(made))) }
    try bench.people(.propose(made))
    // By whoever made it, before it was made, at its end and after it.
    try bench.expectRefusal(.staleState) { try bench.people(.answer(bench.answer(made, by: "person:ann"))) }
    for at: Int64 in [9, 20, 21] {
      try bench.expectRefusal(.staleState) { try bench.people(.answer(bench.answer(made, at: at))) }
    }
    // With another content, another initiator or another end than it has.
    let others = [
      Proposal(
        number: 1, try Bench.act("batch/7", "not_paid"), initiator: made.initiator, createdAt: made.createdAt,
        expiresAt: made.expiresAt, signature: nil),
      Proposal(
        number: 1, try Bench.act(), initiator: "person:zoe", createdAt: made.createdAt, expiresAt: made.expiresAt,
        signature: nil),
      Proposal(
        number: 1, try Bench.act(), initiator: made.initiator, createdAt: made.createdAt,
        expiresAt: Timestamp(milliseconds: 99), signature: nil),
    ]
    for other in others { try bench.expectRefusal(.staleState) { try bench.people(.answer(bench.answer(other))) } }
    try bench.people(.answer(bench.answer(made, at: 19)))
    for word in ProposalAnswer.Word.allCases {
      try bench.expectRefusal(.staleState) { try bench.people(.answer(bench.answer(made, word, by: "person:carl"))) }
    }
  }

  @Test(arguments: StoreKind.allCases)
  func `a newer proposal on the same subject ends the older one`(kind: StoreKind) throws {
    let bench = try Bench(kind)
    let old = try bench.proposal(1)
    let new = try bench.proposal(2, Bench.act("batch/7", "not_paid"))
    try bench.people(.propose(old))
    try bench.people(.propose(new))
    try bench.people(.propose(bench.proposal(3, Bench.act("batch/8"))))
    #expect(try bench.store.proposalCase(1)?.isNewest == false)
    try bench.expectRefusal(.staleState) { try bench.people(.answer(bench.answer(old))) }
    try bench.people(.answer(bench.answer(new)))
  }

  @Test(arguments: StoreKind.allCases)
  func `an answer goes with what it allows, or not at all`(kind: StoreKind) throws {
    let bench = try Bench(kind)
    let made = try bench.proposal(1)
    try bench.people(.propose(made))
    let before = try bench.store.auditHeads()
    try bench.expectRefusal(.staleState) {
      try bench.people(.answer(bench.answer(made)), .answer(bench.answer(made)))
    }
    #expect(try bench.store.proposalCase(1)?.answer == nil && bench.store.auditHeads() == before)
  }

  @Test(arguments: StoreKind.allCases)
  func `of two who answer at once one is refused`(kind: StoreKind) async throws {
    let bench = try Bench(kind)
    let store = bench.store
    for number: Int64 in 1...10 {
      let made = try bench.proposal(number, Bench.act("batch/\(number)"))
      try bench.people(.propose(made))
      let answers = ["bert", "carl", "dora"].map { bench.answer(made, by: "person:\($0)") }
      let at = bench.time()
      let done = await withTaskGroup(of: Bool.self) { group in
        for answer in answers {
          group.addTask {
            (try? store.commit(
              Commit(guardedBy: nil, actor: answer.by, at: at, writes: [.people(.answer(answer))]))) != nil
          }
        }
        return await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
      }
      #expect(done == 1)
    }
  }

  @Test(arguments: StoreKind.allCases)
  func `the newest change of an address counts`(kind: StoreKind) throws {
    let bench = try Bench(kind)
    let chain = Bench.chain
    let other = ChainID(.simulated, 2)
    #expect(try bench.store.bookChanges(chain, [Bench.address(1)]).isEmpty)
    for n in 1...4 { try bench.people(.book(bench.entry(n))) }
    try bench.people(.book(bench.entry(2, "größer")), .book(bench.entry(3, isRemoval: true)))
    let asked = [1, 2, 3, 9, 1].map { Bench.address($0) }
    #expect(
      try bench.store.bookChanges(chain, asked) == [
        Bench.address(1): bench.entry(1), Bench.address(2): bench.entry(2, "größer"),
        Bench.address(3): bench.entry(3, isRemoval: true),
      ])
    #expect(try bench.store.bookChanges(other, asked).isEmpty && bench.store.bookChanges(chain, []).isEmpty)
    let entries = [bench.entry(1), bench.entry(2, "größer"), bench.entry(4)]
    #expect(try bench.store.bookEntries(chain, after: nil, limit: 9) == entries)
    #expect(try bench.store.bookEntries(chain, after: Bench.address(1), limit: 1) == [entries[1]])
    #expect(try bench.store.bookEntries(other, after: nil, limit: 9).isEmpty)
    try bench.people(.book(bench.entry(3, "again")))
    #expect(try bench.store.bookChanges(chain, asked)[Bench.address(3)] == bench.entry(3, "again"))
    let records = try bench.store.auditRecords(after: nil, limit: 20).map(\.draft.action)
    #expect(records.count { $0 == "address.added" } == 6 && records.count { $0 == "address.removed" } == 1)
  }

  @Test(arguments: StoreKind.allCases)
  func `the newest time is that of the newest record of any chain`(kind: StoreKind) throws {
    let bench = try Bench(kind)
    #expect(try bench.store.newestTime() == nil)
    let campaign = try bench.createCampaign()
    #expect(try bench.store.newestTime()?.milliseconds == bench.now)
    try bench.load(campaign, 3)
    try bench.change(campaign, .running)
    try bench.acquire("s1", lease: 3_600_000)
    let later = bench.now
    try bench.commit(.intend(bench.intent(campaign, [1])))
    #expect(try bench.store.newestTime()?.milliseconds == bench.now && bench.now > later)
    bench.now -= 1_000_000
    try bench.createCampaign("later")
    #expect(try bench.store.newestTime()?.milliseconds == later + 1)
  }
}
