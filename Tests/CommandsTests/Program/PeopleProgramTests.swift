import Codecs
import Foundation
import OATH
import Terminal
import Testing

@testable import Commands

/// People, sessions and approvals as somebody at a terminal meets them.
@Suite("People on the command line")
struct PeopleProgramTests {
  let scratch: Scratch
  let settings: [String: String]

  init() throws {
    scratch = try Scratch()
    settings = [
      "AM_DB_DSN": "sqlite:" + scratch("desk.db"), "AM_EVM_CHAIN_ID": "31337", "AM_EVM_RPC": "http://127.0.0.1:1",
      "AM_APPROVALS": "1/1",
    ]
    for name in ["root", "ina", "anna", "olga"] { try secret("correct horse \(name)", to: "\(name).pw") }
  }

  func secret(_ text: String, to name: String) throws {
    try scratch.write(text + "\n", to: name)
    try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: scratch(name))
  }

  /// Types a command as somebody, and gives the status' name and the last JSON line.
  @discardableResult
  func type(_ who: String, _ line: [String], _ more: [String: String] = [:]) throws -> (
    status: Commands.ExitStatus, json: JSON
  ) {
    var environment = settings.merging(more) { $1 }
    environment["AM_SESSION_FILE"] = scratch("\(who).session")
    let sink = Collected()
    let terminal = Terminal(isJSON: true, isInteractive: false, usesColour: false, sink: sink)
    let status = Shell.run(line + ["--json"], program: "almoner", false, terminal, environment)
    let last = sink.out.split(separator: "\n").last.map(String.init) ?? "null"
    return (status, try JSON.parse(last))
  }

  func done(_ who: String, _ line: String..., more: [String: String] = [:]) throws -> JSON {
    let (status, json) = try type(who, line, more)
    #expect(status == .success, "\(line): \(json.text)")
    return json
  }

  func refused(_ who: String, _ line: String..., more: [String: String] = [:]) throws -> String? {
    let (status, json) = try type(who, line, more)
    #expect(status != .success, "\(line)")
    return json["code"]?.string
  }

  /// Enrols a second factor and logs in with a code of it. `step`: which of the acceptable codes is used.
  func logInWithCode(_ who: String) throws {
    _ = try done(who, "login", "--name", who, "--password-file", scratch("\(who).pw"))
    let base32 = try #require(try done(who, "mfa", "enroll")["factor"]?["secret"]?.string)
    let bytes = try OneTimePassword.bytes(base32: base32)
    func code(_ later: Int64) throws {
      let step = Int64(Date().timeIntervalSince1970) / 30 + later
      try secret(try OneTimePassword.text(bytes.span, counter: UInt64(step)), to: "code")
    }
    try code(-1)
    _ = try done(who, "mfa", "confirm", "--code-file", scratch("code"))
    try code(0)
    let line = ["login", "--name", who, "--password-file", scratch("\(who).pw"), "--code-file", scratch("code")]
    #expect(try type(who, line).status == .success)
    // The same code again, by whoever saw it.
    #expect(try type("thief", line).json["code"]?.string == "people.bad_credentials")
  }

  /// Lets somebody be the first admin, as the store's owner does.
  func allow(_ name: String, mode: Int = 0o600) throws {
    try scratch.write(name + "\n", to: "desk.db.first-admin")
    try FileManager.default.setAttributes(
      [.posixPermissions: NSNumber(value: mode)], ofItemAtPath: scratch("desk.db.first-admin"))
  }

  /// root is admin, ina prepares, anna approves, olga runs.
  func desk() throws {
    try allow("root")
    _ = try done("root", "people", "bootstrap", "--name", "root", "--password-file", scratch("root.pw"))
    try logInWithCode("root")
    for (name, role) in [("ina", "initiator"), ("anna", "approver"), ("olga", "operator")] {
      _ = try done(
        "root", "people", "add", "--name", name, "--roles", role, "--password-file", scratch("\(name).pw"))
    }
  }

  @Test func `the first admin is made where the store's owner says so, and nowhere by somebody who pipes`() throws {
    let line = ["people", "bootstrap", "--name", "root", "--password-file", scratch("root.pw")]
    #expect(try type("root", line).json["code"]?.string == "people.bootstrap_refused")
    for (name, mode) in [("root", 0o644), ("root", 0o620), ("eve", 0o600), ("", 0o600), ("root\nroot", 0o600)] {
      try allow(name, mode: mode)
      #expect(try type("root", line).status != .success, "\(name) \(mode)")
    }
    try allow("root")
    let file = scratch("desk.db.first-admin")
    try FileManager.default.moveItem(atPath: file, toPath: scratch("elsewhere"))
    try FileManager.default.createSymbolicLink(atPath: file, withDestinationPath: scratch("elsewhere"))
    #expect(try type("root", line).json["code"]?.string == "people.bootstrap_refused")
    try FileManager.default.removeItem(atPath: file)
    try allow("root")
    // In a folder that others write, anybody could have put it there.
    try FileManager.default.setAttributes([.posixPermissions: 0o777], ofItemAtPath: scratch.path)
    #expect(try type("root", line).json["code"]?.string == "people.bootstrap_refused")
    try FileManager.default.setAttributes([.posixPermissions: 0o700], ofItemAtPath: scratch.path)
    #expect(try type("root", line).status == .success)
    #expect(!FileManager.default.fileExists(atPath: file))
  }

  @Test func `the first admin is made once, from a file that nobody else can read`() throws {
    try allow("root")
    try scratch.write("correct horse root\n", to: "open.pw")
    #expect(
      try refused("root", "people", "bootstrap", "--name", "root", "--password-file", scratch("open.pw"))
        == "command.cannot_read")
    _ = try done("root", "people", "bootstrap", "--name", "root", "--password-file", scratch("root.pw"))
    try allow("eve")
    #expect(
      try refused("root", "people", "bootstrap", "--name", "eve", "--password-file", scratch("root.pw"))
        == "people.bootstrap_refused")
    // From here on nothing goes without a session, and no admin act without a code.
    #expect(try refused("root", "campaigns", "list") == "people.no_session")
    #expect(try refused("root", "campaigns", "create", "--name", "Q4", "--chain", "evm") == "people.no_session")
    _ = try done("root", "login", "--name", "root", "--password-file", scratch("root.pw"))
    #expect(
      try refused("root", "people", "add", "--name", "x", "--roles", "approver", "--password-file", scratch("ina.pw"))
        == "people.fresh_code_needed")
    #expect(try refused("root", "campaigns", "list") == "people.forbidden")
    let mode = try FileManager.default.attributesOfItem(atPath: scratch("root.session"))[.posixPermissions]
    #expect((mode as? NSNumber)?.intValue == 0o600)
    _ = try done("root", "logout")
    #expect(try refused("root", "people", "list") == "people.no_session")
  }

  @Test func `a campaign goes from one person's hands to another's, and a changed one loses its yes`() throws {
    try desk()
    _ = try done("ina", "login", "--name", "ina", "--password-file", scratch("ina.pw"))
    _ = try done("olga", "login", "--name", "olga", "--password-file", scratch("olga.pw"))
    _ = try done("ina", "campaigns", "create", "--name", "Q4", "--chain", "evm")
    #expect(try refused("olga", "campaigns", "create", "--name", "Q5", "--chain", "evm") == "people.forbidden")
    let payees = (1...3).map { "0x000000000000000000000000000000000000010\($0),\($0)" }
    try scratch.write((["address,amount"] + payees).joined(separator: "\n") + "\n", to: "one.csv")
    _ = try done("ina", "recipients", "ingest", "--campaign", "Q4", "--file", scratch("one.csv"))
    let from = "0x00000000000000000000000000000000000000aa"
    let asking = ["approvals", "ask", "--campaign", "Q4", "--from", from]
    // Nobody could answer yet.
    #expect(try type("ina", asking).json["code"]?.string == "people.approvals_missing")
    try logInWithCode("anna")
    try secret("my own key", to: "key.pw")
    let made = try done(
      "anna", "approvals", "new-key", "--out", scratch("anna.key"), "--password-file", scratch("key.pw"))
    let key = try #require(made["public_key"]?.string)
    _ = try done("root", "people", "enroll-key", "--name", "anna", "--key", key)
    #expect(try refused("root", "people", "enroll-key", "--name", "ina", "--key", key) == "people.taken")
    #expect(try type("ina", asking).json["request"] == .integer(1))
    #expect(try type("ina", asking).json["request"] == .integer(1))

    let yes = [
      "approvals", "approve", "1", "--key", scratch("anna.key"), "--key-password-file", scratch("key.pw"), "--yes",
    ]
    #expect(try type("ina", yes).json["code"]?.string == "people.forbidden")
    #expect(try type("olga", yes).json["code"]?.string == "people.forbidden")
    let shown = try done("anna", "approvals", "show", "1")
    #expect(shown["state"]?.string == "open" && shown["count"] == .integer(3))
    #expect(shown["initiators"] == .array(["person:ina"]))
    #expect(try type("anna", yes).json["event"]?.string == "approved")
    #expect(try type("anna", yes).json["code"]?.string == "people.approved_twice")
    #expect(try done("anna", "approvals", "show", "1")["state"]?.string == "approved")

    // One recipient more, and the yes is void.
    try scratch.write("address,amount\n0x0000000000000000000000000000000000000109,9\n", to: "two.csv")
    _ = try done("ina", "recipients", "ingest", "--campaign", "Q4", "--file", scratch("two.csv"))
    #expect(try done("anna", "approvals", "show", "1")["state"]?.string == "void")
    #expect(try type("ina", asking).json["request"] == .integer(2))
    _ = try done("anna", "approvals", "reject", "2", "--reason", "who is \u{202e}\"109\"'; --?")
    #expect(try done("anna", "approvals", "show", "2")["state"]?.string == "rejected")
    #expect(try type("ina", asking).json["request"] == .integer(3))
    // Disabled, anna's session is over at once.
    _ = try done("root", "people", "disable", "--name", "anna")
    #expect(try refused("anna", "approvals", "list") == "people.session_over")
    let actors = try done("root", "audit", "verify")
    #expect(actors["event"] != nil)
  }

  @Test func `a narrow token stays narrow, and a stolen one ends with its session`() throws {
    try desk()
    _ = try done("olga", "login", "--name", "olga", "--password-file", scratch("olga.pw"), "--scope", "desk.view")
    _ = try done("olga", "campaigns", "list")
    #expect(try refused("olga", "outbox", "replay", "--to", "broker", "--from", "1") == "people.out_of_scope")
    try FileManager.default.copyItem(atPath: scratch("olga.session"), toPath: scratch("thief.session"))
    try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: scratch("thief.session"))
    _ = try done("thief", "campaigns", "list")
    _ = try done("olga", "logout")
    #expect(try refused("thief", "campaigns", "list") == "people.session_over")
    #expect(
      try refused("olga", "login", "--name", "olga", "--password-file", scratch("olga.pw"), "--scope", "all")
        == "command.usage")
  }

  @Test func `people without a rule, and production without an approver, move no money`() throws {
    #expect(
      try refused(
        "root", "campaigns", "list", more: ["AM_MODE": "production", "AM_DB_DSN": "sqlite:" + scratch("none.db")])
        == "people.no_session")
    try desk()
    _ = try done("olga", "login", "--name", "olga", "--password-file", scratch("olga.pw"))
    #expect(try refused("olga", "run", "--campaign", "Q4", more: ["AM_APPROVALS": ""]) == "config.missing")
    #expect(
      try refused("olga", "run", "--campaign", "Q4", more: ["AM_MODE": "production"]) == "people.approvals_missing")
    #expect(try refused("olga", "run", "--campaign", "Q4", more: ["AM_APPROVALS": "3/2"]) == "config.bad_value")
  }

  @Test func `names that mean something elsewhere are refused, and change nothing`() throws {
    try desk()
    for name in ["'; DROP TABLE people; --", "../root", "eve\nadmin", "Ro\u{202e}ot", "", "person:root"] {
      let code = try refused(
        "root", "people", "add", "--name", name, "--roles", "approver", "--password-file", scratch("ina.pw"))
      #expect(code == "people.bad_text" || code == "command.usage", "\(name)")
    }
    _ = try done("root", "people", "show", "--name", "anna")
  }

  @Test func `every command says what it needs, and the list names no other`() {
    let known = Set(Catalogue.all.map { $0.path.joined(separator: " ") })
    #expect(Set(CommandAccess.table.keys) == known)
  }
}
