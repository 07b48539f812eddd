import Codecs
@testable import Commands
import Foundation
import Keys
import Testing

@Suite("Warnings about keys")
struct KeyWarningTests {
  private let scratch: Scratch
  private let settings: [String: String]

  /// A keystore whose password everybody on the machine may read, on a chain that nobody knows.
  init() throws {
    scratch = try Scratch()
    try scratch.write("desk\n", to: "password")
    try KeystoreFile.writeDevelopment(
      seed: "warnings", to: scratch("key.json"), password: try SecretFile.read(scratch("password")))
    settings = [
      "AM_DB_DSN": "sqlite:" + scratch("desk.db"), "AM_EVM_CHAIN_ID": "424242", "AM_EVM_RPC": "http://127.0.0.1:1",
      "AM_KEYSTORE": scratch("key.json"), "AM_KEYSTORE_PASSWORD_FILE": scratch("password"),
    ]
  }

  private let exposed = "keys.file_exposed"
  private let unknown = "keys.chain_unknown"

  @Test func `config check lists them, and they are no reason to fail`() throws {
    let run = shell("config", "check", environment: settings)
    #expect(run.status == .success, "\(run.out)")
    let lines = run.out.split(separator: "\n").filter { $0.hasPrefix("warning ") }
    #expect(lines.map { $0.split(separator: " ")[1].dropLast() } == ["keys.file_exposed", "keys.chain_unknown"])
    #expect(lines.first?.contains("chmod 600 \(scratch("password"))") == true)
    let json = shell("config", "check", "--json", environment: settings)
    let events = try json.out.split(separator: "\n").map { try JSON.parse(String($0)) }
    #expect(events.filter { $0["event"]?.string == "warning" }.map { $0["code"]?.string } == [exposed, unknown])
    #expect(json.error.isEmpty)
  }

  @Test func `commands that use the key say them beside the results, each once`() throws {
    let run = shell("keys", "show", environment: settings)
    #expect(run.status == .success && !run.out.contains("warning"))
    #expect(run.error.split(separator: "\n").count == 2 && run.error.contains("warning \(exposed): "))
    let json = shell("keys", "show", "--json", environment: settings)
    let events = try json.out.split(separator: "\n").map { try JSON.parse(String($0)) }
    #expect(events.map { $0["event"]?.string } == ["warning", "warning", "key"] && json.error.isEmpty)
  }

  @Test func `a run says them before anything else happens`() throws {
    let made = shell(
      "campaigns", "create", "--name", "Q4", "--chain", "evm", as: "airdrop", environment: settings)
    #expect(made.status == .success, "\(made.error)")
    let run = shell("run", "--campaign", "Q4", "--dry-run", as: "airdrop", environment: settings)
    #expect(run.status != .success && !run.out.contains("warning"))
    #expect(run.error.split(separator: "\n").first?.hasPrefix("warning \(exposed): ") == true, "\(run.error)")
    #expect(run.error.components(separatedBy: unknown).count == 2)
  }

  @Test func `a guarded file on a known chain gives none, a PIN file that others may read does`() throws {
    try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: scratch("password"))
    let known = settings.merging(["AM_EVM_CHAIN_ID": "31337"]) { $1 }
    #expect(!shell("config", "check", environment: known).out.contains("warning"))
    try scratch.write("1234\n", to: "pin")
    let token = known.merging([
      "AM_KEYSTORE": "", "AM_KEYSTORE_PASSWORD_FILE": "",
      "AM_HSM_URI": "pkcs11:token=none;object=lane?module-path=/none.so&pin-source=file:\(scratch("pin"))",
    ]) { $1 }
    #expect(shell("config", "check", environment: token).out.contains("warning \(exposed): \(scratch("pin"))"))
  }
}
