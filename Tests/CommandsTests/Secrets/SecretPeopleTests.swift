import Codecs
import Foundation
import TestSupport
import Testing

@testable import Commands

/// Two people replace a secret: one proposes, another confirms.
@Suite("Secrets and two people")
struct SecretPeopleTests {
  static let partner = Result { try ScreeningPartner() }
  let people: PeopleProgramTests
  let settings: [String: String]

  init() throws {
    people = try PeopleProgramTests()
    try people.secret("guessed", to: "kyc.key")
    settings = [
      "AM_KYC_URL": "\(try Self.partner.get().base)/keyed/kyc", "AM_KYC_KEY_FILE": people.scratch("kyc.key"),
    ]
    try people.secret("correct horse rita", to: "rita.pw")
    try people.desk()
    _ = try people.done(
      "root", "people", "add", "--name", "rita", "--roles", "admin", "--password-file", people.scratch("rita.pw"))
    try people.logInWithCode("rita")
  }

  private func rotate(_ who: String, _ file: String, _ more: String...) throws -> (
    status: Commands.ExitStatus, json: JSON
  ) {
    try people.type(
      who, ["secrets", "rotate", "AM_KYC_KEY_FILE", "--from", people.scratch(file), "--yes"] + more, settings)
  }

  private var key: String { get throws { try people.scratch.read("kyc.key") } }

  @Test func `one admin proposes and another confirms, once the service has taken the new one`() throws {
    try people.secret("wrong", to: "wrong")
    let refused = try rotate("root", "wrong")
    #expect(refused.status == .again && refused.json["proposal"] == .integer(1))
    // What the service refuses is not confirmed, and the old one is in force.
    #expect(try rotate("rita", "wrong", "--confirm", "1").json["code"]?.string == "secrets.test_failed")
    #expect(try key == "guessed\n")

    try people.secret("open-sesame", to: "new")
    #expect(try rotate("root", "new").json["proposal"] == .integer(2))
    #expect(try rotate("rita", "new").json["proposal"] == .integer(2))
    #expect(try rotate("root", "new", "--confirm", "2").json["code"]?.string == "people.two_sides")
    #expect(try rotate("rita", "wrong", "--confirm", "2").json["code"]?.string == "people.proposal_changed")
    #expect(
      try rotate("rita", "new", "--confirm", "2", "--calls", "1").json["code"]?.string == "people.proposal_changed")
    #expect(try rotate("rita", "new", "--confirm", "1").status != .success)
    #expect(try key == "guessed\n")
    _ = try people.done("olga", "login", "--name", "olga", "--password-file", people.scratch("olga.pw"))
    #expect(try rotate("olga", "new", "--confirm", "2").json["code"]?.string == "people.forbidden")
    let done = try rotate("rita", "new", "--confirm", "2")
    #expect(done.status == .success && done.json["step"]?.string == "revoked", "\(done.json.text)")
    #expect(try key == "open-sesame\n")

    // A yes is good for what it was given to: not for the same file again, nor for another.
    for file in ["new", "wrong"] { #expect(try rotate("rita", file, "--confirm", "2").status != .success) }
    try people.secret("guessed", to: "kyc.key")
    try people.secret("open-sesame", to: "kyc.key.next")
    let trail = try people.type("olga", ["export", "--dataset", "audit", "--format", "jsonl"])
    #expect(trail.status == .success)
    #expect(!trail.json.text.contains("sesame"))
  }

  @Test func `a confirmed rotation that was cut off is ended by whoever confirmed it, without a second yes`() throws {
    try people.secret("open-sesame", to: "new")
    #expect(try rotate("root", "new").status == .again)
    #expect(try rotate("rita", "new", "--confirm", "1").status == .success)
    // As a crash leaves it: the new one is in force, the old one is there.
    try people.secret("guessed", to: "kyc.key.old")
    #expect(try rotate("root", "new", "--confirm", "1").json["code"]?.string == "people.two_sides")
    let ended = try rotate("rita", "new", "--confirm", "1")
    #expect(ended.status == .success, "\(ended.json.text)")
    #expect(try key == "open-sesame\n")
    #expect(!FileManager.default.fileExists(atPath: people.scratch("kyc.key.old")))
  }
}
