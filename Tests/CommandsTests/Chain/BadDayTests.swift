import Codecs
import Foundation
import Keys
import Money
import SQLite
import Testing

/// What goes wrong, or is done by hand, with the real binary on the development chain.
@Suite("Bad days on the development chain", .serialized)
struct BadDayTests {
  static let world = Result { try ChainWorld(seed: "bad-day") }
  private var world: ChainWorld { get throws { try Self.world.get() } }

  private func natives(_ people: [Int]) throws -> [UInt256] {
    try people.map { try world.nativeBalance(Recipient.address($0)) }
  }

  @Test func `after a restore nobody is paid twice: the lane drains until the signer's log was asked`() throws {
    let desk = try world.desk(2)
    let (first, second) = (Array(2000..<2004), Array(2010..<2014))
    try desk.campaign("Before", token: nil, first)
    try desk.campaign("After", token: nil, second)
    try desk("run", "--campaign", "Before", "--yes").succeeded()
    try desk("snapshot", "export", "--campaign", "After", "--file", "q4.snapshot").succeeded()
    #expect(
      try desk("snapshot", "export", "--campaign", "After", "--file", "q4.snapshot").code == "command.file_exists")
    try desk("run", "--campaign", "After", "--yes").succeeded()

    // The disk is lost; the signer's log is on another one.
    let restored = [
      "AM_DB_DSN": "sqlite:" + desk.scratch("restored.db"), "AM_SIGNING_LOG": desk.scratch("desk.db.signer.db"),
      "AM_CHECKPOINT_KEY": desk.scratch("desk.db.seal"),
    ]
    try desk("snapshot", "restore", "--file", "q4.snapshot", "--yes", environment: restored).succeeded()
    #expect(
      try desk("snapshot", "restore", "--file", "q4.snapshot", "--yes", environment: restored).code
        == "command.file_exists")
    let spent = try world.nonce(2)
    let drained = try desk("run", "--campaign", "After", "--yes", "--give-up-after", "5", environment: restored)
    #expect(drained.status == 1, "\(drained.out)\(drained.error)")
    #expect(drained.code == "lane.draining")
    #expect(try world.nonce(2) == spent)
    let early = try desk.run(["lanes", "reopen", "--yes"], environment: restored)
    #expect(early.code == "store.conflict")

    let adopted = try desk.run(["lanes", "adopt", "--json"], environment: restored).succeeded()
    #expect(try adopted.events(named: "adopted").first?["batches"]?.uint64 == 1)
    let again = try desk.run(["lanes", "adopt", "--json"], environment: restored).succeeded()
    #expect(try again.events(named: "adopted").first?["batches"]?.uint64 == 0)
    try desk.run(["lanes", "reopen", "--yes"], environment: restored).succeeded()
    try desk("run", "--campaign", "After", "--yes", environment: restored).succeeded()
    #expect(try world.nonce(2) == spent)
    #expect(try natives(first + second) == Recipient.expected(first + second))
    try desk("reconcile", "--campaign", "After", environment: restored).succeeded()
    try desk.run(["store", "check"], environment: restored).succeeded()
  }

  @Test func `two runs at once on one store pay everybody once`() throws {
    let desk = try world.desk(3)
    let people = Array(2100..<2112)
    try desk.campaign("Twice", token: nil, people)
    let runs = try (0..<2).map { _ in
      try desk.begin(
        "run", "--campaign", "Twice", "--max-batch", "2", "--concurrency", "3", "--yes", "--json", "--give-up-after",
        "40")
    }
    let ended = try runs.map { try $0.finish() }
    #expect(ended.allSatisfy { [0, 75].contains($0.status) }, "\(ended.map(\.status)) \(ended.map(\.out))")
    #expect(ended.contains { $0.status == 0 })
    try desk("run", "--campaign", "Twice", "--yes").succeeded()
    #expect(try natives(people) == Recipient.expected(people))
    #expect(try desk.run(["store", "check"]).status == 0)
  }

  @Test func `a token that returns false fails that row alone`() throws {
    let world = try world
    let token = try world.deployToken("FalseToken")
    let desk = try world.desk(4)
    try world.mint(token, to: try world.address(4), 1_000_000)
    let people = Array(2200..<2206)
    let refused = people[2]
    try world.invoke(
      token, "setRefused(address,bool)", [.address(Recipient.address(refused)), .bool(true)], [.address, .bool])
    try desk.campaign("False", token: token, people)
    let run = try desk("run", "--campaign", "False", "--yes", "--json")
    #expect(run.status == 1 && run.code == "command.needs_people", "\(run.error)\(run.out)")
    let failed = try desk("payouts", "list", "--campaign", "False", "--status", "failed", "--json").events
    #expect(failed.compactMap { $0["payout_id"]?.string } == [Recipient.id(refused)])
    #expect(["payout.not_credited", "payout.reverted"].contains(failed.first?["error_code"]?.string))
    let paid = people.filter { $0 != refused }
    #expect(try world.balances(paid, of: token) == Recipient.expected(paid))
    // One transfer in each transaction: the same answer, without a contract in between.
    let plain = try world.desk(5, batchContract: false)
    try world.mint(token, to: try world.address(5), 1_000_000)
    try plain.campaign("Plain", token: token, [refused, 2290])
    #expect(try plain("run", "--campaign", "Plain", "--yes").status == 1)
    let row = try #require(
      try plain("payouts", "list", "--campaign", "Plain", "--status", "failed", "--json").events.first)
    #expect(row["error_code"]?.string == "payout.not_credited")
    #expect(try plain.counts("Plain") == ["confirmed": 1, "failed": 1])
  }

  @Test func `a recipient that rejects is found by halving; only it fails`() throws {
    let world = try world
    let rejecting = try world.deploy("RejectingRecipient", [.uint(.one)], [.uint(bits: 256)])
    let desk = try world.desk(6)
    let people = Array(2300..<2307)
    var rows = Recipient.file(people).split(separator: "\n").map(String.init)
    rows.insert("\(EIP55.text(rejecting)),77,pay-rejecting", at: 4)
    try desk.campaign("Reject", token: nil, file: rows.joined(separator: "\n") + "\n")
    let run = try desk("run", "--campaign", "Reject", "--yes", "--json")
    #expect(run.status == 1, "\(run.error)\(run.out)")
    let failed = try desk("payouts", "list", "--campaign", "Reject", "--status", "failed", "--json").events
    #expect(failed.compactMap { $0["payout_id"]?.string } == ["pay-rejecting"])
    #expect(failed.first?["error_code"]?.string == "payout.reverted")
    #expect(try natives(people) == Recipient.expected(people))
    // The operator settles it in the ledger; then the campaign is done.
    try desk("payouts", "compensate", "--payout-id", "pay-rejecting", "--reason", "REFUSED", "--yes").succeeded()
    try desk("run", "--campaign", "Reject", "--yes").succeeded()
  }

  @Test(.enabled(if: SoftToken.isInstalled))
  func `a key in an HSM pays, found by its slot, with the PIN from a file`() throws {
    let world = try world
    let desk = try world.desk(7)
    let token = try SoftToken(desk.scratch)
    var hsm = token.environment.merging(["AM_KEYSTORE": "", "AM_KEYSTORE_PASSWORD_FILE": ""]) { $1 }
    hsm["AM_HSM_URI"] = token.uri
    let none = try desk.run(["keys", "show"], environment: hsm)
    #expect(none.status == 78 && none.code == "signing.pin_missing", "\(none.error)")
    hsm["AM_HSM_PIN_FILE"] = token.pinFile
    #expect(try desk.run(["keys", "show"], environment: hsm).code == "signing.key_not_found")
    let made = try desk.run(["keys", "generate", "--label", "lane", "--json"], environment: hsm).succeeded()
    let account = try #require(try made.events.first?["account"]?.string)
    #expect(try desk.run(["keys", "generate", "--label", "lane"], environment: hsm).status != 0)
    #expect(try desk.run(["keys", "show"], environment: hsm).out.contains(account))
    try world.call("dev_setBalance", [.string(account), "0xde0b6b3a7640000"])

    let people = Array(2400..<2404)
    try desk.campaign("HSM", token: nil, people)
    hsm["AM_HSM_URI"] = token.uri + "&pin-source=file:\(token.pinFile)"
    try desk("run", "--campaign", "HSM", "--yes", environment: hsm).succeeded()
    #expect(try natives(people) == Recipient.expected(people))
    #expect(try desk.run(["lanes", "list", "--json"]).events.first?["account"]?.string == account)
    // The PIN is nowhere: not in what was said, nor in what was written.
    for name in try desk.scratch.names where name.hasPrefix("desk.db") && !name.hasSuffix(".seal") {
      let data = try Data(contentsOf: URL(filePath: desk.scratch(name)))
      #expect(data.range(of: Data("4321-desk".utf8)) == nil, "\(name)")
    }
  }

  /// Settings with a keystore for each of these accounts.
  private func keys(of accounts: [Int], _ desk: Desk) throws -> [String: String] {
    let password = try SecretFile.read(desk.scratch("password"))
    try FileManager.default.createDirectory(atPath: desk.scratch("keys"), withIntermediateDirectories: false)
    for account in accounts {
      try KeystoreFile.writeDevelopment(
        seed: "bad-day:evm:\(account)", to: desk.scratch("keys/\(account).json"), password: password)
    }
    return ["AM_KEYSTORE": desk.scratch("keys")]
  }

  @Test func `two keys are two lanes, and share the work`() throws {
    let world = try world
    let desk = try world.desk(8)
    let keys = try keys(of: [8, 9], desk)
    let people = Array(2500..<2512)
    try desk.campaign("Lanes", token: nil, people)
    let run = try desk(
      "run", "--campaign", "Lanes", "--max-batch", "2", "--concurrency", "2", "--yes", "--json", environment: keys)
    try run.succeeded()
    #expect(try natives(people) == Recipient.expected(people))
    #expect(try desk.run(["lanes", "list", "--json"]).events.count == 2)
    let nonces = try [world.nonce(8), world.nonce(9)]
    #expect(nonces.allSatisfy { $0 > 0 } && nonces.reduce(0, +) == 6, "\(nonces) \(run.out)")
    try desk("reconcile", "--campaign", "Lanes", environment: keys).succeeded()
  }

  @Test func `what one account cannot pay the others do, when together they can`() throws {
    let world = try world
    let desk = try world.funded(13, units: 100_000)
    let keys = try keys(of: [13, 14], desk)
    let people = Array(2550..<2556)
    try desk.campaign("Together", token: world.token, people)
    let quote = try desk("quote", "--campaign", "Together", "--json", environment: keys)
    try quote.succeeded()
    let event = try #require(try quote.events(named: "quote").first)
    let senders = try #require(event["senders"]?.array)
    #expect(senders.count == 2 && event["setup_transactions"]?.uint64 == 2)
    #expect(Set(senders.map { $0["token_balance"]?.string }) == ["0", "100000"])

    // The account without tokens alone is refused, by what it lacks.
    let total = people.map(Recipient.units).reduce(0, +)
    let poor = ["AM_KEYSTORE": desk.scratch("keys/14.json")]
    let refused = try desk("run", "--campaign", "Together", "--yes", environment: poor)
    #expect(refused.status == 77 && refused.code == "command.insufficient_funds")
    #expect(refused.out.contains("lacks         \(total) base units of the token"))
    #expect(try desk.counts("Together") == ["queued": people.count] && desk.status("Together") == "pending")

    try desk("run", "--campaign", "Together", "--max-batch", "2", "--yes", environment: keys).succeeded()
    #expect(try world.balances(people, of: world.token) == Recipient.expected(people))
  }

  @Test func `a transfer that is not ours is found by reconciling, row and reason`() throws {
    let world = try world
    let desk = try world.funded(10)
    let people = Array(2600..<2604)
    try desk.campaign("Match", token: world.token, people)
    try desk("run", "--campaign", "Match", "--yes").succeeded()
    try desk("reconcile", "--campaign", "Match").succeeded()
    // Somebody with the lane's key pays on the side.
    try world.invoke(
      world.token, "transfer(address,uint256)", [.address(Recipient.address(2699)), .uint(UInt256(5))],
      [.address, .uint(bits: 256)], from: 10)
    try world.settle()
    let run = try desk("reconcile", "--campaign", "Match", "--json")
    #expect(run.status == 1)
    let unmatched = try run.events(named: "unmatched")
    #expect(unmatched.count == 1)
    #expect(unmatched.first?["kind"]?.string == "chain_only")
    #expect(unmatched.first?["address"]?.string == Recipient.text(2699))
    #expect(unmatched.first?["units"]?.string == "5")
    #expect(unmatched.first?["transaction"]?.string?.hasPrefix("0x") == true)
    #expect(try run.events(named: "reconciled").first?["clean"]?.bool == false)
    #expect(try desk("reconcile", "--campaign", "Match").out.contains("unmatched chain_only"))
  }

  @Test func `an export from a cursor on gives only what is new`() throws {
    let desk = try world.desk(11)
    try desk.campaign("Export", token: nil, [2700, 2701])
    func cursor(_ dataset: String, since: String? = nil) throws -> (rows: [JSON], next: String) {
      let more = since.map { ["--since", $0] } ?? []
      let run = try desk.run(["export", "--dataset", dataset, "--format", "jsonl"] + more).succeeded()
      let next = try #require(run.error.split(separator: " ").last.map { String($0.filter { !$0.isNewline }) })
      return (try run.events, next)
    }
    let sets = ["payouts", "recipients", "audit", "ledger"]
    var marks: [String: String] = [:]
    for dataset in sets {
      let all = try cursor(dataset)
      #expect(!all.rows.isEmpty, "\(dataset)")
      let none = try cursor(dataset, since: all.next)
      #expect(none.rows.isEmpty && none.next == all.next, "\(dataset)")
      marks[dataset] = all.next
    }
    let more = try desk.scratch.write(Recipient.file([2702]), to: "more.csv")
    try desk("recipients", "ingest", "--campaign", "Export", "--file", more).succeeded()
    try desk("run", "--campaign", "Export", "--yes").succeeded()
    for dataset in sets {
      let since = try #require(marks[dataset])
      let added = try cursor(dataset, since: since)
      #expect(!added.rows.isEmpty, "\(dataset)")
      let all = try cursor(dataset)
      #expect(all.next == added.next, "\(dataset)")
      #expect(all.rows.suffix(added.rows.count).elementsEqual(added.rows), "\(dataset)")
    }
    #expect(
      try cursor("payouts", since: marks["payouts"]).rows.compactMap { $0["payout_id"]?.string } == [Recipient.id(2702)]
    )
    // A campaign made before another one grows later: its new rows are new all the same.
    try desk.campaign("Later", token: nil, [2710])
    let both = try sets.map { ($0, try cursor($0).next) }
    let last = try desk.scratch.write(Recipient.file([2703]), to: "last.csv")
    let first = try desk("campaigns", "create", "--name", "First", "--chain", "evm")
    #expect(first.status == 0)
    try desk("recipients", "ingest", "--campaign", "First", "--file", last).succeeded()
    let older = try desk.scratch.write(Recipient.file([2711]), to: "older.csv")
    try desk("recipients", "ingest", "--campaign", "Later", "--file", older).succeeded()
    for (dataset, since) in both {
      let added = try cursor(dataset, since: since).rows
      #expect(added.count == (dataset == "audit" ? added.count : 2), "\(dataset)")
      if dataset != "ledger" {
        #expect(added.contains { "\($0)".contains("Later") || dataset == "audit" }, "\(dataset)")
      }
    }
    let csv = try desk.run(["export", "--dataset", "payouts", "--format", "csv"]).succeeded()
    #expect(csv.out.split(separator: "\n").count == 7)
    for bad in ["x", "-1", "1:2:3", "1:x", ""] {
      let run = try desk.run(["export", "--dataset", "audit", "--since", bad])
      #expect(run.status == 64, "\(bad): \(run.error)")
    }
  }

  @Test func `a changed byte in the audit trail is found and named`() throws {
    let desk = try world.desk(12)
    try desk.campaign("Audit", token: nil, [2800, 2801])
    try desk("run", "--campaign", "Audit", "--yes").succeeded()
    let whole = try desk.run(["audit", "verify", "--json"]).succeeded()
    #expect(try whole.events.first?["whole"]?.bool == true)
    do {
      let store = try Connection(path: desk.scratch("desk.db"))
      try store.execute("DROP TRIGGER audit_log_no_update")
      try store.execute(
        """
        UPDATE audit_log SET details = replace(details, '1', '2')
        WHERE action = 'payout.submitted'
        """)
      #expect(store.changes == 1)
    }
    let verify = try desk.run(["audit", "verify", "--json"])
    #expect(verify.status == 1)
    let report = try #require(try verify.events.first)
    #expect(report["whole"]?.bool == false)
    let rows = try desk.export("audit").filter { $0["action"]?.string == "payout.submitted" }
    let place = try #require(rows.first?["seq"]?.string ?? rows.first?["sequence"]?.string)
    let findings = report["findings"]?.array?.compactMap(\.string) ?? []
    #expect(findings.contains { $0.contains("audit.") && $0.contains(place) }, "\(findings)")
    #expect(try desk("report", "--campaign", "Audit", "--verify").status == 1)
  }
}
