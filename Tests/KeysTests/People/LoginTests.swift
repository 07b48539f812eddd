import Audit
import Chains
import Codecs
import Engine
import Foundation
import Keys
import MemoryStore
import Money
import OATH
import OpenSSL
import Policy
import Synchronization
import TestSupport
import Testing

/// A clock that a test turns.
final class HandClock: EngineClock {
  private let time = Mutex<Int64>(1_700_000_000_000)
  func now() -> Timestamp { time.withLock { Timestamp(milliseconds: $0) } }
  func advance(_ milliseconds: Int64) { time.withLock { $0 += milliseconds } }
}

/// A desk with people, their real secrets, and a store in memory.
struct PeopleDesk {
  let folder: TestFolder
  let store: MemoryStore
  let clock = HandClock()
  let secrets: PeopleKeyFile

  init() throws {
    folder = try TestFolder("people")
    store = MemoryStore(uuid: "u", sha256: OpenSSLHashing())
    secrets = PeopleKeyFile(path: folder.file("people.key"))
  }

  var service: PeopleService { PeopleService(store: store, clock: clock, secrets: secrets) }
  var logins: LoginService { LoginService(store: store, clock: clock, secrets: secrets) }

  static func password(_ text: String) throws -> TypedPassword {
    TypedPassword(try SecretBytes(copying: Array(text.utf8)))
  }

  @discardableResult
  func enrol(_ name: String, _ roles: Set<Role>) throws -> PersonName {
    let name = try PersonName(name)
    _ = try service.add(name, roles, Self.password("correct horse"), by: "person:root")
    return name
  }

  /// The code that a device shows.
  func code(_ base32: String, later steps: Int64 = 0) throws -> String {
    let secret = try OneTimePassword.bytes(base32: base32)
    return try OneTimePassword.text(secret.span, counter: UInt64(clock.now().milliseconds / 30_000 + steps))
  }

  func refusal(_ body: () throws -> Void) -> PeopleError.Code? {
    do { try body() } catch { return (error as? PeopleError)?.code }
    return nil
  }
}

@Suite("Logging in")
struct LoginTests {
  let desk: PeopleDesk
  let eve: PersonName
  let right: TypedPassword

  init() throws {
    desk = try PeopleDesk()
    eve = try desk.enrol("eve", [.approver])
    right = try PeopleDesk.password("correct horse")
  }

  @Test func `a token is random, stored as a hash, and good for what the roles allow`() throws {
    let (token, session) = try desk.logins.login(eve, right, code: nil)
    #expect(token.utf8.count == 43 && !token.contains("="))
    #expect(session.tokenHash == desk.secrets.digest(token) && session.codeAt == nil)
    #expect(try desk.logins.authorize(token: token, .view).actor == "person:eve")
    #expect(desk.refusal { _ = try desk.logins.authorize(token: token, .approvalGive) } == .freshCodeNeeded)
    #expect(desk.refusal { _ = try desk.logins.authorize(token: token, .campaignRun) } == .forbidden)
    #expect(desk.refusal { _ = try desk.logins.authorize(token: token + "x", .view) } == .noSession)
    #expect(desk.refusal { _ = try desk.logins.authorize(token: "", .view) } == .noSession)
    try desk.logins.logout(token: token)
    #expect(desk.refusal { _ = try desk.logins.authorize(token: token, .view) } == .sessionOver)
  }

  @Test func `unknown names and wrong passwords sound the same, and three lock`() throws {
    let wrong = try PeopleDesk.password("wrong")
    #expect(desk.refusal { _ = try desk.logins.login(PersonName("nobody"), wrong, code: nil) } == .badCredentials)
    #expect(desk.refusal { _ = try desk.logins.login(eve, wrong, code: nil) } == .badCredentials)
    #expect(desk.refusal { _ = try desk.logins.login(eve, wrong, code: nil) } == .badCredentials)
    #expect(desk.refusal { _ = try desk.logins.login(eve, wrong, code: nil) } == .locked)
    // The right one does not help now; five minutes do.
    #expect(desk.refusal { _ = try desk.logins.login(eve, right, code: nil) } == .locked)
    desk.clock.advance(-86_400_000)
    #expect(desk.refusal { _ = try desk.logins.login(eve, right, code: nil) } == .locked)
    desk.clock.advance(86_400_000 + 300_000)
    #expect(throws: Never.self) { try desk.logins.login(eve, right, code: nil) }
    #expect(try desk.store.person(eve)?.attempts == LoginAttempts())
    #expect(
      try desk.store.auditRecords(after: nil, limit: 99).filter { $0.draft.action == "person.login_failed" }.count == 3)
  }

  @Test func `a code is used once, a step before it not at all, and it makes a session fresh`() throws {
    let (base32, recovery) = try desk.service.beginFactor(eve)
    #expect(base32.utf8.count == 32 && recovery.count == 5 && recovery.allSatisfy { $0.utf8.count == 10 })
    // Not confirmed: the password alone is enough still.
    #expect(throws: Never.self) { try desk.logins.login(eve, right, code: nil) }
    #expect(desk.refusal { _ = try desk.service.confirmFactor(eve, code: "000000") } == .badCredentials)
    let confirming = try desk.code(base32)
    _ = try desk.service.confirmFactor(eve, code: confirming)
    #expect(desk.refusal { _ = try desk.logins.login(eve, right, code: nil) } == .freshCodeNeeded)
    #expect(desk.refusal { _ = try desk.logins.login(eve, right, code: confirming) } == .badCredentials)
    desk.clock.advance(30_000)
    let code = try desk.code(base32)
    let (token, session) = try desk.logins.login(eve, right, code: code)
    #expect(session.codeAt == desk.clock.now())
    #expect(try desk.logins.authorize(token: token, .approvalGive).person == eve)
    #expect(desk.refusal { _ = try desk.logins.login(eve, right, code: code) } == .badCredentials)
    // The step before is within the window, and older than what was used.
    #expect(
      desk.refusal { _ = try desk.logins.login(eve, right, code: desk.code(base32, later: -1)) } == .badCredentials)
    desk.clock.advance(300_000)
    #expect(desk.refusal { _ = try desk.logins.authorize(token: token, .approvalGive) } == .freshCodeNeeded)
  }

  @Test func `a recovery code stands in for a code, once`() throws {
    let (base32, recovery) = try desk.service.beginFactor(eve)
    _ = try desk.service.confirmFactor(eve, code: desk.code(base32))
    let (_, session) = try desk.logins.login(eve, right, code: recovery[2])
    #expect(session.codeAt != nil)
    #expect(try desk.store.person(eve)?.secondFactor?.recovery.count == 4)
    #expect(desk.refusal { _ = try desk.logins.login(eve, right, code: recovery[2]) } == .badCredentials)
    #expect(desk.refusal { _ = try desk.logins.login(eve, right, code: recovery[1].lowercased()) } == .badCredentials)
    let renewed = try desk.service.renewRecovery(eve)
    #expect(desk.refusal { _ = try desk.logins.login(eve, right, code: recovery[0]) } == .locked)
    desk.clock.advance(300_000)
    #expect(throws: Never.self) { try desk.logins.login(eve, right, code: renewed[0]) }
  }

  @Test func `three wrong codes lock, and right passwords between them do not help`() throws {
    let (base32, _) = try desk.service.beginFactor(eve)
    _ = try desk.service.confirmFactor(eve, code: desk.code(base32))
    for expected in [PeopleError.Code.badCredentials, .badCredentials, .locked] {
      #expect(desk.refusal { _ = try desk.logins.login(eve, right, code: "12345x") } == expected)
    }
    desk.clock.advance(60_000)
    #expect(desk.refusal { _ = try desk.logins.login(eve, right, code: desk.code(base32)) } == .locked)
  }

  @Test func `a second factor is replaced by nobody who merely holds a session`() throws {
    let (base32, _) = try desk.service.beginFactor(eve)
    _ = try desk.service.confirmFactor(eve, code: desk.code(base32))
    #expect(desk.refusal { _ = try desk.service.beginFactor(eve) } == .taken)
    _ = try desk.service.dropFactor(eve, by: "person:root")
    #expect(throws: Never.self) { try desk.service.beginFactor(eve) }
  }

  @Test func `sealed secrets open with their key, for their person, unchanged, and in no other way`() throws {
    let (sealed, base32) = try desk.secrets.newFactor(for: eve)
    let step = desk.clock.now().milliseconds / 30_000
    let code = try desk.code(base32)
    #expect(try desk.secrets.isCode(code, sealed: sealed, of: eve, step: step))
    #expect(try !desk.secrets.isCode(code, sealed: sealed, of: eve, step: step + 1))
    let adam = try PersonName("adam")
    #expect(desk.refusal { _ = try desk.secrets.isCode(code, sealed: sealed, of: adam, step: step) } == .noSecondFactor)
    for place in sealed.indices {
      var changed = sealed
      changed[place] ^= 1
      #expect(
        desk.refusal { _ = try desk.secrets.isCode(code, sealed: changed, of: eve, step: step) } == .noSecondFactor)
    }
    let other = PeopleKeyFile(path: desk.folder.file("other.key"))
    _ = try other.newFactor(for: adam)
    #expect(desk.refusal { _ = try other.isCode(code, sealed: sealed, of: eve, step: step) } == .noSecondFactor)
    let mode = try FileManager.default.attributesOfItem(atPath: desk.folder.file("people.key"))[.posixPermissions]
    #expect((mode as? NSNumber)?.intValue == 0o600)
  }

  @Test func `an old hash becomes a new one at login, and a weak password is never set`() throws {
    let stored = "pbkdf2_sha256$1000$/////////////////////w==$8PA2qsjHOOJn2TztgtUxUAhNwpPUehhV4lXUUcbZ+4w="
    var person = try #require(try desk.store.person(eve)).next
    person.password = stored
    try desk.store.commit(
      Commit(
        guardedBy: nil, actor: "x", at: desk.clock.now(), writes: [.people(.person(PersonChange(person, event: "x")))]))
    let old = try PeopleDesk.password("비밀번호-1")
    _ = try desk.logins.login(eve, old, code: nil)
    let now = try #require(try desk.store.person(eve)).password
    #expect(now.hasPrefix("$argon2id$v=19$m=65536,t=3,p=1$") && old.matches(now) == .right)
    #expect(desk.refusal { _ = try desk.service.setPassword(eve, PeopleDesk.password("short")) } == .badText)
  }

  @Test func `a change of password, roles or state ends what was begun before it`() throws {
    let (token, _) = try desk.logins.login(eve, right, code: nil)
    desk.clock.advance(1)
    _ = try desk.service.setRoles(eve, [.auditor], by: "person:root")
    #expect(desk.refusal { _ = try desk.logins.authorize(token: token, .view) } == .sessionOver)
    let (again, _) = try desk.logins.login(eve, right, code: nil)
    desk.clock.advance(1)
    _ = try desk.service.setActive(eve, false, by: "person:root")
    #expect(desk.refusal { _ = try desk.logins.login(eve, right, code: nil) } == .inactive)
    _ = try desk.service.setActive(eve, true, by: "person:root")
    #expect(desk.refusal { _ = try desk.logins.authorize(token: again, .view) } == .sessionOver)
  }

  @Test func `the first admin is made once`() throws {
    let empty = try PeopleDesk()
    let root = try empty.service.bootstrap(PersonName("root"), right)
    #expect(root.roles == [.admin])
    #expect(empty.refusal { _ = try empty.service.bootstrap(PersonName("two"), right) } == .bootstrapRefused)
    #expect(empty.refusal { _ = try empty.service.add(PersonName("root"), [.admin], right, by: "x") } == .taken)
    #expect(
      empty.refusal { _ = try empty.service.add(PersonName("x"), [.admin, .approver], right, by: "x") }
        == .rolesConflict)
  }

  @Test func `stored texts that ask for too much, or are none, are never right`() throws {
    let bad = [
      "$argon2id$v=19$m=1048576,t=3,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
      "$argon2id$v=19$m=65536,t=99,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
      "$argon2id$v=16$m=65536,t=3,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
      "$argon2i$v=19$m=65536,t=3,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
      "$argon2id$v=19$m=065536,t=3,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
      "pbkdf2_sha256$999999999$MDEyMzQ1Njc4OWFiY2RlZg==$giF6a9kizN2SBij6vwxTe6IFrw974zFzB6P5m/MtqFY=", "", "$", "$$$$$",
    ]
    for text in bad {
      #expect(throws: PeopleError.self, "\(text)") { try PasswordText(parsing: text) }
      #expect(right.matches(text) == .wrong)
    }
    #expect(right.matches(LoginService.dummy) == .wrong)
    #expect(throws: Never.self) { try PasswordText(parsing: LoginService.dummy) }
  }
}
