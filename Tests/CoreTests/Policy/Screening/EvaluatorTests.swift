import Chains
import Codecs
import Money
import Policy
import TestSupport
import Testing

@Suite("Verdicts")
struct EvaluatorTests {
  private static func test(_ attribute: String, _ op: String, _ value: String, _ more: String = "") -> String {
    "{\"attribute\":\"\(attribute)\",\"op\":\"\(op)\",\"value\":\(value)\(more)}"
  }

  @Test(arguments: [
    ("eq", "\"1000\"", true), ("eq", "\"1001\"", false), ("lt", "\"1000\"", false), ("lt", "\"1001\"", true),
    ("le", "\"1000\"", true), ("le", "\"999\"", false), ("gt", "\"999\"", true), ("gt", "\"1000\"", false),
    ("ge", "\"1000\"", true), ("ge", "\"1001\"", false), ("between", "[\"1000\",\"1000\"]", true),
    ("between", "[\"1\",\"999\"]", false), ("multiple_of", "\"250\"", true), ("multiple_of", "\"300\"", false),
  ])
  func `amounts are compared exactly`(op: String, value: String, matches: Bool) throws {
    #expect(try PolicyText.outcome(of: Self.test("amount", op, value)) == (matches ? .deny : .allow))
  }

  @Test func `amounts in token units are the same as in base units`() throws {
    let subject = PolicyText.subject(units: 1_500_000)
    #expect(try PolicyText.outcome(of: Self.test("amount", "eq", "\"1.5\"", ",\"decimals\":6"), subject) == .deny)
    #expect(try PolicyText.outcome(of: Self.test("amount", "gt", "\"1.5\"", ",\"decimals\":6"), subject) == .allow)
  }

  @Test func `the largest amount is past no limit of its own`() throws {
    let most = UInt256.max.description
    let subject = ScreeningSubject(
      payout: PayoutID(1), address: Address([1]), units: .max, metadata: "")
    #expect(try PolicyText.outcome(of: Self.test("amount", "ge", "\"\(most)\""), subject) == .deny)
    #expect(try PolicyText.outcome(of: Self.test("amount", "gt", "\"\(most)\""), subject) == .allow)
  }

  @Test(arguments: [
    ("recipient.country", "eq", "\"ir\"", true), ("recipient.country", "in", "[\"KP\",\"IR\"]", true),
    ("recipient.country", "not_in", "[\"KP\",\"IR\"]", false), ("recipient.country", "in_list", "\"far\"", true),
    ("recipient.country", "not_in_list", "\"far\"", false),
    ("recipient.email", "domain", "\"mail.example\"", true), ("recipient.email", "domain", "[\"example\"]", true),
    ("recipient.email", "domain", "\"ail.example\"", false), ("recipient.email", "suffix", "\"EXAMPLE\"", true),
    ("recipient.email", "eq", "\"Bob@Mail.Example\"", true),
    ("recipient.ip", "cidr", "[\"10.0.0.0/8\"]", true), ("recipient.ip", "not_in", "[\"10.0.0.0/8\"]", false),
    ("recipient.kyc", "eq", "\"APPROVED\"", true), ("recipient.metadata.tier", "eq", "\"Gold\"", true),
    ("recipient.metadata.tier", "eq", "\"gold\"", false), ("actor", "eq", "\"operator:eve\"", true),
    ("campaign.name", "in", "[\"Q3\",\"Q4\"]", true), ("campaign.chain", "eq", "\"evm:1\"", true),
    ("campaign.token", "eq", "\"0xab\"", true), ("campaign.total", "ge", "\"5000\"", true),
    ("campaign.total", "gt", "\"5000\"", false), ("count.same_email", "ge", "1", true),
    ("count.same_ip", "gt", "1", false), ("count.same_email", "between", "[2,9]", false),
    ("count.same_email", "eq", "1", true), ("count.same_email", "lt", "1", false), ("count.same_ip", "le", "1", true),
    ("recipient.kyc", "exists", "true", true), ("recipient.kyc", "exists", "false", false),
    ("recipient.metadata.none", "exists", "false", true), ("sanctions", "eq", "\"hit\"", false),
    ("recipient.address", "eq", "\"0x0101010101010101010101010101010101010101\"", true),
    ("recipient.address", "not_in", "[\"0x0101010101010101010101010101010101010101\"]", false),
  ])
  func `every attribute is compared in its own way`(attribute: String, op: String, value: String, matches: Bool) throws
  {
    let metadata = """
      {"country":"IR","email":"Bob@mail.example","ip":"10.1.2.3","kyc":"approved","tier":"Gold"}
      """
    let lists = "[{\"name\":\"far\",\"kind\":\"values\",\"entries\":[\"IR\",\"KP\"]}]"
    #expect(
      try PolicyText.outcome(of: Self.test(attribute, op, value), PolicyText.subject(metadata), lists: lists)
        == (matches ? .deny : .allow))
  }

  @Test(arguments: [
    ("09:00", "17:00", 540, true), ("09:00", "17:00", 1020, false), ("22:00", "06:00", 1380, true),
    ("22:00", "06:00", 359, true), ("22:00", "06:00", 360, false),
  ])
  func `the hour is that of its zone`(from: String, to: String, minute: Int, matches: Bool) throws {
    let when = Self.test("time.of_day", "between", "[\"\(from)\",\"\(to)\"]", ",\"zone\":\"Europe/Berlin\"")
    let context = PolicyText.context(minutes: ["Europe/Berlin": minute, "UTC": 0])
    #expect(try PolicyText.outcome(of: when, context: context) == (matches ? .deny : .allow))
    #expect(try PolicyText.outcome(of: when) == .held)
    #expect(try PolicyText.parse(PolicyText.whole(PolicyText.rule(when))).verdictSeconds == 60)
  }

  /// Invariant 6: what is missing or malformed is never taken for an answer.
  @Test(arguments: [
    ("recipient.country", "not_in", "[\"KP\"]", ""),
    ("recipient.country", "not_in", "[\"KP\"]", "{\"country\":\"\"}"),
    ("recipient.country", "not_in", "[\"KP\"]", "{\"country\":\"KP \"}"),
    ("recipient.country", "not_in", "[\"KP\"]", "{\"country\":\"ＫＰ\"}"),
    ("recipient.country", "not_in", "[\"KP\"]", "{\"country\":\"K\\u0000\"}"),
    ("recipient.email", "domain", "\"bad.example\"", ""),
    ("recipient.email", "domain", "\"bad.example\"", "{\"email\":\"a@bad.example@good.example\"}"),
    ("recipient.email", "domain", "\"bad.example\"", "{\"email\":\"a@bad.example.\"}"),
    ("recipient.email", "domain", "\"bad.example\"", "{\"email\":\"a@bаd.example\"}"),
    ("recipient.email", "domain", "\"bad.example\"", "{\"email\":\"a@bad.example\\n\"}"),
    ("recipient.ip", "cidr", "[\"10.0.0.0/8\"]", ""),
    ("recipient.ip", "cidr", "[\"10.0.0.0/8\"]", "{\"ip\":\"010.0.0.1\"}"),
    ("recipient.ip", "not_in", "[\"10.0.0.0/8\"]", "{\"ip\":\"10.0.0.1, 8.8.8.8\"}"),
    ("recipient.kyc", "not_in", "[\"rejected\"]", ""),
    ("recipient.kyc", "not_in", "[\"rejected\"]", "{\"kyc\":\"rejected \"}"),
    ("recipient.metadata.tier", "eq", "\"gold\"", ""),
    ("recipient.country", "not_in", "[\"KP\"]", "{\"country\":1}"),
    ("recipient.kyc", "exists", "true", "no json"),
  ])
  func `a fact that is missing or malformed holds the payout`(
    attribute: String, op: String, value: String, metadata: String
  ) throws {
    let text = PolicyText.whole(PolicyText.rule(Self.test(attribute, op, value)))
    let verdict = try PolicyText.verdict(text, PolicyText.subject(metadata))
    #expect(verdict.kind == .held)
    #expect(verdict.reason == "fact_missing")
    #expect(verdict.rule == "r")
    #expect(verdict.detail.hasPrefix(attribute))
  }

  @Test func `a sanctions list that does not answer holds, one that answers decides`() throws {
    let when = Self.test("sanctions", "eq", "\"hit\"")
    func outcome(_ answer: ListAnswer) throws -> ScreeningVerdict {
      try PolicyText.verdict(
        PolicyText.whole(PolicyText.rule(when)), facts: ScreeningFacts(sanctions: answer, sameEmail: 0, sameIP: 0))
    }
    #expect(try outcome(.clear).kind == .allow)
    #expect(try outcome(.hit("SDN 123")).kind == .deny)
    #expect(try outcome(.hit("SDN 123")).detail == "SDN 123")
    #expect(try outcome(.unknown("too old")).kind == .held)
    #expect(try outcome(.unknown("too old")).detail == "sanctions: too old")
  }

  @Test func `what is surely false or surely true needs no missing fact`() throws {
    let missing = Self.test("recipient.country", "eq", "\"IR\"")
    let no = Self.test("amount", "ge", "\"1001\"")
    let yes = Self.test("amount", "ge", "\"1000\"")
    #expect(try PolicyText.outcome(of: "\(missing),\(no)") == .allow)
    #expect(try PolicyText.outcome(of: "\(missing),\(yes)") == .held)
    #expect(try PolicyText.outcome(of: "{\"any\":[\(missing),\(yes)]}") == .deny)
    #expect(try PolicyText.outcome(of: "{\"any\":[\(missing),\(no)]}") == .held)
    #expect(try PolicyText.outcome(of: "{\"not\":\(missing)}") == .held)
    #expect(try PolicyText.outcome(of: "{\"not\":{\"all\":[\(yes),\(no)]}}") == .deny)
  }

  /// The first rule that matches decides, and one that cannot tell stops there: against a plain loop, many times.
  @Test func `the first rule that matches decides`() throws {
    var random = SplitMix64(seed: 7)
    for _ in 0..<300 {
      let outcomes = ["allow", "review", "deny"]
      var rules: [String] = []
      var expected: VerdictKind = .allow
      var decides: String?
      for place in 0..<Int(random.next() % 12) {
        let kind = random.next() % 3
        let then = outcomes[Int(random.next() % 3)]
        let when = [
          Self.test("amount", "ge", "\"2000\""), Self.test("amount", "ge", "\"1000\""),
          Self.test("recipient.country", "eq", "\"IR\""),
        ][Int(kind)]
        rules.append(PolicyText.rule(when, then: then, id: "r\(place)"))
        guard decides == nil, kind > 0 else { continue }
        decides = "r\(place)"
        expected = kind == 2 ? .held : VerdictKind(rawValue: then) ?? .allow
      }
      let verdict = try PolicyText.verdict(PolicyText.whole(rules.joined(separator: ",")))
      #expect(verdict.kind == expected)
      #expect(verdict.rule == decides ?? "otherwise")
    }
  }

  @Test func `lists decide before rules, deny before grey before allow`() throws {
    func list(_ name: String, _ kind: String, _ campaigns: String = "") -> String {
      """
      {"name":"\(name)","kind":"\(kind)","entries":["0x0101010101010101010101010101010101010101"]\(campaigns)}
      """
    }
    let rule = PolicyText.rule(Self.test("amount", "ge", "\"1\""), then: "allow")
    func verdict(_ lists: String, _ subject: ScreeningSubject = PolicyText.subject()) throws -> ScreeningVerdict {
      try PolicyText.verdict(PolicyText.whole(rule, lists: "[\(lists)]"), subject)
    }
    #expect(try verdict(list("g", "grey") + "," + list("d", "deny")).rule == "list.d")
    #expect(try verdict(list("a", "allow") + "," + list("g", "grey")).kind == .review)
    #expect(try verdict(list("a", "allow")).kind == .allow)
    let stranger = PolicyText.subject(address: 2)
    #expect(try verdict(list("a", "allow"), stranger).reason == "not_on_allow_list")
    #expect(try verdict(list("d", "deny"), stranger).kind == .allow)
    #expect(try verdict(list("d", "deny", ",\"campaigns\":[\"Q3\"]")).kind == .allow)
    #expect(try verdict(list("d", "deny", ",\"campaigns\":[\"Q4\"]")).kind == .deny)
  }

  @Test func `a cleared false positive is remembered until something changes`() throws {
    let text = PolicyText.whole(PolicyText.rule(Self.test("amount", "ge", "\"1000\""), then: "review"))
    let print = try #require(try PolicyText.verdict(text).fingerprint)
    #expect(try PolicyText.verdict(text, cleared: [print]).kind == .cleared)
    #expect(try PolicyText.verdict(text, PolicyText.subject(units: 1001), cleared: [print]).kind == .review)
    #expect(try PolicyText.verdict(text, PolicyText.subject(address: 9), cleared: [print]).kind == .review)
    #expect(try PolicyText.verdict(text, PolicyText.subject("{\"a\":\"b\"}"), cleared: [print]).kind == .review)
    #expect(try PolicyText.verdict(text.replacing("1000", with: "999"), cleared: [print]).kind == .review)
    // Another rule beside it is no change of this one.
    let other = PolicyText.rule(Self.test("amount", "ge", "\"9999\""), id: "first")
    let longer = text.replacing("\"rules\":[", with: "\"rules\":[\(other),")
    #expect(try PolicyText.verdict(longer, cleared: [print]).kind == .cleared)
  }

  @Test func `a rule over a list is another one when the list changes`() throws {
    func text(_ entries: String) -> String {
      PolicyText.whole(
        PolicyText.rule(Self.test("recipient.country", "in_list", "\"far\""), then: "review"),
        lists: "[{\"name\":\"far\",\"kind\":\"values\",\"entries\":[\(entries)]}]")
    }
    let subject = PolicyText.subject("{\"country\":\"IR\"}")
    let print = try #require(try PolicyText.verdict(text("\"IR\""), subject).fingerprint)
    #expect(try PolicyText.verdict(text("\"IR\""), subject, cleared: [print]).kind == .cleared)
    #expect(try PolicyText.verdict(text("\"IR\",\"KP\""), subject, cleared: [print]).kind == .review)
  }

  @Test func `the same mail and the same IP are counted over a campaign`() {
    var counts = Duplicates()
    let subjects = [
      "{\"email\":\"A@x.example\",\"ip\":\"1.2.3.4\"}", "{\"email\":\"a@X.example\"}", "{\"ip\":\"::ffff:1.2.3.4\"}",
      "",
    ].map { PolicyText.subject($0) }
    for subject in subjects { counts.count(subject) }
    #expect(subjects.map { counts.counts($0).email } == [2, 2, 0, 0])
    #expect(subjects.map { counts.counts($0).ip } == [2, 0, 2, 0])
  }
}
