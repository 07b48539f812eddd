import Codecs
import Foundation
import Testing

/// Policies by two people, with the real binary.
@Suite("Acts of two people, with the real binary")
struct ProposalProgramTests {
  private static func policy(_ name: String) -> String {
    """
    {"format":1,"name":"\(name)","lists":[],"rules":[
      {"id":"large","when":[{"attribute":"amount","op":"ge","value":"1000"}],"then":"review","reason":"amount_high"}],
     "otherwise":"allow"}
    """
  }

  private let scratch: Scratch
  private let seat: PeopleSeat

  init() throws {
    scratch = try Scratch()
    seat = PeopleSeat(scratch, ["AM_DB_DSN": "sqlite:" + scratch("q.db"), "AM_EVM_CHAIN_ID": "31337"])
    for name in ["one", "two"] { try scratch.write(Self.policy(name), to: "\(name).json") }
  }

  private func propose(_ who: String, _ file: String) throws -> String {
    let ended = try seat.type(who, ["policy", "activate", file, "--yes"])
    #expect(ended.status == 75, "\(ended.out) \(ended.error)")
    return try #require(try ended.events(named: "proposed").first?["proposal"]?.uint64.map { String($0) })
  }

  private func inForce(_ who: String = "olga") throws -> String? {
    try seat.type(who, ["policy", "show"]).succeeded().events.first?["name"]?.string
  }

  @Test func `nobody enrolled: the single operator puts a policy in force, and is told that nobody was asked`() throws {
    let ended = try Program.run(
      ["policy", "activate", "one.json", "--yes"], environment: ["AM_DB_DSN": "sqlite:" + scratch("alone.db")],
      folder: scratch.path)
    // There is no store yet.
    #expect(ended.status != 0)
    var alone = seat.environment
    alone["AM_APPROVALS"] = nil
    func say(_ line: String...) throws -> Program.Ended {
      try Program.run(line, environment: alone, folder: scratch.path)
    }
    try say("airdrop", "campaigns", "create", "--name", "Q4", "--chain", "evm").succeeded()
    let done = try say("policy", "activate", "one.json", "--yes").succeeded()
    #expect(done.error.contains("no second person was asked"))
    #expect(try say("policy", "history").succeeded().out.contains("the same person"))
    alone["AM_MODE"] = "production"
    alone["AM_APPROVALS"] = "1/1"
    #expect(
      try Program.run(["policy", "activate", "two.json", "--yes"], environment: alone, folder: scratch.path).code
        == "people.no_session")
  }

  @Test func `a policy waits for another admin, and is in force when that one said yes`() throws {
    try seat.enrol([("mia", "admin"), ("anna", "approver"), ("olga", "operator")])
    let number = try propose("root", "one.json")
    #expect(try propose("root", "one.json") == number && inForce() == "none")
    let yes = ["proposals", "confirm", number, "--yes"]
    #expect(try seat.type("root", yes).code == "people.two_sides")
    #expect(try seat.type("anna", yes).code == "people.forbidden")
    #expect(try seat.type("nobody", yes).code == "people.no_session")
    #expect(try seat.type("root", ["proposals", "confirm", "99", "--yes"]).code == "people.not_found")
    let shown = try seat.type("olga", ["proposals", "show", number]).succeeded().events.first
    #expect(shown?["state"]?.string == "open" && shown?["initiator"]?.string == "person:root")
    #expect(shown?["content"]?.string?.contains("amount_high") == true)
    #expect(try inForce() == "none")
    try seat.type("mia", yes).succeeded()
    #expect(try inForce() == "one")
    // Again by the same person is done already; by the other it is not theirs.
    try seat.type("mia", yes).succeeded()
    #expect(try seat.type("root", yes).code == "people.two_sides")
    let kept = try seat.type("olga", ["policy", "history"]).succeeded().events
    #expect(kept.count == 1 && kept[0]["proposed_by"]?.string == "person:root")
    #expect(kept[0]["activated_by"]?.string == "person:mia")
    #expect(try seat.type("root", ["policy", "activate", "one.json", "--yes"]).code == "policy.in_force")
    for check in [["audit", "verify"], ["store", "check"]] { try seat.type("olga", check).succeeded() }
  }

  @Test func `what was replaced meanwhile, rejected or proposed anew is not confirmed`() throws {
    try seat.enrol([("mia", "admin"), ("olga", "operator")])
    let one = try propose("root", "one.json")
    let two = try propose("mia", "two.json")
    try seat.type("root", ["proposals", "confirm", two, "--yes"]).succeeded()
    // The first was to replace nothing, and would replace the second now.
    #expect(try seat.type("mia", ["proposals", "confirm", one, "--yes"]).code == "people.proposal_changed")
    let again = try propose("root", "one.json")
    #expect(again != one)
    #expect(try seat.type("mia", ["proposals", "confirm", one, "--yes"]).status != 0)
    let listed = try seat.type("root", ["proposals", "list"]).succeeded().events
    #expect(listed.compactMap { $0["state"]?.string } == ["open", "confirmed", "void"])
    #expect(try seat.type("mia", ["proposals", "reject", again]).code == "command.usage")
    try seat.type("mia", ["proposals", "reject", again, "--reason", "'; DROP TABLE proposals; --"]).succeeded()
    #expect(try seat.type("mia", ["proposals", "confirm", again, "--yes"]).code == "people.proposal_over")
    #expect(try inForce() == "two")
    try seat.type("olga", ["audit", "verify"]).succeeded()
  }

  @Test func `one person never settles an unknown payout, and no payout is settled that is not unknown`() throws {
    var alone = seat.environment
    alone["AM_APPROVALS"] = nil
    let line = ["airdrop", "payouts", "settle", "--payout-id", "p1", "--as", "not-paid", "--seen", "x", "--json"]
    try scratch.write("address,amount,payout_id\n\(Recipient.text(1)),10,p1\n", to: "in.csv")
    for words in [
      ["airdrop", "campaigns", "create", "--name", "Q4", "--chain", "evm"],
      ["airdrop", "recipients", "ingest", "--campaign", "Q4", "--file", "in.csv"],
    ] { try Program.run(words, environment: alone, folder: scratch.path).succeeded() }
    #expect(try Program.run(line, environment: alone, folder: scratch.path).code == "people.second_person_needed")
    try seat.enrol([("anna", "approver"), ("olga", "operator"), ("ina", "initiator")])
    #expect(try seat.type("anna", line).code == "payout.not_unknown")
    for who in ["root", "ina"] { #expect(try seat.type(who, line).code == "people.forbidden") }
    #expect(try seat.type("olga", ["airdrop", "payouts", "unknown"]).succeeded().events.isEmpty)
  }

  @Test func `the address book counts after its delay, restarts with a change, and forgets at once`() throws {
    try seat.enrol([("anna", "approver"), ("olga", "operator")])
    func book(_ delay: String = "48h") throws -> Set<[String]> {
      Set(
        try seat.type("olga", ["addresses", "list"], ["AM_ADDRESS_BOOK_DELAY": delay]).succeeded().events.map {
          [$0["label"]?.string ?? "", $0["usable"]?.bool == true ? "usable" : "waits"]
        })
    }
    let add = ["addresses", "add", "--address", Recipient.text(1), "--label", "cold"]
    #expect(try seat.type("olga", add).code == "people.forbidden")
    let first = try seat.type("anna", add).succeeded().events.first
    let usable = try #require(first?["usable_at"]?.uint64)
    let now = UInt64(Date().timeIntervalSince1970 * 1000)
    #expect(usable > now + 172_000_000 && usable <= now + 172_800_000)
    #expect(try book() == [["cold", "waits"]])
    // The same again does not begin anew; another delay does not shorten what waits; a change begins anew.
    #expect(
      try seat.type("anna", add, ["AM_ADDRESS_BOOK_DELAY": "0h"]).succeeded().events.first?["usable_at"]?.uint64
        == usable)
    #expect(try book("0h") == [["cold", "waits"]])
    let changed = ["addresses", "add", "--address", Recipient.text(1), "--label", "warm"]
    let second = try seat.type("anna", changed).succeeded().events.first?["usable_at"]?.uint64
    #expect(try #require(second) > usable)
    try scratch.write("address,label\n\(Recipient.text(2)),two\r\n\(Recipient.text(3)),a, b\n", to: "book.csv")
    try seat.type("anna", ["addresses", "import", "book.csv"], ["AM_ADDRESS_BOOK_DELAY": "0h"]).succeeded()
    #expect(try book() == [["warm", "waits"], ["two", "usable"], ["a, b", "usable"]])
    try seat.type("anna", ["addresses", "remove", "--address", Recipient.text(2)]).succeeded()
    #expect(
      try seat.type("anna", ["addresses", "remove", "--address", Recipient.text(2)]).code
        == "policy.not_in_address_book")
    #expect(try book() == [["warm", "waits"], ["a, b", "usable"]])
    try scratch.write("\(Recipient.text(4)),four\nnonsense,x\n", to: "bad.csv")
    #expect(try seat.type("anna", ["addresses", "import", "bad.csv"]).code == "policy.bad_text")
    try scratch.write("\(Recipient.text(4)),four\n\(Recipient.text(4)),five\n", to: "bad.csv")
    #expect(try seat.type("anna", ["addresses", "import", "bad.csv"]).code == "policy.bad_text")
    #expect(try seat.type("anna", add.dropLast() + ["\u{1b}[2J"]).code == "policy.bad_text")
    #expect(try book().count == 2)
    for delay in ["-1h", "48", "3w", "91d"] {
      #expect(try seat.type("anna", add, ["AM_ADDRESS_BOOK_DELAY": delay]).code == "config.bad_value")
    }
  }

  @Test func `a rule that asks the address book holds those who are not in it`() throws {
    var alone = seat.environment
    alone["AM_APPROVALS"] = nil
    alone["AM_ADDRESS_BOOK_DELAY"] = "0h"
    func say(_ line: String...) throws -> Program.Ended {
      try Program.run(line + ["--json"], environment: alone, folder: scratch.path)
    }
    try scratch.write(
      """
      {"format":1,"name":"book","lists":[],"rules":[
        {"id":"book","when":[{"attribute":"recipient.in_address_book","op":"eq","value":"no"}],"then":"deny","reason":"book"},
        {"id":"young","when":[{"attribute":"recipient.address_book_hours","op":"lt","value":1}],"then":"review","reason":"new"}],
       "otherwise":"allow"}
      """, to: "book.json")
    try scratch.write(
      "address,amount,payout_id\n\(Recipient.text(1)),10,in\n\(Recipient.text(2)),10,out\n", to: "in.csv")
    try say("airdrop", "campaigns", "create", "--name", "Q4", "--chain", "evm").succeeded()
    try say("airdrop", "recipients", "ingest", "--campaign", "Q4", "--file", "in.csv").succeeded()
    try say("addresses", "add", "--address", Recipient.text(1), "--label", "one").succeeded()
    try say("policy", "activate", "book.json", "--yes").succeeded()
    func verdicts() throws -> Set<String> {
      _ = try say("airdrop", "screen", "--campaign", "Q4")
      let waiting = try say("airdrop", "reviews", "list", "--campaign", "Q4").events(named: "verdict")
      return Set(waiting.map { "\($0["payout_id"]?.string ?? "") \($0["verdict"]?.string ?? "")" })
    }
    let first = try verdicts()
    #expect(first == ["in review", "out deny"])
    // A removal makes every verdict old, at once.
    try say("addresses", "remove", "--address", Recipient.text(1)).succeeded()
    let second = try verdicts()
    #expect(second == ["in deny", "out deny"])
  }
}
