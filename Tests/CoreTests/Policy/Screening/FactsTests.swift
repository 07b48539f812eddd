import Policy
import Testing

/// What rules make of facts that are not in the recipients file.
@Suite("Facts from outside")
struct FactsTests {
  private func kind(
    _ attribute: String, _ op: String, _ value: String, kyc: KYCFact = .column, origin: IPOrigin = .unknown,
    _ metadata: String = ""
  ) throws -> VerdictKind {
    try PolicyText.outcome(
      of: "{\"attribute\":\"\(attribute)\",\"op\":\"\(op)\",\"value\":\(value)}", PolicyText.subject(metadata),
      facts: ScreeningFacts(sanctions: .clear, sameEmail: 0, sameIP: 0, kyc: kyc, origin: origin))
  }

  @Test func `a provider's word counts and the column's does not`() throws {
    let column = "{\"kyc\":\"approved\"}"
    #expect(try kind("recipient.kyc", "eq", "\"approved\"", column) == .deny)
    #expect(try kind("recipient.kyc", "eq", "\"approved\"", kyc: .told(status: "pending", level: ""), column) == .allow)
    #expect(try kind("recipient.kyc", "eq", "\"pending\"", kyc: .told(status: "pending", level: "")) == .deny)
    #expect(try kind("recipient.kyc", "eq", "\"approved\"", kyc: .unknown("down"), column) == .held)
    #expect(try kind("recipient.kyc", "exists", "true", kyc: .unknown("down"), column) == .held)
    #expect(try kind("recipient.kyc", "exists", "false", kyc: .told(status: "rejected", level: "")) == .allow)
    #expect(try kind("kyc.level", "eq", "\"full\"", kyc: .told(status: "approved", level: "FULL")) == .deny)
    #expect(try kind("kyc.level", "eq", "\"full\"", column) == .held)
    #expect(try kind("kyc.level", "eq", "\"full\"", kyc: .told(status: "approved", level: "")) == .held)
  }

  @Test func `the address book says yes or no, and for how long`() throws {
    func kind(_ attribute: String, _ op: String, _ value: String, age: Int64?) throws -> VerdictKind {
      try PolicyText.outcome(
        of: "{\"attribute\":\"\(attribute)\",\"op\":\"\(op)\",\"value\":\(value)}", PolicyText.subject(""),
        facts: ScreeningFacts(sanctions: .clear, sameEmail: 0, sameIP: 0, bookAge: age))
    }
    #expect(try kind("recipient.in_address_book", "eq", "\"no\"", age: nil) == .deny)
    #expect(try kind("recipient.in_address_book", "eq", "\"no\"", age: 0) == .allow)
    #expect(try kind("recipient.in_address_book", "eq", "\"yes\"", age: 0) == .deny)
    #expect(try kind("recipient.address_book_hours", "lt", "2", age: nil) == .deny)
    #expect(try kind("recipient.address_book_hours", "lt", "2", age: 7_199_999) == .deny)
    #expect(try kind("recipient.address_book_hours", "lt", "2", age: 7_200_000) == .allow)
    for value in ["\"true\"", "\"Yes\"", "\"\"", "true"] {
      #expect(throws: PolicyError.self) { try kind("recipient.in_address_book", "eq", value, age: 0) }
    }
  }

  @Test func `where an address is, and that nobody knows`() throws {
    let here = IPOrigin(country: "CH", asn: "64500")
    #expect(try kind("ip.country", "in", "[\"ch\",\"li\"]", origin: here) == .deny)
    #expect(try kind("ip.country", "eq", "\"DE\"", origin: here) == .allow)
    #expect(try kind("ip.asn", "eq", "\"AS64500\"", origin: here) == .deny)
    #expect(try kind("ip.asn", "not_in", "[\"64500\"]", origin: here) == .allow)
    #expect(try kind("ip.country", "eq", "\"CH\"", "{\"country\":\"CH\"}") == .held)
    #expect(try kind("ip.asn", "not_in", "[\"64500\"]") == .held)
    for value in ["\"ASX\"", "\"-1\"", "\"4294967296\"", "\"\""] {
      #expect(throws: PolicyError.self) { try kind("ip.asn", "eq", value, origin: here) }
    }
  }
}
