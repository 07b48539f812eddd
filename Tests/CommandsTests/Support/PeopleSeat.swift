import Codecs
import Foundation
import OATH
import Testing

/// People who sit at a desk's store, each with a session, a device and an approval key of their own.
struct PeopleSeat {
  let scratch: Scratch
  let environment: [String: String]

  init(_ scratch: Scratch, _ environment: [String: String]) {
    self.scratch = scratch
    self.environment = environment.merging(["AM_APPROVALS": "1/1"]) { $1 }
  }

  /// Types a command as somebody, with `--json`.
  func type(_ who: String, _ line: [String], _ more: [String: String] = [:]) throws -> Program.Ended {
    var all = environment.merging(more) { $1 }
    all["AM_SESSION_FILE"] = scratch("\(who).session")
    return try Program.run(line + ["--json"], environment: all, folder: scratch.path)
  }

  private func secret(_ text: String, to name: String) throws {
    try scratch.write(text + "\n", to: name)
    try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: scratch(name))
  }

  /// The first admin, root, and these people; each logged in with a fresh code.
  func enrol(_ people: [(name: String, roles: String)]) throws {
    try secret("correct horse", to: "pw")
    // The store's owner allows who may be the first: a file beside the store.
    let store = try #require(environment["AM_DB_DSN"]?.split(separator: "/").last)
    try secret("root", to: "\(store).first-admin")
    try type("root", ["people", "bootstrap", "--name", "root", "--password-file", scratch("pw")]).succeeded()
    try logIn("root")
    for (name, roles) in people {
      try type("root", ["people", "add", "--name", name, "--roles", roles, "--password-file", scratch("pw")])
        .succeeded()
      try logIn(name)
    }
  }

  private func logIn(_ who: String) throws {
    let login = ["login", "--name", who, "--password-file", scratch("pw")]
    try type(who, login).succeeded()
    let begun = try type(who, ["mfa", "enroll"]).succeeded().events.first
    let bytes = try OneTimePassword.bytes(base32: try #require(begun?["factor"]?["secret"]?.string))
    func code(_ later: Int64) throws {
      let step = Int64(Date().timeIntervalSince1970) / 30 + later
      try secret(try OneTimePassword.text(bytes.span, counter: UInt64(step)), to: "code")
    }
    // The codes of now and of the next half minute: both last for a while on a busy machine.
    try code(0)
    try type(who, ["mfa", "confirm", "--code-file", scratch("code")]).succeeded()
    try code(1)
    try type(who, login + ["--code-file", scratch("code")]).succeeded()
  }

  /// An approval key, enrolled by root; the options that use it.
  func key(_ who: String) throws -> [String] {
    let made = try type(
      who, ["approvals", "new-key", "--out", scratch("\(who).key"), "--password-file", scratch("pw")])
    let key = try #require(try made.succeeded().events.first?["public_key"]?.string)
    try type("root", ["people", "enroll-key", "--name", who, "--key", key]).succeeded()
    return ["--key", scratch("\(who).key"), "--key-password-file", scratch("pw")]
  }
}
