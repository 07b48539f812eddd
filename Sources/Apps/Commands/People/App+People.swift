import Engine
import Foundation
import Keys
import OpenSSL
import Policy
import Store
import Terminal

extension App {
  // MARK: Parts

  /// Who must approve what is paid; nil while a single local operator does.
  func approvalGate() throws -> ApprovalGate? {
    guard let text = settings["AM_APPROVALS"] else { return nil }
    let rule: ApprovalRule
    do { rule = try ApprovalRule(parsing: text) } catch {
      throw CommandError(.badSetting, "AM_APPROVALS=\(text): \(error.message)", hint: error.hint)
    }
    return ApprovalGate(rule: rule, signatures: Ed25519Approvals())
  }

  func approvals(_ store: any PayoutStore) throws -> ApprovalService? {
    try approvalGate().map { ApprovalService(store: store, clock: clock, gate: $0) }
  }

  /// As above, for commands that are about nothing else. Throws `config.missing`.
  func requiredApprovals(_ store: any PayoutStore) throws -> ApprovalService {
    guard let approvals = try approvals(store) else {
      throw CommandError(
        .missingSetting, "AM_APPROVALS is not set: one local operator approves, when a campaign is run",
        hint: "set AM_APPROVALS=m/n for approvals by several people")
    }
    return approvals
  }

  func peopleSecrets() throws -> PeopleKeyFile { PeopleKeyFile(path: try beside("AM_PEOPLE_KEY", ".people.key")) }

  func logins(_ store: any PayoutStore) throws -> LoginService {
    LoginService(store: store, clock: clock, secrets: try peopleSecrets())
  }

  func people(_ store: any PayoutStore) throws -> PeopleService {
    PeopleService(store: store, clock: clock, secrets: try peopleSecrets())
  }

  // MARK: Admission

  /// Asks the authoriser before a command begins, in the name of whoever is logged in.
  ///
  /// While nobody is enrolled the local operator may do everything, except in production. Throws `people.*`, and
  /// `config.missing` where people are enrolled and AM_APPROVALS would let one person pay alone.
  func admitted(to command: CommandSpec) throws -> App {
    guard case .needs(let permission) = CommandAccess.of(command) else { return self }
    guard let people = try retrying({ try enrolled(permission) }), !people.isEmpty else {
      guard settings["AM_MODE"] != "production" else {
        throw PeopleError(
          .noSession, "nobody is enrolled, and AM_MODE=production knows no local operator",
          hint: "make the first admin: almoner people bootstrap")
      }
      return self
    }
    let grant = try logins(try store()).authorize(token: try sessionToken(), permission)
    if permission == .campaignRun { try checkApprovers(people, besides: grant.person) }
    return acting(as: grant.actor)
  }

  private func checkApprovers(_ people: [Person], besides me: PersonName) throws {
    guard settings["AM_APPROVALS"] != nil else {
      throw CommandError(
        .missingSetting, "people are enrolled, and AM_APPROVALS is not set: one person would pay alone",
        hint: "set AM_APPROVALS=m/n, for example 1/1")
    }
    guard settings["AM_MODE"] == "production" else { return }
    guard people.contains(where: { $0.name != me && $0.has(.approvalGive) && $0.approvalKey != nil }) else {
      throw PeopleError(
        .approvalsMissing, "AM_MODE=production needs an approver besides \(me), with an approval key",
        hint: "an admin enrols one: almoner people add, people enroll-key")
    }
  }

  /// Everybody, or nil where there is no store yet, or one of a release that knew no people.
  func enrolled(_ permission: Permission) throws -> [Person]? {
    do {
      switch try dsn {
      case .sqlite(let path):
        // A folder in its place is no store: the command itself says so.
        let place = URL(fileURLWithPath: path).resolvingSymlinksInPath().path
        guard let found = try? FileManager.default.attributesOfItem(atPath: place),
          found[.type] as? FileAttributeType != .typeDirectory
        else { return nil }
        return try people(ofFile: path)
      case .postgresql(let dsn):
        guard try PostgreSQLStore.exists(dsn, sha256: sha256) else { return nil }
        return try PostgreSQLStore(dsn, mode: .readOnly, sha256: sha256, random: SystemRandom()).people()
      }
    } catch let error as StoreError where error.code == .migrationFailed { return nil } catch {
      // What looks after a broken store says itself what is wrong with it.
      if permission == .storeManage { return nil }
      throw error
    }
  }

  /// A program that was killed while it made the store left a journal that only a writer can roll back.
  private func people(ofFile path: String) throws(StoreError) -> [Person] {
    do throws(StoreError) { return try SQLiteStore(path: path, mode: .readOnly, sha256: sha256).people() } catch {
      guard error.code == .readOnly else { throw error }
      return try SQLiteStore(path: path, mode: .existing, sha256: sha256).people()
    }
  }

  // MARK: Session

  var sessionPath: String {
    settings["AM_SESSION_FILE"] ?? FileManager.default.homeDirectoryForCurrentUser.path + "/.almoner-session"
  }

  /// Throws `people.no_session`, also for a file that others may read.
  func sessionToken() throws -> String {
    let path = sessionPath
    guard FileManager.default.fileExists(atPath: path) else {
      throw PeopleError(.noSession, "nobody is logged in", hint: "log in: almoner login")
    }
    guard SecretFile.warning(path) == nil else {
      throw PeopleError(.noSession, "\(path) can be read by others", hint: "log out and in again")
    }
    let secret = try SecretFile.read(path)
    return secret.withBytes { bytes in
      String(decoding: (0..<bytes.count).map { bytes[$0] }, as: UTF8.self)
    }
  }

  func keepSession(_ token: String) throws {
    let path = sessionPath
    try? FileManager.default.removeItem(atPath: path)
    guard
      FileManager.default.createFile(
        atPath: path, contents: Data((token + "\n").utf8), attributes: [.posixPermissions: NSNumber(value: 0o600)])
    else { throw CommandError(.cannotWrite, "the token cannot be written to \(path)", hint: "set AM_SESSION_FILE") }
  }

  /// Who is logged in, for what concerns oneself.
  func myself(_ store: any PayoutStore) throws -> (session: Session, person: Person) {
    let found = try logins(store).session(token: try sessionToken())
    _ = try Authorizer.identify(found.session, found.person, at: clock.now())
    return found
  }
}
