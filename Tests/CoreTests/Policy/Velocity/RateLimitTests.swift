import Chains
import Policy
import Testing

@Suite("Limits")
struct RateLimitTests {
  private static func limit(_ per: RateLimit.Per) -> RateLimit {
    RateLimit(name: "l", per: per, window: .sliding, seconds: 60, quota: 1)
  }

  private static func subject(_ columns: [String: String]? = [:], _ origin: IPOrigin = .unknown) -> RateSubject {
    RateSubject(
      address: Address(Array(repeating: 0xab, count: 20)), campaign: "Q4", columns: columns, origin: origin)
  }

  @Test(arguments: [
    ("300:60", 300, 60, RateLimit.Window.sliding), ("1:1", 1, 1, .sliding), ("300:60:fixed", 300, 60, .fixed),
    ("300:60:sliding", 300, 60, .sliding), ("1000000000:31622400", 1_000_000_000, 31_622_400, .sliding),
  ])
  func `a setting says quota and seconds`(text: String, quota: Int64, seconds: Int64, window: RateLimit.Window) throws {
    let limit = try #require(RateLimit(setting: text))
    #expect(limit.quota == quota && limit.seconds == seconds && limit.window == window && limit.per == .global)
  }

  @Test(arguments: [
    "", "300", "300:", ":60", "0:60", "300:0", "-1:60", "+3:60", "300:60:", "300:60:hourly", "300:60:fixed:x",
    " 300:60",
    "3e2:60", "300:31622401", "1000000001:1", "99999999999999999999:1", "٣:60",
  ])
  func `anything else is no setting`(text: String) { #expect(RateLimit(setting: text) == nil) }

  @Test func `each kind counts by its own value, and those without one together`() {
    let whole = Self.subject(
      ["email": "Ann@Mail.Example", "country": "ch"], IPOrigin(country: "DE", asn: "64500"))
    let values = RateLimit.Per.allCases.map { Self.limit($0).meter(for: whole).key }
    #expect(
      values == [
        "l/sliding/60/" + String(repeating: "ab", count: 20), "l/sliding/60/mail.example", "l/sliding/60/CH",
        "l/sliding/60/DE", "l/sliding/60/64500", "l/sliding/60/Q4", "l/sliding/60/",
      ])
    for per in [RateLimit.Per.emailDomain, .country, .ipCountry, .asn] {
      for columns in [nil, [:], ["email": "a@b@c", "country": "Switzerland"]] as [[String: String]?] {
        #expect(Self.limit(per).meter(for: Self.subject(columns)).key == "l/sliding/60/-")
      }
    }
  }

  @Test func `a plan takes one of each meter, or none`() {
    let (wide, narrow) = (
      RateMeter(key: "a", quota: 10, window: .fixed, seconds: 60),
      RateMeter(key: "b", quota: 1, window: .fixed, seconds: 60)
    )
    var plan = RatePlan()
    #expect(plan.take([wide, narrow], at: 5) == nil)
    #expect(plan.take([wide, narrow], at: 5) == narrow)
    #expect(plan.count("a").used == 1 && plan.count("b").used == 1)
    #expect(plan.take([wide], at: 5) == nil && plan.count("a").used == 2)
    let charges = [RateCharge].of([[wide, narrow], [wide]])
    #expect(charges == [RateCharge(meter: wide, count: 2), RateCharge(meter: narrow, count: 1)])
  }
}

@Suite("Limits in a policy")
struct RatePolicyTests {
  private static func whole(_ limits: String, _ rules: String = "") -> String {
    PolicyText.whole(rules, more: ",\"limits\":[\(limits)]")
  }

  private static let daily = """
    {"name":"daily","per":"address","window":"fixed","window_seconds":86400,"quota":3,"campaigns":["Q4"]}
    """

  @Test func `a limit is read whole`() throws {
    let policy = try PolicyText.parse(
      Self.whole(Self.daily + ",{\"name\":\"all\",\"per\":\"asn\",\"window_seconds\":1}"))
    #expect(
      policy.limits == [
        RateLimit(name: "daily", per: .address, window: .fixed, seconds: 86_400, quota: 3, campaigns: ["Q4"]),
        RateLimit(name: "all", per: .asn, window: .sliding, seconds: 1, quota: nil),
      ])
  }

  @Test(arguments: [
    "{\"name\":\"a\",\"per\":\"person\",\"window_seconds\":1}", "{\"name\":\"a\",\"per\":\"asn\",\"window_seconds\":0}",
    "{\"name\":\"a\",\"per\":\"asn\",\"window_seconds\":31622401}", "{\"name\":\"a\",\"per\":\"asn\"}",
    "{\"name\":\"a\",\"per\":\"asn\",\"window_seconds\":1,\"quota\":0}",
    "{\"name\":\"a\",\"per\":\"asn\",\"window_seconds\":1,\"window\":\"daily\"}",
    "{\"name\":\"a\",\"per\":\"asn\",\"window_seconds\":1,\"burst\":2}",
    "{\"name\":\"a\",\"per\":\"asn\",\"window_seconds\":1,\"campaigns\":[]}",
    "{\"name\":\"AM_X\",\"per\":\"asn\",\"window_seconds\":1}",
    "{\"name\":\"a/b\",\"per\":\"asn\",\"window_seconds\":1}",
    daily + "," + daily,
  ])
  func `what is no limit is refused`(text: String) {
    #expect(throws: PolicyError.self) { try PolicyText.parse(Self.whole(text)) }
  }

  @Test func `a rule asks what is used up, and waits when nobody knows`() throws {
    let rule = PolicyText.rule("{\"attribute\":\"used.daily\",\"op\":\"ge\",\"value\":2}")
    func kind(_ used: [String: UInt64]) throws -> VerdictKind {
      let facts = ScreeningFacts(sanctions: .clear, sameEmail: 0, sameIP: 0, used: used)
      return try PolicyText.verdict(Self.whole(Self.daily, rule), facts: facts).kind
    }
    #expect(try kind(["daily": 1]) == .allow)
    #expect(try kind(["daily": 2]) == .deny)
    #expect(try kind([:]) == .held)
    #expect(throws: PolicyError.self) { try PolicyText.parse(PolicyText.whole(rule)) }
  }

  @Test func `a rule is another one when its limit changes`() throws {
    let rule = PolicyText.rule("{\"attribute\":\"used.daily\",\"op\":\"ge\",\"value\":2}", then: "review")
    let first = try PolicyText.parse(Self.whole(Self.daily, rule))
    let other = Self.daily.replacing("86400", with: "3600")
    let second = try PolicyText.parse(Self.whole(other, rule))
    #expect(first.ruleBytes["r"] != second.ruleBytes["r"])
    #expect(first.verdictSeconds == 600)
  }
}
