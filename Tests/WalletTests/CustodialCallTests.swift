import Payouts
import Testing

@Suite("Custodial calls")
struct CustodialCallTests {
  private static let permit = CustodialPermit(id: 1, fence: 7, worker: "w1")
  private static let rules = CustodialRules(harmlessRefusals: CustodialRules.documented, hasHistory: true)
  private static let unknown = CustodialCall.unknown(permit, isSealed: false, first: nil)

  private static func after(_ events: [CustodialCall.Event]) throws -> CustodialCall {
    var call = CustodialCall.sending(permit)
    for event in events { call = try call.applying(event, rules: rules) }
    return call
  }

  @Test func `a time-out is unknown, and an empty history leaves it so for ever`() throws {
    #expect(try Self.after([.noAnswer, .history([]), .history([]), .noAnswer]) == Self.unknown)
  }

  @Test func `only a refusal of the provider's list is a death`() throws {
    #expect(try Self.after([.refused(code: "Not enough balance", by: Self.permit)]) == Self.unknown)
    #expect(
      try Self.after([.refused(code: "Invalid API Key", by: Self.permit)])
        == .dead(.refused(code: "Invalid API Key"), claimed: []))
  }

  @Test func `an id is not a payment, its completed row is`() throws {
    let answered = try Self.after([.accepted(id: "wd1", by: Self.permit), .history([])])
    #expect(answered == .answered(Self.permit, id: "wd1"))
    let row = ProviderRow(id: "wd1", status: .completed)
    #expect(try answered.applying(.history([row]), rules: Self.rules) == .paid(claimed: ["wd1"]))
    let canceled = ProviderRow(id: "wd1", status: .canceled)
    #expect(
      try answered.applying(.history([canceled]), rules: Self.rules)
        == .dead(.providerRow(id: "wd1"), claimed: ["wd1"]))
  }

  @Test func `people decide only when sealed, two of them, neither an initiator, and claim all rows`() throws {
    func says(_ person: String) -> CustodialCall.Event {
      .person(PersonAnswer(person: person, isPaid: false), initiators: ["ini"], rows: ["r1"])
    }
    #expect(throws: PayoutError.self) { try Self.after([.noAnswer, says("a")]) }
    #expect(throws: PayoutError.self) { try Self.after([.noAnswer, .sealed, says("ini")]) }
    #expect(throws: PayoutError.self) { try Self.after([.noAnswer, .sealed, says("a"), says("a")]) }
    #expect(
      try Self.after([.noAnswer, .sealed, says("a"), says("b")]) == .dead(.people, claimed: ["r1"]))
  }

  @Test func `a worker answers for its own permit only, and a dead call that is answered is an alarm`() throws {
    let other = CustodialPermit(id: 2, fence: 8, worker: "w2")
    #expect(throws: PayoutError.self) { try Self.after([.accepted(id: "x", by: other)]) }
    #expect(throws: PayoutError.self) {
      try Self.after([.refused(code: "Invalid API Key", by: Self.permit), .accepted(id: "x", by: Self.permit)])
    }
  }
}
