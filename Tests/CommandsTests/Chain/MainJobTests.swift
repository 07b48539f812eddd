import Codecs
import Foundation
import Money
import Testing

/// What an operator does on a good day, word for word, with the real binary on the development chain.
@Suite("The main job on the development chain", .serialized)
struct MainJobTests {
  static let world = Result { try ChainWorld(seed: "main-job") }
  private var world: ChainWorld { get throws { try Self.world.get() } }

  @Test func `the commands of the specification work word for word, and a second time change nothing`() throws {
    let world = try world
    let desk = try world.funded(2)
    let people = Array(100..<112)
    try desk.scratch.write(Recipient.file(people), to: "recipients.csv")
    let airdrop = desk.scratch("airdrop")
    try FileManager.default.createSymbolicLink(atPath: airdrop, withDestinationPath: Program.path)
    var environment = desk.environment
    environment["AM_DB_DSN"] = nil
    let dsn = "sqlite:" + desk.scratch("q4.db")
    func say(_ words: String) throws -> Program.Ended {
      let line = words.split(separator: " ").dropFirst().map(String.init)
      return try Program.run(["--dsn", dsn] + line, path: airdrop, environment: environment, folder: desk.scratch.path)
    }
    let token = EIP55.text(world.token)
    let commands = [
      "airdrop campaigns create --name Q4-Rewards --chain evm --token \(token)",
      "airdrop recipients ingest --campaign Q4-Rewards --file recipients.csv",
      "airdrop run --campaign Q4-Rewards --dry-run",
      "airdrop run --campaign Q4-Rewards --max-batch 200 --concurrency 8 --yes",
      "airdrop payouts status --payout-id \(Recipient.id(100))",
      "airdrop reconcile --campaign Q4-Rewards --from-block 0",
      "airdrop audit verify", "airdrop store check", "airdrop report --campaign Q4-Rewards --html q4.html",
    ]
    for command in commands { try say(command).succeeded() }
    #expect(try world.balances(people, of: world.token) == Recipient.expected(people))
    #expect(try say("airdrop payouts status --payout-id \(Recipient.id(100))").out.contains("confirmed"))
    #expect(try desk.scratch.read("q4.html").contains("Q4-Rewards"))

    let records = try say("airdrop export --dataset audit --format jsonl").events.count
    let spent = try world.nativeBalance(try world.address(2))
    for command in commands { try say(command).succeeded() }
    #expect(try world.balances(people, of: world.token) == Recipient.expected(people))
    #expect(try world.nativeBalance(try world.address(2)) == spent)
    // Only the reconciliation itself is new in the trail.
    let added = try say("airdrop export --dataset audit --format jsonl").events.dropFirst(0)
    let actions = added.compactMap { $0["action"]?.string }
    #expect(added.count == records + actions.count { $0 == "reconcile.completed" } - 1)
  }

  @Test func `sync pays one batch at a time, shadow pays nobody and writes nothing`() throws {
    let world = try world
    let desk = try world.funded(3)
    let people = Array(200..<206)
    try desk.campaign("Modes", token: world.token, people)
    let before = try desk.export("audit").count
    let shadow = try desk("run", "--campaign", "Modes", "--mode", "shadow", "--json").succeeded()
    let event = try #require(try shadow.events(named: "shadow").first)
    #expect(event["ready"]?.bool == true)
    #expect(event["transactions"]?.uint64 == 2)
    #expect(try desk.export("audit").count == before)
    #expect(try desk.counts("Modes") == ["queued": 6])

    let run = try desk("run", "--campaign", "Modes", "--mode", "sync", "--max-batch", "3", "--yes", "--json")
      .succeeded()
    for committed in try run.events(named: "committed") { #expect(committed["payouts"]?.uint64 ?? 0 <= 3) }
    #expect(try desk.counts("Modes") == ["confirmed": 6])
    #expect(try world.balances(people, of: world.token) == Recipient.expected(people))
  }

  @Test func `a canary that goes well lets the rest go on`() throws {
    let world = try world
    let desk = try world.funded(4)
    let people = Array(300..<308)
    try desk.campaign("Canary", token: world.token, people)
    let run = try desk("run", "--campaign", "Canary", "--mode", "canary", "--canary", "2", "--yes", "--json")
      .succeeded()
    let paid = try run.events(named: "committed").compactMap { $0["payouts"]?.uint64 }.filter { $0 > 0 }
    #expect(paid == [2, 6])
    #expect(try world.balances(people, of: world.token) == Recipient.expected(people))
  }

  @Test func `a canary of a token that keeps a fee stops the campaign with the reason`() throws {
    let world = try world
    let token = try world.deployToken("FeeToken", more: [(.uint(UInt256(100)), .uint(bits: 256))])
    let desk = try world.desk(5)
    try world.invoke(
      token, "transfer(address,uint256)", [.address(try world.address(5)), .uint(UInt256(10_000_000))],
      [.address, .uint(bits: 256)])
    let people = Array(400..<406)
    try desk.campaign("Fee", token: token, people)
    let run = try desk(
      "run", "--campaign", "Fee", "--mode", "canary", "--canary", "1", "--yes", "--json", "--give-up-after", "5")
    #expect(run.status == 1)
    #expect(run.code == "command.needs_people")
    #expect(try desk.status("Fee") == "paused")
    let shown = try desk("campaigns", "show", "--campaign", "Fee")
    #expect(shown.out.contains("canary_unknown"))
    #expect(try desk.counts("Fee")["queued"] == 5)
    // Nobody but the canary was credited anything, and the canary not what was promised.
    let balances = try world.balances(people, of: token)
    #expect(balances.count { !$0.isZero } == 1)
    #expect(
      try desk("payouts", "list", "--campaign", "Fee", "--status", "submitted", "--json").out.contains(
        "unknown(partial)"))
  }

  @Test func `a dry run shows the very bytes that the live run signs`() throws {
    let world = try world
    let desk = try world.desk(6)
    let people = Array(500..<506)
    try desk.campaign("Dry", token: nil, people)
    let before = try desk.export("audit").count
    // Blocks stand still, so that the price of gas does.
    try world.stall(true)
    defer { try? world.stall(false) }
    let dry = try desk("run", "--campaign", "Dry", "--dry-run", "--max-batch", "2", "--json").succeeded()
    let planned = try dry.events(named: "unsigned")
    #expect(planned.count == 3)
    #expect(try desk.export("audit").count == before)
    #expect(!FileManager.default.fileExists(atPath: desk.scratch("desk.db.signer.db")))

    // A canary goes first in the dry run as in the live one.
    let canary = try desk(
      "run", "--campaign", "Dry", "--dry-run", "--max-batch", "2", "--mode", "canary", "--canary", "1", "--json")
    #expect(try canary.events(named: "unsigned").compactMap { $0["payees"]?.uint64 } == [1, 2, 2, 1])

    let live = try desk.begin("run", "--campaign", "Dry", "--max-batch", "2", "--yes", "--json")
    try live.wait { $0.out.contains("\"event\":\"sent\"") }
    try world.stall(false)
    try live.finish().succeeded()
    let signed = try desk.export("audit").filter { $0["action"]?.string == "payout.submitted" }.compactMap {
      try JSON.parse($0["details"]?.string ?? "")["signing_hash"]?.string
    }
    #expect(signed == planned.compactMap { $0["signing_hash"]?.string })
    #expect(try people.map { try world.nativeBalance(Recipient.address($0)) } == Recipient.expected(people))
    // The unsigned bytes are those whose hash was signed.
    for plan in planned {
      let bytes = try #require(Hex.bytes(plan["unsigned"]?.string ?? ""))
      #expect(Keccak.hash256(bytes).description == plan["signing_hash"]?.string)
    }
  }

  @Test func `a signed dry run occupies its slot, and the live run sends exactly its bytes`() throws {
    let world = try world
    let desk = try world.desk(7)
    let people = Array(600..<604)
    try desk.campaign("Signed", token: nil, people)
    let dry = try desk("run", "--campaign", "Signed", "--dry-run=sign", "--yes", "--json")
    #expect(dry.status == 75, "\(dry.out)\(dry.error)")
    #expect(try desk.counts("Signed") == ["submitted": 4])
    #expect(try world.nonce(7) == 0)
    func intents() throws -> [String] {
      try desk.export("audit").filter { ["payout.submitted", "attempt.added"].contains($0["action"]?.string) }
        .compactMap { try JSON.parse($0["details"]?.string ?? "")["signing_hash"]?.string }
    }
    let signed = try intents()
    #expect(signed.count == 1)
    try desk("run", "--campaign", "Signed", "--yes").succeeded()
    #expect(try intents() == signed)
    #expect(try people.map { try world.nativeBalance(Recipient.address($0)) } == Recipient.expected(people))
  }

  @Test func `a key on another machine signs by files`() throws {
    let world = try world
    let desk = try world.desk(8)
    let people = Array(700..<704)
    try desk.campaign("Offline", token: nil, people)
    let account = EIP55.text(try world.address(8))
    // The desk has no key at all.
    let keyless = ["AM_KEYSTORE": "", "AM_KEYSTORE_PASSWORD_FILE": ""]
    let out = try desk(
      "run", "--campaign", "Offline", "--unsigned-out", "unsigned", "--from", account, "--yes", environment: keyless)
    #expect(out.status == 75, "\(out.error)")
    // The other machine has the key, a log of its own, and neither store nor network.
    let offline = [
      "AM_EVM_RPC": "", "AM_DB_DSN": "sqlite:" + desk.scratch("nowhere.db"),
      "AM_SIGNING_LOG": desk.scratch("offline.db"),
    ]
    try desk.run(["keys", "sign-offline", "--dir", "unsigned", "--out", "signed", "--yes"], environment: offline)
      .succeeded()
    let imported = try desk(
      "import-signed", "--campaign", "Offline", "--dir", "signed", "--from", account, "--json", environment: keyless)
    try imported.succeeded()
    #expect(try imported.events.first?["recorded"]?.uint64 == 1)
    let again = try desk(
      "import-signed", "--campaign", "Offline", "--dir", "signed", "--from", account, "--json", environment: keyless)
    #expect(try again.succeeded().events.first?["already"]?.uint64 == 1)
    try desk("run", "--campaign", "Offline", "--yes", environment: ["AM_SIGNING_LOG": desk.scratch("offline.db")])
      .succeeded()
    #expect(try people.map { try world.nativeBalance(Recipient.address($0)) } == Recipient.expected(people))
  }

  @Test func `a second process pauses and resumes a running campaign`() throws {
    let world = try world
    let desk = try world.desk(9)
    let people = Array(800..<824)
    try desk.campaign("Pause", token: nil, people)
    let run = try desk.begin(
      "run", "--campaign", "Pause", "--max-batch", "1", "--concurrency", "2", "--yes", "--json", "--give-up-after", "30"
    )
    try run.wait { $0.out.contains("\"event\":\"sent\"") }
    try desk("campaigns", "pause", "--campaign", "Pause", "--reason", "lunch").succeeded()
    let paused = try run.finish()
    #expect(paused.status == 1, "\(paused.error)")
    #expect(paused.code == "command.needs_people")
    let counts = try desk.counts("Pause")
    // What was on its way was watched to its end; nothing new was begun.
    #expect(counts["submitted"] == nil)
    #expect(counts["queued"] ?? 0 > 0)
    // A script that runs again does not undo what a person decided.
    let again = try desk("run", "--campaign", "Pause", "--yes", "--give-up-after", "2")
    #expect(again.status == 1 && again.error.contains("lunch") && again.error.contains("campaigns resume"))
    #expect(try desk.counts("Pause") == counts)
    try desk("campaigns", "resume", "--campaign", "Pause").succeeded()
    try desk("run", "--campaign", "Pause", "--yes").succeeded()
    #expect(try people.map { try world.nativeBalance(Recipient.address($0)) } == Recipient.expected(people))
  }

  @Test func `a cancel voids what the chain has not taken, and what is final decides`() throws {
    let world = try world
    let desk = try world.desk(10)
    let people = Array(900..<908)
    try desk.campaign("Cancel", token: nil, people)
    try world.stall(true)
    defer { try? world.stall(false) }
    let run = try desk.begin(
      "run", "--campaign", "Cancel", "--max-batch", "1", "--concurrency", "3", "--yes", "--json")
    try run.wait { $0.out.contains("\"event\":\"sent\"") }
    try desk("campaigns", "cancel", "--campaign", "Cancel", "--yes").succeeded()
    // The voids are signed and sent while nothing is mined; then blocks go on.
    try run.wait { $0.out.components(separatedBy: "\"event\":\"sent\"").count > 2 }
    Thread.sleep(forTimeInterval: 0.3)
    try world.stall(false)
    let ended = try run.finish()
    let counts = try desk.counts("Cancel")
    #expect(counts["queued"] == nil && counts["submitted"] == nil)
    #expect(ended.status == 1)
    #expect(try desk.status("Cancel") == "canceled")
    let kinds = try desk.export("audit").compactMap { row in
      try JSON.parse(row["details"]?.string ?? "")["kind"]?.string
    }
    #expect(kinds.contains("void"))
    // Confirmed here and paid there are the same people.
    let confirmed = try desk("payouts", "list", "--campaign", "Cancel", "--status", "confirmed", "--json").events
      .compactMap { $0["payout_id"]?.string }
    let paid = try people.filter { try !world.nativeBalance(Recipient.address($0)).isZero }.map(Recipient.id)
    #expect(Set(confirmed) == Set(paid))
    #expect(counts["failed"] == people.count - paid.count)
    #expect(counts["failed"] ?? 0 >= 5)
  }

  @Test func `a termination signal ends the run cleanly, and the same command finishes the rest`() throws {
    let world = try world
    let desk = try world.desk(11)
    let people = Array(1000..<1012)
    try desk.campaign("Stop", token: nil, people)
    try world.stall(true)
    defer { try? world.stall(false) }
    let run = try desk.begin("run", "--campaign", "Stop", "--max-batch", "1", "--concurrency", "2", "--yes", "--json")
    try run.wait { $0.out.contains("\"event\":\"sent\"") }
    run.send(SIGTERM)
    let ended = try run.finish(seconds: 20)
    try world.stall(false)
    #expect(ended.status == 75)
    #expect(ended.code == "command.incomplete")
    // Its lease is given back: the next run need not wait for it.
    #expect(try desk.run(["lanes", "list", "--json"]).events.count == 1)
    try desk("run", "--campaign", "Stop", "--yes").succeeded()
    #expect(try people.map { try world.nativeBalance(Recipient.address($0)) } == Recipient.expected(people))
  }

  @Test func `a closed window sends nothing and says to come again`() throws {
    let world = try world
    let desk = try world.desk(12)
    try desk.campaign("Window", token: nil, [1100, 1101])
    let run = try desk(
      "run", "--campaign", "Window", "--start-at", "2099-01-01T00:00:00Z", "--yes", "--json", "--give-up-after", "1")
    #expect(run.status == 75)
    #expect(run.code == "command.incomplete")
    #expect(try desk.counts("Window") == ["queued": 2])
    // The window is moved into the past: nobody is paid any more.
    let late = try desk(
      "run", "--campaign", "Window", "--end-at", "2020-01-01T00:00:00Z", "--yes", "--give-up-after", "5")
    #expect(late.status == 1, "\(late.error)")
    #expect(try desk.counts("Window") == ["failed": 2])
    let row = try desk("payouts", "list", "--campaign", "Window", "--json").events.first
    #expect(row?["error_code"]?.string == "payout.expired")
    #expect(try world.nativeBalance(Recipient.address(1100)).isZero)
    #expect(try world.nonce(12) == 0)
  }

  @Test func `a payout is compensated once, and never paid again`() throws {
    let world = try world
    let desk = try world.desk(13)
    try desk.campaign("Comp", token: nil, [1200, 1201])
    try desk("run", "--campaign", "Comp", "--yes").succeeded()
    let id = Recipient.id(1200)
    let early = try desk("payouts", "compensate", "--payout-id", id, "--reason", "lower case", "--yes")
    #expect(early.status == 65 && early.code == "payout.bad_reason")
    try desk("payouts", "compensate", "--payout-id", id, "--reason", "RETURNED", "--yes").succeeded()
    let records = try desk.export("audit").count
    try desk("payouts", "compensate", "--payout-id", id, "--reason", "RETURNED", "--yes").succeeded()
    #expect(try desk.export("audit").count == records)
    let other = try desk("payouts", "compensate", "--payout-id", id, "--reason", "OTHER", "--yes")
    #expect(other.status == 77 && other.code == "payout.idempotency_key_reused")
    try desk("run", "--campaign", "Comp", "--yes").succeeded()
    #expect(try desk.counts("Comp") == ["confirmed": 1, "compensated": 1])
    #expect(try world.nativeBalance(Recipient.address(1200)) == UInt256(UInt64(Recipient.units(1200))))
    #expect(try desk.run(["store", "check"]).status == 0)
  }
}
