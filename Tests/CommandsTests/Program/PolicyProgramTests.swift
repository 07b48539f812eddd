import Codecs
import Foundation
import Testing

/// Policies and reviews with the real binary, without a chain.
@Suite("Policies, with the real binary")
struct PolicyProgramTests {
  private static let policy = """
    {"format":1,"name":"q4","lists":[],"rules":[
      {"id":"country","when":[{"attribute":"recipient.country","op":"in","value":["IR"]}],"then":"deny","reason":"country"},
      {"id":"large","when":[{"attribute":"amount","op":"ge","value":"1000"}],"then":"review","reason":"amount_high"}],
     "otherwise":"allow"}
    """

  private let scratch: Scratch

  init() throws {
    scratch = try Scratch()
    try scratch.write(Self.policy, to: "policy.json")
    try scratch.write(
      """
      address,amount,payout_id,country
      \(Recipient.text(1)),10,small,DE
      \(Recipient.text(2)),1000,large,DE
      \(Recipient.text(3)),10,denied,IR
      \(Recipient.text(4)),10,unknown,
      """, to: "in.csv")
  }

  private func say(_ words: String...) throws -> Program.Ended {
    try Program.run(
      words + ["--json"], environment: ["AM_DB_DSN": "sqlite:" + scratch("q.db"), "AM_EVM_CHAIN_ID": "11155111"],
      folder: scratch.path)
  }

  private func loaded() throws {
    try say("airdrop", "campaigns", "create", "--name", "Q4", "--chain", "evm").succeeded()
    try say("airdrop", "recipients", "ingest", "--campaign", "Q4", "--file", "in.csv").succeeded()
  }

  @Test func `a file with a slip of the pen is refused with its place, and changes nothing`() throws {
    try loaded()
    try scratch.write(Self.policy.replacing("\"reason\":\"country\"", with: "\"raeson\":\"country\""), to: "bad.json")
    for verb in ["check", "simulate", "activate"] {
      let ended = try say(["policy", verb, "bad.json"] + (verb == "activate" ? ["--yes"] : []))
      #expect(ended.code == "policy.bad_text")
      #expect(ended.status == 65)
      #expect(ended.out.contains("rules[0]"))
    }
    #expect(try say("policy", "show").succeeded().events.first?["name"]?.string == "none")
    #expect(try say("policy", "check", "missing.json").code == "command.cannot_read")
  }

  private func say(_ words: [String]) throws -> Program.Ended {
    try Program.run(
      words + ["--json"], environment: ["AM_DB_DSN": "sqlite:" + scratch("q.db")], folder: scratch.path)
  }

  @Test func `a policy is tried, put in force, and worked off`() throws {
    try loaded()
    #expect(try say("airdrop", "screen", "--campaign", "Q4").succeeded().events.first?["policy"]?.string == "none")
    let tried = try say("policy", "simulate", "policy.json", "--campaign", "Q4").succeeded()
    #expect(Set(try tried.events(named: "change").compactMap { $0["to"]?.string }) == ["deny", "review", "held"])
    try say("policy", "activate", "policy.json", "--yes").succeeded()
    #expect(try say("policy", "activate", "policy.json", "--yes").code == "policy.in_force")
    #expect(try say("airdrop", "screen", "--campaign", "Q4").status == 1)
    let waiting = try say("airdrop", "reviews", "list", "--campaign", "Q4").succeeded().events(named: "verdict")
    #expect(
      Set(waiting.compactMap { $0["payout_id"]?.string.map { "\($0) " } ?? "" }) == ["large ", "denied ", "unknown "])
    try say("airdrop", "reviews", "clear", "--payout-id", "large", "--reason", "'; DROP TABLE payouts; --\u{1b}[2J")
      .succeeded()
    #expect(
      try say("airdrop", "reviews", "clear", "--payout-id", "unknown", "--reason", "x").code == "policy.no_review")
    try say("airdrop", "reviews", "refuse", "--payout-id", "unknown", "--reason", "no country", "--yes").succeeded()
    #expect(try say("airdrop", "reviews", "refuse", "--payout-id", "unknown", "--reason", "x", "--yes").status == 77)
    let status = try say("airdrop", "payouts", "status", "--payout-id", "unknown").succeeded().events.first
    #expect(status?["error_code"]?.string == "payout.denied")
    let report = try say("airdrop", "report", "--campaign", "Q4").succeeded().events(named: "report").first
    #expect(report?["screening"]?["policy"]?.string == "q4")
    #expect(try say("policy", "history").succeeded().events.count == 1)
    for check in [["store", "check"], ["audit", "verify"]] { try say(check).succeeded() }
  }

  /// A list that is missing holds everybody; a new version makes every verdict old.
  @Test func `a rule that asks the sanctions lists holds until there is one, and then denies whom it names`() throws {
    try loaded()
    try scratch.write(
      """
      {"format":1,"name":"listed","lists":[],"rules":[
        {"id":"listed","when":[{"attribute":"sanctions","op":"eq","value":"hit"}],"then":"deny","reason":"sanctions"}],
       "otherwise":"allow"}
      """, to: "listed.json")
    try say("policy", "activate", "listed.json", "--yes").succeeded()
    func verdicts() throws -> [String: String] {
      _ = try say("airdrop", "screen", "--campaign", "Q4")
      let rows = try say("airdrop", "reviews", "list", "--campaign", "Q4").succeeded().events(named: "verdict")
      return Dictionary(
        uniqueKeysWithValues: rows.map { ($0["payout_id"]?.string ?? "", $0["verdict"]?.string ?? "") })
    }
    #expect(try verdicts() == ["small": "held", "large": "held", "denied": "held", "unknown": "held"])
    func importing(_ addresses: String) throws {
      try scratch.write(addresses + "\n", to: "listed.txt")
      try say("lists", "import", "--from", "listed.txt", "--kind", "addresses", "--name", "desk").succeeded()
    }
    try importing(Recipient.text(2))
    #expect(try verdicts() == ["large": "deny"])
    try importing("\(Recipient.text(1))\n\(Recipient.text(2))")
    #expect(try verdicts() == ["large": "deny", "small": "deny"])
    for check in [["store", "check"], ["audit", "verify"]] { try say(check).succeeded() }
  }

  @Test func `signing is stopped and resumed, and said twice is said`() throws {
    try loaded()
    for _ in 0..<2 { try say("safety", "stop", "--reason", "a drill").succeeded() }
    #expect(try say("safety", "show").succeeded().events.first?["stopped"]?.bool == true)
    #expect(try say("safety", "stop").code == "command.usage")
    try say("safety", "resume", "--reason", "over", "--yes").succeeded()
    #expect(try say("safety", "show").succeeded().events.first?["stopped"]?.bool == false)
  }
}
