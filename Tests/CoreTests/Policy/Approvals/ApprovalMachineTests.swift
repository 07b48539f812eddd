import Policy
import Testing

@Suite("The approval machine")
struct ApprovalMachineTests {
  /// Every move there is, in the order of `ApprovalEvent.allCases`: approved, approved_enough, rejected,
  /// content_changed, timed_out; `-` is refused.
  static let table: [ApprovalState: [String]] = [
    .open: ["open", "approved", "rejected", "void", "expired"],
    .approved: ["approved", "approved", "rejected", "void", "expired"],
    .rejected: ["-", "-", "rejected", "void", "rejected"],
    .expired: ["-", "-", "-", "void", "expired"],
    .void: ["-", "-", "-", "void", "void"],
  ]

  @Test(arguments: ApprovalState.allCases)
  func `each state takes each event as the table says`(state: ApprovalState) throws {
    let row = try #require(Self.table[state])
    for (place, event) in ApprovalEvent.allCases.enumerated() {
      let next = (try? state.applying(event))?.rawValue ?? "-"
      #expect(next == row[place], "\(state.rawValue) \(event.word)")
    }
  }

  @Test func `only approved lets anything be signed, and nothing leads back to it`() {
    #expect(ApprovalState.allCases.filter(\.allowsSigning) == [.approved])
    for state in [ApprovalState.rejected, .expired, .void] {
      for event in ApprovalEvent.allCases { #expect((try? state.applying(event))?.allowsSigning != true) }
    }
  }

  @Test func `a rule is m of n, and nothing else is read as one`() throws {
    let rule = try ApprovalRule(parsing: "2/3")
    #expect(rule.needed == 2 && rule.eligible == 3 && rule.description == "2/3")
    for text in ["", "2", "0/1", "3/2", "1/21", "2/3/4", "-1/2", "a/b", "1 / 2", "1/", "/1", "99999999999999999999/1"] {
      #expect(throws: PeopleError.self, "\(text)") { try ApprovalRule(parsing: text) }
    }
  }
}
