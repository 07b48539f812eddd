import Foundation
import TestSupport
import Testing

/// Passwords that a person types, at a real terminal.
@Suite("Passwords at a terminal")
struct TypedPasswordTests {
  let desk: Desk
  private static let password = "correct horse battery"

  init() throws { desk = try Desk() }

  private func type(_ answers: [String], _ line: String...) throws -> (status: Int32, shown: String) {
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/python3")
    process.arguments =
      ["\(VectorFolder.repositoryPath)/Tests/Servers/terminal.py"] + answers + ["--", Program.path] + line
    process.environment = desk.environment.merging([
      "AM_SESSION_FILE": desk.scratch("session"), "PATH": "/usr/bin:/bin", "TERM": "xterm",
    ]) { $1 }
    process.currentDirectoryURL = URL(filePath: desk.scratch.path)
    let out = Pipe()
    process.standardOutput = out
    try Signals.unblocked { try process.run() }
    let bytes = try out.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    return (process.terminationStatus, String(decoding: bytes, as: UTF8.self))
  }

  @Test func `the first admin is made by somebody who types, and no letter of the password is shown`() throws {
    let password = Self.password
    let wrong = try type(["name again:=rot"], "people", "bootstrap", "--name", "root")
    #expect(wrong.status == 77 && wrong.shown.contains("people.bootstrap_refused"))
    let differing = try type(
      ["name again:=root", "password for root:=\(password)", "Again:=\(password)!"], "people", "bootstrap", "--name",
      "root")
    #expect(differing.status == 77 && differing.shown.contains("the two differ"))
    let broken = try type(
      ["name again:=root", "password for root:=^C"], "people", "bootstrap", "--name", "root")
    #expect(broken.status == 77 && broken.shown.contains("nothing was typed"))
    let made = try type(
      ["name again:=root", "password for root:=\(password)", "Again:=\(password)"], "people", "bootstrap", "--name",
      "root")
    #expect(made.status == 0, "\(made.shown)")
    let login = try type(["Password:=\(password)"], "login", "--name", "root")
    #expect(login.status == 0 && login.shown.contains("root is logged in"), "\(login.shown)")
    for said in [differing, broken, made, login] { #expect(!said.shown.contains("correct"), "\(said.shown)") }
    // What is no secret is shown as it is typed.
    #expect(made.shown.contains("again: root"))
  }

  @Test func `without a terminal and without a file nobody is asked`() throws {
    let ended = try desk.run(["login", "--name", "root"], input: "guess\n")
    #expect(ended.code == "command.usage" || ended.code == "store.unavailable", "\(ended.error)")
    try desk.scratch.write("root\n", to: "desk.db.first-admin")
    try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: desk.scratch("desk.db.first-admin"))
    let made = try desk.run(["people", "bootstrap", "--name", "root"], input: "\(Self.password)\n\(Self.password)\n")
    #expect(made.code == "command.usage" && made.status == 64)
  }
}
