import Codecs
@testable import EVMDriver
import Foundation
import Money
import Testing

/// A chain that takes back blocks it called final, under the real binary.
@Suite("A chain that breaks its finality", .serialized)
struct BrokenFinalityTests {
  @Test func `reconcile says it, drains the lanes, and lists what the chain has lost`() throws {
    let world = try ChainWorld(seed: "broken-finality")
    let desk = try world.desk(2)
    let people = Array(3000..<3006)
    try desk.campaign("Lost", token: nil, people)
    let before = try #require(try world.call("eth_blockNumber").quantity)
    try desk("run", "--campaign", "Lost", "--yes").succeeded()
    try desk("reconcile", "--campaign", "Lost").succeeded()

    try world.stall(true)
    let head = try #require(try world.call("eth_blockNumber").quantity)
    let depth = head - before
    try world.call("dev_reorg", [["depth": .integer(depth), "blocks": .integer(depth + 3), "drop": "all"]])
    try world.stall(false)
    // Every command is a process of its own: only the store remembers the block.
    let alarm = try desk("reconcile", "--campaign", "Lost", "--json")
    #expect(alarm.status == 1 && alarm.code == "rail.finality_violated", "\(alarm.out)\(alarm.error)")
    #expect(try desk.export("audit").contains { $0["action"]?.string == "chain.finality_violated" })
    #expect(try desk.run(["lanes", "list"]).out.contains("draining (finality_violated)"))
    try desk.campaign("More", token: nil, [3010])
    #expect(try desk("run", "--campaign", "More", "--yes", "--give-up-after", "5").code == "lane.draining")

    let again = try desk("reconcile", "--campaign", "Lost", "--json")
    #expect(again.status == 1)
    let lost = try again.events(named: "unmatched")
    #expect(lost.map { $0["kind"]?.string } == people.map { _ in "ledger_only" })
    #expect(Set(lost.compactMap { $0["payout_id"]?.string }) == Set(people.map(Recipient.id)))
    #expect(try people.allSatisfy { try world.nativeBalance(Recipient.address($0)).isZero })
  }
}
