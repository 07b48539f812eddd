import Foundation
import TestSupport
import Testing

/// A rotation tries the new secret where the secret is used: on a token, at a key service, a screener, a broker.
@Suite("Secrets tried at their services")
struct SecretServicesTests {
  static let signers = Result { try ScreeningPartner("signers") }
  let desk: Desk

  init() throws {
    desk = try Desk()
    // A store, so that there is an audit trail.
    try desk.run(["airdrop", "campaigns", "create", "--name", "Q4", "--chain", "evm"]).succeeded()
  }

  /// The wrong one leaves the old in force, the right one takes its place and leaves nothing beside it.
  private func turnsOver(
    _ name: String, old: String, wrong: String, new: String, _ settings: [String: String]
  ) throws {
    let settings = settings.merging([name: try desk.secret(old, to: "secret")]) { $1 }
    try desk.secret(wrong, to: "wrong")
    let refused = try desk.rotate(name, "wrong", settings)
    #expect(refused.code == "secrets.test_failed", "\(refused.out)\(refused.error)")
    #expect(try desk.scratch.read("secret") == old + "\n")
    try desk.secret(new, to: "new")
    try desk.rotate(name, "new", settings).succeeded()
    #expect(try desk.scratch.read("secret") == new + "\n")
    #expect(try !desk.scratch.names.contains { $0.hasPrefix("secret.") })
  }

  @Test(.enabled(if: SoftToken.isInstalled))
  func `a token's new PIN is tried by a session of the token`() throws {
    let token = try SoftToken(desk.scratch)
    let settings = token.environment.merging(["AM_HSM_URI": token.uri, "AM_KEYSTORE": ""]) { $1 }
    let old = settings.merging(["AM_HSM_PIN_FILE": token.pinFile]) { $1 }
    try desk.run(["keys", "generate", "--label", "lane"], environment: old).succeeded()
    // A token has one PIN at a time: it is changed there first.
    let changed = try Program.run(
      [
        "--module", SoftToken.modulePath, "--slot", token.slot, "--login", "--pin", "4321-desk", "--change-pin",
        "--new-pin", "8765-desk",
      ], path: "/usr/bin/pkcs11-tool", environment: token.environment)
    #expect(changed.status == 0, "\(changed.error)")
    try turnsOver("AM_HSM_PIN_FILE", old: "4321-desk", wrong: "0000-desk", new: "8765-desk", settings)
    let pin = ["AM_HSM_PIN_FILE": desk.scratch("secret")]
    try desk.run(["keys", "show"], environment: settings.merging(pin) { $1 }).succeeded()
  }

  @Test func `a key of KMS is tried by asking for the public key`() throws {
    let settings = [
      "AM_KEYSTORE": "", "AM_KMS_URL": try Self.signers.get().base, "AM_KMS_REGION": "eu-central-1",
      "AM_KMS_KEYS": "good",
    ]
    let new = "AKIDEXAMPLE\nwJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"
    try turnsOver(
      "AM_KMS_CREDENTIALS_FILE", old: "AKIDOLD\nrevoked", wrong: "AKIDEXAMPLE\nguessed", new: new, settings)
  }

  @Test func `yente's key is tried by a question`() throws {
    let settings = ["AM_YENTE_URL": "\(try SecretCommandsTests.partner.get().base)/keyed"]
    try turnsOver("AM_YENTE_KEY_FILE", old: "guessed", wrong: "wrong", new: "open-sesame", settings)
  }

  @Test func `a password of NATS is tried by logging in`() throws {
    let server = try BrokerServer(.nats, ["--user", "desk", "--pass", "new word"])
    let url = server.url.replacing("nats://", with: "nats://desk@")
    try turnsOver(
      "AM_QUEUE_PASSWORD_FILE", old: "old word", wrong: "other word", new: "new word", ["AM_QUEUE_URL": url])
  }
}
