import Codecs
import Foundation
import Testing

/// Who may act as whom, with the real binary.
@Suite("People and lotteries, with the real binary")
struct LotteryPeopleTests {
  private let scratch: Scratch
  private let seat: PeopleSeat

  init() throws {
    scratch = try Scratch()
    seat = PeopleSeat(scratch, ["AM_DB_DSN": "sqlite:" + scratch("q.db"), "AM_EVM_CHAIN_ID": "31337"])
  }

  private func ask(_ who: String, _ key: String, _ line: String...) throws -> Program.Ended {
    try seat.type(who, ["lottery"] + line + ["--key", key])
  }

  private func address(_ who: String) throws -> String {
    try #require(try seat.type(who, ["lottery", "address"]).succeeded().events.first?["address"]?.string)
  }

  @Test func `a person acts as the admin within their permission, as themselves, and as nobody else`() throws {
    try seat.enrol([("olga", "operator"), ("anna", "initiator")])
    #expect(try ask("anna", "a", "init_registry", "--admin", "0xad").code == "people.forbidden")
    #expect(try ask("nobody", "a", "init_registry", "--admin", "0xad").code == "people.no_session")
    #expect(try ask("olga", "a", "init_registry", "--admin", "0xad", "--as", "0xee").code == "lottery_desk.not_allowed")
    try ask("olga", "a", "init_registry", "--admin", "0xad").succeeded()
    let anna = try address("anna")
    #expect(try ask("olga", "b", "init_sales", "--as", anna).code == "lottery_desk.not_allowed")
    // As oneself: allowed, and the engine says that one is not the admin.
    #expect(try ask("olga", "b", "init_sales", "--as", "me").code == "lottery.not_authorized")
    try ask("olga", "b", "init_sales", "--as", "0xad").succeeded()
    // Buyers do not log in; whoever may sell names them.
    let buyer = "0x000000000000000000000000000000000000c0f1"
    let sale = ["purchase_tickets_public", "--id", "7", "--quantity", "1"]
    #expect(try seat.type("olga", ["lottery"] + sale + ["--key", "c", "--as", buyer]).code == "lottery.not_found")
    #expect(try seat.type("olga", ["lottery"] + sale + ["--key", "c"]).code == "command.usage")
    #expect(try seat.type("anna", ["lottery"] + sale + ["--key", "c", "--as", buyer]).code == "people.forbidden")
    // The journal knows who it was.
    let rows = try seat.type("root", ["audit", "verify"]).succeeded()
    #expect(rows.status == 0)
  }

  @Test func `the stop is cleared by two people as themselves`() throws {
    try seat.enrol([("olga", "operator"), ("otto", "operator")])
    try ask("olga", "a", "init_registry", "--admin", "0xad").succeeded()
    let operators = try [address("olga"), address("otto")].joined(separator: ",")
    #expect(try ask("olga", "b", "set_emergency_operators", "--operators", operators).code == "people.forbidden")
    try ask("root", "b", "set_emergency_operators", "--operators", operators).succeeded()
    try ask("olga", "c", "set_emergency_stop", "--reason", "text:fire").succeeded()
    #expect(try ask("olga", "d", "clear_emergency_stop", "--as", "0xad").code == "lottery_desk.not_allowed")
    for key in ["e", "f"] {
      let said = try ask("olga", key, "clear_emergency_stop").succeeded().events.first
      #expect(said?["events"]?.array?.isEmpty == true)
    }
    let second = try ask("otto", "g", "clear_emergency_stop").succeeded().events.first
    #expect(second?["events"]?.array?.first?["event"]?.string == "emergency_stop_cleared")
  }
}
