import Codecs
import Foundation
import Money
import Testing

/// Payouts that nobody can tell the fate of, on the development chain: what nodes say, and what two people may say.
@Suite("Two people settle unknown payouts", .serialized)
struct SettleTests {
  static let world = Result { try ChainWorld(seed: "settle") }
  private var world: ChainWorld { get throws { try Self.world.get() } }

  @Test func `a payout that was credited another sum is settled by two, in the ledger alone`() throws {
    let world = try world
    let token = try world.deployToken("FeeToken", more: [(.uint(UInt256(100)), .uint(bits: 256))])
    let desk = try world.desk(5)
    try world.invoke(
      token, "transfer(address,uint256)", [.address(try world.address(5)), .uint(UInt256(10_000_000))],
      [.address, .uint(bits: 256)])
    try desk.campaign("Fee", token: token, [400, 401])
    let run = try desk(
      "run", "--campaign", "Fee", "--mode", "canary", "--canary", "1", "--yes", "--json", "--give-up-after", "5")
    #expect(run.code == "command.needs_people")
    let nonce = try world.nonce(5)
    let seat = PeopleSeat(desk.scratch, desk.environment)
    try seat.enrol([("anna", "approver"), ("olga", "operator")])
    let unknown = try seat.type("anna", ["airdrop", "payouts", "unknown", "--campaign", "Fee"])
    #expect(unknown.status == 1)
    let id = try #require(try unknown.events.first?["payout_id"]?.string)
    let keys = (anna: try seat.key("anna"), olga: try seat.key("olga"))
    func settle(_ who: String, _ word: String, _ more: [String]) throws -> Program.Ended {
      try seat.type(
        who, ["airdrop", "payouts", "settle", "--payout-id", id, "--as", word, "--seen", "the receipt", "--yes"] + more)
    }
    #expect(try settle("anna", "maybe", keys.anna).code == "command.usage")
    #expect(try settle("anna", "not-paid", []).code == "people.wrong_key")
    #expect(try settle("anna", "not-paid", keys.olga).code == "people.wrong_key")
    #expect(
      try settle("anna", "not-paid", keys.anna + ["--transaction", String(repeating: "1", count: 64)]).code
        == "payout.contradicted")
    let made = try settle("anna", "not-paid", keys.anna)
    #expect(made.status == 75)
    let number = try #require(try made.events(named: "proposed").first?["proposal"]?.uint64.map { String($0) })
    #expect(try seat.type("olga", ["proposals", "confirm", number, "--yes"]).code == "command.usage")
    #expect(try settle("anna", "not-paid", keys.anna + ["--confirm", number]).code == "people.two_sides")
    // Who saw something else does not confirm.
    #expect(try settle("olga", "paid", keys.olga + ["--confirm", number]).code == "people.proposal_changed")
    #expect(try desk.counts("Fee")["submitted"] == 1)
    try settle("olga", "not-paid", keys.olga + ["--confirm", number]).succeeded()
    try settle("olga", "not-paid", keys.olga + ["--confirm", number]).succeeded()
    let status = try seat.type("anna", ["airdrop", "payouts", "status", "--payout-id", id]).succeeded().events.first
    #expect(status?["status"]?.string == "failed" && status?["error_code"]?.string == "payout.settled_unpaid")
    #expect(try seat.type("anna", ["airdrop", "payouts", "unknown"]).succeeded().events.isEmpty)
    for check in [["store", "check"], ["audit", "verify"]] { try seat.type("olga", check).succeeded() }
    #expect(try world.nonce(5) == nonce)
  }

  @Test func `a payout that no node tells of is settled by a named transaction, and never against a node's word`()
    throws
  {
    let world = try world
    let desk = try world.desk(6)
    try desk.campaign("Late", token: nil, [500])
    try world.stall(true)
    defer { try? world.stall(false) }
    let run = try desk(
      "run", "--campaign", "Late", "--yes", "--json", "--give-up-after", "3", environment: ["AM_PATIENCE_MS": "1"])
    #expect(run.status != 0)
    let seat = PeopleSeat(desk.scratch, desk.environment)
    try seat.enrol([("anna", "approver"), ("olga", "operator")])
    let unknown = try seat.type("anna", ["airdrop", "payouts", "unknown"])
    let told = try #require(try unknown.events(named: "unknown").first)
    #expect(told["spent"]?.bool == false, "\(unknown.out)")
    let sent = try #require(told["attempts"]?.array?.first?.string)
    let id = try #require(told["payout_id"]?.string)
    let keys = (anna: try seat.key("anna"), olga: try seat.key("olga"))
    let dead = ["AM_EVM_RPC": "http://127.0.0.1:1"]
    let block = ["--block", "7", "--block-hash", String(repeating: "7", count: 64)]
    func settle(_ who: String, _ word: String, _ more: [String], _ environment: [String: String] = [:]) throws
      -> Program.Ended
    {
      try seat.type(
        who, ["airdrop", "payouts", "settle", "--payout-id", id, "--as", word, "--seen", "explorer", "--yes"] + more,
        environment)
    }
    // Without a name nothing is released, whatever the nodes say or do not say.
    for place in [[:], dead] {
      #expect(try settle("anna", "not-paid", keys.anna, place).code == "payout.spender_not_named")
    }
    let stranger = ["--transaction", String(repeating: "9", count: 64)] + block
    let ours = ["--transaction", sent] + block
    // A quorum says that the nonce is not spent.
    for words in [("paid", ours), ("not-paid", ours), ("not-paid", stranger)] {
      #expect(try settle("anna", words.0, keys.anna + words.1).code == "payout.contradicted")
    }
    #expect(try settle("anna", "paid", keys.anna + stranger, dead).code == "payout.contradicted")
    // The nodes are gone: two people who name our own transaction may say that it was paid.
    let made = try settle("anna", "paid", keys.anna + ours, dead)
    let number = try #require(try made.events(named: "proposed").first?["proposal"]?.uint64.map { String($0) })
    let other = ["--transaction", sent, "--block", "8", "--block-hash", String(repeating: "7", count: 64)]
    #expect(
      try settle("olga", "paid", keys.olga + other + ["--confirm", number], dead).code == "people.proposal_changed")
    #expect(try settle("olga", "paid", keys.olga + ours + ["--confirm", number]).code == "payout.contradicted")
    try settle("olga", "paid", keys.olga + ours + ["--confirm", number], dead).succeeded()
    #expect(try seat.type("anna", ["airdrop", "payouts", "unknown"], dead).succeeded().events.isEmpty)
    let status = try seat.type("anna", ["airdrop", "payouts", "status", "--payout-id", id]).succeeded().events.first
    #expect(status?["status"]?.string == "confirmed")
    let evidence = try desk.run(["audit", "verify"], environment: ["AM_SESSION_FILE": desk.scratch("olga.session")])
    #expect(evidence.status == 0)
    try seat.type("olga", ["store", "check"]).succeeded()
  }
}
