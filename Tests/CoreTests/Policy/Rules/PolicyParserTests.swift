import Policy
import Testing

@Suite("Policy files")
struct PolicyParserTests {
  @Test(arguments: [
    ("{", "not JSON"),
    ("[]", "the file: is not an object"),
    (PolicyText.whole("", more: ",\"rule\":[]"), "the key \"rule\" is unknown"),
    ("{\"format\":1,\"name\":\"x\",\"rules\":[]}", "the key \"otherwise\" is missing"),
    (PolicyText.whole("", otherwise: "maybe"), "otherwise: is none of allow, review, deny"),
    (PolicyText.whole("{}"), "rules[0]: the key \"id\" is missing"),
    (PolicyText.whole(PolicyText.rule("")), "rules[0].when: names no condition"),
    (
      PolicyText.whole(PolicyText.rule("{\"attribute\":\"amuont\",\"op\":\"ge\",\"value\":\"1\"}")),
      "rules[0].when[0].attribute: is none of"
    ),
    (
      PolicyText.whole(PolicyText.rule("{\"attribute\":\"amount\",\"op\":\"over\",\"value\":\"1\"}")),
      "rules[0].when[0].op: is none of"
    ),
    (
      PolicyText.whole(PolicyText.rule("{\"attribute\":\"amount\",\"op\":\"ge\",\"value\":1000}")),
      "rules[0].when[0].value: is not a text"
    ),
    (
      PolicyText.whole(PolicyText.rule("{\"attribute\":\"amount\",\"op\":\"ge\",\"value\":\"1.5\"}")),
      "rules[0].when[0].value: 1 digits after the point"
    ),
    (
      PolicyText.whole(PolicyText.rule("{\"attribute\":\"amount\",\"op\":\"ge\",\"value\":\"1e9\"}")),
      "rules[0].when[0].value"
    ),
    (
      PolicyText.whole(PolicyText.rule("{\"attribute\":\"recipient.country\",\"op\":\"eq\",\"value\":\"Iran\"}")),
      "can never be a value of recipient.country"
    ),
    (
      PolicyText.whole(PolicyText.rule("{\"attribute\":\"recipient.ip\",\"op\":\"cidr\",\"value\":[\"10.0.0.1/8\"]}")),
      "rules[0].when[0].value[0]: is not an IP address"
    ),
    (
      PolicyText.whole(PolicyText.rule("{\"attribute\":\"recipient.country\",\"op\":\"in_list\",\"value\":\"x\"}")),
      "there is no list of values of that name"
    ),
    (
      PolicyText.whole(
        PolicyText.rule("{\"attribute\":\"recipient.kyc\",\"op\":\"exists\",\"value\":true,\"zone\":\"UTC\"}")),
      "\"zone\" belongs to time.of_day"
    ),
    (
      PolicyText.whole(
        PolicyText.rule("{\"attribute\":\"recipient.kyc\",\"op\":\"exists\",\"value\":true}") + ","
          + PolicyText.rule("{\"attribute\":\"recipient.kyc\",\"op\":\"exists\",\"value\":true}")),
      "rules[1].id: \"r\" comes twice"
    ),
    (
      PolicyText.whole("", lists: "[{\"name\":\"a\",\"kind\":\"deny\",\"entries\":[\"0x12\"]}]"),
      "lists[0].entries[0]: an address is 0x and 40 hex digits"
    ),
  ])
  func `a file that is not understood is refused, and the place is named`(text: String, says: String) throws {
    let error = try #require(throws: PolicyError.self) { try PolicyText.parse(text) }
    #expect(error.code == .badText)
    #expect(error.message.contains(says), "\(error.message)")
  }

  @Test func `layout changes nothing, one letter changes the version`() throws {
    let rule = PolicyText.rule("{\"attribute\":\"amount\",\"op\":\"ge\",\"value\":\"1000\"}")
    let policy = try PolicyText.parse(PolicyText.whole(rule))
    let spaced = PolicyText.whole(rule).replacing(",", with: " ,\n ").replacing(":", with: " : ")
    #expect(try PolicyText.parse(spaced).digest == policy.digest)
    #expect(try PolicyText.parse(PolicyText.whole(rule.replacing("1000", with: "1001"))).digest != policy.digest)
    #expect(try PolicyDocument.parse(policy.canonical) == policy)
  }

  @Test func `no bytes trap the reader`() {
    let text = Array(PolicyText.whole(PolicyText.rule("{\"attribute\":\"amount\",\"op\":\"ge\",\"value\":\"1\"}")).utf8)
    for place in text.indices {
      for byte: UInt8 in [0, 0x22, 0x5b, 0x7b, 0x80, 0xff, 0x2d] {
        var changed = text
        changed[place] = byte
        _ = try? PolicyDocument.parse(changed)
      }
      _ = try? PolicyDocument.parse(Array(text[..<place]))
    }
  }

  @Test func `conditions are not nested without end`() throws {
    let deep =
      String(repeating: "{\"not\":", count: 9) + "{\"attribute\":\"recipient.kyc\",\"op\":\"exists\",\"value\":true}"
      + String(repeating: "}", count: 9)
    let error = try #require(throws: PolicyError.self) { try PolicyText.parse(PolicyText.whole(PolicyText.rule(deep))) }
    #expect(error.message.contains("nested too deep"))
  }
}
