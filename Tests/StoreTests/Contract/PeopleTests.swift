import Audit
import Codecs
import Engine
import Money
import Payouts
import Policy
import Testing

@Suite("People in every store")
struct PeopleTests {
  @Test(arguments: StoreKind.allCases)
  func `a person is read back as written, and each write knows the one before it`(kind: StoreKind) throws {
    let bench = try Bench(kind)
    #expect(try bench.store.people().isEmpty && bench.store.person(PersonName("eve")) == nil)
    let first = try bench.enrol("eve")
    #expect(try bench.store.person(first.name) == first)
    var second = first.next
    second.roles = [.operator, .auditor]
    second.isActive = false
    second.approvalKey = Array(repeating: 7, count: 32)
    second.secondFactor = SecondFactor(
      sealedSecret: [1, 2, 3], isConfirmed: true, lastStep: 57_000_000, recovery: [Bench.hash(1), Bench.hash(2)])
    second.attempts = LoginAttempts(passwords: 1, codes: 2, lockedUntil: Timestamp(milliseconds: 99))
    second.sessionsFrom = Timestamp(milliseconds: 44)
    try bench.people(.person(PersonChange(second, event: "changed")))
    #expect(try bench.store.person(first.name) == second && bench.store.people() == [second])
    // The same version again, one that skips, and one enrolled twice.
    try bench.expectRefusal(.staleState) { try bench.people(.person(PersonChange(second, event: "changed"))) }
    try bench.expectRefusal(.staleState) { try bench.people(.person(PersonChange(second.next.next, event: "x"))) }
    try bench.expectRefusal(.conflict) { try bench.enrol("eve") }
    #expect(try bench.store.person(first.name) == second)
    let actions = try bench.store.auditRecords(after: nil, limit: 9).map(\.draft.action)
    #expect(actions == ["person.enrolled", "person.changed"])
  }

  @Test(arguments: StoreKind.allCases)
  func `an approval key is one person's`(kind: StoreKind) throws {
    let bench = try Bench(kind)
    try bench.enrol("eve", key: 7)
    try bench.expectRefusal(.conflict) { try bench.enrol("adam", key: 7) }
    try bench.enrol("adam")
    try bench.enrol("bert")
    #expect(try bench.store.people().map(\.name.raw) == ["adam", "bert", "eve"])
  }

  @Test(arguments: StoreKind.allCases)
  func `a session is used forwards only, and revoked once`(kind: StoreKind) throws {
    let bench = try Bench(kind)
    let eve = try bench.enrol("eve")
    var session = Session(
      tokenHash: Bench.hash(5), person: eve.name, scope: [.view, .approvalGive], createdAt: Timestamp(milliseconds: 1),
      expiresAt: Timestamp(milliseconds: 9), lastUsedAt: Timestamp(milliseconds: 2),
      codeAt: Timestamp(milliseconds: 1))
    #expect(try bench.store.session(Bench.hash(5)) == nil)
    try bench.people(.session(.opened(session)))
    #expect(try bench.store.session(Bench.hash(5)) == session)
    try bench.expectRefusal(.conflict) { try bench.people(.session(.opened(session))) }
    session.lastUsedAt = Timestamp(milliseconds: 7)
    try bench.people(.session(.used(session)))
    session.lastUsedAt = Timestamp(milliseconds: 3)
    try bench.people(.session(.used(session)))
    #expect(try bench.store.session(Bench.hash(5))?.lastUsedAt.milliseconds == 7)
    try bench.people(.session(.revoked(session)))
    #expect(try bench.store.session(Bench.hash(5))?.revokedAt != nil)
    try bench.expectRefusal(.staleState) { try bench.people(.session(.used(session))) }
    try bench.expectRefusal(.staleState) { try bench.people(.session(.revoked(session))) }
    let nobody = Session(
      tokenHash: Bench.hash(6), person: try PersonName("nobody"), scope: nil, createdAt: Timestamp(milliseconds: 1),
      expiresAt: Timestamp(milliseconds: 9), lastUsedAt: Timestamp(milliseconds: 2), codeAt: nil)
    #expect(throws: StoreError.self) { try bench.people(.session(.opened(nobody))) }
  }

  @Test(arguments: StoreKind.allCases)
  func `a request is read back with its votes, and the newest counts`(kind: StoreKind) throws {
    let bench = try Bench(kind)
    let campaign = try bench.createCampaign()
    #expect(try bench.store.nextApprovalRequest() == 1 && bench.store.approvalCase(of: campaign.id) == nil)
    let eve = try bench.enrol("eve", key: 1)
    try bench.enrol("adam", key: 2)
    let first = try bench.request(1)
    try bench.expectRefusal(.staleState) { try bench.people(.ask(bench.request(2))) }
    try bench.expectRefusal(.notFound) { try bench.people(.ask(bench.request(1, 7))) }
    try bench.people(.ask(first))
    try bench.people(.vote(bench.vote("eve")))
    #expect(
      try bench.store.approvalCase(1)
        == ApprovalCase(request: first, votes: [bench.vote("eve")], voters: [eve.name: eve]))
    // Twice by one person, of nothing, and of one that another replaced.
    try bench.expectRefusal(.conflict) { try bench.people(.vote(bench.vote("eve"))) }
    try bench.expectRefusal(.staleState) { try bench.people(.vote(bench.vote("adam", 9))) }
    try bench.people(.ask(bench.request(2)))
    try bench.expectRefusal(.staleState) { try bench.people(.vote(bench.vote("adam", 1))) }
    #expect(try bench.store.approvalCase(of: campaign.id)?.request.number == 2)
    #expect(try bench.store.approvalRequests(before: nil, limit: 9).map(\.number) == [2, 1])
    #expect(try bench.store.approvalRequests(before: 2, limit: 9).map(\.number) == [1])
    // Asked with a nonce that was used.
    #expect(throws: StoreError.self) { try bench.people(.ask(bench.request(3, nonce: 102))) }
    try bench.people(.reject(ApprovalRejection(request: 2, by: eve.name, reason: "no")))
    try bench.expectRefusal(.staleState) { try bench.people(.vote(bench.vote("adam", 2))) }
    try bench.expectRefusal(.staleState) {
      try bench.people(.reject(ApprovalRejection(request: 2, by: eve.name, reason: "no")))
    }
    // A yes of many people is not the yes of a single local operator.
    #expect(try bench.store.approval(campaign.id) == nil)
  }

  @Test(arguments: StoreKind.allCases)
  func `what was refused leaves nothing behind, audit included`(kind: StoreKind) throws {
    let bench = try Bench(kind)
    try bench.createCampaign()
    try bench.enrol("eve")
    let before = try bench.store.auditHeads()
    try bench.expectRefusal(.staleState) {
      try bench.people(.person(PersonChange(bench.person("adam"), event: "enrolled")), .vote(bench.vote("eve", 1)))
    }
    #expect(try bench.store.person(PersonName("adam")) == nil && bench.store.auditHeads() == before)
  }

  @Test(arguments: StoreKind.allCases)
  func `no secret stands in an audit record`(kind: StoreKind) throws {
    let bench = try Bench(kind)
    var eve = try bench.enrol("eve").next
    eve.secondFactor = SecondFactor(sealedSecret: Array("sealed".utf8), recovery: [Bench.hash(77)])
    try bench.people(.person(PersonChange(eve, event: "factor_begun")))
    let text = try bench.store.auditRecords(after: nil, limit: 9).map(\.draft.details).joined()
    for secret in ["argon2id", "sealed", Hex.text(Array("sealed".utf8)), Hex.text(Bench.hash(77).bytes)] {
      #expect(!text.contains(secret))
    }
  }

  @Test(arguments: StoreKind.allCases)
  func `two at once: each vote counts once, and of two writes of one person one is refused`(kind: StoreKind)
    async throws
  {
    let bench = try Bench(kind)
    try bench.createCampaign()
    let eve = try bench.enrol("eve", key: 1)
    try bench.enrol("adam", key: 2)
    try bench.people(.ask(bench.request(1)))
    let store = bench.store
    let votes = try [bench.vote("eve"), bench.vote("eve"), bench.vote("adam"), bench.vote("adam")]
    let at = bench.time()
    @Sendable func done(_ write: PeopleWrite) -> Bool {
      (try? store.commit(Commit(guardedBy: nil, actor: "person:x", at: at, writes: [.people(write)]))) != nil
    }
    let voted = await withTaskGroup(of: Bool.self) { group in
      for vote in votes { group.addTask { done(.vote(vote)) } }
      return await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
    }
    #expect(voted == 2)
    #expect(try store.approvalCase(1)?.votes.count == 2)
    // A one-time code is used up by a write of its person: of two with the same code one is refused.
    let next = eve.next
    let written = await withTaskGroup(of: Bool.self) { group in
      for _ in 0..<4 { group.addTask { done(.person(PersonChange(next, event: "logged_in"))) } }
      return await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
    }
    #expect(written == 1)
  }
}
