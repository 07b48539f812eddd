import Codecs
import Engine
import Keys
import Policy
import Terminal

/// `people ...`: who is enrolled, with which roles and keys.
enum PeopleCommands {
  static let name = CommandSpec.Option.value("name", "NAME", "the person's name: a-z, 0-9, dot, underscore, hyphen")
  static let password = CommandSpec.Option.value(
    "password-file", "FILE", "file with the password, readable by its owner alone; asked for at a terminal without")
  private static let roles = CommandSpec.Option.value(
    "roles", "LIST", "initiator, approver, signer, operator, auditor, admin; several with commas")

  static let all: [CommandSpec] = [
    CommandSpec(
      .common, "people bootstrap",
      "Enrol the first admin, once: at a terminal, or where the store's owner allows it by a file",
      example: "almoner people bootstrap --name root.admin", [name, password],
      run: bootstrap),
    CommandSpec(
      .common, "people add", "Enrol a person with a first password",
      example: "almoner people add --name eve --roles approver --password-file eve.pw", [name, roles, password],
      run: add),
    CommandSpec(.common, "people list", "List everybody", example: "almoner people list") { app in
      let people = try app.store().people()
      if !app.terminal.isJSON, people.isEmpty {
        app.terminal.line("Nobody is enrolled: the local operator does everything")
      }
      for person in people { show(person, app) }
      return .success
    },
    CommandSpec(.common, "people show", "Show one person", example: "almoner people show --name eve", [name]) { app in
      show(try app.people(try app.store()).person(try named(app)), app)
      return .success
    },
    CommandSpec(
      .common, "people roles", "Give other roles; the person's sessions end",
      example: "almoner people roles --name eve --roles approver,operator", [name, roles]
    ) { app in
      let roles = try Role.parse(try app.arguments.required("roles"))
      return try changed(app) { try $0.setRoles($1, roles, by: app.actor) }
    },
    CommandSpec(
      .common, "people disable", "Disable: sessions end, approvals count no more",
      example: "almoner people disable --name eve", [name]
    ) { app in try changed(app) { try $0.setActive($1, false, by: app.actor) } },
    CommandSpec(
      .common, "people enable", "Enable again", example: "almoner people enable --name eve", [name]
    ) { app in try changed(app) { try $0.setActive($1, true, by: app.actor) } },
    CommandSpec(
      .common, "people enroll-key", "Enrol the public part of a person's approval key",
      example: "almoner people enroll-key --name eve --key 3b6a27...", [name, .value("key", "HEX", "64 hex digits")]
    ) { app in
      guard let key = Hex.bytes(try app.arguments.required("key")) else {
        throw PeopleError(.badText, "an approval key is 64 hex digits")
      }
      return try changed(app) { try $0.setApprovalKey($1, key, by: app.actor) }
    },
    CommandSpec(
      .common, "people drop-factor", "Take a second factor away, for somebody who lost the device",
      example: "almoner people drop-factor --name eve", [name]
    ) { app in try changed(app) { try $0.dropFactor($1, by: app.actor) } },
    CommandSpec(
      .common, "people password", "Change one's own password; all of one's sessions end",
      example: "almoner people password",
      [password, .value("new-password-file", "FILE", "file with the new password")], run: changePassword),
  ]

  private static func named(_ app: App) throws -> PersonName { try PersonName(try app.arguments.required("name")) }

  private static func bootstrap(_ app: App) throws -> ExitStatus {
    let name = try named(app)
    try app.admitFirstAdmin(name)
    let password = try app.password(asking: "A password for \(name):", isNew: true)
    show(try app.people(try app.store(create: true)).bootstrap(name, password), app)
    try app.forgetFirstAdminFile()
    return .success
  }

  private static func add(_ app: App) throws -> ExitStatus {
    let roles = try Role.parse(try app.arguments.required("roles"))
    let name = try named(app)
    let password = try app.password(asking: "A first password for \(name):", isNew: true)
    show(try app.people(try app.store()).add(name, roles, password, by: app.actor), app)
    return .success
  }

  private static func changed(_ app: App, _ body: (PeopleService, PersonName) throws -> Person) throws -> ExitStatus {
    show(try body(try app.people(try app.store()), try named(app)), app)
    return .success
  }

  private static func changePassword(_ app: App) throws -> ExitStatus {
    let store = try app.store()
    let (_, person) = try app.myself(store)
    guard try app.password(asking: "Old password:").matches(person.password) != .wrong else {
      throw PeopleError(.badCredentials, "the old password is wrong")
    }
    let new = try app.password("new-password-file", asking: "New password:", isNew: true)
    show(try app.people(store).setPassword(person.name, new), app)
    return .success
  }

  private static func show(_ person: Person, _ app: App) {
    let roles = person.roles.sorted().map(\.rawValue)
    let key = person.approvalKey.map { Hex.text($0) }
    let hasFactor = person.secondFactor?.isConfirmed == true
    app.tell(
      [
        "event": "person", "name": .string(person.name.raw), "roles": .array(roles.map { .string($0) }),
        "active": .bool(person.isActive), "second_factor": .bool(hasFactor),
        "approval_key": key.map { .string($0) } ?? .null,
      ],
      or: "\(person.name)  \(roles.joined(separator: ","))\(person.isActive ? "" : "  disabled")"
        + "\(hasFactor ? "  second factor" : "")\(key.map { "  key \($0.prefix(16))" } ?? "")")
  }
}
