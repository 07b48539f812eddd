import Codecs
import Engine
import Foundation
import Keys
import Money
import Policy
import Terminal

/// `login`, `logout`, `whoami`, `mfa ...`: one's own session and second factor.
enum LoginCommands {
  static let code = CommandSpec.Option.value(
    "code-file", "FILE", "file with a one-time or recovery code; asked for without")

  static let all: [CommandSpec] = [
    CommandSpec(
      .common, "login", "Begin a session, and keep its token in a file of one's own",
      example: "almoner login --name eve --password-file ~/.eve",
      [
        PeopleCommands.name, PeopleCommands.password, code,
        .value("scope", "LIST", "permissions that the token is good for, with commas; all of the roles without"),
      ], run: login),
    CommandSpec(.common, "logout", "End the session", example: "almoner logout", run: logout),
    CommandSpec(
      .common, "whoami", "Show who is logged in, as what, and until when", example: "almoner whoami", run: whoami),
    CommandSpec(
      .common, "mfa enroll", "Begin a second factor: shows the secret and five recovery codes, once",
      example: "almoner mfa enroll", run: enroll),
    CommandSpec(
      .common, "mfa confirm", "Confirm the second factor with a first code", example: "almoner mfa confirm", [code],
      run: confirm),
    CommandSpec(
      .common, "mfa recovery", "Replace the recovery codes: shows five new ones, once", example: "almoner mfa recovery",
      run: recovery),
  ]

  private static func login(_ app: App) throws -> ExitStatus {
    let store = try app.store()
    let name = try PersonName(try app.arguments.required("name"))
    var scope: Set<Permission>?
    if let text = app.arguments["scope"] {
      scope = try Set(
        text.split(separator: ",", omittingEmptySubsequences: false).map { word in
          guard let permission = Permission(rawValue: String(word)) else {
            throw CommandError(.usage, "\(word) is no permission", hint: "see docs/reference/permissions.md")
          }
          return permission
        })
    }
    let hasFactor = try store.person(name)?.secondFactor?.isConfirmed == true
    let code = hasFactor || app.arguments["code-file"] != nil ? try app.code() : nil
    let (token, session) = try app.logins(store).login(name, try app.password(), code: code, scope: scope)
    try app.keepSession(token)
    app.tell(
      ["event": "logged_in", "person": .string(name.raw), "expires_at": .integer(session.expiresAt.milliseconds)],
      or: "\(name) is logged in; the token is in \(app.sessionPath)")
    return .success
  }

  private static func logout(_ app: App) throws -> ExitStatus {
    try app.logins(try app.store()).logout(token: try app.sessionToken())
    try? FileManager.default.removeItem(atPath: app.sessionPath)
    app.tell(["event": "logged_out"], or: "The session is over")
    return .success
  }

  private static func whoami(_ app: App) throws -> ExitStatus {
    let (session, person) = try app.myself(try app.store())
    let roles = person.roles.sorted().map(\.rawValue)
    app.tell(
      [
        "event": "session", "person": .string(person.name.raw), "roles": .array(roles.map { .string($0) }),
        "with_code": .bool(session.codeAt != nil), "expires_at": .integer(session.expiresAt.milliseconds),
        "scope": session.scope.map { .array($0.sorted().map { .string($0.rawValue) }) } ?? .null,
      ],
      or: "\(person.name): \(roles.joined(separator: ", "))\(session.codeAt == nil ? ", without a one-time code" : "")")
    return .success
  }

  private static func enroll(_ app: App) throws -> ExitStatus {
    let store = try app.store()
    let (_, person) = try app.myself(store)
    let (base32, codes) = try app.people(store).beginFactor(person.name)
    let uri = ProvisioningURI.text(secret: base32, label: person.name.raw, issuer: "Almoner")
    show(codes, ["secret": .string(base32), "uri": .string(uri)], "Secret \(base32)\n\(uri)", app)
    return .success
  }

  private static func confirm(_ app: App) throws -> ExitStatus {
    let store = try app.store()
    let (_, person) = try app.myself(store)
    guard let code = try app.code() else { throw CommandError(.usage, "a code is needed") }
    _ = try app.people(store).confirmFactor(person.name, code: code)
    app.tell(["event": "factor_confirmed"], or: "The second factor counts from now on; log in with the next code")
    return .success
  }

  private static func recovery(_ app: App) throws -> ExitStatus {
    let store = try app.store()
    let (session, person) = try app.myself(store)
    guard session.hasFreshCode(at: app.clock.now(), .standard) else {
      throw PeopleError(.freshCodeNeeded, "new recovery codes need a fresh one-time code", hint: "almoner login")
    }
    show(try app.people(store).renewRecovery(person.name), [:], "", app)
    return .success
  }

  private static func show(_ codes: [String], _ more: JSON, _ text: String, _ app: App) {
    if app.terminal.isJSON {
      let told: JSON = .array(codes.map { .string($0) })
      app.terminal.line((["event": "second_factor", "factor": more, "recovery_codes": told] as JSON).text)
      return
    }
    if !text.isEmpty { app.terminal.line(text) }
    app.terminal.line("Recovery codes, each good once, shown never again:")
    for code in codes { app.terminal.line("  \(code)") }
  }
}
