import Audit
import Codecs
import Engine
import Keys
import MemoryStore
import Money
import OpenSSL
import Policy
import Testing

/// Proposals at a desk of real people, with real signatures.
@Suite("Acts of two people")
struct ProposalTests {
  let desk: PeopleDesk
  let service: ProposalService
  /// Everybody may do everything with settlements; admins with policies.
  let names = ["anna", "bert", "carl"]

  init() throws {
    desk = try PeopleDesk()
    service = ProposalService(store: desk.store, clock: desk.clock, signatures: Ed25519Approvals())
    for name in names {
      try desk.enrol(name, [.approver])
      _ = try desk.service.setApprovalKey(PersonName(name), Self.key(name).publicKey, by: "person:root")
    }
    for name in ["mia", "moe"] { try desk.enrol(name, [.admin]) }
  }

  static func key(_ name: String) throws -> Ed25519.PrivateKey {
    try Ed25519.PrivateKey(seed: SecretBytes(copying: Array(repeating: Array(name.utf8)[0], count: 32)))
  }

  func sign(_ name: String) throws -> ProposalService.Signer {
    let key = try Self.key(name)
    return { PersonSignature(publicKey: key.publicKey, signature: try key.sign($0)) }
  }

  /// A session with a code that is as old as said.
  func session(_ name: String, codeAge: Int64? = 0) throws -> (Session, Person) {
    let person = try desk.service.person(PersonName(name))
    let now = desk.clock.now()
    let session = Session(
      tokenHash: desk.secrets.digest(name), person: person.name, scope: nil, createdAt: now,
      expiresAt: now.advanced(byMilliseconds: 3_600_000), lastUsedAt: now,
      codeAt: codeAge.map { now.advanced(byMilliseconds: -$0) })
    return (session, person)
  }

  func act(_ what: String = "paid", kind: ProposalKind = .payoutSettlement, barred: Set<String> = []) throws
    -> ProposedAct
  {
    try ProposedAct(kind: kind, subject: "batch/7", content: ["what": .string(what)], barred: barred)
  }

  func propose(_ name: String, _ act: ProposedAct) throws -> Proposal {
    let (session, person) = try session(name)
    return try service.propose(act, session: session, person: person, sign: sign(name))
  }

  @discardableResult
  func confirm(_ name: String, _ number: Int64, _ act: ProposedAct, writes: [Write] = []) throws -> Bool {
    let (session, person) = try session(name)
    return try service.confirm(number, as: act, session: session, person: person, sign: sign(name), writes: writes)
  }

  static let note = Write.note(
    Note(action: "test.done", entity: "test", entityID: "1", details: [:], isPublic: false))

  func done() throws -> Int {
    try desk.store.auditRecords(after: nil, limit: 1000).count { $0.draft.action == "test.done" }
  }

  @Test func `another person confirms, and what it says is done in the same commit, once`() throws {
    let made = try propose("anna", act())
    #expect(made.initiator == "person:anna" && made.isWhole)
    // The same wish again, by whomever, is the same proposal.
    #expect(try propose("anna", act()) == made && propose("bert", act()) == made)
    #expect(try service.look(made.number).state == .open)
    #expect(try confirm("bert", made.number, act(), writes: [Self.note]))
    #expect(try service.look(made.number).state == .confirmed && done() == 1)
    // Again by the same person is done already; by another it is over.
    #expect(try !confirm("bert", made.number, act(), writes: [Self.note]))
    #expect(desk.refusal { try confirm("carl", made.number, act(), writes: [Self.note]) } == .proposalOver)
    #expect(try done() == 1)
    // Once answered, the same wish is a new one.
    #expect(try propose("anna", act()).number == 2)
  }

  @Test func `whoever proposed it, or prepared what it is about, never confirms it`() throws {
    let made = try propose("anna", act())
    #expect(desk.refusal { try confirm("anna", made.number, act()) } == .twoSides)
    let barred = try act(barred: ["person:bert"])
    #expect(desk.refusal { try confirm("bert", made.number, barred) } == .twoSides)
    #expect(desk.refusal { _ = try propose("bert", barred) } == .twoSides)
    #expect(try service.look(made.number).state == .open)
  }

  @Test func `another content, another kind and an end that has come are refused`() throws {
    let made = try propose("anna", act())
    #expect(desk.refusal { try confirm("bert", made.number, act("not_paid")) } == .proposalChanged)
    #expect(desk.refusal { try confirm("mia", made.number, act(kind: .policyActivation)) } == .proposalChanged)
    #expect(desk.refusal { try confirm("bert", 99, act()) } == .notFound)
    desk.clock.advance(ProposalService.validMilliseconds)
    #expect(try service.look(made.number).state == .expired)
    #expect(desk.refusal { try confirm("bert", made.number, act()) } == .proposalOver)
    #expect(try done() == 0)
  }

  @Test func `a clock that goes back opens nothing again`() throws {
    let made = try propose("anna", act())
    desk.clock.advance(ProposalService.validMilliseconds + 5)
    // Somebody does anything at all after the end.
    _ = try desk.service.setActive(PersonName("carl"), true, by: "person:root")
    desk.clock.advance(-ProposalService.validMilliseconds)
    #expect(try service.look(made.number).state == .expired)
    #expect(desk.refusal { try confirm("bert", made.number, act()) } == .proposalOver)
  }

  @Test func `permission, a fresh code and a good session are asked of both`() throws {
    let made = try propose("anna", act())
    for age in [nil, 300_000] as [Int64?] {
      let (session, person) = try session("bert", codeAge: age)
      #expect(
        desk.refusal {
          try service.confirm(
            made.number, as: act(), session: session, person: person, sign: sign("bert"), writes: [])
        } == .freshCodeNeeded)
      #expect(
        desk.refusal {
          _ = try service.propose(act("x"), session: session, person: person, sign: sign("bert"))
        } == .freshCodeNeeded)
    }
    #expect(desk.refusal { try confirm("mia", made.number, act()) } == .forbidden)
    #expect(desk.refusal { _ = try propose("mia", act()) } == .forbidden)
    #expect(desk.refusal { _ = try propose("anna", act(kind: .secretRotation)) } == .forbidden)
    // An admin confirms nothing of money, and an approver no policy.
    let policy = try propose("mia", act(kind: .policyActivation))
    #expect(desk.refusal { try confirm("bert", policy.number, act(kind: .policyActivation)) } == .forbidden)
    #expect(try confirm("moe", policy.number, act(kind: .policyActivation)))
    _ = try desk.service.setActive(PersonName("bert"), false, by: "person:root")
    desk.clock.advance(1)
    #expect(desk.refusal { try confirm("bert", made.number, act()) } == .inactive)
  }

  @Test func `signatures of both are verified, and no other key counts`() throws {
    let made = try propose("anna", act())
    let (session, bert) = try session("bert")
    for other in ["anna", "carl"] {
      #expect(
        desk.refusal {
          try service.confirm(made.number, as: act(), session: session, person: bert, sign: sign(other), writes: [])
        } == .wrongKey)
    }
    #expect(
      desk.refusal { try service.confirm(made.number, as: act(), session: session, person: bert, writes: []) }
        == .wrongKey)
    try confirm("bert", made.number, act())
    let found = try service.look(made.number).found
    let answer = try #require(found.answer)
    let signed = try #require(answer.signature)
    let check = Ed25519Approvals()
    #expect(
      check.isValid(
        signature: signed.signature, over: ProposalStatement(answer).bytes, publicKey: try Self.key("bert").publicKey))
    #expect(
      !check.isValid(
        signature: signed.signature, over: ProposalStatement(made).bytes, publicKey: try Self.key("bert").publicKey))
  }

  @Test func `a proposal that somebody wrote into the store by hand is not confirmed`() throws {
    let now = desk.clock.now()
    let stolen = try Self.key("carl")
    let signatures: [PersonSignature?] = [
      nil, PersonSignature(publicKey: try Self.key("anna").publicKey, signature: Array(repeating: 1, count: 64)),
      PersonSignature(publicKey: stolen.publicKey, signature: try stolen.sign([1])),
    ]
    for signature in signatures {
      let number = try desk.store.nextProposal()
      let forged = Proposal(
        number: number, try act(), initiator: "person:anna", createdAt: now,
        expiresAt: now.advanced(byMilliseconds: 1000), signature: signature)
      try desk.store.commit(
        Commit(guardedBy: nil, actor: "person:anna", at: now, writes: [.people(.propose(forged))]))
      #expect(desk.refusal { try confirm("bert", number, act(), writes: [Self.note]) } == .forged)
    }
    // One that was good, by somebody whose key was taken away since.
    let made = try propose("anna", act("other"))
    _ = try desk.service.setApprovalKey(PersonName("anna"), nil, by: "person:root")
    #expect(desk.refusal { try confirm("bert", made.number, act("other")) } == .forged)
    #expect(try done() == 0)
  }

  @Test func `no is said by anybody who could say yes, the initiator too, and ends it`() throws {
    let made = try propose("anna", act())
    let (session, anna) = try session("anna")
    try service.reject(made.number, reason: "a mistake", session: session, person: anna)
    try service.reject(made.number, reason: "again", session: session, person: anna)
    #expect(try service.look(made.number).state == .rejected)
    #expect(desk.refusal { try confirm("bert", made.number, act()) } == .proposalOver)
    let (other, mia) = try self.session("mia")
    #expect(desk.refusal { try service.reject(made.number, reason: "", session: other, person: mia) } == .forbidden)
  }

  @Test func `nobody is asked while nobody is enrolled, but in production`() throws {
    let eve = try desk.service.person(PersonName("anna"))
    #expect(try SecondPerson.rule([], isProduction: false) == .notThere)
    #expect(try SecondPerson.rule([eve], isProduction: false) == .required)
    #expect(try SecondPerson.rule([eve], isProduction: true) == .required)
    #expect(throws: PeopleError.self) { try SecondPerson.rule([], isProduction: true) }
  }

  @Test func `what is signed has fixed bytes`() throws {
    let made = Proposal(
      number: 1, try act(), initiator: "person:anna", createdAt: Timestamp(milliseconds: 1),
      expiresAt: Timestamp(milliseconds: 2), signature: nil)
    #expect(
      Hex.text(ProposalStatement(made).bytes)
        == "00000012616c6d6f6e65722f70726f706f73616c2f3100" + Hex.text(made.digest.bytes)
        + "0000000b706572736f6e3a616e6e610000000b706572736f6e3a616e6e6100000000000000010000000000000002")
    #expect(try act().digest != act("x").digest && act().digest != act(kind: .secretRotation).digest)
    #expect(try act().digest == act(barred: ["person:bert"]).digest)
  }
}
