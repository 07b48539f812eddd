import Codecs
import Foundation
import Keys
import Money
import OATH
import Testing

/// Two people approve, a signer apart signs, the engine has no key: with the real binary on the development chain.
@Suite("A signer apart on the development chain", .serialized)
struct SignerJobTests {
  static let world = Result { try ChainWorld(seed: "signer-job") }
  private var world: ChainWorld { get throws { try Self.world.get() } }

  /// A desk without keys, its people, and the signer process.
  final class Office {
    let desk: Desk
    private let signerSettings: [String: String]
    private(set) var signer: Program.Running
    let engine: [String: String]

    init(_ world: ChainWorld, account: Int) throws {
      desk = try world.desk(account)
      let socket = desk.scratch("signer.sock")
      var engine = ["AM_KEYSTORE": "", "AM_KEYSTORE_PASSWORD_FILE": "", "AM_APPROVALS": "2/2"]
      engine["AM_SIGNER"] = "unix:\(socket)"
      self.engine = engine
      signerSettings = desk.environment.merging([
        "AM_KEYSTORE": desk.scratch("keys"), "AM_DB_DSN": "", "AM_SIGNING_LOG": desk.scratch("signer.sqlite"),
        "AM_SIGNER_APPROVERS": desk.scratch("approvers"), "AM_APPROVALS": "2/2", "AM_POLL_MS": "", "AM_RESEND_MS": "",
      ]) { $1 }
      try desk.scratch.write("", to: "approvers")
      try FileManager.default.createDirectory(atPath: desk.scratch("keys"), withIntermediateDirectories: false)
      try FileManager.default.copyItem(atPath: desk.scratch("key.json"), toPath: desk.scratch("keys/old.json"))
      signer = try Program.Running(["config", "check"], environment: [:], folder: nil)
      for name in ["root", "ina", "anna", "bert", "olga"] { try secret("correct horse \(name)", to: "\(name).pw") }
      try enrol()
      try start()
    }

    func start() throws {
      signer = try Program.Running(
        ["signer", "--socket", desk.scratch("signer.sock")], environment: signerSettings, folder: desk.scratch.path)
      try signer.wait { $0.out.contains("signer_listening") }
    }

    func restart() throws {
      signer.send(SIGTERM)
      try signer.finish().succeeded()
      try start()
    }

    func addKey(_ account: Int, of world: ChainWorld, as name: String) throws {
      try KeystoreFile.writeDevelopment(
        seed: "\(world.seed):evm:\(account)", to: desk.scratch("keys/\(name).json"),
        password: try SecretFile.read(desk.scratch("password")))
    }

    /// How often each account signed, by the signer's own log.
    func uses() throws -> [String: Int] {
      let shown = try Program.run(
        ["keys", "uses", "--limit", "10000", "--json"], environment: signerSettings, folder: desk.scratch.path)
      return Dictionary(
        try shown.succeeded().events.compactMap { event in event["account"]?.string.map { ($0, 1) } },
        uniquingKeysWith: +)
    }

    func secret(_ text: String, to name: String) throws {
      try desk.scratch.write(text + "\n", to: name)
      try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: desk.scratch(name))
    }

    func say(_ who: String, _ line: String..., more: [String: String] = [:]) throws -> Program.Ended {
      var settings = engine.merging(more) { $1 }
      settings["AM_SESSION_FILE"] = desk.scratch("\(who).session")
      return try desk.run(line + ["--json"], environment: settings)
    }

    private func enrol() throws {
      func file(_ name: String) -> String { desk.scratch("\(name).pw") }
      try say("root", "people", "bootstrap", "--name", "root", "--password-file", file("root")).succeeded()
      try logInWithCode("root")
      let roles = [("ina", "initiator"), ("anna", "approver"), ("bert", "approver"), ("olga", "operator")]
      for (name, role) in roles {
        try say("root", "people", "add", "--name", name, "--roles", role, "--password-file", file(name)).succeeded()
      }
      var lines = ""
      for name in ["anna", "bert"] {
        try logInWithCode(name)
        let made = try say(
          name, "approvals", "new-key", "--out", desk.scratch("\(name).key"), "--password-file", file(name))
        let key = try #require(try made.succeeded().events.last?["public_key"]?.string)
        try say("root", "people", "enroll-key", "--name", name, "--key", key).succeeded()
        lines += "\(name) \(key)\n"
      }
      // The signer's own list, which no admin of the desk can change.
      try desk.scratch.write(lines, to: "approvers")
      for name in ["ina", "olga"] { try say(name, "login", "--name", name, "--password-file", file(name)).succeeded() }
    }

    private func logInWithCode(_ who: String) throws {
      let password = desk.scratch("\(who).pw")
      try say(who, "login", "--name", who, "--password-file", password).succeeded()
      let enrolled = try say(who, "mfa", "enroll").succeeded().events.last
      let bytes = try OneTimePassword.bytes(base32: try #require(enrolled?["factor"]?["secret"]?.string))
      func code(_ later: Int64) throws {
        let step = Int64(Date().timeIntervalSince1970) / 30 + later
        try secret(try OneTimePassword.text(bytes.span, counter: UInt64(step)), to: "code")
      }
      try code(-1)
      try say(who, "mfa", "confirm", "--code-file", desk.scratch("code")).succeeded()
      try code(0)
      try say(who, "login", "--name", who, "--password-file", password, "--code-file", desk.scratch("code")).succeeded()
    }

    func campaign(_ name: String, _ file: String) throws {
      try say("ina", "airdrop", "campaigns", "create", "--name", name, "--chain", "evm").succeeded()
      let path = try desk.scratch.write(file, to: "\(name).csv")
      try say("ina", "airdrop", "recipients", "ingest", "--campaign", name, "--file", path).succeeded()
    }

    func approve(_ name: String, by people: [String]) throws {
      let asked = try say("ina", "approvals", "ask", "--campaign", name).succeeded().events.last
      let number = try #require(asked?["request"]?.uint64)
      for who in people {
        try say(
          who, "approvals", "approve", "\(number)", "--key", desk.scratch("\(who).key"), "--key-password-file",
          desk.scratch("\(who).pw"), "--yes"
        ).succeeded()
      }
    }
  }

  @Test func `two people approve, and everyone is paid once by a signer that the engine cannot talk round`() throws {
    let world = try world
    let office = try Office(world, account: 2)
    let rejecting = try world.deploy("RejectingRecipient", [.uint(.one)], [.uint(bits: 256)])
    let people = Array(3100..<3130)
    var rows = Recipient.file(people).split(separator: "\n").map(String.init)
    rows.insert("\(EIP55.text(rejecting)),77,pay-rejecting", at: 9)
    try office.campaign("Apart", rows.joined(separator: "\n") + "\n")
    try office.approve("Apart", by: ["anna"])
    let early = try office.say("olga", "airdrop", "run", "--campaign", "Apart", "--yes")
    #expect(early.code == "people.approvals_missing", "\(early.out)\(early.error)")
    try office.approve("Apart", by: ["bert"])
    let run = try office.say("olga", "airdrop", "run", "--campaign", "Apart", "--yes", "--max-batch", "8")
    // The rejecting recipient is found by halving: the signer saw each dead slot by its own node.
    #expect(run.status == 1 && run.code == "command.needs_people", "\(run.out)\(run.error)")
    #expect(try people.map { try world.nativeBalance(Recipient.address($0)) } == Recipient.expected(people))
    let failed = try office.say("olga", "airdrop", "payouts", "list", "--campaign", "Apart", "--status", "failed")
    #expect(try failed.events.compactMap { $0["payout_id"]?.string } == ["pay-rejecting"])
    #expect(
      try !FileManager.default.contentsOfDirectory(atPath: office.desk.scratch.path).contains("desk.db.signer.db"))
    // The same command again pays nobody again.
    _ = try office.say("olga", "airdrop", "run", "--campaign", "Apart", "--yes")
    #expect(try people.map { try world.nativeBalance(Recipient.address($0)) } == Recipient.expected(people))
    office.signer.send(SIGTERM)
    let ended = try office.signer.finish()
    #expect(ended.status == 0)
    #expect(try ended.events(named: "refused").isEmpty, "\(ended.out)")
    #expect(try !ended.events(named: "signed").isEmpty)
  }

  @Test func `a new key works beside the old one, which drains and goes, and its log goes on`() throws {
    let world = try world
    let office = try Office(world, account: 4)
    let (old, new) = (Hex.prefixed(try world.address(4).bytes), Hex.prefixed(try world.address(5).bytes))
    func pay(_ name: String, _ people: [Int]) throws {
      try office.campaign(name, Recipient.file(people))
      try office.approve(name, by: ["anna", "bert"])
      try office.say("olga", "airdrop", "run", "--campaign", name, "--yes", "--max-batch", "2").succeeded()
      #expect(try people.map { try world.nativeBalance(Recipient.address($0)) } == Recipient.expected(people))
    }
    try pay("Old", Array(3300..<3306))
    #expect(try Set(office.uses().keys) == [old])
    try office.addKey(5, of: world, as: "new")
    try office.restart()
    try pay("Both", Array(3310..<3340))
    let both = try office.uses()
    #expect(Set(both.keys) == [old, new])
    try FileManager.default.removeItem(atPath: office.desk.scratch("keys/old.json"))
    try office.restart()
    try pay("New", Array(3350..<3356))
    let last = try office.uses()
    #expect(last[old] == both[old] && (last[new] ?? 0) > (both[new] ?? 0))
    // What the old account signed is still told, to an engine that was restored.
    #expect(try office.say("olga", "lanes", "adopt").status == 0)
  }

  @Test func `a signer that is away or killed only delays`() throws {
    let world = try world
    let office = try Office(world, account: 3)
    let people = Array(3200..<3240)
    try office.campaign("Delay", Recipient.file(people))
    try office.approve("Delay", by: ["anna", "bert"])
    office.signer.send(SIGKILL)
    _ = try office.signer.finish(killing: true)
    let away = try office.say("olga", "airdrop", "run", "--campaign", "Delay", "--yes")
    #expect(away.code == "signing.unreachable" && away.status == 69, "\(away.out)\(away.error)")
    try office.start()
    var settings = office.desk.environment.merging(office.engine) { $1 }
    settings["AM_SESSION_FILE"] = office.desk.scratch("olga.session")
    let running = try Program.Running(
      ["airdrop", "run", "--campaign", "Delay", "--yes", "--json", "--max-batch", "2", "--concurrency", "2"],
      environment: settings, folder: office.desk.scratch.path)
    let first = office.signer
    try running.wait { _ in first.out.contains("\"signed\"") }
    office.signer.send(SIGKILL)
    _ = try office.signer.finish(killing: true)
    try office.start()
    let ended = try running.finish()
    #expect(ended.status == 0, "\(ended.out)\(ended.error)")
    #expect(try people.map { try world.nativeBalance(Recipient.address($0)) } == Recipient.expected(people))
  }
}
