import Codecs
import Money
import Policy
import Testing

@Suite("The authoriser")
struct AuthorizerTests {
  static let start: Int64 = 1_700_000_000_000
  let eve = try? PersonName("eve")

  func person(_ roles: Set<Role> = [.approver], active: Bool = true, from: Int64 = 0) throws -> Person {
    Person(
      name: try #require(eve), roles: roles, isActive: active, sessionsFrom: Timestamp(milliseconds: from),
      createdBy: "person:root", createdAt: Timestamp(milliseconds: 0))
  }

  func session(
    scope: Set<Permission>? = nil, codeAfter: Int64? = 0, usedAfter: Int64 = 0, revoked: Bool = false
  ) throws -> Session {
    let start = Timestamp(milliseconds: Self.start)
    return Session(
      tokenHash: .zero, person: try #require(eve), scope: scope, createdAt: start,
      expiresAt: start.advanced(byMilliseconds: 3_600_000), lastUsedAt: start.advanced(byMilliseconds: usedAfter),
      codeAt: codeAfter.map { start.advanced(byMilliseconds: $0) }, revokedAt: revoked ? start : nil)
  }

  /// The refusal's code, nil for a yes.
  func ask(
    _ session: Session, _ person: Person, _ permission: Permission = .approvalGive, _ resource: Resource = .desk,
    after: Int64 = 1_000
  ) -> PeopleError.Code? {
    do throws(PeopleError) {
      _ = try Authorizer.authorize(
        session, person, permission, resource, at: Timestamp(milliseconds: Self.start + after))
      return nil
    } catch { return error.code }
  }

  @Test func `an approver with a fresh code may approve, at the moment that counts`() throws {
    let grant = try Authorizer.authorize(
      session(usedAfter: 2_000), person(), .approvalGive, .desk, at: Timestamp(milliseconds: Self.start + 1_000))
    #expect(grant.actor == "person:eve" && grant.at.milliseconds == Self.start + 2_000)
  }

  @Test func `a session ends by time, by idleness, by a word, and with a change of its person`() throws {
    let me = try person()
    #expect(ask(try session(usedAfter: 3_599_000), me, .view, after: 3_599_999) == nil)
    #expect(ask(try session(usedAfter: 3_599_000), me, .view, after: 3_600_000) == .sessionOver)
    #expect(ask(try session(), me, .view, after: 899_999) == nil)
    #expect(ask(try session(), me, .view, after: 900_000) == .sessionOver)
    #expect(ask(try session(revoked: true), me, .view) == .sessionOver)
    #expect(ask(try session(), try person(from: Self.start), .view) == nil)
    #expect(ask(try session(), try person(from: Self.start + 1), .view) == .sessionOver)
  }

  @Test func `a clock that goes back lengthens nothing`() throws {
    let me = try person()
    // A little: the moment stands still. More than clocks may differ: over.
    #expect(ask(try session(usedAfter: 100_000), me, .view, after: 40_000) == nil)
    #expect(ask(try session(usedAfter: 100_000), me, .view, after: 39_999) == .sessionOver)
    // The code's age is counted from the newest moment that was seen.
    #expect(ask(try session(codeAfter: 0, usedAfter: 300_000), me, after: 250_000) == .freshCodeNeeded)
    // A code of the future is no code.
    #expect(ask(try session(codeAfter: 5_000), me, after: 1_000) == .freshCodeNeeded)
  }

  @Test func `an approval needs a code of the last five minutes`() throws {
    let me = try person()
    #expect(ask(try session(), me, after: 299_999) == nil)
    #expect(ask(try session(), me, after: 300_000) == .freshCodeNeeded)
    #expect(ask(try session(codeAfter: nil), me) == .freshCodeNeeded)
    #expect(ask(try session(codeAfter: nil), me, .view) == nil)
    #expect(ask(try session(codeAfter: nil), try person([.admin]), .peopleManage) == .freshCodeNeeded)
  }

  @Test func `a scope narrows and never widens`() throws {
    #expect(ask(try session(scope: [.view]), try person()) == .outOfScope)
    #expect(ask(try session(scope: [.approvalGive]), try person()) == nil)
    #expect(ask(try session(scope: []), try person(), .view) == .outOfScope)
    #expect(ask(try session(scope: [.peopleManage]), try person(), .peopleManage) == .forbidden)
  }

  @Test func `who is disabled, of another role, or another person is refused`() throws {
    #expect(ask(try session(), try person(active: false), .view) == .inactive)
    #expect(ask(try session(), try person([.operator])) == .forbidden)
    #expect(ask(try session(), try person([])) == .forbidden)
    let other = Person(
      name: try PersonName("mallory"), roles: Set([.approver]), createdBy: "x", createdAt: Timestamp(milliseconds: 0))
    #expect(ask(try session(), other) == .sessionOver)
  }

  @Test func `who prepared a campaign does not approve it`() throws {
    let me = try person([.approver, .initiator])
    #expect(ask(try session(), me, .approvalGive, .campaign(initiators: ["person:bob", "person:eve"])) == .twoSides)
    #expect(ask(try session(), me, .approvalGive, .campaign(initiators: ["person:bob"])) == nil)
    #expect(ask(try session(), me, .campaignPrepare, .campaign(initiators: ["person:eve"])) == nil)
  }

  @Test func `three wrong answers of one kind lock for five minutes, whatever the clock does`() {
    let now = Timestamp(milliseconds: Self.start)
    var attempts = LoginAttempts()
    attempts.failed(.password, at: now)
    attempts.failed(.code, at: now)
    attempts.failed(.password, at: now)
    attempts.failed(.code, at: now)
    #expect(!attempts.isLocked(at: now))
    attempts.failed(.code, at: now)
    #expect(attempts.isLocked(at: now) && attempts.isLocked(at: now.advanced(byMilliseconds: 299_999)))
    #expect(attempts.isLocked(at: now.advanced(byMilliseconds: -86_400_000)))
    #expect(!attempts.isLocked(at: now.advanced(byMilliseconds: 300_000)))
    attempts.failed(.code, at: now.advanced(byMilliseconds: 300_000))
    #expect(!attempts.isLocked(at: now.advanced(byMilliseconds: 300_000)))
  }

  @Test func `names hold nothing that could mean something elsewhere`() {
    let bad = [
      "", "Eve", "1eve", "eve miller", "eve\n", "eve\u{0}", "eve'--", "../eve", "person:eve", "é", ".eve", "-eve",
      String(repeating: "a", count: 41), "eve;DROP TABLE people", "\u{202e}eve", "eve,admin",
    ]
    for text in bad { #expect(throws: PeopleError.self, "\(text)") { try PersonName(text) } }
    for text in ["e", "eve.miller-2_x", String(repeating: "a", count: 40)] {
      #expect(throws: Never.self) { try PersonName(text) }
    }
  }
}
